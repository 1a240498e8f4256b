resource "aws_iam_access_key" "bootstrap" {
  user = "bootstrap"
}

resource "aws_instance" "runner" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"

  user_data = <<-SCRIPT
    cat > /srv/main.tf <<'TF'
    resource "aws_iam_access_key" "inner" {
      user = "bootstrap"
    }
    resource "aws_iam_access_key" "other" {
      user = "bootstrap"
    }
    TF
  SCRIPT
}
