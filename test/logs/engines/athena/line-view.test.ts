import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { pathTemplate } from "../../../../src/domain/path-template.ts";
import { queryShape } from "../../../../src/domain/query-shape.ts";
import { networkOfClient, subnetOfClient, wideNetworkOfClient } from "../../../../src/logs/derived-values.ts";
import type { AthenaFormat } from "../../../../src/logs/engines/athena/line-formats.ts";
import { columnsOf, lineView } from "../../../../src/logs/engines/athena/line-view.ts";
import { LogDatabase, sqlText } from "../../../../src/logs/engines/duckdb/database.ts";
import { onDuckDb, pretendTrino } from "../../../support/trino-on-duckdb.ts";

const folder = mkdtempSync(join(tmpdir(), "spillway-test-"));
let database: LogDatabase;
beforeAll(async () => {
  database = await LogDatabase.open(folder);
  await pretendTrino(database);
  await database.run('CREATE TABLE lines ("$path" VARCHAR, day VARCHAR, line VARCHAR)');
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What the view makes of lines; without what is not known. */
async function read(format: AthenaFormat, lines: readonly string[]): Promise<Record<string, unknown>[]> {
  await database.run("DELETE FROM lines");
  const rows = lines.map((line, index) => `('s3://b/${index}', '2026/10/01', ${sqlText(line)})`);
  await database.run(`INSERT INTO lines VALUES ${rows.join(", ")}`);
  const view = lineView({ table: "lines", format, isByDay: true });
  const names = ["arrival_ms", ...[...columnsOf(format)].filter((name) => name !== "arrival_ms")];
  const selected = names.map((name) => (/_ms|bytes/.test(name) ? `CAST(${name} AS DOUBLE)` : name));
  const columns = await database.columns(onDuckDb(`SELECT ${selected.join(", ")} FROM ${view} ORDER BY file`));
  return (columns[0] ?? []).map((_, row) =>
    Object.fromEntries(
      names.flatMap((name, index) => {
        const value = columns[index]?.[row] ?? null;
        return value === null ? [] : [[name, value]];
      }),
    ),
  );
}

const ALB =
  'h2 2026-10-01T12:00:01.500000Z app/my-alb/50dc6c495c0c9188 2001:db8::7:50718 10.0.0.7:8080 0.001 0.250 0.000 502 502 34 366 "GET https://Shop.example:443/orders/8812/items/3f2504e0-4f89-11d3-9a0c-0305e82c3301?q=1&page=2 HTTP/2.0" "Mozilla/5.0 \\"x\\" (X11)" ECDHE TLSv1.3 arn:aws:x "Root=1-58337262" "shop.example" "-" 0 2026-10-01T12:00:01.249000Z "forward" "-" "-" "10.0.0.7:8080" "502" "-" "-" TID_1';

describe("lines of a load balancer", () => {
  it("gives every part, the arrival for the time, and the parts that are derived", async () => {
    expect(await read("alb", [ALB])).toEqual([
      {
        arrival_ms: Date.parse("2026-10-01T12:00:01.249Z"),
        client: "2001:db8::7",
        net: "2001:db8::/48",
        subnet: "2001:db8::/64",
        wide_net: "2001:db8::/32",
        method: "GET",
        scheme: "https",
        host: "shop.example",
        path: "/orders/8812/items/3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        path_template: "/orders/{id}/items/{id}",
        query: "q=1&page=2",
        query_keys: "q&page",
        resource: "page",
        query_shape: "q&page",
        status: 502,
        bytes: 366,
        total_secs: 0.251,
        backend_secs: 0.25,
        user_agent: 'Mozilla/5.0 \\"x\\" (X11)',
        tls: "TLSv1.3",
        node: "app/my-alb/50dc6c495c0c9188",
        target: "10.0.0.7:8080",
      },
    ]);
  });

  it("reads what it can of odd lines, and gives no time for what is none", async () => {
    const notSent =
      'http 2026-10-01T12:00:00.000000Z app/a/1 198.51.100.7:1 - -1 -1 -1 400 - 0 272 "- - - " "-" - - - "-" "-" "-" - 2026-10-01T12:00:00.000000Z "-" "-" "-" "-" "-" "-" "-"';
    const blanks = ALB.replace("/orders/8812", "/shell?cd /tmp;rm -rf");

    const [first, second, third] = await read("alb", [notSent, blanks, "Enable AccessLog for ELB"]);

    expect(first).toMatchObject({ client: "198.51.100.7", net: "198.51.100.0/24", status: 400, bytes: 272 });
    expect(Object.keys(first ?? {})).not.toEqual(expect.arrayContaining(["total_secs"]));
    expect(first).not.toHaveProperty("total_secs");
    expect(first).not.toHaveProperty("target");
    expect(second).toMatchObject({ path: "/shell", status: 502 });
    expect(third).not.toHaveProperty("arrival_ms");
  });

  it("reads classic ones and those of networks", async () => {
    const classic =
      '2026-10-01T12:00:00.043000Z my-lb 198.51.100.7:2817 10.0.0.1:80 0.000073 0.001048 0.000057 200 200 0 29 "GET http://www.example.com:80/ HTTP/1.1" "curl/7.38.0" - -';
    const network =
      "tls 2.0 2026-10-01T12:00:05 net/my-nlb/c6e7 g3d4 2401:db8::1:55932 10.0.0.1:443 5000 2 98 246 - arn:aws:acm - ECDHE-RSA tlsv12 - my.example.com h2 h2 - 2026-10-01T12:00:00";

    expect((await read("clb", [classic]))[0]).toMatchObject({
      arrival_ms: Date.parse("2026-10-01T12:00:00.043Z"),
      client: "198.51.100.7",
      path: "/",
      host: "www.example.com",
      status: 200,
      bytes: 29,
      user_agent: "curl/7.38.0",
      target: "10.0.0.1:80",
    });
    expect((await read("nlb", [network]))[0]).toEqual({
      arrival_ms: Date.parse("2026-10-01T12:00:00Z"),
      client: "2401:db8::1",
      net: "2401:db8::/48",
      subnet: "2401:db8::/64",
      wide_net: "2401:db8::/32",
      host: "my.example.com",
      bytes: 246,
      total_secs: 5,
      tls: "tlsv12",
      node: "net/my-nlb/c6e7",
      target: "10.0.0.1:443",
    });
  });
});

describe("what is derived in SQL", () => {
  it("is the path template that the domain makes, but for tokens and for numbers within names", async () => {
    const paths = [
      "/orders/8812/",
      "/orders/8812/items/3/4/5",
      "/u/3f2504e0-4f89-11d3-9a0c-0305e82c3301/edit",
      "/static/9f86d081884c7d65.css",
      "/c/abcdef12",
      "/api/v2/search",
      "/js/jquery-1.9.1.min.js",
      "/facade/deadbeef",
      "/2026/01/index.html",
      "//double/12",
    ];

    const rows = await read(
      "alb",
      paths.map((path) => ALB.replace(/https:\S+/, `https://a.example:443${path}?x=1`)),
    );

    expect(rows.map((row) => row["path_template"])).toEqual(paths.map(pathTemplate));
  });

  it("is the shape of a query that the domain makes, but for tokens", async () => {
    const queries = [
      "page=2&cb=1696154400123&page=3&n=-0.8374650912",
      "&&a=1&",
      "flag&empty=&x=1",
      "1696154400123",
      "1696154400123=1&2696154400123=1696154400123",
      "a=12345678&b=12345678&c=x&d=123",
      "id=3f2504e0-4f89-11d3-9a0c-0305e82c3301",
      "etag=9f86d081",
      "&",
    ];

    const rows = await read(
      "alb",
      queries.map((query) => ALB.replace(/https:\S+/, `https://a.example:443/?${query}`)),
    );

    expect(rows.map((row) => row["query_shape"] ?? null)).toEqual(queries.map(queryShape));
  });

  it("is the network that the loader makes", async () => {
    const clients = [
      "198.51.100.7",
      "2001:db8:1::1",
      "2001:db8:0:ffff::2",
      "2001:db8::1",
      "2a02::7",
      "2a02:a33c:4538:1:bcf4:5264:e01c:f215",
      "2a02:0:0:1::",
      "host.example",
    ];

    const rows = await read(
      "alb",
      clients.map((client) => ALB.replace("2001:db8::7:", `${client}:`)),
    );

    expect(rows.map((row) => row["net"] ?? null)).toEqual(clients.map(networkOfClient));
    expect(rows.map((row) => row["wide_net"] ?? null)).toEqual(clients.map(wideNetworkOfClient));
    expect(rows.map((row) => row["subnet"] ?? null)).toEqual(clients.map(subnetOfClient));
  });
});

describe("lines of others", () => {
  it("reads CloudFront's, undoing its encoding once, and leaves out the headers", async () => {
    const line =
      "2026-10-01\t12:00:02\tFRA56-P1\t1045\t198.51.100.7\tGET\td111.cloudfront.net\t/a%2520b\t200\thttps://a.example/x\tMozilla/5.0%20(X11)%20a+b\tq=1\t-\tMiss\tid==\twww.example.com\thttps\t23\t1.500\t-\tTLSv1.3\tTLS_AES\tMiss\tHTTP/2.0\t-\t-\t11040\t0.078\tMiss\ttext/html\t78\t-\t-";

    expect(await read("cloudfront", ["#Version: 1.0", "#Fields: date time", line])).toEqual([
      {
        arrival_ms: Date.parse("2026-10-01T12:00:00.500Z"),
        client: "198.51.100.7",
        net: "198.51.100.0/24",
        wide_net: "198.51.0.0/16",
        method: "GET",
        scheme: "https",
        host: "www.example.com",
        path: "/a%20b",
        path_template: "/a%20b",
        query: "q=1",
        query_keys: "q",
        query_shape: "q",
        status: 200,
        bytes: 1_045,
        total_secs: 1.5,
        first_byte_secs: 0.078,
        user_agent: "Mozilla/5.0 (X11) a+b",
        referer: "https://a.example/x",
        referer_host: "a.example",
        resource: "page",
        cache: "Miss",
        tls: "TLSv1.3",
        node: "FRA56-P1",
      },
    ]);
  });

  it("reads nginx's and Apache's with their offset", async () => {
    const combined =
      '198.51.100.7 - - [01/Oct/2026:15:30:00 +0330] "POST /a/12?b=c HTTP/1.1" 499 0 "https://b.example:8443/y" "curl/8" rt=0.250';
    const common = '203.0.113.9 - - [01/Oct/2026:12:00:00 +0000] "GET / HTTP/1.0" 200 -';

    expect(await read("nginx-combined", [combined, common])).toMatchObject([
      {
        arrival_ms: Date.parse("2026-10-01T12:00:00Z"),
        path_template: "/a/{id}",
        query_keys: "b",
        query_shape: "b",
        status: 499,
        bytes: 0,
        referer_host: "b.example",
        user_agent: "curl/8",
        total_secs: 0.25,
      },
      { arrival_ms: Date.parse("2026-10-01T12:00:00Z"), client: "203.0.113.9", path: "/", status: 200 },
    ]);
  });

  it("reads S3's with quotes in the user agent, and a web ACL's", async () => {
    const s3 =
      '79a5 my-bucket [01/Oct/2026:12:00:00 +0000] 198.51.100.7 - 3E57 REST.GET.OBJECT photos/1.jpg "GET /photos/1.jpg?x=1 HTTP/1.1" 200 - 2048 4096 70 10 "-" "say "hi"" - hostid= SigV4 ECDHE AuthHeader my-bucket.s3.amazonaws.com TLSv1.2 - -';
    const acl =
      '{"timestamp":1790856000123,"formatVersion":1,"webaclId":"arn:acl","action":"BLOCK","responseCodeSent":403,"httpRequest":{"clientIp":"198.51.100.7","country":"NL","headers":[{"name":"Host","value":"www.example.com"},{"name":"user-agent","value":"curl/8"}],"uri":"/login","args":"a=1&b=2","httpMethod":"POST"}}';

    expect(await read("s3-access", [s3])).toMatchObject([
      {
        arrival_ms: Date.parse("2026-10-01T12:00:00Z"),
        client: "198.51.100.7",
        path: "/photos/1.jpg",
        path_template: "/photos/{id}.jpg",
        status: 200,
        bytes: 2_048,
        total_secs: 0.07,
        user_agent: 'say "hi"',
        host: "my-bucket",
      },
    ]);
    const stopped = (action: string) => acl.replace('"BLOCK","responseCodeSent":403', `"${action}"`);
    const actions = await read("waf", ["BLOCK", "CHALLENGE", "CAPTCHA", "ALLOW"].map(stopped));
    expect(actions.map(({ status }) => status)).toEqual([403, 202, 405, undefined]);
    expect(await read("waf", [acl])).toMatchObject([
      {
        arrival_ms: 1_790_856_000_123,
        client: "198.51.100.7",
        method: "POST",
        host: "www.example.com",
        path: "/login",
        query_keys: "a&b",
        query_shape: "a&b",
        status: 403,
        user_agent: "curl/8",
        node: "arn:acl",
      },
    ]);
  });
});
