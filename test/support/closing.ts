import { afterEach } from "@jest/globals";

const CLOSE_WITHIN_MS = 30_000;

/** Gives what to hand each part that a test opened: it is closed after that test, the last one first, however it ends. */
export function closingAfterEach(): <Part>(part: Part, close: (part: Part) => Promise<void>) => Part {
  const closers: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
  }, CLOSE_WITHIN_MS);

  return (part, close) => {
    closers.push(() => close(part));
    return part;
  };
}
