import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { runAudit } from "../../src/cli/audit.ts";
import { createLog } from "../../src/log.ts";
import { openStore } from "../../src/store/store.ts";
import { pendingProposal } from "../store/examples.ts";
import { startTestPostgres, type TestPostgres } from "../support/postgres.ts";

let postgres: TestPostgres;
let url: string;

beforeAll(async () => {
  postgres = await startTestPostgres();
  url = await postgres.freshDatabase();
  const store = await openStore(url, createLog("silent"));
  for (const id of ["p1", "p2", "p3"]) {
    const createdMs = Date.UTC(2026, 10, 21, 14, Number(id[1]));
    await store.createProposal(pendingProposal({ id, createdMs, expiresMs: createdMs + 60_000 }));
  }
  await store.close();
}, 60_000);
afterAll(() => postgres?.stop());

async function run(...argv: string[]): Promise<{ readonly status: number; readonly lines: readonly string[] }> {
  let stdout = "";
  const status = await runAudit(argv, {
    env: { DATABASE_URL: url, LOG_LEVEL: "silent" },
    stdout: { write: (text) => (stdout += text) },
  });
  return { status, lines: stdout.trimEnd().split("\n") };
}

describe("spillway audit", () => {
  it("says that the log is whole, with the hash to keep, and knows that hash again", async () => {
    const { status, lines } = await run("verify");

    expect(status).toBe(0);
    expect(lines).toEqual([
      expect.stringMatching(/^The audit log is whole: 3 entries, the last one with hash [0-9a-f]{64}\.$/),
    ]);
    const head = /[0-9a-f]{64}/.exec(lines[0] ?? "")?.[0] ?? "";
    expect((await run("verify", "--head", head)).status).toBe(0);
    expect(await run("verify", "--head", "0".repeat(64))).toMatchObject({ status: 1 });
  });

  it("exports a span of time as JSON lines that anybody can check", async () => {
    const { lines } = await run("export", "--from", "2026-11-21T14:02Z", "--to", "2026-11-21T14:03Z");

    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      {
        seq: 2,
        at: "2026-11-21T14:02:00.000Z",
        kind: "proposal",
        actorName: "Anna",
        proposalId: "p2",
        details: { change: { kind: "block", addresses: ["198.51.100.14/32"] } },
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
    const whole = (await run("export")).lines.map((line) => JSON.parse(line) as Record<string, string>);
    expect(whole.map(({ previousHash }) => previousHash).slice(1)).toEqual(whole.map(({ hash }) => hash).slice(0, -1));
  });

  it.each([
    [[], "takes verify or export."],
    [["forge"], "takes verify or export, not forge."],
    [["export", "--from", "yesterday"], "--from yesterday is not a time such as 2026-11-21T14:02:00Z."],
    [["verify", "--from", "2026-11-21"], "Unknown option '--from'"],
  ])("%j is answered with what it takes", async (argv, message) => {
    await expect(run(...argv)).rejects.toThrow(message);
  });

  it("says that there is none where Spillway never ran", async () => {
    const io = { env: { DATABASE_URL: await postgres.freshDatabase() }, stdout: { write: () => true } };

    await expect(runAudit(["verify"], io)).rejects.toThrow("There is no audit log in this database");
  });

  it("names the first entry that was altered, and ends with 1", async () => {
    await postgres.query(url, "SET session_replication_role = replica; UPDATE audit SET kind = 'state' WHERE seq = 2");

    expect(await run("verify")).toEqual({
      status: 1,
      lines: [
        "The audit log was altered: entry 2 is the first that is not as written: its columns do not say what its content says.",
      ],
    });
  });
});
