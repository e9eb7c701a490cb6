import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

/**
 * Keeps a server's port beside its data. Everybody who uses the server has the port in a URL,
 * so one that is started again must be found where the last one was.
 */
export function rememberPort(folder: string, port: number): void {
  writeFileSync(fileIn(folder), `${port}\n`);
}

/** Gives the port of the last start; null where there was none. */
export function rememberedPort(folder: string): number | null {
  try {
    return Number.parseInt(readFileSync(fileIn(folder), "utf8"), 10) || null;
  } catch {
    return null;
  }
}

export async function isFree(port: number): Promise<boolean> {
  return (await listen(port)) !== null;
}

export async function freePort(): Promise<number> {
  const port = await listen(0);
  if (port === null) throw new Error("The system has no free port on 127.0.0.1");
  return port;
}

function fileIn(folder: string): string {
  return join(folder, "port");
}

/** Gives the port that it could listen on for an instant. */
function listen(wanted: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(null));
    server.listen(wanted, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : null));
    });
  });
}
