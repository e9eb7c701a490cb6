import { renderPostmortem } from "../src/domain/postmortem.ts";
import type { JobRun } from "../src/queue/jobs.ts";
import { recordDone } from "../src/record.ts";
import type { JobContext } from "./context.ts";
import { whoAsked } from "./who-asked.ts";

/** Drafts an incident's postmortem from what is stored, keeps it, and posts it as a file. */
export async function postmortem(run: JobRun<"postmortem">, context: JobContext): Promise<void> {
  const { incidentId, channelId, userId } = run.payload;
  const incident = await context.store.incident(incidentId);
  if (incident === null) return;
  const nowMs = context.clock.now();
  const [events, investigations, proposals, blocks] = await Promise.all([
    context.store.events(incidentId),
    context.store.investigationsOf(incidentId),
    context.store.proposalsOf(incidentId),
    context.store.blocks({ incidentId }),
  ]);
  const actions = await Promise.all(
    proposals.map(async (proposal) => ({ proposal, receipt: await context.store.receipt(proposal.id) })),
  );
  const markdown = renderPostmortem({ incident, events, investigations, actions, blocks, nowMs });
  await context.store.savePostmortem(incidentId, markdown, nowMs);
  const name = `INC-${incident.number}-postmortem.md`;
  await context.messenger.share(
    {
      channelId,
      comment: `Draft postmortem of INC-${incident.number}. Run \`/postmortem INC-${incident.number}\` to refresh it.`,
    },
    { name, title: `Postmortem of INC-${incident.number}`, content: new TextEncoder().encode(markdown) },
  );
  // The file is shared: to fail now would share it again.
  await recordDone(context, {
    key: `postmortem:${incidentId}:${nowMs}`,
    kind: "postmortem",
    channelId,
    incidentId,
    actor: await whoAsked(userId, context),
    text: `Drafted the postmortem from ${events.length} timeline entries.`,
  });
}
