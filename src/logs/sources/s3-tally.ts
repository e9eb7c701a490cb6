/** What was found, what became of it, and what it took: for progress, limits and the report. */
import type { TimeWindow } from "../../domain/time-window.ts";
import { UpstreamError } from "../../errors.ts";
import type { Layout } from "./layouts/layout.ts";
import { missingSpans } from "./missing-spans.ts";
import type { FoundObject, FoundPage } from "./s3-listing.ts";
import { nameOf, type S3Object } from "./s3-object.ts";
import type { S3Requests } from "./s3-requests.ts";
import type { FetchProgress, FetchReport } from "./source.ts";

/** So many failures without a single success are S3's, and not those of the objects. */
const FAILURES_IN_A_ROW = 8;
const MISSING_SHOWN = 5;

export class S3Tally {
  readonly #found: FoundObject[] = [];
  readonly #upstreamErrors: UpstreamError[] = [];
  readonly #skipped: { file: string; reason: string }[] = [];
  #strangers = 0;
  #bytesFound = 0;
  #bytesArrived = 0;
  #bytesFromCache = 0;
  #fetched = 0;
  #fromCache = 0;
  #toFetch = 0;
  #listedMs: number | null = null;

  get objectsFound(): number {
    return this.#found.length;
  }

  get bytesFound(): number {
    return this.#bytesFound;
  }

  get progress(): FetchProgress {
    const isListed = this.#listedMs !== null;
    return {
      bytes: this.#bytesArrived,
      bytesTotal: isListed ? this.#bytesFound : null,
      filesTotal: isListed ? this.#toFetch : null,
    };
  }

  /** Counts a page of the listing, and gives what of it is to be fetched. */
  addPage({ objects, strangers }: FoundPage, fileKind: string): readonly FoundObject[] {
    this.#strangers += strangers.length;
    for (const file of strangers) this.#skipped.push({ file, reason: `its name is not that of ${fileKind}` });
    const full = objects.filter(({ bytes }) => bytes > 0);
    for (const object of objects) {
      this.#found.push(object);
      this.#bytesFound += object.bytes;
      if (object.bytes === 0) this.#skipped.push({ file: nameOf(object), reason: "is empty (0 bytes)" });
    }
    this.#toFetch += full.length;
    return full;
  }

  endListing(listedMs: number): void {
    this.#listedMs = listedMs;
  }

  addBytes(bytes: number): void {
    this.#bytesArrived += bytes;
  }

  addFetched({ bytes }: S3Object, isFromCache: boolean): void {
    this.#fetched += 1;
    if (!isFromCache) return;
    this.#fromCache += 1;
    this.#bytesFromCache += bytes;
  }

  /** @throws the error where nothing has come through so far: it is S3 then, and not the object */
  addFailed(object: S3Object, error: Error): void {
    this.#skipped.push({ file: nameOf(object), reason: error.message });
    if (!(error instanceof UpstreamError)) return;
    this.#upstreamErrors.push(error);
    if (this.#upstreamErrors.length >= FAILURES_IN_A_ROW) this.throwIfNothingCame();
  }

  /** @throws what S3 failed with, where it gave nothing */
  throwIfNothingCame(): void {
    if (this.#fetched === 0 && this.#upstreamErrors.length > 0) throw this.#upstreamErrors[0];
  }

  report({ layout, window, requests }: { layout: Layout; window: TimeWindow; requests: S3Requests }): FetchReport {
    const found = this.#found;
    const listedMs = this.#listedMs ?? 0;
    const missing = layout.spans && missingSpans(layout.spans, { window, listedMs, files: found });
    const starts = [...new Set(missing)];
    return {
      skipped: this.#skipped.toSorted((a, b) => (a.file < b.file ? -1 : Number(a.file > b.file))),
      coverage: {
        objectsExpected: missing && found.length + missing.length,
        objectsFound: found.length,
        missing: { spans: missing?.length ?? 0, firstStartsMs: starts.slice(0, MISSING_SHOWN) },
        objectsNotFetched: this.#skipped.length - this.#strangers,
        objectsFromCache: this.#fromCache,
        bytes: this.#bytesArrived,
        bytesDownloaded: this.#bytesArrived - this.#bytesFromCache,
        requests: { ...requests.spent },
        newestEndMs: newest(found.map(({ endMs }) => endMs)),
        newestWrittenMs: newest(found.flatMap(({ writtenMs }) => writtenMs ?? [])),
        listedMs,
        usualDelayMs: layout.usualDelayMs,
      },
    };
  }
}

function newest(moments: readonly number[]): number | null {
  return moments.length === 0 ? null : moments.reduce((latest, ms) => Math.max(latest, ms));
}
