# Set while the key of the uploader is rotated, and back when the new one is in use.
rotating = true
