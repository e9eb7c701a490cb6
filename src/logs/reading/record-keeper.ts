import { createClientResolver } from "../client-address.ts";
import type { LogRecord } from "../record.ts";
import type { Batch } from "./batch.ts";
import type { ReadSettings } from "./reading-context.ts";
import { createRecordCollector } from "./record-batch.ts";

/** Keeps records one by one: those within the window, with the client that trusted proxies vouch for. */
export interface RecordKeeper {
  keep(record: LogRecord): void;
  /** Gives away the records that are not in a full batch. */
  flush(): void;
}

/** @param name tells the texts of these records from those of others */
export function createRecordKeeper(
  { wanted, startMs, endMs, trustedProxies }: ReadSettings,
  name: string,
  emit: (batch: Batch) => void,
): RecordKeeper {
  const resolveClient = createClientResolver(trustedProxies);
  const collector = createRecordCollector(name, new Set(wanted));

  function flush(): void {
    const batch = collector.take();
    if (batch !== null) emit(batch);
  }

  return {
    keep(record) {
      if (record.arrivalMs < startMs || record.arrivalMs >= endMs) return;
      const client = resolveClient(record.client, record.forwardedFor);
      if (collector.add(client === record.client ? record : { ...record, client })) flush();
    },
    flush,
  };
}
