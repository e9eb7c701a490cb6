/** Everything that Slack can call. `help`, the manifest and the README's table are made from it. */
import type { Registry } from "../src/slack/command.ts";
import { approve } from "./approve.ts";
import { block } from "./block.ts";
import { blockFormSent, openBlockForm } from "./block-form.ts";
import { blocks } from "./blocks.ts";
import { breakGlassSent, openBreakGlass } from "./break-glass.ts";
import { cancel, cancelTop } from "./cancel.ts";
import { keepCapacity, restoreCapacity } from "./capacity-answer.ts";
import { challenge } from "./challenge.ts";
import type { CommandContext } from "./context.ts";
import { declareFormSent, declareShortcut, openDeclareForm } from "./declare-form.ts";
import { extend } from "./extend.ts";
import { home } from "./home.ts";
import { incident } from "./incident.ts";
import { resolveButton } from "./incident-resolve.ts";
import { timelineButton } from "./incident-timeline.ts";
import { limit } from "./limit.ts";
import { only, topAddresses, topPaths, without } from "./narrow.ts";
import { postmortem, postmortemButton } from "./postmortem.ts";
import { preview } from "./preview.ts";
import { refuse } from "./refuse.ts";
import { retry } from "./retry.ts";
import { scale } from "./scale.ts";
import { openScaleForm, scaleFormSent } from "./scale-form.ts";
import { spike } from "./spike.ts";
import { addToTimeline, pin } from "./timeline-message.ts";
import { top } from "./top.ts";
import { unblock } from "./unblock.ts";
import { undo } from "./undo.ts";
import { withdraw } from "./withdraw.ts";

export const registry: Registry<CommandContext> = {
  commands: [spike, top, block, limit, challenge, unblock, blocks, scale, incident, postmortem],
  buttons: [
    approve,
    refuse,
    withdraw,
    openBreakGlass,
    undo,
    retry,
    extend,
    preview,
    restoreCapacity,
    keepCapacity,
    cancel,
    cancelTop,
    openBlockForm,
    openScaleForm,
    openDeclareForm,
    topAddresses,
    topPaths,
    only,
    without,
    resolveButton,
    timelineButton,
    postmortemButton,
  ],
  modals: [blockFormSent, scaleFormSent, declareFormSent, breakGlassSent],
  shortcuts: [addToTimeline, declareShortcut],
  reactions: [pin],
  home,
};
