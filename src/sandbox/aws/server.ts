import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { Log } from "../../log.ts";
import type { AwsAccount } from "./account.ts";
import { AwsFault } from "./fault.ts";
import type { Operations } from "./operations.ts";
import { errorXml, readForm, resultXml } from "./query-protocol.ts";

/** AWS's side of the wire, on this machine alone. */
export interface AwsServer {
  /** For `AWS_ENDPOINT_URL`. */
  readonly url: string;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Answers the requests of the AWS SDK for an account; signatures are not checked. */
export async function startAwsServer(options: { readonly account: AwsAccount; readonly log: Log }): Promise<AwsServer> {
  const { account, log } = options;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const answer = answerTo({ target: request.headers["x-amz-target"], body, account, log });
    response.writeHead(answer.status, { ...answer.headers, "x-amzn-requestid": randomUUID() }).end(answer.body);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((cause: unknown) => {
      log.error({ err: cause }, "sandbox aws request failed");
      response.destroy();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

interface Call {
  readonly target: string | readonly string[] | undefined;
  readonly body: string;
  readonly account: AwsAccount;
  readonly log: Log;
}

/** JSON services name the operation in a header, Query services in the form. */
function answerTo({ target, body, account, log }: Call): Answer {
  const [service, name] = String(target ?? "").split(".");
  switch (service) {
    case "AWSWAF_20190729":
      return answerJson(account.wafv2, name ?? "", body, "application/x-amz-json-1.1", log);
    case "GraniteServiceVersion20100801":
      return answerJson(account.cloudWatch, name ?? "", body, "application/x-amz-json-1.0", log);
    case "":
      return answerQuery(account.autoScaling, body, log);
    default: {
      const fault = new AwsFault("UnknownOperationException", `The sandbox has no ${service}.`, { status: 404 });
      return jsonFault(fault, "application/x-amz-json-1.1");
    }
  }
}

function answerJson(operations: Operations, name: string, body: string, type: string, log: Log): Answer {
  try {
    const run = operations.get(name);
    if (run === undefined) throw new AwsFault("UnknownOperationException", `The sandbox does not know ${name}.`);
    return { status: 200, headers: { "content-type": type }, body: JSON.stringify(run(parseJson(body))) };
  } catch (cause) {
    return jsonFault(asFault(cause, log), type);
  }
}

function answerQuery(operations: Operations, body: string, log: Log): Answer {
  const input = readForm(body);
  const action = String(input["Action"] ?? "");
  const headers = { "content-type": "text/xml" };
  const requestId = randomUUID();
  try {
    const run = operations.get(action);
    if (run === undefined) throw new AwsFault("InvalidAction", `The sandbox does not know the action "${action}".`);
    return { status: 200, headers, body: resultXml(action, run(input), requestId) };
  } catch (cause) {
    const { status, code, message } = asFault(cause, log);
    return { status, headers, body: errorXml({ code, message, isSender: status < 500 }, requestId) };
  }
}

function jsonFault(fault: AwsFault, type: string): Answer {
  const sender = fault.status < 500 ? "Sender" : "Receiver";
  return {
    status: fault.status,
    // Clients of services that spoke the Query protocol before look for the code here.
    headers: { "content-type": type, "x-amzn-query-error": `${fault.code};${sender}` },
    body: JSON.stringify({ __type: fault.code, message: fault.message, ...fault.details }),
  };
}

function parseJson(body: string): unknown {
  try {
    return body === "" ? {} : JSON.parse(body);
  } catch (cause) {
    throw new AwsFault("SerializationException", `The body is no JSON: ${String(cause)}`);
  }
}

function asFault(cause: unknown, log: Log): AwsFault {
  if (cause instanceof AwsFault) return cause;
  log.error({ err: cause }, "sandbox aws operation failed");
  return new AwsFault("InternalFailure", "The sandbox made a mistake; see its log.", { status: 500 });
}
