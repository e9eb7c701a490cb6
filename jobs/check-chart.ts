import { renderPng } from "../src/chart/png.ts";
import { spikeChartSvg } from "../src/chart/spike-chart.ts";
import { formatNetwork } from "../src/domain/address.ts";
import { wordsOf } from "../src/domain/address-measure.ts";
import type { Change, Proposal, Receipt } from "../src/domain/proposal.ts";
import { MINUTE_MS } from "../src/domain/time-window.ts";
import type { JobContext } from "./context.ts";
import type { Seen } from "./look.ts";

/** Draws what got through before and after a change, and gives Slack's id of it; null where there is nothing to draw. */
export async function uploadCheckChart(
  { id, change }: Proposal,
  { appliedMs }: Receipt,
  { check, series, usualPerMin }: Seen,
  context: JobContext,
): Promise<string | null> {
  if (series === null || series.requests.length === 0) return null;
  try {
    const svg = spikeChartSvg({
      series,
      expectedPerStep: usualPerMin === null ? null : (usualPerMin * series.stepMs) / MINUTE_MS,
      onset: null,
      guilty: null,
      title: `${change.service}: requests that get through, every ${series.stepMs / 1_000} s`,
      annotations: [{ atMs: appliedMs, label: labelOf(change) }],
    });
    const name = `${change.service}-${id}-check.png`;
    const { fileId } = await context.messenger.upload({
      name,
      title: name,
      alt: check.statement,
      content: renderPng(svg),
    });
    return fileId;
  } catch (error) {
    context.log.warn({ err: error, proposalId: id }, "chart of the check not uploaded");
    return null;
  }
}

function labelOf(change: Change): string {
  if (change.kind === "scale") return `Scaled to ${change.toInstances}`;
  const [first] = change.addresses;
  const { done } = wordsOf(change);
  return change.addresses.length === 1 && first !== undefined
    ? `${done} ${formatNetwork(first)}`
    : `${done} ${change.addresses.length} addresses`;
}
