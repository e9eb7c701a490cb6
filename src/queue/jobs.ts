/**
 * The catalogue of jobs: what commands enqueue and jobs carry out. Payloads
 * hold ids and small values only; the rest is read from the store when the job
 * runs, so that a job that runs twice, or late, sees the truth.
 */
import { z } from "zod";
import { DIMENSIONS } from "../domain/traffic.ts";

const window = z.object({ startMs: z.number().int(), endMs: z.number().int() });
const values = z.partialRecord(z.enum(DIMENSIONS), z.string());
const filter = z.object({ only: values.optional(), not: values.optional() });

interface JobSpec<Payload extends z.ZodType> {
  readonly payload: Payload;
  /** Runs at most so often, retries of failures included. */
  readonly attempts: number;
  /** Before the second attempt; doubles for each further one. */
  readonly backoffMs: number;
  /** The job's signal is aborted then. */
  readonly timeoutMs: number;
}

function job<Payload extends z.ZodType>(spec: JobSpec<Payload>): JobSpec<Payload> {
  return spec;
}

export const JOBS = {
  /** Reads a service's metrics and logs, and turns the waiting message into a verdict. */
  investigate: job({
    payload: z.object({ investigationId: z.string() }),
    attempts: 3,
    backoffMs: 2_000,
    timeoutMs: 10 * 60_000,
  }),
  /** Answers `/top`: one dimension, compared with the window before. */
  breakdown: job({
    payload: z.object({
      service: z.string(),
      dimension: z.enum(DIMENSIONS),
      window,
      filter,
      channelId: z.string(),
      messageTs: z.string(),
      userId: z.string(),
    }),
    attempts: 3,
    backoffMs: 2_000,
    timeoutMs: 10 * 60_000,
  }),
  /** Carries out an approved proposal: guards again, acts, writes the receipt. */
  apply: job({ payload: z.object({ proposalId: z.string() }), attempts: 8, backoffMs: 1_000, timeoutMs: 120_000 }),
  /** Looks whether an applied change did what was predicted. */
  check: job({
    payload: z.object({ proposalId: z.string(), round: z.number().int().min(1) }),
    attempts: 3,
    backoffMs: 5_000,
    timeoutMs: 5 * 60_000,
  }),
  /** Undoes what a person asked to undo before its time. */
  undo: job({
    payload: z.object({
      proposalId: z.string(),
      userId: z.string(),
      /** Only these of a block's addresses; all where not given. */
      addresses: z.array(z.string()).optional(),
      /** Puts capacity back whatever it is now, as somebody answered. */
      isForced: z.boolean().optional(),
      /** What is kept in the store until it is done. */
      wishId: z.string().optional(),
    }),
    attempts: 8,
    backoffMs: 1_000,
    timeoutMs: 120_000,
  }),
  /** Ends blocks and capacity changes whose time is up, expires offers, picks up what a crash left. Scheduled. */
  sweep: job({ payload: z.object({}), attempts: 1, backoffMs: 1_000, timeoutMs: 120_000 }),
  /** Looks at the metrics of every service that is watched, and tells what is new. Scheduled. */
  watch: job({ payload: z.object({}), attempts: 1, backoffMs: 1_000, timeoutMs: 4 * 60_000 }),
  /** Holds the firewalls against the blocks that should be in them. Scheduled. */
  reconcile: job({ payload: z.object({}), attempts: 1, backoffMs: 1_000, timeoutMs: 120_000 }),
  /** Brings a proposal's card up to date, for when Slack did not take it at once. */
  card: job({ payload: z.object({ proposalId: z.string() }), attempts: 10, backoffMs: 5_000, timeoutMs: 60_000 }),
  /** Tells of a failure, for when Slack did not take it at once. */
  tell: job({
    payload: z.object({ channelId: z.string(), messageTs: z.string().nullable(), what: z.string() }),
    attempts: 10,
    backoffMs: 5_000,
    timeoutMs: 60_000,
  }),
  /** Drafts the postmortem of an incident and posts it as a file. */
  postmortem: job({
    payload: z.object({ incidentId: z.string(), channelId: z.string(), userId: z.string() }),
    attempts: 5,
    backoffMs: 2_000,
    timeoutMs: 120_000,
  }),
} as const;

export type JobName = keyof typeof JOBS;
export type JobPayload<Name extends JobName> = z.infer<(typeof JOBS)[Name]["payload"]>;

export interface JobQueue {
  /**
   * Adds a job. With an `id` a second add does nothing while the first is waiting or running.
   * @throws {UpstreamError} `queue-down` when it was not accepted within 2 s
   */
  enqueue<Name extends JobName>(
    name: Name,
    payload: JobPayload<Name>,
    options?: { readonly id?: string; readonly delayMs?: number },
  ): Promise<void>;
  /** Runs a job again and again; a second call with the same name replaces the first. */
  every<Name extends JobName>(name: Name, payload: JobPayload<Name>, everyMs: number): Promise<void>;
}

/** One attempt at a job, as its handler sees it. */
export interface JobRun<Name extends JobName> {
  readonly payload: JobPayload<Name>;
  /** 1 for the first attempt. */
  readonly attempt: number;
  readonly isLastAttempt: boolean;
  /** Aborted at the job's timeout and when the worker is told to stop. */
  readonly signal: AbortSignal;
}

/** One handler a job. */
export type JobHandlers = { readonly [Name in JobName]: (run: JobRun<Name>) => Promise<void> };
