/** The README's table of what people see of each fault. */
import { FAULTS, type Fault } from "./fault-catalogue.ts";

const NOTHING = "nothing: it is tried again, and the card says that it is done";

/** What is played elsewhere than against AWS: in `test/faults`. */
const ELSEWHERE: readonly (readonly [fault: string, seen: string])[] = [
  [
    "Slack asks to wait (429), has trouble of its own, or does not know the channel",
    "what was done stands; the card and the thread say so once Slack is back",
  ],
  ["somebody deletes the card", "a new card in its place, with what became of it"],
  [
    "the database is lost between the firewall's answer and the receipt, or as a block ends",
    "the card, as soon as it is back; nothing is done twice",
  ],
  [
    "the database is lost as somebody clicks",
    "“The database did not answer, so it is not sure whether this was taken”",
  ],
  [
    "Redis is killed, with its memory on disk or without",
    "nothing, or “Approved, and kept”: the sweep takes up what the queue forgot",
  ],
  ["the clock is set two hours ahead, or back", "ends by the clock as it is then; nothing is left in"],
];

export function faultTable(): string {
  const rows = [...FAULTS.map(({ name, says }) => [name, seenOf(says)]), ...ELSEWHERE];
  const lines = rows.map(([fault, seen]) => `| ${fault} | ${seen} |`);
  return ["| fault | what people see |", "|---|---|", ...lines].join("\n");
}

function seenOf(says: Fault["says"]): string {
  return says === null ? NOTHING : `“… ${says} …”`;
}
