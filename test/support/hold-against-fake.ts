/** Asks an engine and the fake the same questions, at random, and expects the same answers. */
import { expect, it } from "@jest/globals";
import fc from "fast-check";
import { DIMENSIONS, RANKS } from "../../src/domain/traffic.ts";
import type { LogSlice } from "../../src/ports.ts";
import { someFilter, someLists, someWindow } from "./random-requests.ts";

type Asked = Omit<LogSlice, "intake" | "close">;

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

  it("gives the same breakdown as counting by hand, for any windows, filter and rank", () =>
    holds(fc.tuple(windows, ranked), (slice, [asked, ranking]) =>
      slice.breakdown({ ...asked, ...ranking, dimensions: DIMENSIONS }),
    ));

  it("gives the same cells of several dimensions, what is not listed together", () =>
    holds(fc.tuple(windows, someLists, fc.boolean()), (slice, [asked, values, countsClients]) =>
      slice.cube({ ...asked, values, countsClients }),
    ));

  it("gives the same pairs of values", () =>
    holds(
      fc.tuple(
        windows,
        ranked,
        fc.tuple(dimension, dimension).filter(([one, other]) => one !== other),
      ),
      (slice, [asked, ranking, dimensions]) => slice.pairs({ ...asked, ...ranking, dimensions }),
    ));

  it("gives the same series, with zeros where nothing was", () =>
    holds(
      fc.record({ window: someWindow, filter: someFilter, stepMs: fc.constantFrom(1_000, 7_000, 60_000) }),
      (slice, question) => slice.series(question),
    ));

  it("gives the same percentiles, WebSockets and what has no duration apart", () =>
    holds(windows, (slice, asked) =>
      slice.percentiles({ ...asked, latencies: ["total", "backend", "connect"], percentiles: [0.5, 0.9, 0.99, 1] }),
    ));

  it("gives the same repeats", () =>
    holds(fc.tuple(windows, fc.constantFrom(0, 1, 10, 60)), (slice, [asked, withinSecs]) =>
      slice.repeats({ ...asked, withinSecs }),
    ));

  it("gives the same new clients", () =>
    holds(fc.tuple(windows, fc.constantFrom(1_000, 60_000)), (slice, [asked, stepMs]) =>
      slice.newcomers({ ...asked, stepMs }),
    ));

  it("groups clients alike by how they behave", () =>
    holds(
      fc.tuple(windows, fc.subarray(["198.51.100.1", "203.0.113.9", "2001:db8::1"])),
      async (slice, [asked, ip]) => {
        const { all } = await slice.clientGroups({ ...asked, without: { ip }, topN: 5 });
        return all.map((group) => JSON.stringify(group)).sort();
      },
    ));

  it("gives the same distinct values", () =>
    holds(windows, (slice, asked) => slice.distinct({ ...asked, dimensions: DIMENSIONS })));
}
