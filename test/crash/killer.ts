import { type Random, whole } from "../../bench/random.ts";

export type Source = "AWS" | "Postgres" | "queue" | "Slack";

/** Something that a process asks of the outside. */
export interface Step {
  readonly source: Source;
  readonly name: string;
}

/** Before the outside hears of it, or after it did it and before the process hears. */
export type Moment = "before" | "after";

/** Where a process died. */
export interface Kill {
  /** Which process. */
  readonly member: string;
  readonly step: Step;
  readonly moment: Moment;
  readonly atMs: number;
}

export interface Killer {
  readonly kills: readonly Kill[];
  /** Told of each step of a process that is up, at both moments; true where the process has to die at this one. */
  witness(member: string, step: Step, moment: Moment): boolean;
  /** Lets some process die soon, and resolves when it did. */
  strike(): Promise<Kill>;
}

/** How likely the first death at a step is: what changes the world is worth more of them than what only looks at it. */
function chanceOf({ source, name }: Step): number {
  if (source === "AWS") return /^(Get|Describe)/.test(name) ? 0.3 : 0.8;
  if (source === "Postgres") return /^(INSERT|UPDATE|DELETE|COMMIT)/.test(name) ? 0.5 : 0.05;
  return source === "queue" ? 0.1 : 0.3;
}

/** So many steps at most are let pass first: a process that dies at once gets nowhere. */
const MOST_SPARED = 400;

/** Chooses at which steps processes die, by counting: at each step sooner or later, at those with few deaths first. */
export function createKiller(random: Random, nowMs: () => number): Killer {
  const deaths = new Map<string, number>();
  const kills: Kill[] = [];
  let waiting: { spared: number; readonly hit: (kill: Kill) => void } | null = null;

  return {
    kills,
    witness(member, step, moment) {
      if (waiting === null) return false;
      waiting.spared -= 1;
      if (waiting.spared >= 0) return false;
      const place = `${member} ${moment} ${step.source} ${step.name}`;
      const before = deaths.get(place) ?? 0;
      if (random() > chanceOf(step) / (1 + before) ** 2) return false;
      const kill = { member, step, moment, atMs: nowMs() };
      deaths.set(place, before + 1);
      kills.push(kill);
      waiting.hit(kill);
      waiting = null;
      return true;
    },
    strike: () =>
      new Promise((hit) => {
        waiting = { spared: whole(MOST_SPARED, random), hit };
      }),
  };
}
