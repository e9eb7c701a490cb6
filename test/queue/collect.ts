/** Things that happen, and promises of those still to come. */
export interface Collected<Thing> {
  readonly all: readonly Thing[];
  add(thing: Thing): void;
  /** Resolves when so many are there. */
  atLeast(count: number): Promise<readonly Thing[]>;
  /** Resolves when one that matches is there. */
  find(matches: (thing: Thing) => boolean): Promise<Thing>;
}

/** Collects what happens elsewhere, so that tests wait for it and not for time to pass. */
export function collect<Thing>(): Collected<Thing> {
  const all: Thing[] = [];
  let checks: (() => void)[] = [];

  function when<Result>(look: () => Result | undefined): Promise<Result> {
    return new Promise((resolve) => {
      const check = () => {
        const result = look();
        if (result === undefined) return;
        checks = checks.filter((other) => other !== check);
        resolve(result);
      };
      checks.push(check);
      check();
    });
  }

  return {
    all,
    add(thing) {
      all.push(thing);
      for (const check of checks) check();
    },
    atLeast: (count) => when(() => (all.length >= count ? [...all] : undefined)),
    find: (matches) => when(() => all.find(matches)),
  };
}
