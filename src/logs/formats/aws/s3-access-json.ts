import { jsonLines } from "../objects/json-lines.ts";

/**
 * S3's server access log as CloudWatch delivers it, in JSON or Parquet.
 * @source https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
 */
export const s3AccessJson = jsonLines({
  name: "s3-access-json",
  title: "S3 server access log in JSON or Parquet",
  holds: "requests",
  escaping: "none",
  legs: "logged",
  fields: [
    ["request_time", { time: "arrival", as: "iso" }],
    ["remote_ip", "client"],
    ["request_uri", "request"],
    ["host_header", "host"],
    ["http_status", "status"],
    ["bytes_sent_size", "bytes"],
    ["bytes_sent", "bytes"],
    ["total_duration", { secs: "total", unitSecs: 0.001 }],
    ["total_time", { secs: "total", unitSecs: 0.001 }],
    ["turn_around_duration", { secs: "backend", unitSecs: 0.001 }],
    ["turn_around_time", { secs: "backend", unitSecs: 0.001 }],
    ["user_agent", "user-agent"],
    ["referer", "referer"],
    ["tls_version", "tls"],
    ["bucket_name", "node"],
  ],
  isNamedLike: (names) => names.has("bucket_name") && names.has("request_uri") && names.has("http_status"),
});
