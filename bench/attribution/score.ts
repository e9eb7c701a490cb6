/** What was said of a case and what is true of it. */
export interface Judged {
  readonly named: readonly string[];
  /** The best first. */
  readonly ranked: readonly { readonly slice: string }[];
  readonly causes: readonly string[];
}

export interface Score {
  /** 2·hits over names given and causes there are, all cases together; a name counts only where all values are right. */
  readonly f1: number;
  /** Shares of cases in which a cause is the first, or among the first five. */
  readonly top1: number;
  readonly top5: number;
}

/**
 * Scores answers as `utils/evaluation.py` of RiskLoc does, and as the paper of RobustSpot does; zeros for no cases.
 *
 * @source https://github.com/shaido987/riskloc
 */
export function score(judged: readonly Judged[]): Score {
  let [hits, given, causes, first, five] = [0, 0, 0, 0, 0];
  for (const one of judged) {
    hits += one.causes.filter((cause) => one.named.includes(cause)).length;
    given += one.named.length;
    causes += one.causes.length;
    if (one.causes.includes(one.ranked[0]?.slice ?? "")) first += 1;
    if (one.ranked.slice(0, 5).some(({ slice }) => one.causes.includes(slice))) five += 1;
  }
  const share = (part: number, whole: number) => (whole > 0 ? part / whole : 0);
  return { f1: share(2 * hits, given + causes), top1: share(first, judged.length), top5: share(five, judged.length) };
}
