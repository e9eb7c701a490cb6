import type { CacheResult } from "./cache.ts";
import type { Exchange } from "./exchange.ts";
import type { Random } from "./random.ts";

const DISTRIBUTION = "d111111abcdef8.cloudfront.net";
const FIELDS =
  "date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) " +
  "cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken " +
  "x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version fle-status " +
  "fle-encrypted-fields c-port time-to-first-byte x-edge-detailed-result-type sc-content-type sc-content-len " +
  "sc-range-start sc-range-end";
const EDGES = ["FRA56-P2", "FRA60-P1", "LHR50-P3", "DUB56-P1"];
const RESULTS: Readonly<Record<CacheResult, string>> = { hit: "Hit", miss: "Miss", expired: "Miss", bypass: "Miss" };

/** What stands at the start of each file. */
export const CLOUDFRONT_HEADER = `#Version: 1.0\n#Fields: ${FIELDS}\n`;

/**
 * Gives one line of CloudFront's standard log, version 1, without a line end. Its time is the end of the answer.
 *
 * @source https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html
 */
export function cloudfrontLine(exchange: Exchange, random: Random): string {
  const { arrival, status, doneMs, sentBytes } = exchange;
  const { client, path } = arrival;
  const [stem = "/", query = "-"] = path.split("?");
  const iso = new Date(doneMs).toISOString();
  const takenSecs = ((doneMs - arrival.atMs) / 1_000).toFixed(3);
  const result = status >= 400 ? "Error" : RESULTS[exchange.cache ?? "miss"];
  return [
    ...[iso.slice(0, 10), iso.slice(11, 19), random.pick(EDGES), sentBytes, client.address, arrival.method],
    ...[DISTRIBUTION, stem, status, arrival.referer ?? "-", client.userAgent.replaceAll(" ", "%20"), query, "-"],
    ...[result, `${random.hex(40)}==`, arrival.host, "https", exchange.receivedBytes, takenSecs, "-"],
    ...["TLSv1.3", "TLS_AES_128_GCM_SHA256", result, client.protocol, "-", "-", 1_024 + random.int(60_000), takenSecs],
    ...[result, "-", arrival.bodyBytes, "-", "-"],
  ].join("\t");
}
