import type { Person } from "../domain/proposal.ts";

/** A Block Kit message. `text` is always sent too: notifications and old clients show it. */
export interface Message {
  readonly text: string;
  /** Plain Block Kit objects; the messenger checks Slack's limits before sending. */
  readonly blocks: readonly object[];
}

export interface Messenger {
  post(to: { channelId: string; threadTs?: string | null }, message: Message): Promise<{ ts: string }>;
  /** @throws {UpstreamError} `slack-rate-limited` with `retryAfterSecs` */
  update(at: { channelId: string; ts: string }, message: Message): Promise<void>;
  /** Shown to one person only. */
  whisper(to: { channelId: string; userId: string; threadTs?: string | null }, message: Message): Promise<void>;
  /** Uploads without sharing; the id can stand in an image block's `slack_file`. */
  upload(file: { name: string; title: string; alt?: string; content: Uint8Array }): Promise<{ fileId: string }>;
  /** Uploads and shares in a channel or thread. */
  share(
    to: { channelId: string; threadTs?: string | null; comment?: string },
    file: { name: string; title: string; content: Uint8Array },
  ): Promise<{ fileId: string }>;
  permalink(at: { channelId: string; ts: string }): Promise<string | null>;
  /** A message that somebody wrote, in a thread or not; null where it is gone or cannot be seen. */
  message(at: { channelId: string; ts: string }): Promise<{ text: string; authorId: string | null } | null>;
  person(userId: string): Promise<Person>;
  /**
   * The ids of the people in a user group, some minutes old at most.
   * @throws {UpstreamError} where Slack does not say
   */
  groupMembers(groupId: string): Promise<readonly string[]>;
  /** The IANA name of the zone that somebody's Slack is set to, "Europe/Berlin"; null where Slack does not tell. */
  timeZone(userId: string): Promise<string | null>;
  /** Opens a modal; `triggerId` lives 3 s. `view` is a Block Kit view object. */
  openModal(triggerId: string, view: object): Promise<void>;
  publishHome(userId: string, blocks: readonly object[]): Promise<void>;
}
