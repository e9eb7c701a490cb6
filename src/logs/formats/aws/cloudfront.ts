import type { LogFormat, ObjectFormat } from "../format.ts";
import { jsonLines } from "../objects/json-lines.ts";
import { plainName } from "../objects/object-fields.ts";
import { namesOfHeader, openW3c } from "../tables/w3c.ts";
import { areCloudfrontNames, CLOUDFRONT_RULES, REAL_TIME_NAMES, STANDARD_NAMES } from "./cloudfront-fields.ts";

/**
 * CloudFront's standard logs as text, of both versions, and its real-time logs where all their fields are chosen.
 *
 * A file is told by its `#Fields:` line, or where it has none by its rows, of which only those in one of CloudFront's
 * own orders can be told.
 */
export const cloudfront: LogFormat = {
  name: "cloudfront",
  title: "CloudFront access log",
  holds: "requests",
  meanings: CLOUDFRONT_RULES.fields.map(([, is]) => is),
  recognises: (line) => {
    const names = namesOfHeader(line);
    if (names !== null) return areCloudfrontNames(new Set(names.map(plainName)));
    return isStandardRow(line) || isRealTimeRow(line);
  },
  open: (head) =>
    openW3c(head, {
      ...CLOUDFRONT_RULES,
      namesWithoutHeader: (rows) => (rows.some(isRealTimeRow) ? REAL_TIME_NAMES : STANDARD_NAMES),
      earlierWidths: EARLIER_WIDTHS,
    }),
};

/** CloudFront's standard logs in JSON and Parquet; all values are texts, encoded as those of the tables. */
export const cloudfrontJson: ObjectFormat = jsonLines({
  ...CLOUDFRONT_RULES,
  name: "cloudfront-json",
  title: "CloudFront access log in JSON or Parquet",
  holds: "requests",
  isNamedLike: areCloudfrontNames,
});

/** Of 2014, 2015, 2016 and 2017; today there are 33. */
const EARLIER_WIDTHS = [19, 23, 24, 26];

/** The first 9 columns have been the same since 2010: the date to the status. */
const STANDARD_ROW =
  /^\d{4}-\d\d-\d\d\t\d\d:\d\d:\d\d\t(?:[A-Z]{3}[A-Z\d-]*|-)\t(?:\d+|-)\t[^\t]+\t[A-Za-z_-]+\t[^\t]*\t[^\t]*\t(?:\d{3}|-)(?:\t|\r?$)/;

/** From the time to the path, and then the eight columns up to the version of HTTP. */
const REAL_TIME_ROW =
  /^\d{10}(?:\.\d+)?\t[\da-fA-F.:]+\t(?:[\d.]+|-)\t(?:\d{3}|-)\t(?:\d+|-)\t[A-Za-z_-]+\t(?:https?|wss?)\t[^\t]*\t[^\t]*\t(?:\d+|-)\t[A-Z]{3}[A-Z\d-]*\t[^\t]*\t[^\t]*\t(?:[\d.]+|-)\tHTTP\//;

function isStandardRow(line: string): boolean {
  return STANDARD_ROW.test(line);
}

function isRealTimeRow(line: string): boolean {
  return REAL_TIME_ROW.test(line);
}
