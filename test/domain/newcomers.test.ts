import { describe, expect, it } from "@jest/globals";
import { programLandings, splitNewcomers } from "../../src/domain/newcomers.ts";
import type { ClientGroup, ClientGroups } from "../../src/domain/traffic.ts";

function group(given: Partial<ClientGroup>): ClientGroup {
  return {
    window: "spike",
    isNew: true,
    isNetNew: false,
    loadsAssets: true,
    staysOnOne: false,
    changesAgent: false,
    isTurnedAway: false,
    userAgent: "Mozilla/5.0 (X11) Firefox/130.0",
    landing: "/",
    clients: 100,
    requests: 1_000,
    assets: 800,
    clientErrors: 0,
    errors: 0,
    ...given,
  };
}

function groups(...all: readonly ClientGroup[]): ClientGroups {
  return { all, named: all };
}

const USUAL = group({ window: "baseline" });
const PEOPLE = group({ clients: 500, requests: 5_000 });
const PROGRAMS = group({
  clients: 2_000,
  requests: 6_000,
  loadsAssets: false,
  staysOnOne: true,
  isNetNew: true,
  userAgent: "Go-http-client/1.1",
  landing: "/login",
});

describe("splitNewcomers", () => {
  it("tells people from programs by what pages need", () => {
    const split = splitNewcomers(groups(USUAL, PEOPLE, PROGRAMS), 1);

    expect(split.tellsByAssets).toBe(true);
    expect(split.people).toMatchObject({ excess: 4_000, clients: 500, newNetShare: 0, browserShare: 1 });
    expect(split.programs).toMatchObject({ excess: 6_000, clients: 2_000, newNetShare: 1, oneTemplateShare: 1 });
    expect(split.programs.agent).toEqual({ value: "Go-http-client/1.1", share: 1 });
    expect(split.programs.landing).toEqual({ value: "/login", share: 1 });
  });

  it("tells nothing by it on a site whose visitors load nothing from here", () => {
    const split = splitNewcomers(groups(group({ window: "baseline", loadsAssets: false }), PROGRAMS), 1);

    expect(split.tellsByAssets).toBe(false);
    expect(split.people).toEqual(split.programs);
  });

  it("takes as many who load nothing for people as there usually are", () => {
    const cached = group({ window: "baseline", loadsAssets: false, requests: 500, clients: 50 });
    const nowCached = group({ loadsAssets: false, requests: 2_500, clients: 250 });

    const split = splitNewcomers(groups(USUAL, cached, PEOPLE, nowCached), 1);

    expect(split.programs.excess).toBe(0);
    expect(split.people.excess).toBe(6_000);
  });

  it("leaves out whom errors alone turned away, for they may be either", () => {
    const split = splitNewcomers(groups(USUAL, { ...PROGRAMS, isTurnedAway: true }), 1);

    expect(split.programs).toMatchObject({ clients: 0, excess: 0, browserShare: null, agent: null });
  });

  it("counts what those who were there before send beyond the usual", () => {
    const before = group({ window: "baseline", isNew: false, requests: 1_000 });
    const now = group({ isNew: false, requests: 3_500 });

    expect(splitNewcomers(groups(before, now), 2).returningExcess).toBe(1_500);
  });

  it("gives numbers where there is nobody", () => {
    const split = splitNewcomers(groups(), 1);

    expect(split.people).toMatchObject({ excess: 0, newNetShare: 0, clientErrorShare: 0 });
  });
});

describe("programLandings", () => {
  it("gives where programs come to, and not where anybody does", () => {
    const stray = { ...PROGRAMS, landing: "/about", clients: 20 };

    expect(programLandings(groups(USUAL, PEOPLE, PROGRAMS, stray), 1)).toEqual(["/login"]);
  });

  it("gives none where no program came", () => {
    expect(programLandings(groups(USUAL, PEOPLE), 1)).toEqual([]);
  });
});
