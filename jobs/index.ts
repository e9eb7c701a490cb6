import type { JobHandlers } from "../src/queue/jobs.ts";
import { apply } from "./apply.ts";
import { breakdown } from "./breakdown.ts";
import { card } from "./card.ts";
import { check } from "./check.ts";
import type { JobContext } from "./context.ts";
import { investigate } from "./investigate.ts";
import { postmortem } from "./postmortem.ts";
import { reconcile } from "./reconcile.ts";
import { sweep } from "./sweep.ts";
import { tell } from "./tell.ts";
import { undo } from "./undo.ts";
import { watch } from "./watch.ts";

/** Every job's handler, by the names of the catalogue in `src/queue/jobs.ts`. */
export function createJobHandlers(context: JobContext): JobHandlers {
  return {
    investigate: (run) => investigate(run, context),
    breakdown: (run) => breakdown(run, context),
    apply: (run) => apply(run, context),
    check: (run) => check(run, context),
    undo: (run) => undo(run, context),
    card: (run) => card(run, context),
    tell: (run) => tell(run, context),
    sweep: (run) => sweep(run, context),
    watch: (run) => watch(run, context),
    reconcile: (run) => reconcile(run, context),
    postmortem: (run) => postmortem(run, context),
  };
}
