import { describe, expect, it } from "@jest/globals";
import { createRateLimiter } from "../../../src/sandbox/workspace/api/rate-limit.ts";
import { createTimestamps } from "../../../src/sandbox/workspace/ids.ts";
import { createMisbehaviourPlan } from "../../../src/sandbox/workspace/misbehaviour.ts";
import { createResponseUrls } from "../../../src/sandbox/workspace/response-urls.ts";
import { reduce } from "../../../src/sandbox/workspace/state/change.ts";
import { withoutReaction, withReaction } from "../../../src/sandbox/workspace/state/reactions.ts";
import { DEFAULT_CHANNELS, DEFAULT_PEOPLE, seedWorkspace } from "../../../src/sandbox/workspace/state/seed.ts";
import { isChangeFor, stateFor } from "../../../src/sandbox/workspace/state/visibility.ts";
import type { Message } from "../../../src/sandbox/workspace/state/workspace-state.ts";
import { createTriggers } from "../../../src/sandbox/workspace/triggers.ts";
import { ANA, BEN, OPS } from "./open-workspace.ts";

const empty = seedWorkspace({ appName: "Spillway", people: DEFAULT_PEOPLE, channels: DEFAULT_CHANNELS });
const forAll = message({ ts: "1.000001" });
const forAna = message({ ts: "1.000002", visibleTo: ANA });

describe("the workspace's state", () => {
  it("folds messages posted, changed and deleted, and leaves the state before as it was", () => {
    const posted = reduce(reduce(empty, { kind: "message-posted", message: forAll }), {
      kind: "message-posted",
      message: forAna,
    });
    const changed = reduce(posted, { kind: "message-changed", message: { ...forAll, text: "new" } });
    const deleted = reduce(changed, { kind: "message-deleted", channelId: OPS, ts: forAna.ts });

    expect(empty.messages).toEqual({});
    expect(posted.messages[OPS]).toEqual([forAll, forAna]);
    expect(deleted.messages[OPS]).toEqual([{ ...forAll, text: "new" }]);
  });

  it("shows a person's ephemerals and conversation with the app to nobody else", () => {
    const state = [forAll, forAna].reduce(
      (sofar, each) => reduce(sofar, { kind: "message-posted", message: each }),
      empty,
    );

    expect(stateFor(state, ANA).messages[OPS]).toEqual([forAll, forAna]);
    expect(stateFor(state, BEN).messages[OPS]).toEqual([forAll]);
    expect(isChangeFor({ kind: "message-posted", message: forAna }, BEN, state)).toBe(false);
    expect(isChangeFor({ kind: "message-posted", message: forAna }, ANA, state)).toBe(true);
    const conversations = stateFor(state, BEN).channels.filter(({ kind }) => kind === "im");
    expect(conversations.map(({ personId }) => personId)).toEqual([BEN]);
    expect(isChangeFor({ kind: "message-posted", message: message({ channelId: "D0ANA00001" }) }, BEN, state)).toBe(
      false,
    );
  });

  it("counts a person's reaction once, and takes it back", () => {
    const once = withReaction(forAll, "eyes", ANA) as Message;
    const both = withReaction(once, "eyes", BEN) as Message;

    expect(withReaction(both, "eyes", BEN)).toBeNull();
    expect(withoutReaction(both, "eyes", ANA)?.reactions).toEqual([{ name: "eyes", userIds: [BEN] }]);
    expect(withoutReaction(once, "eyes", ANA)?.reactions).toEqual([]);
    expect(withoutReaction(once, "eyes", BEN)).toBeNull();
  });
});

describe("what is given out for a time", () => {
  it("is a trigger good once and for three seconds", () => {
    let nowMs = 0;
    const triggers = createTriggers({ nowMs: () => nowMs, misbehaviour: createMisbehaviourPlan() });
    const [early, late] = [triggers.issue(ANA), triggers.issue(ANA)];

    nowMs = 3000;
    expect(triggers.redeem(early)).toEqual({ personId: ANA });
    expect(triggers.redeem(early)).toEqual({ error: "exchanged_trigger_id" });
    nowMs = 3001;
    expect(triggers.redeem(late)).toEqual({ error: "expired_trigger_id" });
  });

  it("is a response_url good for half an hour", () => {
    let nowMs = 0;
    const urls = createResponseUrls(() => nowMs);
    const path = urls.issue({ channelId: OPS, personId: ANA, threadTs: null, messageTs: null });

    nowMs = 1_800_000;
    expect(urls.use(path)).toMatchObject({ target: { personId: ANA } });
    nowMs += 1;
    expect(urls.use(path)).toEqual({ error: "expired_url" });
    expect(urls.use("/respond/other")).toEqual({ error: "invalid_url" });
  });

  it("is a timestamp of its own for each message, also within one millisecond", () => {
    const next = createTimestamps(() => 1_700_000_000_123);

    expect([next(), next()]).toEqual(["1700000000.123000", "1700000000.123001"]);
  });
});

describe("createRateLimiter", () => {
  it("lets a burst through, then one a second for each key alone", () => {
    let nowMs = 0;
    const limiter = createRateLimiter({ burst: 2, perSec: 1 }, () => nowMs);
    const ask = (key: string) => limiter.retryAfterSecs(key);

    expect([ask("a"), ask("a"), ask("a"), ask("b")]).toEqual([0, 0, 1, 0]);
    nowMs = 1000;
    expect([ask("a"), ask("a")]).toEqual([0, 1]);
    nowMs = 60_000;
    expect([ask("a"), ask("a"), ask("a")]).toEqual([0, 0, 1]);
  });
});

function message(fields: Partial<Message>): Message {
  return {
    channelId: OPS,
    ts: "1.000000",
    threadTs: null,
    authorId: ANA,
    text: "hello",
    blocks: [],
    metadata: null,
    fileIds: [],
    reactions: [],
    editedTs: null,
    visibleTo: null,
    ...fields,
  };
}
