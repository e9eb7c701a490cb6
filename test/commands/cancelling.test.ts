import { describe, expect, it } from "@jest/globals";
import { cancel, cancelTop } from "../../commands/cancel.ts";
import { spike } from "../../commands/spike.ts";
import { top } from "../../commands/top.ts";
import { UpstreamError } from "../../src/errors.ts";
import { buildFinding, buildIntake } from "../support/build-finding.ts";
import { ASKING, SECOND } from "../support/build-proposal.ts";
import { CHANNEL, click, type TestContext, testContext, typed } from "../support/command-context.ts";

const CANCELLED = {
  text: `Looking at web: cancelled by ${SECOND.name}; nothing was changed.`,
  blocks: [
    {
      type: "section",
      text: { type: "mrkdwn", text: `Cancelled by *${SECOND.name}*; nothing was changed.`, verbatim: true },
      expand: true,
    },
    {
      type: "context",
      elements: [{ type: "mrkdwn", text: "Looking at *web* ended there, without an answer.", verbatim: true }],
    },
  ],
};

/** A question as it waits in the channel, and what its button says. */
async function asked(context: TestContext, how: "spike" | "top") {
  await (how === "spike" ? spike.run(typed(""), context) : top.run(typed("ip"), context));
  const [waiting] = context.messenger.said();
  const [button] = buttonsOf(waiting?.message.blocks ?? []);
  const press = (by = SECOND) =>
    (how === "spike" ? cancel : cancelTop).run(
      { ...click(button?.action_id ?? "", button?.value ?? "", by), messageTs: waiting?.ts ?? "" },
      context,
    );
  const end = async (state: "done" | "failed") => {
    if (how === "top") {
      await context.store.endBreakdown({ channelId: CHANNEL, messageTs: waiting?.ts ?? "", state, cancelledBy: null });
    } else {
      const result = { finding: buildFinding(), intake: buildIntake() };
      await context.store.finishInvestigation("id-0000000000001", state === "failed" ? state : result);
    }
  };
  return { button, press, end, shown: () => context.messenger.said()[0]?.message };
}

interface Button {
  readonly action_id: string;
  readonly value: string;
}

function buttonsOf(blocks: readonly object[]): readonly Button[] {
  return (blocks as readonly { type: string; elements?: readonly Button[] }[]).flatMap(({ type, elements = [] }) =>
    type === "actions" ? elements : [],
  );
}

describe.each(["spike", "top"] as const)("Cancel on a /%s under way", (how) => {
  it("may be pressed by anybody, answers in the message's place, and is kept", async () => {
    const context = testContext();
    const question = await asked(context, how);

    await question.press();

    expect(question.button?.action_id).toBe(how === "spike" ? cancel.actionId : cancelTop.actionId);
    expect(question.shown()).toEqual(CANCELLED);
    const kept =
      how === "spike"
        ? await context.store.investigation("id-0000000000001")
        : await context.store.breakdownEnd({ channelId: CHANNEL, messageTs: context.messenger.said()[0]?.ts ?? "" });
    expect(kept).toMatchObject({ state: "cancelled", cancelledBy: SECOND });
  });

  it("is told who was first where somebody was", async () => {
    const context = testContext();
    const question = await asked(context, how);
    await question.press();

    await expect(question.press(ASKING)).rejects.toMatchObject({
      name: "UserError",
      code: "cancel-cancelled",
      message: `${SECOND.name} has cancelled it already.`,
    });

    expect(question.shown()).toEqual(CANCELLED);
  });

  it.each(["done", "failed"] as const)(
    "says after the end (%s) that it comes too late, and leaves the message",
    async (state) => {
      const context = testContext();
      const question = await asked(context, how);
      const before = question.shown();
      await question.end(state);

      await expect(question.press()).rejects.toMatchObject({
        code: "cancel-ended",
        message: "There is nothing left to cancel: it has finished already.",
      });

      expect(question.shown()).toEqual(before);
    },
  );

  it("holds where Slack does not take the message", async () => {
    const context = testContext();
    const question = await asked(context, how);
    context.messenger.failWith(new UpstreamError("slack-down", "no answer", { retryable: true }));

    await question.press();

    context.messenger.failWith(null);
    await expect(question.press(ASKING)).rejects.toMatchObject({ code: "cancel-cancelled" });
    expect(question.shown()).toEqual(CANCELLED);
  });
});

it("writes on the timeline that a question was cancelled, once", async () => {
  const context = testContext();
  const question = await asked(context, "spike");

  await question.press();
  await question.press().catch(() => {});

  expect(context.store.allEvents().map(({ text, actor }) => [text, actor.name])).toEqual([
    ["Asked what is going on at web.", ASKING.name],
    ["Cancelled the question what is going on at web.", SECOND.name],
  ]);
});

it("says of a question that is not known any more that it is not", async () => {
  await expect(cancel.run(click("cancel", "nowhere"), testContext())).rejects.toMatchObject({
    code: "investigation-unknown",
  });
});
