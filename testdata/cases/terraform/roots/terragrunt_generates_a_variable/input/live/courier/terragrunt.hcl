terraform {
  source = "../../modules//courier"
}
