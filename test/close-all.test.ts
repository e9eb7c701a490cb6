import { describe, expect, it } from "@jest/globals";
import pino from "pino";
import { closeAll } from "../src/close-all.ts";

function listening() {
  const said: string[] = [];
  const log = pino(
    {},
    { write: (line: string) => void said.push(`${JSON.parse(line).part}: ${JSON.parse(line).msg}`) },
  );
  return { log, said };
}

describe("closing what was opened", () => {
  it("begins with what was opened last, and goes on where one fails or never ends", async () => {
    const closed: string[] = [];
    const { log, said } = listening();
    const opened = [
      { name: "store", close: async () => void closed.push("store") },
      { name: "queue", close: () => new Promise<void>(() => {}) },
      {
        name: "bot",
        close: async () => {
          throw new Error("gone already");
        },
      },
      { name: "worker", close: async () => void closed.push("worker") },
    ];

    await closeAll(opened, log, 5);

    expect(closed).toEqual(["worker", "store"]);
    expect(said).toEqual(["bot: part did not close cleanly", "queue: part did not close in time"]);
    expect(opened).toEqual([]);
  });
});
