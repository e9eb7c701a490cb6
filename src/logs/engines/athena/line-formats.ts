/** How lines are read in Athena; the fields and their meaning are those of the formats that `src/logs/formats` reads. */
import { STOP_STATUS } from "../../../domain/stop-status.ts";
import {
  commonMs,
  durationSecs,
  field,
  isoMs,
  known,
  type LineFormat,
  matched,
  statusOf,
  wholeNumber,
  withoutPort,
} from "./line-sql.ts";

const BLANK = "' '";
const TAB = "chr(9)";

/** Client, target, durations, statuses and bytes stand before the request; what follows grows with the years. */
const albHead = (place: number) => field(BLANK, place);
const ALB_BEFORE_REQUEST = '^(?:\\S+ ){12}"';
/** Cipher, protocol, target group and the quoted trace id: by them the end of a user agent with quotes is told. */
const ALB_AFTER_AGENT = '\\S+ (\\S+) \\S+ "';

const alb: LineFormat = {
  columns: {
    arrival_ms: `coalesce(${isoMs(matched("line", ' (?:-?\\d+|-) (\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z) "'))}, ${isoMs(albHead(2))})`,
    client: withoutPort(albHead(4)),
    request: matched("line", `${ALB_BEFORE_REQUEST}(.*?)" "`),
    status: statusOf(albHead(9)),
    bytes: wholeNumber(albHead(12)),
    total_secs: `${durationSecs(albHead(6))} + ${durationSecs(albHead(7))} + ${durationSecs(albHead(8))}`,
    backend_secs: durationSecs(albHead(7)),
    user_agent: known(matched("line", `${ALB_BEFORE_REQUEST}.*?" "(.*?)" ${ALB_AFTER_AGENT}`)),
    tls: known(matched("line", `${ALB_BEFORE_REQUEST}.*?" "(.*?)" ${ALB_AFTER_AGENT}`, 2)),
    node: albHead(3),
    target: albHead(5),
  },
};

const CLB_BEFORE_REQUEST = '^(?:\\S+ ){11}"';

const clb: LineFormat = {
  columns: {
    arrival_ms: isoMs(field(BLANK, 1)),
    client: withoutPort(field(BLANK, 3)),
    request: matched("line", `${CLB_BEFORE_REQUEST}(.*?)" "`),
    status: statusOf(field(BLANK, 8)),
    bytes: wholeNumber(field(BLANK, 11)),
    total_secs: `${durationSecs(field(BLANK, 5))} + ${durationSecs(field(BLANK, 6))} + ${durationSecs(field(BLANK, 7))}`,
    backend_secs: durationSecs(field(BLANK, 6)),
    user_agent: known(matched("line", `${CLB_BEFORE_REQUEST}.*?" "(.*?)" \\S+ (\\S+)\\s*$`)),
    tls: known(matched("line", `${CLB_BEFORE_REQUEST}.*?" "(.*?)" \\S+ (\\S+)\\s*$`, 2)),
    node: field(BLANK, 2),
    target: field(BLANK, 4),
  },
};

/** Connections rather than requests; their times are in UTC without saying so. */
const nlb: LineFormat = {
  columns: {
    arrival_ms: `coalesce(${isoMs(`${matched("line", " (\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d)$")} || 'Z'`)}, ${isoMs(`${field(BLANK, 3)} || 'Z'`)})`,
    client: withoutPort(field(BLANK, 6)),
    host: known(field(BLANK, 18)),
    bytes: wholeNumber(field(BLANK, 11)),
    total_secs: durationSecs(field(BLANK, 8), 1_000),
    tls: field(BLANK, 16),
    node: field(BLANK, 4),
    target: field(BLANK, 7),
  },
};

const COMBINED_HEAD = '^\\S+ \\S+ .*?\\[([^\\]]+)\\] "(.*?)" (\\d{3}|-) (\\d+|-)';
const COMBINED_TAIL = `${COMBINED_HEAD} "((?:[^"\\\\]|\\\\.)*)" "((?:[^"\\\\]|\\\\.)*)"`;

/** nginx and Apache, combined or common. */
const combined: LineFormat = {
  columns: {
    arrival_ms: commonMs(matched("line", COMBINED_HEAD)),
    client: field(BLANK, 1),
    request: matched("line", COMBINED_HEAD, 2),
    status: statusOf(matched("line", COMBINED_HEAD, 3)),
    bytes: wholeNumber(matched("line", COMBINED_HEAD, 4)),
    referer: known(matched("line", COMBINED_TAIL, 5)),
    user_agent: known(matched("line", COMBINED_TAIL, 6)),
    total_secs: durationSecs(matched("line", " rt=(\\d+\\.\\d+)")),
  },
};

const S3_HEAD =
  '^\\S+ \\S+ \\[([^\\]]+)\\] (\\S+) \\S+ \\S+ \\S+ \\S+ (?:"(.*?)"|-) (\\d{3}|-) \\S+ (\\S+) \\S+ (\\S+)';
const S3_TAIL = `${S3_HEAD} \\S+ (?:"([^"]*)"|-) (?:"(.*?)"|-) \\S+ \\S+ `;

const s3Access: LineFormat = {
  columns: {
    arrival_ms: commonMs(matched("line", S3_HEAD)),
    client: known(matched("line", S3_HEAD, 2)),
    request: matched("line", S3_HEAD, 3),
    status: statusOf(matched("line", S3_HEAD, 4)),
    bytes: wholeNumber(matched("line", S3_HEAD, 5)),
    total_secs: durationSecs(matched("line", S3_HEAD, 6), 1_000),
    referer: known(matched("line", S3_TAIL, 7)),
    user_agent: known(matched("line", S3_TAIL, 8)),
    host: field(BLANK, 2),
  },
};

/** CloudFront encodes once more what the client sent; plus signs are the client's. */
const decoded = (text: string) => `coalesce(try(url_decode(replace(${text}, '+', '%2B'))), ${text})`;
const cloudfrontField = (place: number) => field(TAB, place);

/** The time is that of the end: the request arrived when its time taken began. */
const cloudfront: LineFormat = {
  header: "line LIKE '#%'",
  columns: {
    arrival_ms: `${isoMs(`${cloudfrontField(1)} || 'T' || ${cloudfrontField(2)} || 'Z'`)} - coalesce(CAST(round(try_cast(${cloudfrontField(19)} AS DOUBLE) * 1000) AS BIGINT), 0)`,
    client: cloudfrontField(5),
    method: cloudfrontField(6),
    scheme: cloudfrontField(17),
    host: cloudfrontField(16),
    path: decoded(cloudfrontField(8)),
    query: decoded(cloudfrontField(12)),
    status: statusOf(cloudfrontField(9)),
    bytes: wholeNumber(cloudfrontField(4)),
    total_secs: durationSecs(cloudfrontField(19)),
    first_byte_secs: durationSecs(cloudfrontField(28)),
    user_agent: decoded(cloudfrontField(11)),
    referer: decoded(cloudfrontField(10)),
    cache: cloudfrontField(14),
    tls: cloudfrontField(21),
    node: cloudfrontField(3),
  },
};

const json = (path: string) => known(`try(json_extract_scalar(line, '$.${path}'))`);
const header = (name: string) => matched("line", `(?i)"name":"${name}","value":"((?:[^"\\\\]|\\\\.)*)"`);

const STOPPED = Object.entries(STOP_STATUS)
  .map(([action, status]) => `WHEN '${action}' THEN ${status}`)
  .join(" ");

/** What a web ACL looked at: it knows neither bytes nor durations, and only the statuses that it gave itself. */
const waf: LineFormat = {
  columns: {
    arrival_ms: wholeNumber(json("timestamp")),
    client: json("httpRequest.clientIp"),
    method: json("httpRequest.httpMethod"),
    scheme: json("httpRequest.scheme"),
    host: header("host"),
    path: json("httpRequest.uri"),
    query: json("httpRequest.args"),
    status: `coalesce(${statusOf(json("responseCodeSent"))}, CASE ${json("action")} ${STOPPED} END)`,
    user_agent: header("user-agent"),
    referer: header("referer"),
    node: json("webaclId"),
  },
};

/** The formats that Athena is asked about, by the names that `spillway.yaml` has for them. */
export const LINE_FORMATS = {
  alb,
  clb,
  nlb,
  cloudfront,
  "s3-access": s3Access,
  waf,
  "nginx-combined": combined,
  "apache-combined": combined,
} as const satisfies Readonly<Record<string, LineFormat>>;
export type AthenaFormat = keyof typeof LINE_FORMATS;
