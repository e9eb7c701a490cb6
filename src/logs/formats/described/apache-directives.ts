import type { Meaning, TimeNotation } from "../line-template.ts";

/** What Apache's letters stand for. Of several for the same, the one that stands first here counts. */
export const APACHE_LETTERS: Readonly<Record<string, Meaning>> = {
  a: "client",
  h: "client",
  r: "request",
  m: "method",
  U: "path",
  q: "query",
  V: "host",
  v: "host",
  b: "bytes",
  B: "bytes",
  O: "bytes",
};

/** Headers of the request: `%{Referer}i`. */
export const APACHE_HEADERS: ReadonlyMap<string, Meaning> = new Map([
  ["referer", "referer"],
  ["referrer", "referer"],
  ["user-agent", "user-agent"],
  ["x-forwarded-for", "forwarded-for"],
  ["host", "host"],
]);

/**
 * The formats of `%{format}t` that tell a time whatever the server's zone is, the finest first; none at all is
 * `[%d/%b/%Y:%T %z]`. How fine a count is, its digits tell.
 */
export const APACHE_TIMES: ReadonlyMap<string, TimeNotation> = new Map([
  ["usec", "epoch-ms"],
  ["msec", "epoch-ms"],
  ["sec", "epoch-secs"],
  ["%s", "epoch-secs"],
  ["%Y-%m-%dT%H:%M:%S%z", "iso"],
  ["%Y-%m-%dT%T%z", "iso"],
  ["%FT%T%z", "iso"],
  ["%Y-%m-%d %H:%M:%S%z", "iso"],
  ["%Y-%m-%d %H:%M:%S %z", "iso"],
  ["%F %T%z", "iso"],
  ["%F %T %z", "iso"],
  ["%d/%b/%Y:%H:%M:%S %z", "clf"],
  ["%d/%b/%Y:%T %z", "clf"],
  ["", "clf"],
]);

/** The units of `%{unit}T`, in seconds. */
export const APACHE_UNITS: ReadonlyMap<string, number> = new Map([
  ["s", 1],
  ["ms", 0.001],
  ["us", 0.000001],
]);
