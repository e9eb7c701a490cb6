import { UpstreamError } from "../../src/errors.ts";
import { type TestJobContext, withWeb } from "./job-context.ts";

export interface Mortal {
  readonly context: TestJobContext;
  /** Calls made so far to anything outside the job. */
  steps(): number;
}

/**
 * The same world, seen by a process that dies at its nth step: before the step is done, or after it was done and
 * before the process heard of it. Whatever it does after that has no effect. Steps count from 1; 0 for one that lives.
 */
export function mortal(world: TestJobContext, diesAt: number, moment: "before" | "after" = "before"): Mortal {
  let steps = 0;
  let isDead = false;

  async function step(act: () => unknown): Promise<unknown> {
    if (isDead) throw died();
    steps += 1;
    if (steps !== diesAt) return act();
    if (moment === "after") {
      const answer = await act();
      // A lock ends with the process.
      if (typeof answer === "function") await answer();
    }
    isDead = true;
    throw died();
  }

  return { context: throughEachPort(world, step), steps: () => steps };
}

/** The same world, of which every call to the outside goes through `step`. */
export function throughEachPort(world: TestJobContext, step: (act: () => unknown) => Promise<unknown>): TestJobContext {
  function stepping<Port extends object>(port: Port): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        return typeof value === "function" ? (...args: unknown[]) => step(() => value.apply(target, args)) : value;
      },
    });
  }

  const [store, queue, messenger] = [stepping(world.store), stepping(world.queue), stepping(world.messenger)];
  const measures = Object.entries(world.services["web"]?.measures ?? {}).map(([name, port]) => [name, stepping(port)]);
  const ports = {
    firewall: stepping(world.firewall),
    scaler: stepping(world.scaler),
    ...(measures.length > 0 && { measures: Object.fromEntries(measures) }),
  };
  return withWeb({ ...world, store, queue, messenger }, ports);
}

/** Counts the steps of work done by a process that lives, so that a test can let it die at each. */
export async function stepsOf(
  world: TestJobContext,
  work: (context: TestJobContext) => Promise<void>,
): Promise<number> {
  const living = mortal(world, 0);
  await work(living.context);
  return living.steps();
}

function died(): UpstreamError {
  return new UpstreamError("died", "The process is dead", { retryable: true });
}
