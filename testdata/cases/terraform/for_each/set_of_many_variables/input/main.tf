variable "site_00" {
  type = string
}

variable "site_01" {
  type = string
}

variable "site_02" {
  type = string
}

variable "site_03" {
  type = string
}

variable "site_04" {
  type = string
}

variable "site_05" {
  type = string
}

variable "site_06" {
  type = string
}

variable "site_07" {
  type = string
}

variable "site_08" {
  type = string
}

variable "site_09" {
  type = string
}

variable "site_10" {
  type = string
}

variable "site_11" {
  type = string
}

variable "site_12" {
  type = string
}

variable "site_13" {
  type = string
}

variable "site_14" {
  type = string
}

variable "site_15" {
  type = string
}

variable "site_16" {
  type = string
}

variable "site_17" {
  type = string
}

variable "site_18" {
  type = string
}

variable "site_19" {
  type = string
}

variable "site_20" {
  type = string
}

variable "site_21" {
  type = string
}

variable "site_22" {
  type = string
}

variable "site_23" {
  type = string
}

variable "site_24" {
  type = string
}

variable "site_25" {
  type = string
}

variable "site_26" {
  type = string
}

variable "site_27" {
  type = string
}

variable "site_28" {
  type = string
}

variable "site_29" {
  type = string
}

variable "site_30" {
  type = string
}

variable "site_31" {
  type = string
}

variable "site_32" {
  type = string
}

variable "site_33" {
  type = string
}

variable "site_34" {
  type = string
}

variable "site_35" {
  type = string
}

variable "site_36" {
  type = string
}

variable "site_37" {
  type = string
}

variable "site_38" {
  type = string
}

variable "site_39" {
  type = string
}

variable "site_40" {
  type = string
}

variable "site_41" {
  type = string
}

variable "site_42" {
  type = string
}

variable "site_43" {
  type = string
}

variable "site_44" {
  type = string
}

variable "site_45" {
  type = string
}

variable "site_46" {
  type = string
}

variable "site_47" {
  type = string
}

variable "site_48" {
  type = string
}

variable "site_49" {
  type = string
}

variable "site_50" {
  type = string
}

variable "site_51" {
  type = string
}

variable "site_52" {
  type = string
}

variable "site_53" {
  type = string
}

variable "site_54" {
  type = string
}

variable "site_55" {
  type = string
}

variable "site_56" {
  type = string
}

variable "site_57" {
  type = string
}

variable "site_58" {
  type = string
}

variable "site_59" {
  type = string
}

variable "site_60" {
  type = string
}

variable "site_61" {
  type = string
}

variable "site_62" {
  type = string
}

variable "site_63" {
  type = string
}

variable "site_64" {
  type = string
}

variable "site_65" {
  type = string
}

resource "aws_iam_access_key" "each" {
  for_each = toset([
    var.site_00,
    var.site_01,
    var.site_02,
    var.site_03,
    var.site_04,
    var.site_05,
    var.site_06,
    var.site_07,
    var.site_08,
    var.site_09,
    var.site_10,
    var.site_11,
    var.site_12,
    var.site_13,
    var.site_14,
    var.site_15,
    var.site_16,
    var.site_17,
    var.site_18,
    var.site_19,
    var.site_20,
    var.site_21,
    var.site_22,
    var.site_23,
    var.site_24,
    var.site_25,
    var.site_26,
    var.site_27,
    var.site_28,
    var.site_29,
    var.site_30,
    var.site_31,
    var.site_32,
    var.site_33,
    var.site_34,
    var.site_35,
    var.site_36,
    var.site_37,
    var.site_38,
    var.site_39,
    var.site_40,
    var.site_41,
    var.site_42,
    var.site_43,
    var.site_44,
    var.site_45,
    var.site_46,
    var.site_47,
    var.site_48,
    var.site_49,
    var.site_50,
    var.site_51,
    var.site_52,
    var.site_53,
    var.site_54,
    var.site_55,
    var.site_56,
    var.site_57,
    var.site_58,
    var.site_59,
    var.site_60,
    var.site_61,
    var.site_62,
    var.site_63,
    var.site_64,
    var.site_65,
  ])

  user = "reporter"
}
