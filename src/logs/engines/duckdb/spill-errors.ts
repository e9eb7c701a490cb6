import { UserError } from "../../../errors.ts";

/** The engine counts what it may use of the disk, and asks the system; both can say that there is no more. */
const DISK_FULL = /failed to offload data block|max_temp_directory_size|No space left on device/i;

/** There is disk left, and still what has to be in memory at once is too much. */
const MEMORY_FULL = /Out of Memory Error/i;

/** Gives what people can do where the disk is full that memory spills to, or memory is; every other error as it is. */
export function explainSpill(error: unknown, folder: string): unknown {
  if (error instanceof UserError) return error;
  if (!DISK_FULL.test(String(error))) {
    if (!MEMORY_FULL.test(String(error))) return error;
    return new UserError(
      "logs-memory-full",
      "There are more different values in these requests than fit into the memory that is used for a log; ask about a shorter time.",
      { cause: error },
    );
  }
  return new UserError(
    "logs-spill-disk-full",
    `There are more requests than fit into memory, and ${folder} has no room left for them; make room there, or ask about a shorter time.`,
    { cause: error },
  );
}

/** Says that nothing can be kept in a folder. */
export function noSpillFolder(error: unknown, folder: string): UserError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new UserError(
    "logs-no-spill-folder",
    `Logs cannot be read, since nothing can be kept in ${folder} meanwhile (${code ?? message}); it must be a folder that may be written to.`,
    { cause: error },
  );
}
