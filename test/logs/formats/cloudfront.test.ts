import { describe, expect, it } from "@jest/globals";
import { cloudfront, cloudfrontJson } from "../../../src/logs/formats/aws/cloudfront.ts";
import { STANDARD_NAMES } from "../../../src/logs/formats/aws/cloudfront-fields.ts";
import { matchTemplate } from "../../support/match-template.ts";

const VALUES: Readonly<Record<string, string>> = {
  date: "2026-10-01",
  time: "12:00:01",
  "x-edge-location": "FRA56-P2",
  "sc-bytes": "2048",
  "c-ip": "198.51.100.14",
  "cs-method": "GET",
  "cs(Host)": "d111111abcdef8.cloudfront.net",
  "cs-uri-stem": "/products/7",
  "sc-status": "200",
  "cs(Referer)": "https://news.example/a%2520b",
  "cs(User-Agent)": "Mozilla/5.0%20(X11;%20Linux)",
  "cs-uri-query": "q=a%2520b",
  "x-edge-result-type": "Miss",
  "x-host-header": "Shop.example",
  "cs-protocol": "https",
  "time-taken": "0.250",
  "x-forwarded-for": "203.0.113.9",
  "ssl-protocol": "TLSv1.3",
  "time-to-first-byte": "0.200",
};

const HEADER = `#Fields: ${STANDARD_NAMES.join(" ")}`;

function row(values: Readonly<Record<string, string>> = {}, names: readonly string[] = STANDARD_NAMES): string {
  return names.map((name) => values[name] ?? VALUES[name] ?? "-").join("\t");
}

function read(line: string, head: readonly string[] = [HEADER, line]) {
  return cloudfront.open(head).read(line);
}

describe("CloudFront's tables", () => {
  it("reads every field of an ordinary row", () => {
    expect(read(row())).toEqual({
      arrivalMs: Date.UTC(2026, 9, 1, 12, 0, 0, 750),
      completedMs: Date.UTC(2026, 9, 1, 12, 0, 1),
      client: "198.51.100.14",
      forwardedFor: "203.0.113.9",
      method: "GET",
      scheme: "https",
      host: "shop.example",
      path: "/products/7",
      query: "q=a%20b",
      status: 200,
      bytes: 2048,
      totalSecs: 0.25,
      backendSecs: null,
      connectSecs: null,
      firstByteSecs: 0.2,
      bodySecs: null,
      clientSecs: null,
      userAgent: "Mozilla/5.0 (X11; Linux)",
      referer: "https://news.example/a%20b",
      cache: "Miss",
      tls: "TLSv1.3",
      node: "FRA56-P2",
      target: null,
    });
  });

  it.each([
    ["sc-status", "000", { status: null }],
    ["sc-status", "-", { status: null }],
    ["cs-uri-query", "-", { query: null }],
    ["cs-uri-stem", "/caf%25C3%25A9", { path: "/caf%C3%A9" }],
    ["cs-uri-stem", "/100%", { path: "/100%" }],
    ["cs-uri-stem", "/%zz%20", { path: "/%zz " }],
    ["cs-uri-stem", "/%FF%20x", { path: "/%FF x" }],
    ["cs(User-Agent)", "a%2520b", { userAgent: "a b" }],
    ["cs(User-Agent)", "%22quoted%22", { userAgent: '"quoted"' }],
    ["cs(User-Agent)", "caf%C3%A9", { userAgent: "café" }],
    ["c-ip", "2001:db8::7", { client: "2001:db8::7" }],
    ["x-forwarded-for", "203.0.113.9,%20192.0.2.1", { forwardedFor: "203.0.113.9, 192.0.2.1" }],
    ["time-taken", "-", { totalSecs: null, arrivalMs: Date.UTC(2026, 9, 1, 12, 0, 1) }],
  ])("reads %s %s", (name, value, expected) => {
    expect(read(row({ [name]: value }))).toMatchObject(expected);
  });

  it("takes the version and the fields for headers, and reads rows of lines that end as Windows's do", () => {
    const reader = cloudfront.open(["#Version: 1.0\r", `${HEADER}\r`, `${row()}\r`]);

    expect(reader.read("#Version: 1.0\r")).toBe("header");
    expect(reader.read(`${HEADER}\r`)).toBe("header");
    expect(reader.read(`${row()}\r`)).toEqual(read(row()));
  });

  it.each([19, 23, 24, 26, 33])("reads rows of %d columns without a header", (width) => {
    const line = row().split("\t").slice(0, width).join("\t");

    expect(cloudfront.recognises(line)).toBe(true);
    expect(read(line, [line])).toMatchObject({ client: "198.51.100.14", status: 200, totalSecs: 0.25 });
    expect(read(line, [line])).toMatchObject({ tls: width > 19 ? "TLSv1.3" : null });
  });

  it("reads rows that are cut, and rows that are longer than the header says", () => {
    const cut = row().split("\t").slice(0, 31).join("\t");

    expect(read(cut)).toEqual(read(row()));
    expect(read(`${row()}\tnew`)).toEqual(read(row()));
    expect(read(row().split("\t").slice(0, 5).join("\t"))).toMatchObject({ client: "198.51.100.14", status: null });
    expect(read(row().split("\t").slice(0, 2).join("\t"))).toBeNull();
  });

  it("reads whichever fields their owner selected, in any order and by any delimiter", () => {
    const names = ["sc-status", "c-ip", "timestamp(ms)", "origin-lbl", "asn", "cs(Host)"];
    const line = "404|192.0.2.1|1790856001250|0.125|64500|d1.cloudfront.net";

    expect(cloudfront.recognises(`#Fields: x-edge-location ${names.join(" ")}`)).toBe(true);
    expect(read(line, [`#Fields: ${names.join(" ")}`, line])).toMatchObject({
      completedMs: 1_790_856_001_250,
      status: 404,
      client: "192.0.2.1",
      backendSecs: 0.125,
      host: "d1.cloudfront.net",
    });
  });

  it("prefers the time with milliseconds to the one without", () => {
    const names = ["date", "time", "timestamp(ms)", "c-ip"];
    const line = row({ "timestamp(ms)": "1790856001250" }, names);

    expect(read(line, [`#Fields: ${names.join("\t")}`, line])).toMatchObject({ completedMs: 1_790_856_001_250 });
  });

  it("reads on where a file names its fields anew, with another template from there on", () => {
    const other = "#Fields: c-ip date time";
    const reader = cloudfront.open([HEADER, row(), other]);
    const { template } = reader;

    expect(reader.read(HEADER)).toBe("header");
    expect(reader.template).toBe(template);
    expect(reader.read(row())).toMatchObject({ status: 200 });
    expect(reader.read(other)).toBe("header");
    expect(reader.template?.parts.filter(({ kind }) => kind === "field")).toHaveLength(3);
    expect(reader.read("192.0.2.7\t2026-10-01\t12:00:00")).toMatchObject({ client: "192.0.2.7", status: null });
  });

  it("reads real-time logs in their documented order", () => {
    const line = [
      ...["1790856001.250", "192.0.2.1", "0.002", "200", "512", "GET", "https", "d1.cloudfront.net", "/a", "70"],
      ...["FRA56-P2", "id==", "shop.example", "0.500", "HTTP/2.0", "IPv4", "curl/8.5.0", "-", "-", "x=1", "Hit"],
      ...["-", "TLSv1.3", "TLS_AES_128_GCM_SHA256", "RefreshHit", "-", "-"],
    ].join("\t");

    expect(cloudfront.recognises(line)).toBe(true);
    expect(read(line, [line])).toMatchObject({
      arrivalMs: 1_790_856_000_750,
      client: "192.0.2.1",
      host: "shop.example",
      query: "x=1",
      cache: "RefreshHit",
    });
  });

  it("has a template whose fields are those of the row", () => {
    const template = cloudfront.open([HEADER, row()]).template;
    const fields = template === null ? null : matchTemplate(template, row());

    expect(fields).toContainEqual(["host", "Shop.example"]);
    expect(fields).toContainEqual(['{"secs":"firstByte","unitSecs":1}', "0.200"]);
    expect(fields?.filter(([is]) => is === "host")).toHaveLength(1);
    expect(template).toMatchObject({ escaping: "percent", legs: "logged" });
  });

  it("has a template for rows without a header, whichever version they are", () => {
    const lines = [19, 33].map((width) => row().split("\t").slice(0, width).join("\t"));
    const { template } = cloudfront.open(lines);

    for (const line of lines) expect(template && matchTemplate(template, line)).toContainEqual(["status", "200"]);
  });

  it.each([
    "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status",
    "#Version: 1.0",
    "2026-10-01 12:00:01 192.0.2.1 GET /a - 443 - 198.51.100.14 curl 200 0 0 15",
    '198.51.100.14 - - [01/Oct/2026:12:00:00 +0000] "GET / HTTP/1.1" 200 2048 "-" "curl/8.5.0"',
  ])("does not take another table for CloudFront's: %s", (line) => {
    expect(cloudfront.recognises(line)).toBe(false);
  });
});

describe("CloudFront's objects", () => {
  it("gives the same for JSON, for Parquet and for the table", () => {
    const object = Object.fromEntries(STANDARD_NAMES.map((name) => [name, VALUES[name] ?? "-"]));
    const columns = Object.fromEntries(
      Object.entries(object).map(([name, value]) => [name.replace(/\W+/g, "_"), value]),
    );

    const line = JSON.stringify(object);

    expect(cloudfrontJson.recognises(line)).toBe(true);
    expect(cloudfrontJson.recognisesFields(Object.keys(columns))).toBe(true);
    expect(cloudfrontJson.open([line]).read(line)).toEqual(read(row()));
    expect(cloudfrontJson.readObject(columns)).toEqual(read(row()));
  });
});
