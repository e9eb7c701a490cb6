/** What a newcomer does at the sandbox, in a real browser: from the first command to the postmortem. */
import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { describeInChromium } from "./support/chromium.ts";
import { type Demo, type DemoHome, makeDemoHome } from "./support/demo.ts";
import { type Desk, documentVerdict, isInSight, openDesk, pictureWidth } from "./support/desk.ts";

const ATTACKER = "198.51.100.14";

jest.setTimeout(30_000);

describeInChromium("a newcomer meets a crawler", (launch) => {
  let home: DemoHome;
  let demo: Demo;
  let desk: Desk;

  beforeAll(async () => {
    home = makeDemoHome();
    demo = await home.start();
    desk = await openDesk({ launch, url: demo.url, album: "crawler" });
  }, 60_000);
  afterAll(async () => {
    await desk?.close();
    await home?.leave();
  }, 60_000);

  const verdict = () => desk.message("One client explains");
  const card = () => desk.message("Adds to the firewall of web");
  const planned = () => desk.message("Raises minimum and desired capacity");

  it("is shown the commands while typing", async () => {
    await desk.page.getByTestId("banner").getByText("/spike web").waitFor();
    await desk.picture("opened");

    await desk.page.getByTestId("composer").pressSequentially("/sp");

    const offered = await desk.page.getByTestId("suggestion").allTextContents();
    expect(offered).toEqual([expect.stringContaining("/spike"), expect.stringContaining("/spillway")]);
    await desk.picture("suggestions");
    await desk.page.getByTestId("composer").clear();
  });

  it("sees how far the answer has come, in one message that becomes the verdict", async () => {
    await desk.type("/spike web 30m");
    const answer = desk.message("Looking at web");
    await answer.waitFor();
    await desk.picture("progress");
    const ts = await answer.getAttribute("data-ts");

    await verdict().waitFor();

    expect(await verdict().getAttribute("data-ts")).toBe(ts);
    expect(await desk.page.getByTestId("message").count()).toBe(1);
  });

  it("is told what happened, in words, a chart and a table, with the button to act in sight", async () => {
    expect(await pictureWidth(verdict().getByTestId("image-block"))).toBeGreaterThan(1_000);

    expect(await verdict().textContent()).toMatch(/web: \d\.\d × its usual requests since \d\d:\d\d(?::\d\d)? UTC/);
    expect(await verdict().getByTestId("table").textContent()).toContain(`address${ATTACKER}`);
    expect(await verdict().textContent()).toMatch(/[\d,]+ lines = [\d,]+ parsed \+ 0 recovered \+ 0 unparsed/);
    expect(await isInSight(verdict().getByRole("button", { name: "Block for 1 h…" }))).toBe(true);
    await desk.picture("verdict");
    await documentVerdict(desk, verdict());
  });

  it("is told under the field what is wrong, corrects it, and sees the card", async () => {
    await verdict().getByRole("button", { name: "Block for 1 h…" }).click();
    const modal = desk.page.getByTestId("modal");
    expect(await modal.getByLabel("Addresses or networks").inputValue()).toBe(ATTACKER);

    await modal.getByLabel("For how long").fill("soon");
    await desk.page.getByTestId("modal-submit").click();
    await modal.getByText('"soon" is no duration; write 30m, 2h or 1d.').waitFor();
    await desk.picture("field-error");
    await modal.getByLabel("For how long").fill("2h");
    await desk.page.getByTestId("modal-submit").click();

    await modal.waitFor({ state: "detached" });
    await card().getByText("Waits for approval").waitFor();
    expect(await card().textContent()).toContain(`Block ${ATTACKER} on web for 2 h`);
    await desk.picture("card");
  });

  it("may not approve alone, and is told why", async () => {
    await card().getByRole("button", { name: "Approve" }).click();

    await desk.message("You asked for this yourself, so somebody else has to approve it.").waitFor();
    await desk.picture("own-request");
  });

  it("approves as a second person, and a double click acts once", async () => {
    await desk.actAs("Ben");
    await card().getByRole("button", { name: "Approve" }).dblclick();

    await card()
      .getByText(/Approved by Ben at .* Ends by itself at/)
      .waitFor();
    await desk.picture("applied");
    expect(await card().getByText("wafv2:UpdateIPSet").count()).toBe(1);
    const [counted] = await demo.query(`
      SELECT (SELECT count(*)::int FROM approvals) AS approvals,
             (SELECT count(*)::int FROM receipts) AS receipts,
             (SELECT sum(json_array_length(calls))::int FROM receipts) AS calls,
             (SELECT count(*)::int FROM blocks) AS blocks`);
    expect(counted).toEqual({ approvals: 1, receipts: 1, calls: 1, blocks: 1 });
  });

  it("asks for instances ahead of time, and finds all of it after a reload", async () => {
    // The minute after next, so that it can be approved before, on any machine.
    const start = new Date(Date.now() + 70_000).toISOString().slice(11, 16);
    await desk.type(`/scale web +2 at ${start} for 30m because the late edition is out`);
    await planned().getByRole("button", { name: "Approve" }).click();
    await desk.message("You asked for this yourself").waitFor();
    await desk.actAs("Ana");
    await planned().getByRole("button", { name: "Approve" }).click();
    await planned()
      .getByText(/Approved by Ana at .*Begins by itself at/)
      .waitFor();

    await desk.page.reload();

    await planned()
      .getByText(/Begins by itself at/)
      .waitFor();
    await card()
      .getByText(/Approved by Ben at .* Ends by itself at/)
      .waitFor();
    await desk.picture("reloaded");
    await desk.actAs("Ben");
  });

  it("finds the block in the list and on the app's Home", async () => {
    await desk.type("/blocks");
    await desk.message("1 address is blocked now.").getByText(ATTACKER).waitFor();
    await desk.picture("blocks");

    await desk.page.getByTestId("app-link").click();
    const homeTab = desk.page.getByTestId("home");
    await homeTab.getByText(ATTACKER).waitFor();
    await desk.picture("home");
    await desk.page.getByTestId("channel-ops").click();
  });

  it("is shown the nearest word to one that is not understood", async () => {
    await desk.type("/spike wbe");
    await desk.message('"wbe" is not understood').getByText("web", { exact: true }).waitFor();
    await desk.type("/incident declair");
    await desk.message('"declair" is not understood').getByText("/incident declare", { exact: true }).waitFor();
    await desk.picture("nearest");
  });

  it("sees the attack fall", async () => {
    await card()
      .getByText(/Worked: excess down [\d.]+ % \(predicted [\d.]+ %\)\. What was blocked went from/)
      .waitFor({ timeout: 60_000 });

    const [, before, after] =
      (await card().textContent())?.match(/went from ([\d,]+) to ([\d,]+) requests a minute/) ?? [];
    expect(Number(before?.replaceAll(",", ""))).toBeGreaterThan(1_000);
    expect(after).toBe("0");
    await card().scrollIntoViewIfNeeded();
    await desk.picture("worked");

    await card().getByTestId("thread-link").click();
    const thread = desk.page.getByTestId("thread");
    const told = thread.getByTestId("message").filter({ hasText: "Worked: excess down" }).last();
    await told.getByText(/WAF samples: (\d+) of \1 sampled requests of/).waitFor();
    expect(await pictureWidth(told.getByTestId("image-block"))).toBeGreaterThan(500);
    await desk.picture("thread");
    await thread.getByRole("button", { name: "Close the thread" }).click();
  }, 90_000);

  it("lets the block last longer, once for a double click", async () => {
    await card().getByRole("button", { name: "Extend by 2 h" }).dblclick();

    await card()
      .getByText(/Extended: it ends by itself at/)
      .waitFor();
    const [row] = await demo.query("SELECT (expires_ms - created_ms) / 3600000 AS hours FROM blocks");
    expect(row).toEqual({ hours: "4" });
    await desk.picture("extended");
  });

  it("keeps an incident, to which messages come by reaction and by shortcut", async () => {
    await desk.type("/incident declare The site is slow");
    await desk.message("INC-1: The site is slow").getByText("Declared by Ben").waitFor();

    await desk.type("The indexer of the university went astray.");
    const byReaction = desk.message("went astray");
    await byReaction.hover();
    await byReaction.getByRole("button", { name: "React with :pushpin:" }).click();
    await desk.message("It is on the timeline of INC-1.").waitFor();

    await desk.type("They were told by telephone.");
    const byShortcut = desk.message("told by telephone");
    await byShortcut.hover();
    await byShortcut.getByTestId("more-actions").click();
    expect(await isInSight(desk.page.getByRole("menuitem").last())).toBe(true);
    await desk.picture("shortcuts");
    await desk.page.getByRole("menuitem", { name: "Add to timeline" }).click();
    await desk.page.getByText("It is on the timeline of INC-1.").nth(1).waitFor();

    await desk.type("/incident timeline");
    const timeline = desk.message("Timeline of INC-1");
    await timeline.getByText("went astray").waitFor();
    const text = (await timeline.textContent()) ?? "";
    for (const once of ["Proposed: Block", "Approved: Block", `Blocked ${ATTACKER}`, "told by telephone"]) {
      expect(text.split(once)).toHaveLength(2);
    }
    await desk.picture("timeline");
  });

  it("has the instances when their time comes, and gives them back before it is over", async () => {
    await planned()
      .getByText(/applied at .* Ends by itself at/)
      .waitFor({ timeout: 100_000 });
    await planned().scrollIntoViewIfNeeded();
    await desk.picture("begun");

    await planned().getByRole("button", { name: "Undo", exact: true }).dblclick();
    await desk.page.getByTestId("confirm-accept").click();

    await planned()
      .getByText(/undone by Ben/)
      .waitFor();
    await planned().scrollIntoViewIfNeeded();
    await desk.picture("given-back");
    await desk.type("/scale web");
    await desk.message("No scale-out of ours is under way").waitFor();
    expect(await desk.message("No scale-out of ours is under way").textContent()).toContain("2 desired");
  }, 120_000);

  it("undoes the block before its time", async () => {
    await card().getByRole("button", { name: "Undo" }).click();
    await desk.picture("undo");
    await desk.page.getByTestId("confirm-accept").click();

    await card()
      .getByText(/Over since .* lifted by Ben/)
      .waitFor();
    await desk.type("/blocks");
    await desk.message("Spillway blocks nothing now.").waitFor();
    await card().scrollIntoViewIfNeeded();
    await desk.picture("undone");
  });

  it("reads on the timeline all that was done", async () => {
    await desk.type("/incident timeline");
    const timeline = desk.message("Timeline of INC-1");
    await timeline.getByText("ended: undone by Ben").last().waitFor();
    const text = (await timeline.textContent()) ?? "";
    for (const once of [
      "Proposed: Block",
      "Approved: Block",
      `Blocked ${ATTACKER}`,
      "Worked: excess down",
      "Extended the block",
      "Proposed: Scale",
      "Approved: Scale",
      "Scaled web from 2 to 4",
      "The scale-out of web ended",
    ]) {
      expect([once, text.split(once).length - 1]).toEqual([once, 1]);
    }
    await desk.picture("whole-timeline");
  });

  it("resolves the incident and reads its postmortem", async () => {
    await desk.type("/incident resolve The indexer asks for less now");
    await desk.message("INC-1: The site is slow (resolved)").waitFor();
    await desk.type("/postmortem");
    await desk.message("Draft postmortem of INC-1").getByTestId("open-file").click();

    const paper = desk.page.getByTestId("file-viewer");
    await paper.getByRole("heading", { name: "Timeline (UTC)" }).waitFor();
    const text = (await paper.textContent()) ?? "";
    await desk.picture("postmortem");
    for (const part of ["Summary", "What happened in detail", ATTACKER, "Ben", "went astray", "it worked"]) {
      expect(text).toContain(part);
    }
    await desk.page.keyboard.press("Escape");
    await paper.waitFor({ state: "detached" });
  });

  it("asked nobody outside for anything, and the browser complained of nothing", () => {
    expect(desk.origins()).toEqual([new URL(demo.url).origin]);
    expect(desk.complaints()).toEqual([]);
  });
});

describeInChromium("a newcomer meets a crowd", (launch) => {
  let home: DemoHome;
  let demo: Demo;
  let desk: Desk;

  beforeAll(async () => {
    home = makeDemoHome();
    demo = await home.start("--story", "tv-show");
    desk = await openDesk({ launch, url: demo.url, album: "tv-show" });
  }, 60_000);
  afterAll(async () => {
    await desk?.close();
    await home?.leave();
  }, 60_000);

  const verdict = () => desk.message("this looks like a crowd of people");
  const card = () => desk.message("Raises minimum and desired capacity");

  it("is advised to scale out, and to block nobody", async () => {
    await desk.type("/spike web");
    await verdict().waitFor();

    expect(await pictureWidth(verdict().getByTestId("image-block"))).toBeGreaterThan(1_000);
    expect(await verdict().textContent()).toMatch(
      /Scale out from 2 to \d instances for 2 h: .* costs \$\d\.\d\d an hour/,
    );
    expect(
      await verdict()
        .getByRole("button", { name: /^Block/ })
        .count(),
    ).toBe(0);
    await desk.picture("verdict");
  });

  it("has as many instances as a second person approved", async () => {
    await verdict().getByRole("button", { name: "Scale out…" }).click();
    await desk.picture("form");
    await desk.page.getByTestId("modal-submit").click();
    await card().waitFor();
    await desk.actAs("Ben");
    await card().getByRole("button", { name: "Approve" }).click();

    await card()
      .getByText(/Approved by Ben at .* Ends by itself at/)
      .waitFor();
    await card()
      .getByText(/Worked\. web has (\d) of \1 instances in service\./)
      .waitFor({ timeout: 60_000 });
    await desk.picture("worked");
  }, 90_000);

  it("has them ahead of time, too, and no longer when that is over", async () => {
    await card().getByRole("button", { name: "Undo", exact: true }).click();
    await desk.page.getByTestId("confirm-accept").click();
    await card()
      .getByText(/undone by Ben/)
      .waitFor();

    // The minute after next, so that it can be approved before, on any machine.
    const start = new Date(Date.now() + 70_000).toISOString().slice(11, 16);
    await desk.type(`/scale web +2 at ${start} for 1m because the show starts`);
    const planned = () => desk.message("the show starts");
    await planned().getByRole("button", { name: "Preview" }).waitFor();
    expect(await planned().textContent()).toMatch(/Costs \$[\d.]+ an hour and \$[\d.]+ in all: 2 more for 1 min/);
    await planned().getByRole("button", { name: "Preview" }).click();
    await desk.message("Approve would make 1 call").waitFor();
    await desk.picture("preview");
    await desk.actAs("Ana");
    await planned().getByRole("button", { name: "Approve" }).click();
    await planned()
      .getByText(/Begins by itself at/)
      .waitFor();
    await desk.picture("planned");
    await planned()
      .getByText(/Ends by itself at/)
      .waitFor({ timeout: 100_000 });
    await planned()
      .getByText(/its time was up/)
      .waitFor({ timeout: 100_000 });
    await desk.type("/scale web");
    await desk.message("No scale-out of ours is under way").waitFor();
    expect(await desk.message("No scale-out of ours is under way").textContent()).toContain("2 desired");
    await desk.picture("over");
  }, 260_000);
});
