import { describe, expect, it } from "@jest/globals";
import { declareFormSent, openDeclareForm } from "../../commands/declare-form.ts";
import { home } from "../../commands/home.ts";
import { incident } from "../../commands/incident.ts";
import { resolveButton } from "../../commands/incident-resolve.ts";
import { postmortem } from "../../commands/postmortem.ts";
import { spike } from "../../commands/spike.ts";
import { addToTimeline, pin } from "../../commands/timeline-message.ts";
import { writeOrigin } from "../../src/slack/origin.ts";
import { buildInvestigation } from "../support/build-finding.ts";
import { ASKING, BUILT_AT_MS, SECOND } from "../support/build-proposal.ts";
import { CHANNEL, click, type TestContext, testContext, typed } from "../support/command-context.ts";

async function timelineOf(context: TestContext): Promise<readonly (readonly [string, string, string])[]> {
  const latest = await context.store.latestIncident(CHANNEL);
  const events = await context.store.events(latest?.id ?? "");
  return events.map(({ kind, actor, text }) => [kind, actor.name, text] as const);
}

describe("an incident", () => {
  it("is declared with what was asked before, gathers notes, and is resolved", async () => {
    const context = testContext();
    await spike.run(typed(""), context);

    await incident.run(typed("declare web: five times its requests"), context);
    context.clock.advance(60_000);
    await incident.run(typed("note the database is at its limit", SECOND), context);
    context.clock.advance(60_000);
    await incident.run(typed("resolve the crawler was told to slow down", SECOND), context);

    expect(await timelineOf(context)).toEqual([
      ["investigation", "Dana", "Asked what is going on at web."],
      ["incident-declared", "Dana", "Declared INC-1: web: five times its requests"],
      ["note", "Robin", "the database is at its limit"],
      ["incident-resolved", "Robin", "Resolved INC-1: the crawler was told to slow down"],
    ]);
    expect(await context.store.latestIncident(CHANNEL)).toMatchObject({ state: "resolved", resolvedBy: SECOND });
  });

  it("is one at a time in a channel", async () => {
    const context = testContext();
    await incident.run(typed("declare one"), context);

    await expect(incident.run(typed("declare two"), context)).rejects.toThrow(
      "INC-1 is open in this channel already: one",
    );
  });

  it("keeps of a title what fits into a line", async () => {
    const context = testContext();

    await incident.run(typed(`declare ${"🔥".repeat(2_500)}`), context);

    const [declared] = await context.store.incidents();
    expect(declared?.title).toBe(`${"🔥".repeat(239)}…`);
  });

  it("takes its title, service and beginning from the verdict that led to it", async () => {
    const context = testContext();
    const found = buildInvestigation();
    await context.store.createInvestigation(found);

    await openDeclareForm.run(click("declare-form", found.id), context);
    const [modal] = context.messenger.modals();
    expect(JSON.stringify(modal?.view)).toContain("web: 5.9 × its usual requests since 13:42 UTC");
    await declareFormSent.run(
      {
        callbackId: "declare",
        userId: SECOND.id,
        userName: "robin",
        values: { title: "A crawler" },
        privateMetadata: writeOrigin({ channelId: CHANNEL, threadTs: null, about: found.id }),
      },
      context,
    );

    expect(await context.store.openIncident(CHANNEL)).toMatchObject({
      title: "A crawler",
      service: "web",
      startedMs: found.finding?.onset?.onsetMs,
      declaredBy: SECOND,
    });
  });

  it("is resolved once; the second click is told by whom", async () => {
    const context = testContext();
    await incident.run(typed("declare one"), context);
    const open = await context.store.openIncident(CHANNEL);
    const cardTs = context.messenger.said()[0]?.ts ?? "";
    const press = { ...click("resolve", open?.id ?? ""), messageTs: cardTs };

    await resolveButton.run(press, context);

    await expect(resolveButton.run(press, context)).rejects.toThrow(
      "Robin resolved INC-1 at 2026-11-21 14:05 UTC already.",
    );
    expect(JSON.stringify(context.messenger.said()[0]?.message)).not.toContain('"resolve"');
  });

  it.each([
    ["", "`/incident` needs a word after it: expected one of declare, drill, note, timeline, resolve, list."],
    ["declrae x", "Did you mean `/incident declare`?"],
    ["declare", "TITLE is missing. Usage: `/incident declare TITLE`"],
    ["note hello", "No incident is open in this channel."],
    ["resolve", "No incident is open in this channel."],
    ["timeline INC-7", "There is no INC-7"],
    ["timeline", "No incident was declared in this channel yet"],
  ])("/incident %s is answered with what is allowed", async (text, message) => {
    await expect(incident.run(typed(text), testContext())).rejects.toThrow(message);
  });

  it("shows its timeline and the list to the person who asked", async () => {
    const context = testContext();
    await incident.run(typed("declare one"), context);

    await incident.run(typed("timeline", SECOND), context);
    await incident.run(typed("list", SECOND), context);

    expect(context.messenger.whispers(SECOND.id)).toEqual(["Timeline of INC-1: 1 entry", "1 incident, 1 open"]);
  });
});

describe("a message on the timeline", () => {
  const TS = "1795269000.000100";
  const reaction = {
    userId: SECOND.id,
    userName: SECOND.id,
    channelId: CHANNEL,
    messageTs: TS,
    threadTs: null,
    triggerId: null,
  };

  it("stands there by its own time and author, once, and as long as the pin does", async () => {
    const context = testContext();
    await incident.run(typed("declare one"), context);
    context.messenger.hear({ channelId: CHANNEL, ts: TS, text: "it began <!here>", authorId: ASKING.id });

    await pin.added(reaction, context);
    await pin.added({ ...reaction, userId: ASKING.id }, context);
    const pinned = await timelineOf(context);
    await pin.removed(reaction, context);

    expect(pinned).toEqual([
      ["message", "Dana", "it began <!here>"],
      ["incident-declared", "Dana", "Declared INC-1: one"],
    ]);
    expect((await timelineOf(context)).map(([kind]) => kind)).toEqual(["incident-declared"]);
  });

  it("may be an image without words, by somebody whom Slack does not know any more", async () => {
    const context = testContext();

    await addToTimeline.run({ ...reaction, text: " ", authorId: "U0GONE" }, context);

    expect(context.store.allEvents()).toMatchObject([
      { actor: { id: "U0GONE", name: "somebody" }, text: "(a message without words: an image or a file)" },
    ]);
    expect(context.messenger.whispers(SECOND.id)).toEqual([
      expect.stringContaining("kept for the incident that will be declared"),
    ]);
  });

  it("is not there where the bot cannot see it, and that is said", async () => {
    await expect(pin.added(reaction, testContext())).rejects.toThrow("I cannot see this message");
  });
});

describe("/postmortem", () => {
  it("enqueues the draft of the channel's latest incident, or of the one named", async () => {
    const context = testContext();
    await incident.run(typed("declare one"), context);
    const open = await context.store.openIncident(CHANNEL);

    await postmortem.run(typed("inc-1"), context);
    await postmortem.run(typed(""), context);

    expect(context.queue.waiting()).toMatchObject([
      { name: "postmortem", payload: { incidentId: open?.id, channelId: CHANNEL, userId: ASKING.id } },
    ]);
  });
});

describe("the App Home", () => {
  it("shows what is open now", async () => {
    const context = testContext();
    await incident.run(typed("declare a <fire>"), context);

    const shown = JSON.stringify(await home("U1", context));

    expect(shown).toContain("*INC-1* a &lt;fire&gt;");
    expect(BUILT_AT_MS).toBe(context.clock.now());
  });
});
