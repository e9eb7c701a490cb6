import { ACCOUNT_ID, CERTIFICATE_ARN, LOAD_BALANCER, REGION, TARGET_GROUP } from "./estate.ts";
import type { Exchange } from "./exchange.ts";
import type { Random } from "./random.ts";

const TARGET_GROUP_ARN = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT_ID}:${TARGET_GROUP}`;
const TARGET_PORT = 8080;

/**
 * Gives one line of an Application Load Balancer's access log, all 33 fields, without a line end.
 *
 * @source https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
 */
export function albLine(exchange: Exchange, random: Random): string {
  const { arrival, target, targetSecs, status } = exchange;
  const { client } = arrival;
  const isBlocked = ["blocked", "limited", "challenged"].includes(exchange.outcome);
  const targetPort = target === null ? "-" : `${target}:${TARGET_PORT}`;
  const targetStatus = targetSecs === null ? "-" : String(status);
  // -1 where no machine answered, or none was asked.
  const times = isBlocked ? "-1 -1 -1" : targetSecs === null ? "0.000 -1 -1" : `0.000 ${targetSecs.toFixed(3)} 0.000`;
  return [
    client.protocol === "HTTP/2.0" ? "h2" : "https",
    microseconds(exchange.doneMs, random),
    LOAD_BALANCER,
    `${client.address}:${random.int(28_000) + 32_768}`,
    targetPort,
    times,
    status,
    targetStatus,
    exchange.receivedBytes,
    exchange.sentBytes,
    `"${arrival.method} https://${arrival.host}:443${arrival.path} ${client.protocol}"`,
    `"${client.userAgent}"`,
    "TLS_AES_128_GCM_SHA256 TLSv1.3",
    isBlocked ? "-" : TARGET_GROUP_ARN,
    `"Root=1-${Math.floor(arrival.atMs / 1_000).toString(16)}-${random.hex(24)}"`,
    `"${arrival.host}"`,
    `"${CERTIFICATE_ARN}"`,
    isBlocked ? 0 : 1,
    microseconds(arrival.atMs, random),
    isBlocked ? '"waf"' : '"waf,forward"',
    '"-" "-"',
    `"${targetPort}" "${targetStatus}"`,
    '"-" "-"',
    `TID_${random.hex(32)}`,
    '"-" "-" "-"',
  ].join(" ");
}

function microseconds(epochMs: number, random: Random): string {
  return `${new Date(epochMs).toISOString().slice(0, 23)}${String(random.int(1_000)).padStart(3, "0")}Z`;
}
