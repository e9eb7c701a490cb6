import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { isAsset } from "../../../src/domain/traits.ts";
import { createLogReader } from "../../../src/logs/reader.ts";
import { createFileSource } from "../../../src/logs/sources/files.ts";
import { readBackground } from "../../../src/sandbox/incidents/background.ts";
import { createIncident, type Incident } from "../../../src/sandbox/incidents/create-incident.ts";
import { primaryKind, type TrueCause, type TrueKind } from "../../../src/sandbox/incidents/truth.ts";
import { LINE_FORMAT_NAMES, type LineFormatName } from "../../../src/sandbox/site/line-format.ts";

const SMALL = { ordinaryLines: 6_000 };

function incidentOf(kind: TrueKind, seed: number, format: LineFormatName): { incident: Incident; cause: TrueCause } {
  const incident = createIncident({ seed, kinds: [kind], format, ...SMALL });
  return { incident, cause: incident.truth.causes[0] as TrueCause };
}

/** What these tests look at in a line as nginx writes it. */
interface Line {
  readonly atMs: number;
  readonly address: string;
  readonly path: string;
  readonly status: number;
  readonly userAgent: string;
}

function linesOf({ lines }: Incident): readonly Line[] {
  return lines.map((line) => {
    const [, address = "", time = "", path = "", status, userAgent = ""] =
      /^(\S+) - - \[([^\]]+)\] "\S+ (\S+) [^"]*" (\d+) \d+ "[^"]*" "([^"]*)"/.exec(line) ?? [];
    const atMs = Date.parse(time.replaceAll("/", " ").replace(":", " "));
    return { atMs, address, path, status: Number(status), userAgent };
  });
}

const networkOf = (address: string) => address.split(/[.:]/).slice(0, 3).join(".");

describe("createIncident", () => {
  it("gives the same bytes for the same seed, and others for another", () => {
    const [first, second, other] = [4, 4, 5].map((seed) => createIncident({ seed, ...SMALL }));

    expect(second).toEqual(first);
    expect(other?.lines).not.toEqual(first?.lines);
  });

  it("names nobody and nothing on a quiet day", () => {
    const { truth, lines } = createIncident({ seed: 8, kinds: [], ...SMALL });

    expect(truth).toEqual({ causes: [], seen: [] });
    expect(primaryKind(truth)).toBe("no-anomaly");
    expect(lines.length).toBeGreaterThan(4_000);
  });

  it("counts as added what the guilty addresses sent", () => {
    for (const kind of ["heavy-client", "scanner"] as const) {
      const { incident, cause } = incidentOf(kind, 21, "nginx-combined");

      const guilty = new Set(cause.guiltyAddresses);
      const sent = linesOf(incident).filter(({ address }) => guilty.has(address));

      expect(cause.guiltyAddresses.length).toBeGreaterThan(0);
      expect(sent).toHaveLength(cause.added.requests);
      expect(Math.min(...sent.map(({ atMs }) => atMs))).toBeGreaterThanOrEqual(cause.onsetMs - 1_000);
    }
  });

  it("lets a scanner find next to nothing", () => {
    const { incident, cause } = incidentOf("scanner", 22, "nginx-combined");

    const sent = linesOf(incident).filter(({ address }) => cause.guiltyAddresses.includes(address));

    const missed = sent.filter(({ status }) => status === 404 || status === 403);
    expect(missed.length).toBeGreaterThan(0.9 * sent.length);
  });

  it("sends a flood from networks that were not seen before, which load nothing that belongs to a page", () => {
    const { incident, cause } = incidentOf("distributed-flood", 23, "nginx-combined");

    const guilty = new Set(cause.guiltyAddresses);
    const lines = linesOf(incident);
    const known = new Set(
      lines.filter(({ atMs }) => atMs < cause.onsetMs - 1_000).map(({ address }) => networkOf(address)),
    );
    const isNew = cause.guiltyAddresses.filter((address) => !known.has(networkOf(address)));

    expect(guilty.size).toBeGreaterThan(250);
    expect(isNew.length).toBeGreaterThan(0.95 * guilty.size);
    expect(lines.filter(({ address, path }) => guilty.has(address) && isAsset(path.replace(/\?.*/, "")))).toEqual([]);
  });

  it("brings a crowd that loads what pages need, and blames nobody for it", () => {
    const { incident, cause } = incidentOf("flash-crowd", 24, "nginx-combined");

    const people = new Set(incident.truth.seen.filter((client) => client.cause === 0).map(({ address }) => address));
    const lines = linesOf(incident).filter(({ address }) => people.has(address));

    expect(cause.guiltyAddresses).toEqual([]);
    expect(people.size).toBeGreaterThan(100);
    expect(lines.filter(({ path }) => isAsset(path)).length).toBeGreaterThan(0.4 * lines.length);
  });

  it("lets clients repeat themselves within two seconds after a release", () => {
    const { incident, cause } = incidentOf("client-regression", 26, "nginx-combined");

    const during = linesOf(incident).filter(({ atMs }) => atMs > cause.onsetMs + 300_000);
    const lastMs = new Map<string, number>();
    let repeats = 0;
    for (const { atMs, address, path } of during) {
      const key = `${address} ${path}`;
      if (atMs - (lastMs.get(key) ?? 0) <= 3_000) repeats++;
      lastMs.set(key, atMs);
    }

    expect(cause.added.requests).toBeGreaterThan(50);
    expect(repeats).toBeGreaterThan(0.2 * during.length);
  });

  it("lets clients ask again for what failed", () => {
    const { incident, cause } = incidentOf("retry-storm", 26, "nginx-combined");

    const during = linesOf(incident).filter(
      ({ atMs }) => atMs > cause.onsetMs && atMs < (cause.endMs ?? Number.POSITIVE_INFINITY),
    );

    const failed = during.filter(({ status }) => status >= 500);
    expect(cause.added.requests).toBeGreaterThan(200);
    expect(failed.length).toBeGreaterThan(0.8 * cause.added.requests);
  });

  it("lets a slow backend take longer for as many requests as ever", () => {
    const { cause } = incidentOf("slow-backend", 27, "alb");

    expect(cause.added.requests).toBe(0);
    expect(cause.added.backendSecs).toBeGreaterThan(20);
  });

  it("lets what passes the cache cost far more than its number tells", () => {
    const { incident, cause } = incidentOf("cache-bypass", 28, "nginx-timing");

    const seen = incident.truth.seen.reduce((sum, { requests }) => sum + requests, 0);
    expect(cause.added.requests).toBeLessThan(0.15 * seen);
    expect(cause.added.backendSecs).toBeGreaterThan(20);
  });

  it("puts the cause that adds most first where there are several", () => {
    const { truth } = createIncident({ seed: 29, kinds: ["flash-crowd", "distributed-flood"], ...SMALL });

    const [first, second] = truth.causes;
    expect(truth.causes).toHaveLength(2);
    expect(first?.added.requests).toBeGreaterThanOrEqual(second?.added.requests ?? 0);
  });

  it("refuses a log that would show nothing of what is asked for", () => {
    expect(() => createIncident({ seed: 1, kinds: ["slow-backend"], format: "nginx-combined" })).toThrow(
      "A log as nginx-combined shows nothing of slow-backend",
    );
  });
});

describe("an incident's log", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "spillway-incident-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(LINE_FORMAT_NAMES)("is read to the last line as %s", async (format) => {
    const { lines, format: written } = createIncident({
      seed: 31,
      kinds: ["heavy-client"],
      format,
      ordinaryLines: 2_000,
    });
    const path = join(folder, `${format}.log`);
    writeFileSync(path, `${written.header}${lines.join("\n")}\n`);

    const reader = createLogReader({ source: createFileSource([path]), format: written.setting, spillDir: folder });
    const slice = await reader.read({ window: null });

    const headers = written.header === "" ? 0 : 2;
    expect(slice.intake).toMatchObject({ parsed: lines.length + headers, recovered: 0, unparsed: 0 });
    await slice.close();
  });

  it("can be laid over the requests of a real one", () => {
    const path = join(folder, "real.log");
    const line = (index: number) =>
      `198.51.100.${index % 200} - - [21/Nov/2026:13:${String(Math.floor(index / 100)).padStart(2, "0")}:00 +0100] ` +
      `"GET /${index % 3 === 0 ? "style.css" : `page/${index % 40}`} HTTP/1.1" 200 1000 "-" "Mozilla/5.0 (X11)"`;
    writeFileSync(path, Array.from({ length: 5_000 }, (_, index) => line(index)).join("\n"));

    const background = readBackground(path);
    const incident = createIncident({
      seed: 32,
      kinds: ["scanner"],
      format: "nginx-combined",
      ordinaryLines: 4_000,
      background,
    });

    const guilty = new Set(incident.truth.causes[0]?.guiltyAddresses);
    const others = linesOf(incident).filter(({ address }) => !guilty.has(address));
    expect(background).toHaveLength(5_000);
    expect(others.length).toBeGreaterThan(2_500);
    expect(others.length).toBeLessThanOrEqual(5_000);
    expect(others.every(({ address }) => address.startsWith("198.51.100."))).toBe(true);
  });
});
