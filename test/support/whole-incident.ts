import { expect } from "@jest/globals";
import { wordsOf } from "./at-the-page.ts";
import type { Sandbox } from "./sandbox.ts";

const ATTACKER = "198.51.100.14";

/** The tour: Ana and Ben take one incident from the first command to the postmortem. */
export async function playWholeIncident(sandbox: Sandbox): Promise<void> {
  const [ana, ben] = await Promise.all([sandbox.sitDown("Ana"), sandbox.sitDown("Ben")]);
  try {
    // Ana asks what is going on, and is told who, since when and from which log.
    await ana.say("/spike web 30m");
    const verdict = await ana.sees(/One client explains/);
    expect(wordsOf(verdict)).toContain(ATTACKER);
    expect(wordsOf(verdict)).toMatch(/[\d,]+ lines = [\d,]+ parsed \+ \d+ recovered \+ 0 unparsed/);
    expect(verdict.blocks.map((block) => block["type"])).toEqual(expect.arrayContaining(["image", "table", "actions"]));

    // She declares an incident and proposes the block that the verdict offers.
    await ana.click(verdict, /^Declare incident/);
    await ana.submit({ Title: "A crawler takes the site down" });
    expect(wordsOf(await ana.sees(/INC-1/))).toContain("A crawler takes the site down");
    await ana.click(verdict, /^Block for/);
    await ana.submit();
    const card = await ben.sees(/Approve/);

    // Her own approval does not count, and she is told so; nothing has changed yet.
    await ana.click(card, /^Approve/);
    await ana.sees(/somebody else has to approve/);
    expect(await sandbox.firewall.list()).toEqual([]);

    // Ben approves, twice at once. It is done once, and what it did is measured.
    await Promise.all([ben.click(card, /^Approve/), ben.click(card, /^Approve/)]);
    const worked = await ben.sees(/Approved by [\s\S]*Worked: excess down/);
    expect(wordsOf(worked)).toContain("Ben");
    expect(await sandbox.firewall.list()).toEqual([`${ATTACKER}/32`]);
    await ana.say("/blocks");
    expect(wordsOf(await ana.sees(/1 address is blocked now/))).toContain(ATTACKER);

    // Asked again, Spillway knows what is blocked, and offers it to nobody twice.
    await ana.say("/spike web 30m");
    const again = await ana.sees(/blocked already/);
    await expect(ben.click(again, /^Block for/)).rejects.toThrow("no button");

    // Ben undoes it before its time.
    await ben.click(worked, /^Undo/);
    await ben.sees(/lifted|undone/i);
    expect(await sandbox.firewall.list()).toEqual([]);

    // Over; the postmortem drafts itself from what is on the timeline.
    await ana.say("/incident resolve The crawler was told to slow down");
    await ana.sees(/resolved/i);
    await ana.say("/postmortem");
    const paper = await ana.reads(await ana.sees(/Draft postmortem of INC-1/));
    for (const part of ["## Summary", "## Timeline (UTC)", "## Action items", ATTACKER, "Ben"]) {
      expect(paper).toContain(part);
    }
  } finally {
    ana.leave();
    ben.leave();
  }
}
