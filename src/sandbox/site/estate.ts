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

export const SCALING_GROUP = { name: "web", min: 2, max: 8, desired: 2 } as const;

/** The site's own addresses: load balancer, office, uptime check. */
export const OWN_NETWORK = "203.0.113.0/24";
export const UPTIME_CHECK = "203.0.113.10";
