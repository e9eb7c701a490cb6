import type { KnownBlock } from "@slack/types";
import { formatNetworks } from "../../domain/address.ts";
import { wordsOf } from "../../domain/address-measure.ts";
import { formatDuration } from "../../domain/duration.ts";
import type { Proposal } from "../../domain/proposal.ts";
import { formatUtcTime } from "../../domain/utc.ts";
import type { Message } from "../../ports/messenger.ts";
import { ACTION } from "../action-ids.ts";
import { actions, button, section } from "../block-kit.ts";
import { plain } from "../escape.ts";
import { writeExtendValue } from "../extend-value.ts";
import { moment } from "../moment.ts";

/** As many as are read at a glance. */
const MAX_ADDRESSES = 5;

/** Asks, some minutes before a block ends, whether it shall go on. */
export function endingMessage(ending: {
  readonly proposal: Proposal;
  readonly addresses: readonly string[];
  readonly expiresMs: number;
  readonly leftSecs: number;
}): Message {
  const { proposal, addresses, expiresMs, leftSecs } = ending;
  const { change } = proposal;
  const named = formatNetworks(addresses.slice(0, MAX_ADDRESSES));
  const more = addresses.length > MAX_ADDRESSES ? ` and ${addresses.length - MAX_ADDRESSES} more` : "";
  const what = `The ${wordsOf(change.kind === "block" ? change : {}).noun} of ${plain(named)}${more} on ${plain(change.service)} ends in ${formatDuration(leftSecs)}`;
  const extension = formatDuration(change.durationSecs);
  return {
    text: `${what}, at ${formatUtcTime(expiresMs)}. Shall it go on?`,
    blocks: [
      section(`:hourglass: ${what}, at ${moment(expiresMs)}. Shall it go on?`),
      actions(
        "manage",
        button(ACTION.extend, `Extend by ${extension}`, writeExtendValue(proposal.id, expiresMs)),
        button(ACTION.undo, "End it now", proposal.id, { style: "danger" }),
      ),
    ] satisfies KnownBlock[],
  };
}
