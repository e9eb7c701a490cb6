import { parseConfig } from "../../src/config.ts";
import type { S3LogsConfig } from "../../src/logs/sources/layouts/registry.ts";

/** The `logs` of a service in S3, with defaults as in `spillway.yaml`; of an ALB where no layout is given. */
export function s3Config(logs: Readonly<Record<string, unknown>>): S3LogsConfig {
  const usual = { kind: "s3", bucket: "logs", region: "eu-west-1" };
  const account = ["cloudfront", "s3-access", "path"].includes(String(logs["layout"]))
    ? {}
    : { accountId: "123456789012" };
  const text = JSON.stringify({ services: { web: { logs: { ...usual, ...account, ...logs } } } });
  const config = parseConfig(text, "test").services["web"]?.logs;
  if (config?.kind !== "s3") throw new Error("not a configuration of S3");
  return config;
}
