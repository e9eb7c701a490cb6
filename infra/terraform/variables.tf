variable "name" {
  description = "What the sets, the rule group and the policy are called."
  type        = string
  default     = "spillway"
}

variable "scope" {
  description = "REGIONAL for load balancers and API gateways. CLOUDFRONT needs a provider for us-east-1."
  type        = string
  default     = "REGIONAL"

  validation {
    condition     = contains(["REGIONAL", "CLOUDFRONT"], var.scope)
    error_message = "The scope is REGIONAL or CLOUDFRONT."
  }
}

variable "count_only" {
  description = "Counts who would be blocked, limited or challenged instead of doing so, to try it out."
  type        = bool
  default     = false
}

variable "rate_limit" {
  description = "What each address that Spillway limits may send, limit requests in any window_secs; null for no rule that limits."
  type        = object({ limit = number, window_secs = optional(number, 300) })
  default     = null

  validation {
    condition = var.rate_limit == null ? true : (
      var.rate_limit.limit >= 10 && contains([60, 120, 300, 600], var.rate_limit.window_secs)
    )
    error_message = "The limit is 10 or more, and the window 60, 120, 300 or 600 seconds."
  }
}

variable "challenge" {
  description = "Whether there is a rule that challenges who Spillway names: only browsers pass it, and only on pages."
  type        = bool
  default     = false
}

variable "forwarded_header" {
  description = "The header with the client's address where a proxy stands in front, such as X-Forwarded-For; null looks at who connects."
  type        = string
  default     = null
}

variable "forwarded_position" {
  description = "Which address of that header counts. A client can write all but the last; ANY looks at up to ten."
  type        = string
  default     = "LAST"

  validation {
    condition     = contains(["FIRST", "LAST", "ANY"], var.forwarded_position)
    error_message = "The position is FIRST, LAST or ANY."
  }
}

variable "log_bucket_arn" {
  description = "The bucket of the access logs; null where Spillway reads none from S3."
  type        = string
  default     = null
}

variable "log_prefix" {
  description = "What stands before AWSLogs/ in the bucket, without a slash at the end; empty for nothing."
  type        = string
  default     = ""
}

variable "auto_scaling_groups" {
  description = "The names of the Auto Scaling groups that may be scaled out."
  type        = set(string)
  default     = []
}
