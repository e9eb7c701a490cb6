import { formatNetwork } from "./address.ts";
import { wordsOf } from "./address-measure.ts";
import { codeSpan, escapeMarkdown } from "./markdown.ts";
import { describeSlice, span } from "./postmortem-account.ts";
import { describeChange } from "./postmortem-actions.ts";
import { type Action, impactSpan, marks, type Query, type Sources } from "./postmortem-sources.ts";
import { formatCount } from "./quantity.ts";
import { openRivals } from "./rivals.ts";
import { scaleEndMs } from "./scale-span.ts";
import { MINUTE_MS } from "./time-window.ts";
import { formatUtc } from "./utc.ts";

/** Later than this, and it was the visitors who noticed first. */
const SLOW_DETECTION_MS = 5 * MINUTE_MS;

/** Drafts what is left to do, each item from a fact on record; empty where nothing on record asks for any. */
export function actionItems(sources: Sources): readonly string[] {
  const items = [
    ...loose(sources),
    ...sources.actions.flatMap(afterAction),
    ...(sources.main ? [...afterFinding(sources.main), ...afterReading(sources.main)] : []),
  ];
  return items.map((item) => `- [ ] ${item}`);
}

function loose(sources: Sources): string[] {
  const { incident, main } = sources;
  const { started } = impactSpan(sources);
  const items: string[] = [];
  if (incident.state === "open") items.push(`Resolve the incident; it was open when this was drafted ${marks(null)}.`);
  if (started === null) items.push(`Find out and record when the impact began ${marks(null)}.`);
  else if (incident.declaredMs - started.atMs > SLOW_DETECTION_MS) {
    const late = span(started.atMs, incident.declaredMs);
    items.push(`Have it noticed sooner: it was declared ${late} after the impact began ${started.marks}.`);
  }
  if (main === null) items.push(`Ask the logs for a cause with \`/spike\`; no query was answered ${marks(null)}.`);
  return items;
}

function afterAction(action: Action): string[] {
  const { proposal, receipt, blocks } = action;
  const { change, predicted } = proposal;
  const what = describeChange(change);
  const cite = marks(action);
  const items = blocks
    .filter((block) => block.state === "active" || block.state === "pending")
    .map(
      (block) =>
        `Decide before ${formatUtc(block.expiresMs)} whether ${codeSpan(formatNetwork(block.address))} may come back; its ${wordsOf(block).noun} ends by itself then ${cite}.`,
    );
  if (receipt === null) return items;
  if (receipt.outcome === "failed") items.push(`Find out why “${what}” failed ${cite}.`);
  if (receipt.outcome !== "applied") return items;
  if (receipt.check === null || receipt.check.verdict === "cannot-tell") {
    items.push(`Look by hand whether “${what}” did what was predicted; the check could not tell ${cite}.`);
  }
  if (receipt.check?.verdict === "no-effect") items.push(`Find out why “${what}” had no effect ${cite}.`);
  if (change.kind === "scale") {
    const backMs = scaleEndMs(change, receipt.appliedMs);
    items.push(
      `See that ${escapeMarkdown(change.service)} is back at ${change.fromInstances} instances after ${formatUtc(backMs)} ${cite}.`,
    );
  }
  if (predicted !== null && predicted.baselineClientsHarmed > 0) {
    items.push(`Look for usual visitors that “${what}” stopped; some were predicted ${cite}.`);
  }
  return items;
}

function afterFinding(main: Query): string[] {
  const [cause] = main.finding.causes;
  const slice = describeSlice(cause.slice);
  const cite = marks(main);
  const rivals = openRivals(cause).map(
    (rival) => `Rule out ${rival.kind}: ${escapeMarkdown(rival.decidedBy.replace(/\.$/, ""))} ${cite}.`,
  );
  switch (cause.kind) {
    case "heavy-client":
      return [`Find out who runs ${slice}, and agree on a limit or set one for good ${cite}.`, ...rivals];
    case "scanner":
      return [`See that nothing ${slice} asked for is there to be found ${cite}.`, ...rivals];
    case "distributed-flood":
      return [`Prepare a rule against requests like these, in count mode, before they come again ${cite}.`, ...rivals];
    case "cache-bypass":
      return [`Make the cache answer what went past it ${cite}.`, ...rivals];
    case "client-regression":
      return [`Find the release or the page that makes clients send more ${cite}.`, ...rivals];
    case "retry-storm":
      return [`Give clients a limit and a growing pause between their tries ${cite}.`, ...rivals];
    case "slow-backend":
      return [`Find out what made answers slow ${cite}.`, ...rivals];
    case "flash-crowd":
      return [`Plan capacity for the next crowd like this one, ahead of time ${cite}.`, ...rivals];
    case "unknown":
      return [`Find the cause: what was read explains too little of it ${cite}.`, ...rivals];
    case "no-anomaly":
      return [`Look elsewhere for the cause: the logs show no spike ${cite}.`];
  }
}

function afterReading({ intake, ref }: Query): string[] {
  if (intake === null) return [];
  const items: string[] = [];
  if (intake.unparsed > 0) {
    items.push(`Look at the ${formatCount(intake.unparsed)} lines of the log that could not be read ${marks(ref)}.`);
  }
  if (intake.skipped.length > 0) {
    items.push(`Look at the ${formatCount(intake.skipped.length)} log files that gave nothing ${marks(ref)}.`);
  }
  return items;
}
