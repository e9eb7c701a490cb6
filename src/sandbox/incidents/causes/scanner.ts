import type { Arrival, Client } from "../../site/arrival.ts";
import { drawBrowser } from "../../site/browsers.ts";
import { adding } from "../../site/effect.ts";
import { drawHostingAddress } from "../../site/hosting.ts";
import type { Random } from "../../site/random.ts";
import { draw, type PlayedCause, pageRequest, type Setting } from "../setting.ts";

const AGENTS = [
  "Mozilla/5.0 (compatible; Nmap Scripting Engine; https://nmap.org/book/nse.html)",
  "Mozilla/5.00 (Nikto/2.5.0) (Evasions:None) (Test:Port Check)",
  "gobuster/3.6",
  "Fuzz Faster U Fool v2.1.0-dev",
  "sqlmap/1.8.11#stable (https://sqlmap.org)",
  "Mozilla/5.0",
];
const FOLDERS = ["admin", "wp-content/plugins", "backup", "old", "api/v1", "cgi-bin", "vendor", "test", "includes", ""];
const NAMES = ["config", "login", "setup", "db", "dump", "shell", "index", "info", "env", "upload", "users", "phpinfo"];
const ENDINGS = [".php", ".php.bak", ".sql", ".zip", ".env", "/", ".json", ".yml", ".old", ".asp"];

/** One address or a few look for what does not exist, or is nobody's business. */
export function playScanner(setting: Setting): PlayedCause {
  const { random, strength, sites } = setting;
  const isOne = random.chance(0.6);
  const addresses = Array.from({ length: isOne ? 1 : 2 + random.int(4) }, () => drawHostingAddress(random));
  const userAgent = random.chance(0.3) ? drawBrowser(random) : random.pick(AGENTS);
  const clients = addresses.map((address): Client => ({ address, userAgent, protocol: "HTTP/1.1" }));
  const forbiddenShare = random.between(0, 0.5);

  function request(secondMs: number): Arrival {
    return pageRequest({ secondMs, client: random.pick(clients), host: sites[0].host, path: probe(random) }, random, {
      method: random.chance(0.1) ? "POST" : "GET",
      status: random.chance(0.01) ? 200 : random.chance(forbiddenShare) ? 403 : 404,
      bodyBytes: 1_900,
    });
  }

  return {
    variant: isOne ? "one-address" : "few-addresses",
    slice: { ip: addresses, userAgent: [userAgent] },
    hasSuspects: true,
    effect: adding(
      {
        arrivals: (secondMs) =>
          draw(random, strength * setting.requestsPerSec(secondMs) * setting.level(secondMs), () => request(secondMs)),
      },
      setting.label,
    ),
  };
}

function probe(random: Random): string {
  const numbered = random.chance(0.3) ? String(random.int(30)) : "";
  return `/${[random.pick(FOLDERS), `${random.pick(NAMES)}${numbered}${random.pick(ENDINGS)}`].filter(Boolean).join("/")}`;
}
