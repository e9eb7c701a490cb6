import { describe, expect, it } from "@jest/globals";
import { createProgressBar, progressLine } from "../../src/cli/progress-bar.ts";

const PROGRESS = { filesDone: 3, filesTotal: 12, linesRead: 250_000, bytesRead: 25, bytesTotal: 100 };

describe("the progress bar", () => {
  it("says how far reading is", () => {
    expect(progressLine(PROGRESS)).toBe("reading ██████░░░░░░░░░░░░░░░░░░  25 %  3 of 12 files, 250,000 lines");
    expect(progressLine({ ...PROGRESS, bytesTotal: 0 })).toContain("  0 %");
    expect(progressLine({ ...PROGRESS, bytesRead: 500 })).toContain("100 %");
  });

  it("draws on one line of a terminal, cut to its width, and is gone when cleared", () => {
    const written: string[] = [];
    const bar = createProgressBar({ write: (text) => written.push(text), isTTY: true, columns: 20 });

    bar.show(PROGRESS);
    bar.clear();

    expect(written).toEqual(["\r\u001b[2Kreading ██████░░░░░", "\r\u001b[2K"]);
  });

  it("writes nothing where nobody looks", () => {
    const written: string[] = [];
    const bar = createProgressBar({ write: (text) => written.push(text) });

    bar.show(PROGRESS);
    bar.clear();

    expect(written).toEqual([]);
  });
});
