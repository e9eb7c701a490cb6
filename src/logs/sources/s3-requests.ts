import { UserError } from "../../errors.ts";

/** Counts what S3 is asked, and refuses to ask more often than is allowed. */
export interface S3Requests {
  readonly spent: { readonly list: number; readonly get: number };
  /** @throws {UserError} `logs-too-big` where as many were made as may be */
  spend(kind: "list" | "get"): void;
  /** Counts the SDK's own further tries at a call, which it tells afterwards. */
  addTries(kind: "list" | "get", answer: { readonly $metadata?: { readonly attempts?: number | undefined } }): void;
}

export function createS3Requests(maxRequests: number): S3Requests {
  const spent = { list: 0, get: 0 };
  return {
    spent,
    spend(kind) {
      if (spent.list + spent.get >= maxRequests) {
        throw new UserError(
          "logs-too-big",
          `To read these logs took ${spent.list} LIST and ${spent.get} GET requests of S3, the limit of ${maxRequests}, and would take more. Ask for a shorter window, or raise \`logs.maxRequests\` in spillway.yaml.`,
        );
      }
      spent[kind] += 1;
    },
    addTries(kind, { $metadata }) {
      spent[kind] += Math.max(0, ($metadata?.attempts ?? 1) - 1);
    },
  };
}
