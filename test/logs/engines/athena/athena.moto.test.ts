import { AthenaClient, GetQueryExecutionCommand, ListQueryExecutionsCommand } from "@aws-sdk/client-athena";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, it } from "@jest/globals";
import { createLog } from "../../../../src/log.ts";
import { createReaderBySize } from "../../../../src/logs/engines/athena/reader.ts";
import { createAthenaSlice } from "../../../../src/logs/engines/athena/slice.ts";
import type { LogSlice } from "../../../../src/ports/log-slice.ts";
import { describeWithMoto, type Moto } from "../../../support/moto.ts";

const START_MS = Date.UTC(2026, 9, 1, 12);
const PLACE = { format: "alb", location: "s3://logs/web/", isByDay: true, earlyMs: 0, lateMs: 0, keys: null } as const;
const WINDOW = { startMs: START_MS, endMs: START_MS + 600_000 };

describeWithMoto("Athena's calls", (moto) => {
  it("makes the table, counts the lines, and asks", async () => {
    await queueResults(moto, [
      [],
      [
        ["files", "lines", "parsed", "first_ms", "last_ms", "sample"],
        ["1", "3", "3", String(START_MS), String(START_MS + 1), null],
      ],
      [
        ["side", "clients"],
        ["0", "2"],
        ["1", "5"],
      ],
    ]);
    const slice = await createSlice(moto);

    const answer = await slice.distinct({ baseline: WINDOW, spike: WINDOW, dimensions: ["ip"] });

    expect(slice.intake).toMatchObject({ lines: 3, parsed: 3, unparsed: 0, unparsedSamples: [] });
    expect(answer).toEqual({ ip: { baseline: 2, spike: 5 } });
  });

  it("fetches what is small, and asks in Athena about what is not, at the price of all that it reads", async () => {
    const s3 = new S3Client({ ...moto.aws, forcePathStyle: true });
    await s3.send(
      new CreateBucketCommand({ Bucket: "logs", CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } }),
    );
    for (const day of ["2026/09/30", "2026/10/01", "2026/10/02"]) {
      await s3.send(new PutObjectCommand({ Bucket: "logs", Key: `web/${day}/a.log.gz`, Body: "x".repeat(1_000) }));
    }
    const fetched = { read: "by fetching" };
    const told: unknown[] = [];
    const read = (overBytes: number) =>
      createReaderBySize({
        service: "web",
        fetching: { description: "the web's logs", read: async () => fetched as unknown as LogSlice },
        place: { ...PLACE, lateMs: 86_400_000 },
        config: { database: "spillway", workgroup: "primary", overBytes, maxUsd: 1, pricePerTb: 5 },
        aws: moto.aws,
        log: createLog("silent"),
      }).read({
        window: WINDOW,
        onEstimate: ({ bytes }) => {
          told.push(bytes);
          return false;
        },
      });

    expect(await read(2_000)).toBe(fetched);
    await expect(read(1_999)).rejects.toMatchObject({ code: "athena-declined" });
    expect(told).toEqual([2_000]);
  });

  it("stops what runs when the asker gives up", async () => {
    const asker = new AbortController();
    await post(moto, "state-manager/set-transition", {
      model_name: "athena::execution",
      transition: { progression: "manual", times: 9 },
    });

    const created = createSlice(moto, asker.signal, async (_ms, signal) => {
      asker.abort(new Error("enough"));
      signal.throwIfAborted();
    });

    await expect(created).rejects.toThrow("enough");
    const client = new AthenaClient(moto.aws);
    const { QueryExecutionIds: ids = [] } = await client.send(new ListQueryExecutionsCommand({}));
    const { QueryExecution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId: ids[0] }));
    expect(ids).toHaveLength(1);
    expect(QueryExecution?.Status?.State).toBe("CANCELLED");
  });
});

function createSlice(
  moto: Moto,
  signal?: AbortSignal,
  wait: (ms: number, signal: AbortSignal) => Promise<unknown> = async () => undefined,
) {
  return createAthenaSlice({
    service: "web",
    place: PLACE,
    window: WINDOW,
    logBytes: 1e6,
    bytes: 1e6,
    athena: {
      client: new AthenaClient(moto.aws),
      database: "spillway",
      workgroup: "primary",
      outputLocation: "s3://results/",
      wait,
    },
    pricePerTb: 5,
    maxUsd: 1,
    log: createLog("silent"),
    ...(signal && { signal }),
  });
}

/** Results that moto gives to the next queries, in their order; it runs none. */
async function queueResults(moto: Moto, results: readonly (readonly (readonly (string | null)[])[])[]): Promise<void> {
  const rows = (result: (typeof results)[number]) =>
    result.map((cells) => ({ Data: cells.map((text) => (text === null ? {} : { VarCharValue: text })) }));
  await post(moto, "static/athena/query-results", {
    region: moto.aws.region,
    results: results.map((result) => ({ rows: rows(result), column_info: [] })),
  });
}

async function post(moto: Moto, path: string, body: object): Promise<void> {
  await fetch(`${moto.aws.endpoint}/moto-api/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}
