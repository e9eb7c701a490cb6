import { join } from "node:path";
import type { Log } from "../log.ts";
import { serverAccount } from "./embedded/account.ts";
import { openCluster } from "./embedded/cluster.ts";
import { withLock } from "./embedded/lock.ts";
import { databaseFolder } from "./embedded/place.ts";
import { findProgram } from "./embedded/program.ts";
import { bringBack, findRunning, isRunning, start, stop } from "./embedded/server.ts";
import { joinUsers } from "./embedded/users.ts";
import { watch } from "./embedded/watch.ts";

export interface EmbeddedPostgres {
  readonly url: string;
  /** Where the database is kept; not under `dir` where the server's account cannot get there. */
  readonly folder: string;
  /** Leaves the server; the last one who uses it ends it. May be called again. */
  stop(): Promise<void>;
}

/**
 * Gives a real Postgres of one's own where nobody runs a server: one for each `dir`,
 * shared by every process that asks for it, whoever came first.
 *
 * The server is a process by itself. When ours is killed it lives on, and whoever asks
 * next takes it over; processes that died do not count as its users. When the server is
 * killed, one of its users starts it again within seconds, under the same URL.
 *
 * @throws {UserError} `postgres-missing`, `postgres-account`, `postgres-locked`, `postgres-password`
 * @throws {UpstreamError} `postgres-start`, `postgres-stuck`
 */
export async function startEmbeddedPostgres({
  dir,
  log,
}: {
  readonly dir: string;
  readonly log: Log;
}): Promise<EmbeddedPostgres> {
  const account = serverAccount();
  const program = findProgram(account);
  const folder = databaseFolder(dir, account, log);
  const lock = join(folder, "lock");

  return withLock(lock, async () => {
    const beganMs = performance.now();
    const cluster = await openCluster(folder, account, program);
    const running = await findRunning(cluster);
    const { url } = running ?? (await start(cluster, program));
    const membership = joinUsers(join(folder, "users"));
    const tookMs = Math.round(performance.now() - beganMs);
    log.info({ folder, tookMs }, running === null ? "started the embedded database" : "joined the embedded database");

    let stopped: Promise<void> | undefined;
    async function repair(): Promise<void> {
      // While we waited for the lock we may have been told to stop.
      if (stopped !== undefined) return;
      const wasUs = await bringBack(url, cluster, program);
      log.warn(
        { folder },
        wasUs ? "started the embedded database again: it was gone" : "the embedded database is back",
      );
    }
    const watching = watch({ isWell: () => isRunning(cluster), repair: () => withLock(lock, repair) }, log);

    return {
      url,
      folder,
      stop() {
        watching.end();
        stopped ??= withLock(lock, async () => {
          if (membership.leave().isLast) await stop(cluster, program);
        });
        return stopped;
      },
    };
  });
}
