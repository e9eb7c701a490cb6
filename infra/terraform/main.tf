# Two IP sets that Spillway owns, and a rule group that blocks who is in them. Refer to the group from your web ACL,
# before every rule that allows; Spillway itself never touches a web ACL.

locals {
  families = {
    v4 = "IPV4"
    v6 = "IPV6"
  }
}

resource "aws_wafv2_ip_set" "blocked" {
  for_each = local.families

  name               = "${var.name}-${each.key}"
  description        = "Blocked by Spillway for a time"
  scope              = var.scope
  ip_address_version = each.value
  addresses          = []

  lifecycle {
    # What is blocked during an incident is Spillway's to say: an apply must not empty the sets.
    ignore_changes = [addresses]
  }
}

resource "aws_wafv2_rule_group" "block" {
  name        = "${var.name}-block"
  description = "Blocks who is in the IP sets of Spillway"
  scope       = var.scope
  # One for each rule, or five where ANY address of a header counts. It cannot be changed later.
  capacity = 10

  dynamic "rule" {
    for_each = { v4 = 0, v6 = 1 }

    content {
      name     = "block-${rule.key}"
      priority = rule.value

      action {
        dynamic "block" {
          for_each = var.count_only ? [] : [1]
          content {}
        }

        dynamic "count" {
          for_each = var.count_only ? [1] : []
          content {}
        }
      }

      statement {
        ip_set_reference_statement {
          arn = aws_wafv2_ip_set.blocked[rule.key].arn

          dynamic "ip_set_forwarded_ip_config" {
            for_each = var.forwarded_header == null ? [] : [1]

            content {
              header_name       = var.forwarded_header
              position          = var.forwarded_position
              fallback_behavior = "NO_MATCH"
            }
          }
        }
      }

      visibility_config {
        metric_name                = "${var.name}-block-${rule.key}"
        cloudwatch_metrics_enabled = true
        sampled_requests_enabled   = true
      }
    }
  }

  visibility_config {
    metric_name                = "${var.name}-block"
    cloudwatch_metrics_enabled = true
    sampled_requests_enabled   = true
  }
}
