/** What the logs of all sorts of load balancers share: a folder a day, and names that end with the end of their span. */
import { DAY_MS, MINUTE_MS, type TimeWindow } from "../../../domain/time-window.ts";
import {
  asFolder,
  type KeyListing,
  type KeyReading,
  KNOWN_OTHER,
  type Layout,
  LONG_REQUEST_MS,
  STRANGER,
} from "./layout.ts";
import { ceilTo, compactStamp, floorTo, momentOf, slashStamp, stepsOf } from "./stamps.ts";

export interface ElbPlace {
  /** What stands before `AWSLogs/`, without a slash at the end. */
  readonly prefix: string;
  readonly accountId: string;
  readonly region: string;
}

/** What differs from one sort of balancer to another. */
interface ElbSort extends Pick<Layout, "title" | "fileKind" | "usualDelayMs"> {
  /** As in names of files, without what comes before and after: `app.my-alb.50dc6c495c0c9188`. */
  readonly nameInFiles: string;
  /** What follows the end of the span, from its `_` on; the group is the node. */
  readonly tail: RegExp;
  readonly spanMs: number;
  readonly comes: string;
  readonly whose: string;
}

/** Other logs of load balancers, which lie in the same folder as the access logs. */
const OTHER_SORT = /(^|\/)((conn|health_check)_log[._][^/]*|ELBAccessLogTestFile|ELBConnectionLogTestFile)$|\/$/;

/**
 * Makes the layout of one balancer's access logs.
 *
 * @source https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
 */
export function elbLayout(place: ElbPlace, sort: ElbSort): Layout {
  const { accountId, region } = place;
  const { title, fileKind, usualDelayMs, spanMs } = sort;
  const folder = `${asFolder(place.prefix)}AWSLogs/${accountId}/elasticloadbalancing/${region}/`;
  // Ends with `_`, so that `my-alb` does not find the files of `my-alb-2`.
  const name = `${accountId}_elasticloadbalancing_${region}_${sort.nameInFiles}_`;

  /** Folders are named by the day of *delivery*, so that a file of 23:55 may lie in the next day's. */
  function listings(window: TimeWindow): readonly KeyListing[] {
    const lastEndMs = window.endMs + spanMs + LONG_REQUEST_MS;
    return stepsOf(window.startMs, floorTo(lastEndMs, DAY_MS) + 2 * DAY_MS, DAY_MS).map((dayMs) => {
      const prefix = `${folder}${slashStamp(dayMs, 3)}/${name}`;
      // Names carry whole minutes. Without the Z a stamp sorts before the first name of its minute.
      const startAfter = prefix + compactStamp(floorTo(window.startMs, MINUTE_MS) + MINUTE_MS);
      return { prefix, startAfter, endBefore: prefix + compactStamp(ceilTo(lastEndMs, MINUTE_MS)) };
    });
  }

  function read(key: string): KeyReading {
    if (OTHER_SORT.test(key)) return KNOWN_OTHER;
    const nameAt = folder.length + "2026/10/01/".length;
    if (!key.startsWith(folder) || !key.startsWith(name, nameAt)) return STRANGER;
    const rest = key.slice(nameAt + name.length);
    const [, ...stamp] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)Z_/.exec(rest) ?? [];
    const endMs = momentOf(stamp);
    const tail = sort.tail.exec(rest.slice("20261001T2340Z".length));
    if (endMs === null || tail === null) return STRANGER;
    const span = { startMs: endMs - spanMs - LONG_REQUEST_MS, endMs };
    return { belongs: true, span, endMs, node: tail[1] ?? null };
  }

  return {
    title,
    fileKind,
    folder,
    hints: { comes: sort.comes, whose: sort.whose, where: "bucket, prefix, accountId, region" },
    usualDelayMs,
    isPrunedByTimeOfWriting: false,
    listings,
    read,
    spans: {
      lengthMs: spanMs,
      startsOf: ({ startMs, endMs }) => stepsOf(startMs, endMs, spanMs),
      // Not all nodes begin their spans at :00 and :05.
      startOf: (endMs) => floorTo(endMs - 1, spanMs),
    },
  };
}
