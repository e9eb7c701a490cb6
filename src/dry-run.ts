import type { Config } from "./config.ts";

/** Whether what is asked for a service is only described, by `spillway.yaml`. */
export function isDryRun(config: Config, service: string): boolean {
  return config.dryRun || (config.services[service]?.dryRun ?? false);
}
