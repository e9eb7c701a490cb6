import { renderPng } from "../src/chart/png.ts";
import { type SpikeChart, spikeChartSvg } from "../src/chart/spike-chart.ts";
import { formatNetwork } from "../src/domain/address.ts";
import { wordsOf } from "../src/domain/address-measure.ts";
import type { Finding } from "../src/domain/finding.ts";
import type { Block } from "../src/domain/proposal.ts";
import { MINUTE_MS } from "../src/domain/time-window.ts";
import type { TrafficSeries } from "../src/domain/traffic.ts";
import type { InvestigationResult } from "../src/investigation.ts";
import type { Investigation } from "../src/ports/remembered.ts";
import type { Store } from "../src/ports/store.ts";
import type { JobContext } from "./context.ts";

/** Slack takes no longer text for those who cannot see a picture. */
const MAX_ALT_CHARS = 1_900;

/** Draws the chart of a verdict and gives Slack's id of it; null, and a warning, where that fails. */
export async function uploadVerdictChart(
  investigation: Investigation,
  result: InvestigationResult,
  finding: Finding,
  context: JobContext,
): Promise<string | null> {
  try {
    const chart = await verdictChart(investigation.service, result, finding, context.store);
    const name = `${investigation.service}-${investigation.id}.png`;
    const alt = finding.verdict.slice(0, MAX_ALT_CHARS);
    const content = renderPng(spikeChartSvg(chart));
    const { fileId } = await context.messenger.upload({ name, title: name, alt, content });
    return fileId;
  } catch (error) {
    context.log.warn({ err: error, investigationId: investigation.id }, "chart not uploaded");
    return null;
  }
}

/** Gathers what the chart of a verdict shows: the traffic, who is guilty of it, and what was done about it. */
export async function verdictChart(
  service: string,
  { wholeMinutes: series, guilty }: InvestigationResult,
  finding: Finding,
  store: Pick<Store, "blocks" | "receipt">,
): Promise<SpikeChart> {
  const usual = finding.moved.concat(finding.unmoved).find((movement) => movement.metric === "requests");
  const guiltyLabel = nameOf(finding);
  return {
    series,
    expectedPerStep: usual ? (usual.baseline * series.stepMs) / MINUTE_MS : null,
    onset: finding.onset,
    guilty,
    ...(guiltyLabel !== null && { guiltyLabel }),
    title: `${service}: requests a minute`,
    annotations: await blocksApplied(service, series, store),
  };
}

/** What people call the guilty slice: its address where it has one. */
function nameOf({ causes: [cause] }: Finding): string | null {
  const { ip, net, userAgent, ...others } = cause.slice;
  return ip ?? net ?? userAgent ?? Object.values(others)[0] ?? null;
}

async function blocksApplied(
  service: string,
  { startMs, stepMs, requests }: TrafficSeries,
  store: Pick<Store, "blocks" | "receipt">,
): Promise<SpikeChart["annotations"]> {
  const endMs = startMs + stepMs * requests.length;
  const groups = new Map<string, Block[]>();
  for (const block of await store.blocks({ service })) {
    if (block.createdMs < startMs || block.createdMs >= endMs) continue;
    groups.set(block.proposalId, [...(groups.get(block.proposalId) ?? []), block]);
  }
  const annotations = await Promise.all(
    [...groups].map(async ([proposalId, blocks]) => {
      const receipt = await store.receipt(proposalId);
      return receipt?.outcome === "applied" ? [{ atMs: receipt.appliedMs, label: labelOf(blocks) }] : [];
    }),
  );
  return annotations.flat().sort((a, b) => a.atMs - b.atMs);
}

function labelOf(blocks: readonly Block[]): string {
  const [first] = blocks;
  const { done } = wordsOf(first ?? {});
  return blocks.length === 1 && first
    ? `${done} ${formatNetwork(first.address)}`
    : `${done} ${blocks.length} addresses`;
}
