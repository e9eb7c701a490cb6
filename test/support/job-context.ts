import { setMaxListeners } from "node:events";
import { apply } from "../../jobs/apply.ts";
import type { JobContext } from "../../jobs/context.ts";
import type { Proposal } from "../../src/domain/proposal.ts";
import type { LogReader } from "../../src/ports/log-reader.ts";
import type { JobName, JobPayload, JobRun } from "../../src/queue/jobs.ts";
import { BUILT_AT_MS, buildProposal, SECOND } from "./build-proposal.ts";
import { type TestContext, testContext } from "./command-context.ts";
import { createFakeFirewall, type FakeFirewall } from "./fake-firewall.ts";
import { fakeLogReader } from "./fake-log-reader.ts";
import { createFakeMetrics, type FakeMetrics } from "./fake-metrics.ts";
import type { FakeRequest } from "./fake-request.ts";

export interface TestJobContext extends TestContext {
  readonly firewall: FakeFirewall;
  readonly metrics: FakeMetrics;
  readonly logs: ReturnType<typeof fakeLogReader>;
}

/** Everything a job is given, in memory: one service "web" whose log holds what is given. */
export function jobContext(
  options: { readonly requests?: readonly FakeRequest[]; readonly blocked?: readonly string[] } = {},
): TestJobContext {
  const base = testContext();
  const firewall = createFakeFirewall(options.blocked);
  const metrics = createFakeMetrics();
  const logs = fakeLogReader(options.requests ?? []);
  const web = { logs: logs as LogReader, metrics, firewall, scaler: base.scaler };
  return { ...base, firewall, metrics, logs, services: { web } };
}

/** One attempt at a job, as the queue would give it. */
export function attempt<Name extends JobName>(payload: JobPayload<Name>, signal?: AbortSignal): JobRun<Name> {
  return { payload, attempt: 1, isLastAttempt: false, signal: signal ?? jobSignal() };
}

/** One that a job may wait for at a hundred places at once, as those of the queue. */
function jobSignal(): AbortSignal {
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  return signal;
}

/** The store and Slack after somebody asked for a change and somebody else approved it. */
export async function approved(context: TestContext, given: Partial<Proposal> = {}): Promise<Proposal> {
  const proposal = await offered(context, given);
  await context.store.moveProposal({
    id: proposal.id,
    from: "pending",
    to: "approved",
    by: SECOND,
    atMs: BUILT_AT_MS,
  });
  return (await context.store.proposal(proposal.id)) as Proposal;
}

/** The store and Slack after somebody asked for a change. */
export async function offered(context: TestContext, given: Partial<Proposal> = {}): Promise<Proposal> {
  const { ts } = await context.messenger.post({ channelId: "C0WEB" }, { text: "the card", blocks: [] });
  const proposal = buildProposal({ incidentId: null, messageTs: ts, ...given });
  await context.store.createProposal(proposal);
  return proposal;
}

/** Carries out what was approved, or tries to. */
export function applyOnce({ id }: Pick<Proposal, "id">, context: JobContext): Promise<void> {
  return apply(attempt<"apply">({ proposalId: id }), context);
}

/** The world after an approved change was carried out. */
export async function applied(context: TestJobContext, given: Partial<Proposal> = {}): Promise<Proposal> {
  const proposal = await approved(context, given);
  await applyOnce(proposal, context);
  return (await context.store.proposal(proposal.id)) as Proposal;
}

/** What the card of a proposal shows now. */
export function cardOf({ messageTs }: Proposal, { messenger }: TestContext): string {
  return messenger.said().find(({ ts }) => ts === messageTs)?.message.text ?? "";
}

/** What stands on the timeline, one line each. */
export function timelineOf({ store }: TestContext): readonly string[] {
  return store.allEvents().map(({ text }) => text);
}

/** The same context, with other ports for "web". */
export function withWeb(context: TestJobContext, ports: Partial<JobContext["services"][string]>): TestJobContext {
  const web = context.services["web"] as JobContext["services"][string];
  return { ...context, services: { web: { ...web, ...ports } } };
}

/** A second service, "api", whose blocks go into the same sets. */
export function twoBehindOneFirewall(options: Parameters<typeof jobContext>[0] = {}): TestJobContext {
  const context = jobContext(options);
  const { services } = context.config;
  const [config, ports] = [services["web"], context.services["web"]];
  if (config === undefined || ports === undefined) throw new Error("the test's service is web");
  return {
    ...context,
    config: { ...context.config, services: { ...services, api: config } },
    services: { ...context.services, api: ports },
  };
}
