import { describe, expect, it } from "@jest/globals";
import { postmortem } from "../../jobs/postmortem.ts";
import { undo } from "../../jobs/undo.ts";
import { UpstreamError } from "../../src/errors.ts";
import { ASKING, BUILT_AT_MS, SECOND } from "../support/build-proposal.ts";
import { applied, attempt, jobContext, type TestJobContext, timelineOf } from "../support/job-context.ts";

async function declared(context: TestJobContext): Promise<string> {
  const { id } = await context.store.declareIncident(
    {
      id: "inc-0000000001",
      title: "A crawler takes the site down",
      service: "web",
      channelId: "C0WEB",
      state: "open",
      startedMs: null,
      declaredMs: BUILT_AT_MS,
      resolvedMs: null,
      declaredBy: ASKING,
      resolvedBy: null,
    },
    0,
  );
  return id;
}

function draft(incidentId: string, context: TestJobContext): Promise<void> {
  return postmortem(attempt<"postmortem">({ incidentId, channelId: "C0WEB", userId: ASKING.id }), context);
}

describe("a postmortem", () => {
  it("is drafted from what is stored, kept, shared as a file and put on the timeline", async () => {
    const context = jobContext();
    const incidentId = await declared(context);
    const { id } = await applied(context, { incidentId });
    await undo(attempt<"undo">({ proposalId: id, userId: SECOND.id }), context);

    await draft(incidentId, context);

    const kept = await context.store.postmortem(incidentId);
    expect(kept?.savedMs).toBe(BUILT_AT_MS);
    expect(kept?.markdown).toContain("A crawler takes the site down");
    expect(kept?.markdown).toContain("was lifted by Robin");
    expect(context.messenger.files()).toEqual([
      {
        name: "INC-1-postmortem.md",
        title: "Postmortem of INC-1",
        text: kept?.markdown,
        channelId: "C0WEB",
      },
    ]);
    expect(timelineOf(context).at(-1)).toBe("Drafted the postmortem from 2 timeline entries.");
  });

  it("is refreshed when it is asked for again", async () => {
    const context = jobContext();
    const incidentId = await declared(context);
    await draft(incidentId, context);
    await applied(context, { incidentId });
    context.clock.advance(60_000);

    await draft(incidentId, context);

    expect((await context.store.postmortem(incidentId))?.savedMs).toBe(BUILT_AT_MS + 60_000);
    expect(context.messenger.files().map(({ text }) => text.includes("198.51.100.14"))).toEqual([false, true]);
  });

  it("is shared once, also where Slack does not tell who asked", async () => {
    const context = jobContext();
    const incidentId = await declared(context);
    const person = () => Promise.reject(new UpstreamError("slack-down", "Slack does not answer", { retryable: true }));

    await draft(incidentId, { ...context, messenger: { ...context.messenger, person } });

    expect(context.messenger.files()).toHaveLength(1);
    expect(context.store.allEvents().at(-1)?.actor).toEqual({ id: ASKING.id, name: ASKING.id });
  });

  it("is kept where Slack does not take the file, and shared by the next attempt", async () => {
    const context = jobContext();
    const incidentId = await declared(context);
    context.messenger.failWith(new UpstreamError("slack-down", "Slack does not answer", { retryable: true }));
    await expect(draft(incidentId, context)).rejects.toThrow("Slack does not answer");
    expect(await context.store.postmortem(incidentId)).not.toBeNull();

    context.messenger.failWith(null);
    await draft(incidentId, context);

    expect(context.messenger.files()).toHaveLength(1);
  });

  it("is not drafted for an incident that is not known", async () => {
    const context = jobContext();

    await draft("nowhere", context);

    expect(context.messenger.files()).toEqual([]);
  });
});
