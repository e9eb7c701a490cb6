import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import pino from "pino";
import { type Watch, watch } from "../../src/store/embedded/watch.ts";

const SEVERAL_LOOKS_MS = 30_000;

let watching: Watch;
let lines: { readonly level: number; readonly err: { readonly message: string } }[];
const log = pino({ level: "warn" }, { write: (line: string) => void lines.push(JSON.parse(line)) });

beforeEach(() => {
  jest.useFakeTimers();
  lines = [];
});
afterEach(() => {
  watching.end();
  jest.useRealTimers();
});

describe("the watch over the database", () => {
  it("leaves one that is well alone", async () => {
    const repair = jest.fn(async () => {});
    watching = watch({ isWell: () => true, repair }, log);

    await jest.advanceTimersByTimeAsync(SEVERAL_LOOKS_MS);

    expect(repair).not.toHaveBeenCalled();
  });

  it("tries until it is well, and logs each trouble once", async () => {
    const troubles = ["port taken", "port taken", "disk full"];
    let isWell = false;
    const repair = jest.fn(async () => {
      const trouble = troubles.shift();
      if (trouble !== undefined) throw new Error(trouble);
      isWell = true;
    });
    watching = watch({ isWell: () => isWell, repair }, log);

    await jest.advanceTimersByTimeAsync(SEVERAL_LOOKS_MS);

    expect(repair).toHaveBeenCalledTimes(4);
    expect(lines.map(({ level, err }) => [level, err.message])).toEqual([
      [50, "port taken"],
      [50, "disk full"],
    ]);
  });

  it("begins no second repair while one is under way", async () => {
    const repair = jest.fn(() => new Promise<void>(() => {}));
    watching = watch({ isWell: () => false, repair }, log);

    await jest.advanceTimersByTimeAsync(SEVERAL_LOOKS_MS);

    expect(repair).toHaveBeenCalledTimes(1);
  });

  it("repairs nothing after its end, not even where the end came while a repair failed", async () => {
    const repair = jest.fn(async () => {
      watching.end();
      throw new Error("still away");
    });
    watching = watch({ isWell: () => false, repair }, log);

    await jest.advanceTimersByTimeAsync(SEVERAL_LOOKS_MS);

    expect(repair).toHaveBeenCalledTimes(1);
  });
});
