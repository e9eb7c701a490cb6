/** Asks an engine and the fake the same questions, at random, and expects the same answers. */
import { expect, it } from "@jest/globals";
import fc from "fast-check";
import { DIMENSIONS, LATENCIES, RANKS } from "../../src/domain/traffic.ts";
import type { LogSlice } from "../../src/ports/log-slice.ts";
import { someClient, someFilter, someLists, someWindow } from "./random-requests.ts";

type Asked = Omit<LogSlice, "intake" | "close">;

/** Every property asks 25 times, which takes seconds where the machine has other work. */
const TIMEOUT_MS = 30_000;

export function itAnswersLikeTheFake(slices: () => { slice: Asked; expected: Asked }): void {
  const windows = fc.record({ baseline: someWindow, spike: someWindow, filter: someFilter });
  const ranked = fc.record({ topN: fc.integer({ min: 1, max: 8 }), rankBy: fc.constantFrom(...RANKS) });
  const dimension = fc.constantFrom(...DIMENSIONS);

  async function holds<Question>(
    questions: fc.Arbitrary<Question>,
    ask: (slice: Asked, question: Question) => Promise<unknown>,
  ): Promise<void> {
    const { slice, expected } = slices();
    await fc.assert(
      fc.asyncProperty(questions, async (question) => {
        expect(await ask(slice, question)).toEqual(await ask(expected, question));
      }),
      { numRuns: 25 },
    );
  }

  it(
    "gives the same breakdown as counting by hand, for any windows, filter and rank",
    () =>
      holds(fc.tuple(windows, ranked), (slice, [asked, ranking]) =>
        slice.breakdown({ ...asked, ...ranking, dimensions: DIMENSIONS }),
      ),
    TIMEOUT_MS,
  );

  it(
    "gives the same breakdown by what requests took in all",
    () =>
      holds(windows, (slice, asked) =>
        slice.breakdown({ ...asked, secs: "total", dimensions: ["ip", "path"], topN: 5, rankBy: "backendSecs" }),
      ),
    TIMEOUT_MS,
  );

  it(
    "gives the same cells of several dimensions, what is not listed together",
    () =>
      holds(fc.tuple(windows, someLists, fc.boolean()), (slice, [asked, values, countsClients]) =>
        slice.cube({ ...asked, values, countsClients }),
      ),
    TIMEOUT_MS,
  );

  it(
    "gives the same pairs of values",
    () =>
      holds(
        fc.tuple(
          windows,
          ranked,
          fc.tuple(dimension, dimension).filter(([one, other]) => one !== other),
        ),
        (slice, [asked, ranking, dimensions]) => slice.pairs({ ...asked, ...ranking, dimensions }),
      ),
    TIMEOUT_MS,
  );

  it(
    "gives the same series, with zeros where nothing was",
    () =>
      holds(
        fc.record({ window: someWindow, filter: someFilter, stepMs: fc.constantFrom(1_000, 7_000, 60_000) }),
        (slice, question) => slice.series(question),
      ),
    TIMEOUT_MS,
  );

  it(
    "gives the same percentiles, WebSockets and what has no duration apart",
    () =>
      holds(windows, (slice, asked) =>
        slice.percentiles({ ...asked, latencies: ["total", "backend", "connect"], percentiles: [0.5, 0.9, 0.99, 1] }),
      ),
    TIMEOUT_MS,
  );

  it("gives the same legs", () => holds(windows, (slice, asked) => slice.legs(asked)));

  it(
    "gives the same spread of a duration, what lies on an edge in the upper class",
    () =>
      holds(
        fc.tuple(windows, fc.constantFrom(...LATENCIES), fc.constantFrom([], [0.5], [0.1, 0.7, 1.1, 2.3])),
        (slice, [asked, leg, edgesSecs]) => slice.histogram({ ...asked, leg, edgesSecs }),
      ),
    TIMEOUT_MS,
  );

  it(
    "finds the same clients content",
    () =>
      holds(fc.tuple(windows, fc.constantFrom(0.1, 0.3, 0.7)), (slice, [asked, thresholdSecs]) =>
        slice.apdex({ ...asked, thresholdSecs }),
      ),
    TIMEOUT_MS,
  );

  it(
    "finds the same requests ending together",
    () =>
      holds(
        fc.tuple(windows, fc.constantFrom(0, 0.7), fc.constantFrom(500, 2_000)),
        (slice, [asked, slowSecs, binMs]) => slice.endings({ ...asked, slowSecs, binMs }),
      ),
    TIMEOUT_MS,
  );

  it(
    "gives the same repeats, by any dimension",
    () =>
      holds(
        fc.tuple(windows, fc.constantFrom(0, 1, 10, 60), fc.option(dimension, { nil: undefined }), ranked),
        (slice, [asked, withinSecs, by, { topN }]) =>
          slice.repeats({ ...asked, withinSecs, topN, ...(by !== undefined && { by }) }),
      ),
    TIMEOUT_MS,
  );

  it(
    "gives the same retries",
    () =>
      holds(fc.tuple(windows, fc.constantFrom(0, 1, 10, 60)), (slice, [asked, withinSecs]) =>
        slice.retries({ ...asked, withinSecs }),
      ),
    TIMEOUT_MS,
  );

  it(
    "finds the same clients as regular",
    () =>
      holds(
        fc.record({ window: someWindow, filter: someFilter, clients: fc.uniqueArray(someClient) }),
        async (slice, question) =>
          (await slice.regularity(question)).map(({ gapVariation, ...rest }) => ({
            ...rest,
            gapVariation: Math.round(gapVariation * 1e6),
          })),
      ),
    TIMEOUT_MS,
  );

  it(
    "gives the same new clients and networks",
    () =>
      holds(
        fc.tuple(windows, fc.constantFrom(1_000, 60_000), fc.constantFrom("ip" as const, "net" as const)),
        (slice, [asked, stepMs, dimension]) => slice.newcomers({ ...asked, stepMs, dimension }),
      ),
    TIMEOUT_MS,
  );

  it(
    "groups clients alike by how they behave",
    () =>
      holds(
        fc.tuple(windows, fc.subarray(["198.51.100.1", "203.0.113.9", "2001:db8::1"])),
        async (slice, [asked, ip]) => {
          const { all } = await slice.clientGroups({ ...asked, without: { ip }, topN: 5 });
          return all.map((group) => JSON.stringify(group)).sort();
        },
      ),
    TIMEOUT_MS,
  );

  it(
    "gives the same repeats at each step",
    () =>
      holds(
        fc.record({
          window: someWindow,
          filter: someFilter,
          stepMs: fc.constantFrom(7_000, 60_000),
          withinSecs: fc.constantFrom(0, 2, 60),
        }),
        (slice, question) => slice.repeatSeries(question),
      ),
    TIMEOUT_MS,
  );

  it(
    "finds the same strangers",
    () =>
      holds(
        fc.tuple(windows, fc.boolean(), fc.subarray(["/", "/about"])),
        async (slice, [asked, loadNothing, landings]) => {
          const found = await slice.strangers({ ...asked, loadNothing, landings, topN: 50 });
          return found.map((stranger) => JSON.stringify(stranger)).sort();
        },
      ),
    TIMEOUT_MS,
  );

  it(
    "gives the same distinct values",
    () => holds(windows, (slice, asked) => slice.distinct({ ...asked, dimensions: DIMENSIONS })),
    TIMEOUT_MS,
  );
}
