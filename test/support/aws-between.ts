import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Stands between a client and AWS (or its stand-in), to see each call and to act at exact moments. */
export interface AwsBetween {
  readonly url: string;
  /** Calls that AWS answered with success, by operation. */
  readonly answered: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/** A call with what came back. */
export interface AnsweredCall {
  readonly isOk: boolean;
  readonly request: string;
  readonly answer: string;
}

/**
 * What becomes of a call: AWS does not hear of it and the connection ends, or nothing ever comes back, or somebody else
 * answers for AWS.
 */
export type Interference = "forward" | "drop" | "hang" | { readonly status: number; readonly body: string };

export async function standBetween(
  awsUrl: string,
  watch: {
    /** Before AWS hears of the call. */
    before?(operation: string): Promise<Interference>;
    /**
     * After AWS did it, before the client hears: "drop" keeps the answer from the client, "break-off" cuts it in the
     * middle, "hang" keeps it for ever.
     */
    after?(operation: string, call: AnsweredCall): Promise<unknown>;
  },
): Promise<AwsBetween> {
  const answered = new Map<string, number>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", async () => {
      const body = Buffer.concat(chunks);
      const operation = operationOf(String(request.headers["x-amz-target"] ?? ""), request.url ?? "/", body);
      try {
        const instead = (await watch.before?.(operation)) ?? "forward";
        if (instead === "drop") return void response.destroy();
        if (instead === "hang") return;
        if (instead !== "forward") return void response.writeHead(instead.status).end(instead.body);
        const answer = await fetch(new URL(request.url ?? "/", awsUrl), {
          method: request.method ?? "POST",
          headers: forwarded(request.headers),
          body,
        });
        const text = Buffer.from(await answer.arrayBuffer());
        if (answer.ok) answered.set(operation, (answered.get(operation) ?? 0) + 1);
        const call = { isOk: answer.ok, request: body.toString(), answer: text.toString() };
        const lost = await watch.after?.(operation, call);
        if (lost === "drop") return void response.destroy();
        if (lost === "hang") return;
        const headers = { "content-type": answer.headers.get("content-type") ?? "", "content-length": text.length };
        response.writeHead(answer.status, headers);
        if (lost === "break-off") response.write(text.subarray(0, text.length / 2), () => response.destroy());
        else response.end(text);
      } catch {
        response.destroy();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answered,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** In a header of AWS's JSON protocols, in the body of its query protocol, at the end of the path of Slack's methods. */
function operationOf(target: string, url: string, body: Buffer): string {
  if (target !== "") return target.split(".").at(-1) ?? "";
  return new URLSearchParams(body.toString()).get("Action") ?? url.replace(/\?.*$/, "").split("/").at(-1) ?? "";
}

function forwarded(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const dropped = new Set(["host", "connection", "content-length", "transfer-encoding", "expect"]);
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      dropped.has(name) || value === undefined ? [] : [[name, String(value)]],
    ),
  );
}
