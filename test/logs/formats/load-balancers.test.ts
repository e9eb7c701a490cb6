import { describe, expect, it } from "@jest/globals";
import { albConnection } from "../../../src/logs/formats/aws/alb-connection.ts";
import { albHealthCheck } from "../../../src/logs/formats/aws/alb-health-check.ts";
import { clb } from "../../../src/logs/formats/aws/clb.ts";
import { nlb } from "../../../src/logs/formats/aws/nlb.ts";
import { readLine } from "../../support/read-line.ts";

const CLB = "2026-10-01T12:00:00.500000Z my-lb 198.51.100.14:4711 10.0.0.7:80 0.000073 0.001048 0.000057 200 200 0 29";
const NLB =
  "tls 2.0 2026-10-01T12:00:35 net/my-nlb/c6e77e28c25b2234 g3d4b5e8bb8464cd 2001:db8:0:1:c9b2:7b5a:e7d0:2380:55932 " +
  "10.0.0.7:443 35040 48 2150 1726 - arn:aws:acm:eu-west-1:1:certificate/2a10 - TLS_AES_128_GCM_SHA256 tlsv13 x25519 " +
  "shop.example";

describe("CLB lines", () => {
  const read = (line: string) => readLine(clb, line);

  it("tell when the request was received, and from that when it was answered", () => {
    const line = `${CLB} "GET http://shop.example:80/a?b HTTP/1.1" "curl/8.5.0" - -`;

    expect(clb.recognises(line)).toBe(true);
    expect(read(line)).toMatchObject({
      arrivalMs: Date.UTC(2026, 9, 1, 12, 0, 0, 500),
      completedMs: Date.UTC(2026, 9, 1, 12, 0, 0, 501),
      client: "198.51.100.14",
      host: "shop.example",
      path: "/a",
      query: "b",
      totalSecs: 0.001178,
      tls: null,
    });
  });

  it("may end with the request, as they did before 2014", () => {
    const line = `${CLB} "GET http://shop.example:80/ HTTP/1.1"`;

    expect(clb.recognises(line)).toBe(true);
    expect(read(line)).toMatchObject({ status: 200, path: "/", userAgent: null });
  });

  it("know of TCP connections neither request nor status", () => {
    const line = `${CLB.replace("200 200 0 29", "- - -1 -1")} "- - - " "-" ECDHE-ECDSA-AES128-GCM-SHA256 TLSv1.2`;

    expect(read(line)).toMatchObject({
      client: "198.51.100.14",
      status: null,
      bytes: null,
      method: null,
      tls: "TLSv1.2",
    });
  });

  it("have user agents with quotes of their own", () => {
    const line = `${CLB} "GET http://shop.example:80/ HTTP/1.0" "\\"nlp research\\"" - -`;

    expect(read(line)?.userAgent).toBe('"nlp research"');
  });
});

describe("NLB lines", () => {
  it.each([
    ["with the time of creation", `${NLB} h2 h2 - 2026-10-01T12:00:00`, Date.UTC(2026, 9, 1, 12)],
    ["without it", `${NLB} - - -`, Date.UTC(2026, 9, 1, 11, 59, 59, 960)],
    ["with a list in quotes", `${NLB} h2 h2 "h2","http/1.1" 2026-10-01T12:00:00`, Date.UTC(2026, 9, 1, 12)],
    ["with more than is known", `${NLB} h2 h2 - 2026-10-01T12:00:00 new`, Date.UTC(2026, 9, 1, 12)],
  ])("are read %s", (_what, line, arrivalMs) => {
    expect(readLine(nlb, line)).toMatchObject({
      arrivalMs,
      completedMs: Date.UTC(2026, 9, 1, 12, 0, 35),
      client: "2001:db8:0:1:c9b2:7b5a:e7d0:2380",
      target: "10.0.0.7:443",
      totalSecs: 35.04,
      bytes: 1726,
      host: "shop.example",
      tls: "tlsv13",
      method: null,
      status: null,
    });
  });

  it.each(["-", '"h2"', '"h2","http/1.1"', '"h3","h2","http/1.1"'])("are told with the protocols %s", (protocols) => {
    expect(nlb.recognises(`${NLB} h2 h2 ${protocols} 2026-10-01T12:00:00`)).toBe(true);
  });

  it("tell of connections, as those of the ALB's connection log do", () => {
    expect([nlb.holds, albConnection.holds, albHealthCheck.holds]).toEqual([
      "connections",
      "connections",
      "health-checks",
    ]);
  });
});

describe("the other logs of an ALB", () => {
  it.each([
    ["443 TLSv1.3 TLS_AES_128_GCM_SHA256 0.337", "Success TID_1", "TLSv1.3", 0.337],
    ["80 - - -", "- TID_2 - app/web/50dc6c495c0c9188 192.0.2.57", null, null],
    [
      "443 TLSv1.3 TLS_AES_128_GCM_SHA256 0.337",
      "Failed:ClientCertUntrusted TID_3 secp256r1 app/web/1 192.0.2.57",
      "TLSv1.3",
      0.337,
    ],
  ])("tell of a connection to %s that %s", (listener, outcome, tls, connectSecs) => {
    const line = `2026-10-01T12:00:00.500000Z 2001:db8::7 64326 ${listener} "CN=a, O=b" NotBefore=x;NotAfter=y 0a1b ${outcome}`;

    expect(albConnection.recognises(line)).toBe(true);
    expect(readLine(albConnection, line)).toMatchObject({ client: "2001:db8::7", tls, connectSecs });
  });

  it.each([
    ["PASS 200 -", 200],
    ["FAIL - ConnectionTimeout", null],
  ])("tell of a health check: %s", (outcome, status) => {
    const line = `http 2026-10-01T12:00:00.500000Z 0.002 10.0.0.7:80 targetgroup/web/1 ${outcome} app/web/1 192.0.2.57`;

    expect(albHealthCheck.recognises(line)).toBe(true);
    expect(readLine(albHealthCheck, line)).toMatchObject({ target: "10.0.0.7:80", status, client: "192.0.2.57" });
  });
});
