import type { ObjectFormat } from "../format.ts";
import { vended } from "./elb-vended.ts";

/** What no other log has. */
const ALB_NAMES = ["elb_status_code", "target_processing_time", "matched_rule_priority", "request_creation_time"];

/**
 * Access logs of Application Load Balancers by CloudWatch. `client_port` and `target_port` hold an address and a port.
 * @source https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
 */
export const albVended: ObjectFormat = vended({
  name: "alb-vended",
  title: "Application Load Balancer access log by CloudWatch",
  holds: "requests",
  escaping: "hex",
  legs: "sum",
  fields: [
    ["request_creation_time", { time: "arrival", as: "iso" }],
    ["time", { time: "completed", as: "iso" }],
    ["elb", "node"],
    ["client_port", "client-with-port"],
    ["target_port", "target"],
    ["request_processing_time", { secs: "connect", unitSecs: 1 }],
    ["target_processing_time", { secs: "firstByte", unitSecs: 1 }],
    ["response_processing_time", { secs: "body", unitSecs: 1 }],
    ["elb_status_code", "status"],
    ["sent_bytes", "bytes"],
    ["request_line", "request"],
    ["request", "request"],
    ["user_agent", "user-agent"],
    ["ssl_protocol", "tls"],
    ["domain_name", "host"],
  ],
  names: `type time elb client_port target_port request_processing_time target_processing_time
    response_processing_time elb_status_code target_status_code received_bytes sent_bytes request_line user_agent
    ssl_cipher ssl_protocol target_group_arn trace_id domain_name chosen_cert_arn matched_rule_priority
    request_creation_time actions_executed redirect_url error_reason target_port_list target_status_code_list
    classification classification_reason conn_trace_id transformed_host transformed_uri request_transform_status
    ip_address`.split(/\s+/),
  // Which of them are logged is for their owner to choose.
  isNamedLike: (names) => ALB_NAMES.some((name) => names.has(name)),
});

/** Connections to Application Load Balancers; here, `client_port` holds a port only. */
export const albConnectionVended: ObjectFormat = vended({
  name: "alb-connection-vended",
  title: "Application Load Balancer connection log by CloudWatch",
  holds: "connections",
  escaping: "hex",
  legs: "logged",
  fields: [
    ["time", { time: "completed", as: "iso" }],
    ["client_ip", "client"],
    ["tls_protocol", "tls"],
    ["tls_handshake_latency", { secs: "connect", unitSecs: 1 }],
    ["elb", "node"],
  ],
  names: `time client_ip client_port listener_port tls_protocol tls_cipher tls_handshake_latency
    leaf_client_cert_subject leaf_client_cert_validity leaf_client_cert_serial_number tls_verify_status conn_trace_id
    tls_keyexchange elb ip_address`.split(/\s+/),
  isNamedLike: (names) => names.has("client_ip") && names.has("listener_port") && names.has("conn_trace_id"),
});

/** Health checks that Application Load Balancers made of their targets. */
export const albHealthCheckVended: ObjectFormat = vended({
  name: "alb-health-check-vended",
  title: "Application Load Balancer health check log by CloudWatch",
  holds: "health-checks",
  escaping: "hex",
  legs: "logged",
  fields: [
    ["time", { time: "completed", as: "iso" }],
    ["latency", { secs: "total", unitSecs: 1 }],
    ["target_addr", "target"],
    ["status_code", "status"],
    ["elb", "node"],
    // The balancer's own address is what connected.
    ["ip_address", "client"],
  ],
  names: `type time latency target_addr target_group_id status status_code reason_code elb ip_address`.split(/\s+/),
  isNamedLike: (names) => names.has("target_addr") && names.has("target_group_id"),
});

/**
 * Connections to the TLS listeners of Network Load Balancers, logged when they end.
 * @source https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html
 */
export const nlbVended: ObjectFormat = vended({
  name: "nlb-vended",
  title: "Network Load Balancer access log by CloudWatch",
  holds: "connections",
  escaping: "hex",
  legs: "logged",
  fields: [
    ["tls_connection_creation_time", { time: "arrival", as: "iso" }],
    ["time", { time: "completed", as: "iso" }],
    ["elb", "node"],
    ["client_port", "client-with-port"],
    ["client", "client-with-port"],
    ["target_port", "target"],
    ["destination_port", "target"],
    ["destination", "target"],
    ["connection_time", { secs: "total", unitSecs: 0.001 }],
    ["sent_bytes", "bytes"],
    ["tls_protocol_version", "tls"],
    ["domain_name", "host"],
  ],
  names: `type version time elb listener client_port destination_port connection_time tls_handshake_time
    received_bytes sent_bytes incoming_tls_alert chosen_cert_arn chosen_cert_serial tls_cipher tls_protocol_version
    tls_keyexchange domain_name alpn_fe_protocol alpn_be_protocol alpn_client_preference_list
    tls_connection_creation_time`.split(/\s+/),
  isNamedLike: (names) => names.has("tls_connection_creation_time") || names.has("alpn_fe_protocol"),
});
