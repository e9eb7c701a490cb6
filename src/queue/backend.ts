import {
  createPostgresBackend,
  type Job,
  type JobSchedulerTemplateOptions,
  type JobsOptions,
  type Processor,
  Queue,
  type RepeatOptions,
  Worker,
  type WorkerOptions,
  withBackend,
} from "bullmq";
import { Redis } from "ioredis";

/** Where the queue is: Redis where its URL is given, the store's Postgres otherwise. */
export interface QueueAddress {
  readonly redisUrl?: string | undefined;
  readonly databaseUrl?: string | undefined;
}

/** What we use of BullMQ's queue, whichever backend it is on. */
export interface Producer {
  waitUntilReady(): Promise<unknown>;
  add(name: string, data: object, options: JobsOptions): Promise<unknown>;
  upsertJobScheduler(
    id: string,
    repeat: Omit<RepeatOptions, "key">,
    template: { name: string; data: object; opts: JobSchedulerTemplateOptions },
  ): Promise<unknown>;
  on(event: "error", listener: (error: Error) => void): unknown;
  close(): Promise<void>;
}

/** What we use of BullMQ's worker, whichever backend it is on. */
export interface Consumer {
  waitUntilReady(): Promise<unknown>;
  pause(doNotWaitActive: boolean): Promise<void>;
  close(force: boolean): Promise<void>;
  cancelJob(id: string, reason: string): boolean;
  on(event: "error", listener: (error: Error) => void): unknown;
  on(event: "lockRenewalFailed", listener: (jobIds: string[]) => void): unknown;
  on(event: "failed", listener: (job: Job | undefined, error: Error) => void): unknown;
}

export type ConsumerOptions = Omit<WorkerOptions, "connection" | "prefix">;

const QUEUE_NAME = "spillway";
/** Producers answer people, who wait; see the contract's 2 s. */
const PRODUCER_CONNECT_MS = 1_500;
const CONSUMER_CONNECT_MS = 5_000;
const RECONNECT_MS = 500;
/** ioredis would keep the process for 2 s after the end. */
const DISCONNECT_MS = 100;

const postgres = withBackend(createPostgresBackend);

/** Opens the side that adds jobs. It fails fast: nothing is kept in memory for when the server is back. */
export function openProducer({ redisUrl, databaseUrl }: QueueAddress): Producer {
  if (redisUrl !== undefined) {
    const connection = new Redis(redisUrl, {
      connectTimeout: PRODUCER_CONNECT_MS,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 1,
      disconnectTimeout: DISCONNECT_MS,
      retryStrategy: () => RECONNECT_MS,
    });
    return disconnectingOnClose(new Queue(QUEUE_NAME, { prefix: QUEUE_NAME, connection }), connection);
  }
  return new postgres.Queue(QUEUE_NAME, {
    connection: {
      ...postgresConnection(databaseUrl),
      connectionTimeoutMillis: PRODUCER_CONNECT_MS,
      statement_timeout: PRODUCER_CONNECT_MS,
      query_timeout: PRODUCER_CONNECT_MS,
      max: 3,
    },
  });
}

/** Opens the side that carries jobs out. It waits for its server as long as that takes. */
export function openConsumer(
  { redisUrl, databaseUrl }: QueueAddress,
  processor: Processor,
  options: ConsumerOptions,
): Consumer {
  if (redisUrl !== undefined) {
    const connection = new Redis(redisUrl, {
      maxRetriesPerRequest: null,
      disconnectTimeout: DISCONNECT_MS,
      retryStrategy: () => RECONNECT_MS,
    });
    const worker = new Worker(QUEUE_NAME, processor, { ...options, prefix: QUEUE_NAME, connection });
    return disconnectingOnClose(worker, connection);
  }
  return new postgres.Worker(QUEUE_NAME, processor, {
    ...options,
    connection: { ...postgresConnection(databaseUrl), connectionTimeoutMillis: CONSUMER_CONNECT_MS },
  });
}

/** The client is ours: left to BullMQ, one that never got through goes on trying after the end. */
function disconnectingOnClose<Closable extends Queue | Worker>(closable: Closable, connection: Redis): Closable {
  const close = closable.close.bind(closable);
  closable.close = async (force?: boolean) => {
    await close(force);
    connection.disconnect();
  };
  return closable;
}

/** BullMQ's tables are its own affair, in a schema of their own that it migrates by itself. */
function postgresConnection(databaseUrl: string | undefined) {
  if (databaseUrl === undefined) throw new Error("The queue needs a Redis URL or a database URL");
  return {
    connectionString: databaseUrl,
    schema: "bullmq",
    migrate: true,
    keepAlive: true,
    application_name: "spillway-queue",
  };
}
