import type { CommandContext } from "../../commands/context.ts";
import { parseConfig } from "../../src/config.ts";
import { SHIPPED_LISTS } from "../../src/domain/published-ranges.ts";
import { createLog } from "../../src/log.ts";
import type { Invocation } from "../../src/slack/command.ts";
import { ASKING, BUILT_AT_MS, SECOND, THIRD } from "./build-proposal.ts";
import { createFakeFirewall } from "./fake-firewall.ts";
import { createFakeMessenger, type FakeMessenger } from "./fake-messenger.ts";
import { createFakeQueue, type FakeQueue } from "./fake-queue.ts";
import { createFakeResolver, type FakeResolver } from "./fake-resolver.ts";
import { createFakeScaler, type FakeScaler } from "./fake-scaler.ts";
import { createFakeStore, type FakeStore } from "./fake-store.ts";
import { fixedClock } from "./fixed-clock.ts";

export const CHANNEL = "C0WEB";

const WEB = `
  web:
    logs: { kind: files, paths: [logs] }
    firewall: { kind: wafv2, ipv4Set: { name: a, id: a }, ipv6Set: { name: b, id: b } }
    scaling: { kind: auto-scaling-group, name: web, maxInstances: 8 }
    neverBlock: [203.0.113.0/28]`;
const API = `
  api:
    logs: { kind: files, paths: [logs] }`;

export interface TestContext extends CommandContext {
  readonly store: FakeStore;
  readonly queue: FakeQueue;
  readonly messenger: FakeMessenger;
  readonly clock: ReturnType<typeof fixedClock>;
  readonly scaler: FakeScaler;
  readonly resolver: FakeResolver;
}

/** Everything a command is given, in memory: one service "web" with all ports, and where asked "api" with logs only. */
export function testContext(
  options: { readonly services?: "web" | "web and api"; readonly yaml?: string } = {},
): TestContext {
  const services = options.services === "web and api" ? WEB + API : WEB;
  const scaler = createFakeScaler({ min: 2, max: 10, desired: 4, running: 4 });
  const logs = { description: "files under logs", read: () => Promise.reject(new Error("commands read no logs")) };
  let ids = 0;
  return {
    config: parseConfig(`services:${services}\n${options.yaml ?? ""}`, "test.yaml"),
    store: createFakeStore(),
    queue: createFakeQueue(),
    messenger: createFakeMessenger([ASKING, SECOND, THIRD]),
    services: {
      web: { logs, metrics: null, firewall: createFakeFirewall(), scaler },
      ...(options.services === "web and api" && { api: { logs, metrics: null, firewall: null, scaler: null } }),
    },
    resolver: createFakeResolver(),
    publishedLists: () => SHIPPED_LISTS,
    clock: fixedClock(BUILT_AT_MS),
    ids: {
      next: () => {
        ids += 1;
        return `id-${String(ids).padStart(13, "0")}`;
      },
    },
    log: createLog("silent"),
    scaler,
  };
}

/** Words typed after a command's name, in the channel. */
export function typed(text: string, by: { readonly id: string; readonly name: string } = ASKING): Invocation {
  return { userId: by.id, userName: by.name, channelId: CHANNEL, threadTs: null, text, triggerId: "trigger" };
}

/** A click on a button of a message in the channel. */
export function click(actionId: string, value: string, by: { readonly id: string; readonly name: string } = SECOND) {
  const where = { channelId: CHANNEL, messageTs: "1795269600.000001", threadTs: null };
  return { actionId, value, userId: by.id, userName: by.name, triggerId: "trigger", ...where };
}
