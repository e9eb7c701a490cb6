import { type InvestigationRequest, type InvestigationResult, investigateSlice } from "../../src/investigation.ts";
import { type Hit, NO_LIMITS } from "./build-traffic.ts";
import { fakeLogReader } from "./fake-log-reader.ts";
import type { FakeRequest } from "./fake-request.ts";

/** A request of simulated traffic, with what only some logs tell. */
export type LoggedHit = Hit & Pick<FakeRequest, "query" | "queryShape" | "backendSecs" | "totalSecs" | "cache">;

/** Puts requests into a log in memory, and asks for a verdict as the product does. */
export async function investigateHits(
  hits: readonly LoggedHit[],
  asked: Partial<InvestigationRequest> = {},
): Promise<InvestigationResult> {
  const requests = hits.map(
    ({ refererHost, ...hit }): FakeRequest => ({
      ...hit,
      ...(refererHost !== null && { referer: `https://${refererHost}/` }),
    }),
  );
  const slice = await fakeLogReader(requests).read({ window: null });
  return investigateSlice(slice, {
    service: "web",
    span: null,
    baseline: null,
    metrics: [],
    limits: NO_LIMITS,
    ...asked,
  });
}
