output "firewall" {
  description = "For `firewall` of a service in spillway.yaml."
  value = merge(
    {
      kind    = "wafv2"
      scope   = var.scope
      region  = data.aws_region.current.name
      ipv4Set = { name = aws_wafv2_ip_set.blocked["v4"].name, id = aws_wafv2_ip_set.blocked["v4"].id }
      ipv6Set = { name = aws_wafv2_ip_set.blocked["v6"].name, id = aws_wafv2_ip_set.blocked["v6"].id }
    },
    var.rate_limit == null ? {} : {
      rateLimit = {
        ipv4Set    = { name = aws_wafv2_ip_set.limited["v4"].name, id = aws_wafv2_ip_set.limited["v4"].id }
        ipv6Set    = { name = aws_wafv2_ip_set.limited["v6"].name, id = aws_wafv2_ip_set.limited["v6"].id }
        limit      = var.rate_limit.limit
        windowSecs = var.rate_limit.window_secs
      }
    },
    var.challenge ? {
      challenge = {
        ipv4Set = { name = aws_wafv2_ip_set.challenged["v4"].name, id = aws_wafv2_ip_set.challenged["v4"].id }
        ipv6Set = { name = aws_wafv2_ip_set.challenged["v6"].name, id = aws_wafv2_ip_set.challenged["v6"].id }
      }
    } : {},
  )
}

output "rule_group_arn" {
  description = "To refer to from your web ACL, before every rule that allows."
  value       = aws_wafv2_rule_group.block.arn
}

output "milder_rule_group_arn" {
  description = "To refer to from your web ACL, after the group that blocks and before every rule that allows; null where neither is asked for."
  value       = one(aws_wafv2_rule_group.milder[*].arn)
}

output "policy_arn" {
  description = "To attach to the role that Spillway runs under."
  value       = aws_iam_policy.spillway.arn
}
