# Of where Terraform is started only the machine that runs it knows the name.
resource "aws_iam_access_key" "here" {
  user = basename(path.cwd)
}

resource "aws_iam_access_key" "above" {
  user = basename(dirname(abspath("..")))
}

resource "aws_iam_access_key" "below" {
  user = trimspace(file("${abspath(path.module)}/user.txt"))
}

resource "aws_iam_access_key" "name" {
  user = replace(abspath("user.txt"), "/", "-")
}
