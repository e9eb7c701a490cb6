import { pathTemplate } from "../../../domain/path-template.ts";
import { adding } from "../../site/effect.ts";
import type { Person } from "../../site/people.ts";
import { createVisitors } from "../../site/visitors.ts";
import type { PlayedCause, Setting } from "../setting.ts";

const REFERERS = [
  "https://www.channel-nine.example/tonight",
  "https://news.aggregator.example/item?id=418823",
  "https://t.short.example/x9Qf2",
  "https://www.moneytips.example/deals",
];
/** Share of a crowd's people that come a second time. */
const AGAIN_SHARE = 0.15;

/** Very many people who were not here before, on browsers, for one page that somebody told them of. */
export function playFlashCrowd(setting: Setting): PlayedCause {
  const { random, strength, sites, population } = setting;
  const [site] = sites;
  const knownShare = random.between(0.4, 0.8);
  const hasReferer = random.chance(0.7);
  const referer = hasReferer ? random.pick(REFERERS) : null;
  const landing = site.landing(random).replace(/\?.*/, "");
  const landingShare = random.between(0.6, 0.95);
  const people: Person[] = [];

  function nextPerson(): Person {
    if (people.length > 0 && random.chance(AGAIN_SHARE)) return random.pick(people);
    const person = random.chance(knownShare) ? population.neighbour() : population.newcomer();
    people.push(person);
    return person;
  }

  return {
    variant: hasReferer ? "one-referer" : "no-referer",
    slice: { pathTemplate: [pathTemplate(landing)], ...(referer !== null && { referer: [referer] }) },
    hasSuspects: false,
    effect: adding(
      createVisitors({
        site,
        random: random.fork("visitors"),
        visitsPerSec: (atMs) => strength * setting.visitsPerSec(atMs) * setting.level(atMs),
        nextPerson,
        entrance: (chance) => ({
          path: chance.chance(landingShare) ? landing : "/",
          referer: referer !== null && chance.chance(0.9) ? referer : null,
        }),
        stayShare: random.between(0.3, 0.55),
      }),
      setting.label,
    ),
  };
}
