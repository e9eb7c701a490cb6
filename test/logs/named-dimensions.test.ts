/** Dimensions that are there only where they are named when a log is read. */
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Dimension } from "../../src/domain/traffic.ts";
import type { LogSlice } from "../../src/ports/log-slice.ts";
import { combinedLine } from "../support/log-lines.ts";
import { createLogFolder, type LogFolder } from "../support/read-logs.ts";
import { writeMmdb } from "../support/write-mmdb.ts";

let folder: LogFolder;
beforeEach(() => {
  folder = createLogFolder();
  const requests = [1, 2, 3].map((number) => `GET /list?page=${number}&cb=169615440012${number} HTTP/1.1`);
  folder.write("a.log", requests.map((request) => `${combinedLine({ client: "198.51.100.7", request })}\n`).join(""));
});
afterEach(() => folder.remove());

async function valuesIn(slice: LogSlice, dimension: Dimension): Promise<readonly string[]> {
  const { by } = await slice.breakdown({
    baseline: { startMs: 0, endMs: 0 },
    spike: { startMs: 0, endMs: 4e12 },
    dimensions: [dimension],
    topN: 10,
  });
  return by[dimension]?.rows.map(({ value }) => value) ?? [];
}

describe("the shape of a query", () => {
  it("is known where it is named, without the names alone", async () => {
    const slice = await folder.read({ dimensions: ["queryShape"] });

    expect(await valuesIn(slice, "queryShape")).toEqual(["page&cb={random}"]);
    expect(await valuesIn(slice, "queryKeys")).toEqual([]);
  });

  it("is unknown where it is not", async () => {
    expect(await valuesIn(await folder.read({ dimensions: ["query"] }), "queryShape")).toEqual([]);
  });
});

describe("the owner of a network", () => {
  it("is known where it is named and a database says so", async () => {
    const networkOwners = join(folder.path, "..", "asn.mmdb");
    writeMmdb(networkOwners, "GeoLite2-ASN", {
      "198.51.100.0/24": { autonomous_system_number: 64_496, autonomous_system_organization: "EXAMPLE" },
    });

    expect(await valuesIn(await folder.read({ networkOwners, dimensions: ["owner"] }), "owner")).toEqual([
      "AS64496 EXAMPLE",
    ]);
    expect(await valuesIn(await folder.read({ networkOwners }), "owner")).toEqual([]);
  });

  it("is unknown without one", async () => {
    expect(await valuesIn(await folder.read({ dimensions: ["owner"] }), "owner")).toEqual([]);
  });

  it("stops a read that names it where there is no such file", async () => {
    const reading = folder.read({ networkOwners: join(folder.path, "none.mmdb"), dimensions: ["owner"] });

    await expect(reading).rejects.toMatchObject({ code: "network-owners-unreadable" });
  });
});
