terraform {
  source = "../../modules//porter"
}
