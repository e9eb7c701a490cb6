# What is milder than a block, each where it is asked for: a rate-based rule that counts who is in two more sets, and a
# rule that challenges who is in two more. They have a rule group of their own: the capacity of the one that blocks
# cannot be changed while a web ACL refers to it.

locals {
  limited    = var.rate_limit == null ? {} : local.families
  challenged = var.challenge ? local.families : {}
  has_milder = var.rate_limit != null || var.challenge
}

resource "aws_wafv2_ip_set" "limited" {
  for_each = local.limited

  name               = "${var.name}-limited-${each.key}"
  description        = "Rate-limited by Spillway for a time"
  scope              = var.scope
  ip_address_version = each.value
  addresses          = []

  lifecycle {
    ignore_changes = [addresses]
  }
}

resource "aws_wafv2_ip_set" "challenged" {
  for_each = local.challenged

  name               = "${var.name}-challenged-${each.key}"
  description        = "Challenged by Spillway for a time"
  scope              = var.scope
  ip_address_version = each.value
  addresses          = []

  lifecycle {
    ignore_changes = [addresses]
  }
}

resource "aws_wafv2_rule_group" "milder" {
  count = local.has_milder ? 1 : 0

  name        = "${var.name}-milder"
  description = "Limits or challenges who is in the IP sets of Spillway"
  scope       = var.scope
  # Two and the set for each rate-based rule, and one for each that challenges; five for a set where ANY address of a
  # header counts. Room for all of them, as it cannot be changed later.
  capacity = 30

  dynamic "rule" {
    for_each = { for key, set in aws_wafv2_ip_set.limited : key => set.arn }

    content {
      name     = "limit-${rule.key}"
      priority = rule.key == "v4" ? 0 : 1

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
        rate_based_statement {
          limit                 = var.rate_limit.limit
          evaluation_window_sec = var.rate_limit.window_secs
          aggregate_key_type    = var.forwarded_header == null ? "IP" : "FORWARDED_IP"

          dynamic "forwarded_ip_config" {
            for_each = var.forwarded_header == null ? [] : [1]

            content {
              header_name       = var.forwarded_header
              fallback_behavior = "NO_MATCH"
            }
          }

          scope_down_statement {
            ip_set_reference_statement {
              arn = rule.value

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
        }
      }

      visibility_config {
        metric_name                = "${var.name}-limit-${rule.key}"
        cloudwatch_metrics_enabled = true
        sampled_requests_enabled   = true
      }
    }
  }

  dynamic "rule" {
    for_each = { for key, set in aws_wafv2_ip_set.challenged : key => set.arn }

    content {
      name     = "challenge-${rule.key}"
      priority = rule.key == "v4" ? 2 : 3

      action {
        dynamic "challenge" {
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
          arn = rule.value

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
        metric_name                = "${var.name}-challenge-${rule.key}"
        cloudwatch_metrics_enabled = true
        sampled_requests_enabled   = true
      }
    }
  }

  visibility_config {
    metric_name                = "${var.name}-milder"
    cloudwatch_metrics_enabled = true
    sampled_requests_enabled   = true
  }
}
