resource "aws_iam_user" "etl" {
  name = "etl"
}

resource "aws_iam_access_key" "spark" {
  user = aws_iam_user.etl.name
}

resource "aws_iam_access_key" "airflow" {
  user = aws_iam_user.etl.name
}

resource "aws_iam_access_key" "dbt" {
  user = aws_iam_user.etl.name
}
