import type { ResourceKind } from "./arrival.ts";
import type { Random } from "./random.ts";

/** Something that a browser fetches for a page. */
export interface Part {
  readonly path: string;
  readonly kind: ResourceKind;
  readonly bodyBytes: number;
  /** The same for every page, so that a browser keeps it. */
  readonly isShared: boolean;
}

/** The pages of a site and how people walk through them. */
export interface SiteMap {
  readonly host: string;
  landing(random: Random): string;
  /** The page that somebody on `path` opens next. */
  next(path: string, random: Random): string;
  /** What a browser loads beside the page itself. */
  parts(path: string, random: Random): readonly Part[];
  pageBytes(path: string, random: Random): number;
  readonly feed: string;
  /** Every page there ever was, newest first; what a crawler walks through. */
  archive(index: number): string;
}

const NEWEST_ARTICLE = 48_213;
const NEWEST_TOPIC = 9_600;
const SECTIONS = ["news", "sport", "opinion", "culture", "science", "city", "jobs"];
const SHARED: readonly Part[] = [
  file("/static/site.b71d20.css", 18_400),
  file("/static/app.8f3a1c.js", 61_300),
  file("/static/fonts/inter-400.woff2", 48_200),
  file("/static/logo.svg", 3_100),
];

/** The front of a newspaper: sections, articles with pictures, search. */
export const newspaper: SiteMap = {
  host: "www.courier.example",
  feed: "/feed.xml",
  archive: (index) => `/article/${NEWEST_ARTICLE - (index % (NEWEST_ARTICLE - 1_000))}`,
  landing: (random) =>
    random.weighted([
      ["/", 35],
      [article(random), 50],
      [`/section/${random.pick(SECTIONS)}`, 13],
      [`/search?q=${random.pick(["library", "football", "rent", "exams", "mensa"])}`, 2],
    ]),
  next: (path, random) =>
    random.weighted([
      [article(random), path === "/" ? 75 : 55],
      [`/section/${random.pick(SECTIONS)}`, 20],
      ["/", 20],
    ]),
  parts(path, random) {
    const id = /^\/article\/(\d+)/.exec(path)?.[1];
    const pictures = Array.from({ length: id === undefined ? 3 : 2 }, (_, index) => {
      const picture = id === undefined ? NEWEST_ARTICLE - random.int(40) : id;
      return { ...file(`/images/${picture}/${index === 0 ? "cover" : "inline"}-800.webp`, 41_000), isShared: false };
    });
    const comments: Part[] =
      id === undefined ? [] : [{ path: `/api/comments?article=${id}`, kind: "api", bodyBytes: 2_900, isShared: false }];
    return [...SHARED, ...pictures, ...comments];
  },
  pageBytes: (path, random) => Math.round(random.logNormal(path.startsWith("/article/") ? 15_000 : 22_000, 0.25)),
};

/** A board where readers talk: topics, profiles, pictures that they upload. */
export const board: SiteMap = {
  host: "forum.courier.example",
  feed: "/latest.rss",
  archive: (index) => `/t/${NEWEST_TOPIC - (index % NEWEST_TOPIC)}`,
  landing: (random) =>
    random.weighted([
      ["/", 40],
      [topic(random), 60],
    ]),
  next: (_path, random) =>
    random.weighted([
      [topic(random), 70],
      [`/u/${random.int(3_000) + 1}`, 8],
      ["/latest", 22],
    ]),
  parts(path, random) {
    const avatars = Array.from({ length: path.startsWith("/t/") ? 3 : 1 }, () => ({
      ...file(`/avatars/${random.int(900) + 1}/48.png`, 4_200),
      isShared: false,
    }));
    return [file("/assets/board-5.2.1.css", 22_700), file("/assets/board-5.2.1.js", 94_000), ...avatars];
  },
  pageBytes: (_path, random) => Math.round(random.logNormal(19_000, 0.4)),
};

/** An article as readers choose them: today's far more than last year's. */
function article(random: Random): string {
  return `/article/${NEWEST_ARTICLE - Math.floor(900 * random.unit() ** 3)}`;
}

function topic(random: Random): string {
  return `/t/${NEWEST_TOPIC - Math.floor(400 * random.unit() ** 2)}`;
}

function file(path: string, bodyBytes: number): Part {
  return { path, kind: "file", bodyBytes, isShared: true };
}
