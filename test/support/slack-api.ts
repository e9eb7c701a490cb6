import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface ApiCall {
  readonly method: string;
  /** Form fields; those that hold JSON are parsed. */
  readonly args: Readonly<Record<string, unknown>>;
}

/** What to answer: a JSON body, or a status with headers. */
export type ApiAnswer =
  | Readonly<Record<string, unknown>>
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> };

/** A Web API on loopback that answers as told and remembers what it was asked. */
export interface SlackApi {
  readonly apiUrl: string;
  readonly origin: string;
  calls(method?: string): readonly ApiCall[];
  /** Answers the next calls of a method, in turn; then as always. */
  next(method: string, ...answers: readonly ApiAnswer[]): void;
  close(): Promise<void>;
}

const ALWAYS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "auth.test": { ok: true, user_id: "U0BOT", bot_id: "B0BOT", team_id: "T0" },
  "chat.postMessage": { ok: true, ts: "1795269600.000001" },
  "chat.postEphemeral": { ok: true, message_ts: "1795269600.000002" },
  "users.info": { ok: true, user: { name: "dana", profile: { display_name: "Dana" } } },
};

export async function startSlackApi(): Promise<SlackApi> {
  const calls: ApiCall[] = [];
  const queued = new Map<string, ApiAnswer[]>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const method = (request.url ?? "").replace(/^\/(api\/)?/, "");
    const body = Buffer.concat(chunks).toString("utf8");
    calls.push({ method, args: parse(body, request.headers["content-type"] ?? "") });
    const answer = queued.get(method)?.shift() ?? ALWAYS[method] ?? { ok: true };
    const status = typeof answer["status"] === "number" ? answer["status"] : 200;
    const headers = (answer as { headers?: Record<string, string> }).headers ?? {};
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    apiUrl: `${origin}/api/`,
    calls: (method) => calls.filter((call) => method === undefined || call.method === method),
    next: (method, ...answers) => {
      queued.set(method, [...(queued.get(method) ?? []), ...answers]);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function parse(body: string, contentType: string): Readonly<Record<string, unknown>> {
  if (contentType.startsWith("application/json")) return JSON.parse(body);
  if (!contentType.startsWith("application/x-www-form-urlencoded")) return { body };
  return Object.fromEntries(
    Array.from(new URLSearchParams(body), ([key, value]) => [key, /^[[{]/.test(value) ? JSON.parse(value) : value]),
  );
}
