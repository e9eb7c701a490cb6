/** What the simulated site's owners have in the cloud: names and numbers as they appear in logs, metrics and configuration. */
export const REGION = "eu-west-1";
export const ACCOUNT_ID = "111122223333";
export const ZONES = ["eu-west-1a", "eu-west-1b"] as const;

export const LOAD_BALANCER = "app/web/50dc6c495c0c9188";
export const TARGET_GROUP = "targetgroup/web/73e2d6bc24d8a067";
export const CERTIFICATE_ARN = `arn:aws:acm:${REGION}:${ACCOUNT_ID}:certificate/8a1c5d0e-3f62-4b7a-9c14-2d5e6f708192`;
/** Public addresses of the load balancer's machines. */
export const BALANCER_NODES = ["203.0.113.21", "203.0.113.22"] as const;

export const WEB_ACL = { name: "web", id: "5b0c8f2e-6a1d-4c3b-9e7f-1a2b3c4d5e6f" } as const;
export const IPV4_SET = { name: "spillway-v4", id: "0a9b8c7d-1e2f-4a3b-8c5d-6e7f8091a2b3" } as const;
export const IPV6_SET = { name: "spillway-v6", id: "4d5e6f70-8192-4a3b-9c4d-5e6f708192a3" } as const;

export const LIMITED_IPV4_SET = { name: "spillway-limited-v4", id: "1c2d3e4f-5a6b-4c7d-8e9f-0a1b2c3d4e5f" } as const;
export const LIMITED_IPV6_SET = { name: "spillway-limited-v6", id: "2d3e4f5a-6b7c-4d8e-9f0a-1b2c3d4e5f60" } as const;
export const CHALLENGED_IPV4_SET = {
  name: "spillway-challenged-v4",
  id: "3e4f5a6b-7c8d-4e9f-8a1b-2c3d4e5f6071",
} as const;
export const CHALLENGED_IPV6_SET = {
  name: "spillway-challenged-v6",
  id: "4f5a6b7c-8d9e-4f0a-9b2c-3d4e5f607182",
} as const;
/** What the prepared rate-based rule lets each address send: a little less than all visitors together. */
export const RATE_LIMIT = { limit: 400, windowSecs: 60 } as const;

export const SCALING_GROUP = { name: "web", min: 2, max: 8, desired: 2 } as const;

/** The site's own addresses: load balancer, office, uptime check. */
export const OWN_NETWORK = "203.0.113.0/24";
export const UPTIME_CHECK = "203.0.113.10";
