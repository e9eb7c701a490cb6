import { createRandom } from "../random.ts";
import type { Answer, Settings } from "./answer.ts";
import { type Score, score } from "./score.ts";

/** Every setting that is chosen from, each over a factor of five or more. */
export const GRID: readonly Settings[] = [10, 20, 50, 100].flatMap((priorEvents) =>
  [2, 3, 5, 10, 20].flatMap((cellShape) => [true, false].map((mayNameTwo) => ({ priorEvents, cellShape, mayNameTwo }))),
);

/** A case with its answer under each setting of `GRID`. */
export interface Trial {
  /** Cases of one group, which may be one incident seen again, are never parted. */
  readonly group: string;
  readonly causes: readonly string[];
  readonly answers: readonly Answer[];
}

const REPEATS = 20;
const FOLDS = 5;

/** Gives the score of every repeat, in which each case is answered by settings chosen on the other folds alone. */
export function crossValidate(trials: readonly Trial[]): readonly Score[] {
  const groups = [...new Set(trials.map(({ group }) => group))].sort();
  return Array.from({ length: REPEATS }, (_, repeat) => {
    const foldOf = new Map(shuffle(groups, repeat + 1).map((group, index) => [group, index % FOLDS]));
    const judged = Array.from({ length: FOLDS }, (_, fold) => {
      const isHeldOut = ({ group }: Trial) => foldOf.get(group) === fold;
      const chosen = bestSetting(trials.filter((trial) => !isHeldOut(trial)));
      return trials.filter(isHeldOut).map((trial) => judge(trial, chosen));
    });
    return score(judged.flat());
  });
}

/** Gives the index in `GRID` of the settings with the best F1, by top-5 where equal. */
function bestSetting(trials: readonly Trial[]): number {
  let best = { at: 0, value: -1 };
  for (const at of GRID.keys()) {
    const { f1, top5 } = score(trials.map((trial) => judge(trial, at)));
    const value = f1 + top5 / 1_000;
    if (value > best.value) best = { at, value };
  }
  return best.at;
}

function judge({ answers, causes }: Trial, setting: number) {
  return { ...(answers[setting] as Answer), causes };
}

function shuffle(items: readonly string[], seed: number): readonly string[] {
  const random = createRandom(seed);
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
