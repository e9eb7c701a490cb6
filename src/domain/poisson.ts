/**
 * Gives the log-likelihood ratio of a Poisson count against what was expected, in nats: how much better its own rate
 * explains the count. 0 where both are equal, positive otherwise; divide by the overdispersion for real traffic.
 *
 * @source Kulldorff, "A spatial scan statistic", Communications in Statistics 26 (1997), expectation-based form
 * @example
 * poissonLlr(20, 10); // 3.86
 * poissonLlr(10, 10); // 0
 * poissonLlr(0, 10); // 10
 */
export function poissonLlr(count: number, expected: number): number {
  if (count <= 0) {
    return Math.max(0, expected);
  }
  // A rate of nothing explains no count; the floor keeps the answer finite.
  const rate = Math.max(expected, 1e-9);
  return Math.max(0, count * Math.log(count / rate) - (count - rate));
}
