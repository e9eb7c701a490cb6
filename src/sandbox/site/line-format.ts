import type { LogFormatSetting } from "../../config/log-format.ts";
import { albLine } from "./alb-line.ts";
import { caddyLine } from "./caddy-line.ts";
import { CLOUDFRONT_HEADER, cloudfrontLine } from "./cloudfront-line.ts";
import type { Exchange } from "./exchange.ts";
import { NGINX_TIMING_FORMAT, nginxLine, nginxTimingLine } from "./nginx-line.ts";
import type { Random } from "./random.ts";

export const LINE_FORMAT_NAMES = ["alb", "nginx-combined", "nginx-timing", "cloudfront", "caddy"] as const;
export type LineFormatName = (typeof LINE_FORMAT_NAMES)[number];

/** How the simulated site's exchanges are written down. */
export interface LineFormat {
  readonly name: LineFormatName;
  /** What the log's owner writes into `spillway.yaml`. */
  readonly setting: LogFormatSetting;
  /** What stands at the start of a file, with its line ends. */
  readonly header: string;
  /** Whether it tells how long requests took; and which machine took them; and which site was asked for. */
  readonly tells: { readonly secs: boolean; readonly target: boolean; readonly host: boolean };
  /** Where the cache stands, if there is one. */
  readonly cache: "in-front" | "behind";
  line(exchange: Exchange, random: Random): string;
}

export const LINE_FORMATS: Readonly<Record<LineFormatName, LineFormat>> = {
  alb: {
    name: "alb",
    setting: "alb",
    header: "",
    tells: { secs: true, target: true, host: true },
    cache: "behind",
    line: albLine,
  },
  "nginx-combined": {
    name: "nginx-combined",
    setting: "nginx-combined",
    header: "",
    tells: { secs: false, target: false, host: false },
    cache: "behind",
    line: nginxLine,
  },
  "nginx-timing": {
    name: "nginx-timing",
    setting: { nginx: NGINX_TIMING_FORMAT },
    header: "",
    tells: { secs: true, target: true, host: true },
    cache: "in-front",
    line: nginxTimingLine,
  },
  cloudfront: {
    name: "cloudfront",
    setting: "cloudfront",
    header: CLOUDFRONT_HEADER,
    tells: { secs: true, target: false, host: true },
    cache: "in-front",
    line: cloudfrontLine,
  },
  caddy: {
    name: "caddy",
    setting: "caddy",
    header: "",
    tells: { secs: true, target: false, host: true },
    cache: "behind",
    line: caddyLine,
  },
};
