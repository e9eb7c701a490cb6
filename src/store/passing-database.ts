import pg from "pg";
import { isAlive } from "./embedded/process.ts";

/** An empty database that is to end with this process. */
export interface PassingDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

const PREFIX = "passing_";

/**
 * Makes an empty database on the given server, named after this process, and drops those that processes which are
 * gone left behind.
 */
export async function createPassingDatabase(serverUrl: string): Promise<PassingDatabase> {
  const name = `${PREFIX}${process.pid}`;
  await onServer(serverUrl, async (client) => {
    const { rows } = await client.query<{ datname: string }>("SELECT datname FROM pg_database WHERE datname LIKE $1", [
      `${PREFIX}%`,
    ]);
    for (const { datname } of rows) {
      if (datname === name || !isAlive(Number(datname.slice(PREFIX.length)))) await drop(client, datname);
    }
    await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  });
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(serverUrl, (client) => drop(client, name)) };
}

async function drop(client: pg.Client, name: string): Promise<void> {
  await client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
}

async function onServer(url: string, act: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  // Whoever asks hears it from the query; unheard here, it would end the process.
  client.on("error", () => {});
  await client.connect();
  try {
    await act(client);
  } finally {
    await client.end();
  }
}
