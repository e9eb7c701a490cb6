# What Spillway's role may do, and no more: it can fill its own sets, look at rules, read metrics and logs, and scale the
# groups that are named. It can neither make nor change web ACLs, rules or sets.

data "aws_partition" "current" {}
data "aws_region" "current" {}
data "aws_caller_identity" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.name
  waf       = "arn:${local.partition}:wafv2:${local.region}:${local.account}:${var.scope == "CLOUDFRONT" ? "global" : "regional"}"
  log_path  = var.log_prefix == "" ? "*" : "${var.log_prefix}/*"
}

data "aws_iam_policy_document" "spillway" {
  statement {
    sid     = "FillOwnSets"
    actions = ["wafv2:GetIPSet", "wafv2:UpdateIPSet"]
    resources = concat(
      [for set in aws_wafv2_ip_set.blocked : set.arn],
      [for set in aws_wafv2_ip_set.limited : set.arn],
      [for set in aws_wafv2_ip_set.challenged : set.arn],
    )
  }

  statement {
    sid       = "LookWhetherRulesBlock"
    actions   = ["wafv2:GetWebACL", "wafv2:GetRuleGroup"]
    resources = ["${local.waf}/webacl/*/*", "${local.waf}/rulegroup/*/*"]
  }

  statement {
    sid       = "LookWhatRulesDid"
    actions   = ["wafv2:GetSampledRequests", "wafv2:ListResourcesForWebACL"]
    resources = ["${local.waf}/webacl/*/*"]
  }

  dynamic "statement" {
    for_each = var.scope == "CLOUDFRONT" ? [1] : []

    content {
      sid = "LookWhatUsesRules"
      # These take no resource.
      actions   = ["cloudfront:ListDistributionsByWebACLId", "cloudfront:ListDistributionTenantsByCustomization"]
      resources = ["*"]
    }
  }

  statement {
    sid = "ReadWhatCannotBeNamed"
    # These take no resource.
    actions   = ["wafv2:ListIPSets", "wafv2:ListWebACLs", "cloudwatch:GetMetricData"]
    resources = ["*"]
  }

  dynamic "statement" {
    for_each = var.log_bucket_arn == null ? [] : [var.log_bucket_arn]

    content {
      sid       = "ListLogs"
      actions   = ["s3:ListBucket"]
      resources = [statement.value]

      condition {
        test     = "StringLike"
        variable = "s3:prefix"
        values   = [local.log_path]
      }
    }
  }

  dynamic "statement" {
    for_each = var.log_bucket_arn == null ? [] : [var.log_bucket_arn]

    content {
      sid       = "ReadLogs"
      actions   = ["s3:GetObject"]
      resources = ["${statement.value}/${local.log_path}"]
    }
  }

  dynamic "statement" {
    for_each = length(var.auto_scaling_groups) == 0 ? [] : [1]

    content {
      sid       = "SeeGroups"
      actions   = ["autoscaling:DescribeAutoScalingGroups"]
      resources = ["*"]
    }
  }

  dynamic "statement" {
    for_each = length(var.auto_scaling_groups) == 0 ? [] : [1]

    content {
      sid     = "ScaleGroups"
      actions = ["autoscaling:UpdateAutoScalingGroup"]
      resources = [
        for name in var.auto_scaling_groups :
        "arn:${local.partition}:autoscaling:*:${local.account}:autoScalingGroup:*:autoScalingGroupName/${name}"
      ]
    }
  }
}

resource "aws_iam_policy" "spillway" {
  name        = var.name
  description = "What Spillway may do"
  policy      = data.aws_iam_policy_document.spillway.json
}
