/** The modals. What is entered is found by block id; where it was opened is in `private_metadata`. */
import type { KnownBlock, ModalView } from "@slack/types";
import { type MilderMeasure, wordsOf } from "../../domain/address-measure.ts";
import { FORM } from "../action-ids.ts";
import { context, plainText, section, textInput } from "../block-kit.ts";
import { bold } from "../escape.ts";
import { type ModalOrigin, writeOrigin } from "../origin.ts";

function modal(form: {
  readonly callbackId: string;
  readonly title: string;
  readonly submit: string;
  readonly origin: ModalOrigin;
  readonly blocks: readonly KnownBlock[];
}): ModalView {
  return {
    type: "modal",
    callback_id: form.callbackId,
    title: plainText(form.title, 24),
    submit: plainText(form.submit, 24),
    close: plainText("Cancel", 24),
    private_metadata: writeOrigin(form.origin),
    blocks: [...form.blocks],
  };
}

export const BLOCK_FIELDS = { addresses: "addresses", duration: "duration", reason: "reason" } as const;

/** Asks what to block, for how long and why; proposes and changes nothing itself. */
export function blockForm(form: {
  readonly origin: ModalOrigin;
  readonly service: string;
  /** Left out for a block. */
  readonly measure?: MilderMeasure;
  readonly addresses: readonly string[];
  /** As typed: "2h". */
  readonly duration: string;
  readonly reason: string;
}): ModalView {
  return modal({
    callbackId: FORM.block,
    title: `${wordsOf(form).verb} addresses`,
    submit: "Propose",
    origin: form.origin,
    blocks: [
      section(`On ${bold(form.service)}. Nothing happens before it is approved.`),
      textInput({
        blockId: BLOCK_FIELDS.addresses,
        label: "Addresses or networks",
        hint: "One a line. At most a /24, or a /48 for IPv6.",
        initial: form.addresses.join("\n"),
        isMultiline: true,
      }),
      textInput({ blockId: BLOCK_FIELDS.duration, label: "For how long", hint: "30m, 2h, 1d", initial: form.duration }),
      textInput({ blockId: BLOCK_FIELDS.reason, label: "Why", initial: form.reason }),
      context("It ends by itself when its time is up, and can be undone before."),
    ],
  });
}

export const SCALE_FIELDS = { instances: "instances", duration: "duration", reason: "reason" } as const;

/** Asks to how many instances, for how long and why. */
export function scaleForm(form: {
  readonly origin: ModalOrigin;
  readonly service: string;
  readonly toInstances: number;
  readonly duration: string;
  readonly reason: string;
}): ModalView {
  return modal({
    callbackId: FORM.scale,
    title: "Scale out",
    submit: "Propose",
    origin: form.origin,
    blocks: [
      section(`On ${bold(form.service)}. Nothing happens before it is approved.`),
      textInput({ blockId: SCALE_FIELDS.instances, label: "Instances wanted", initial: String(form.toInstances) }),
      textInput({ blockId: SCALE_FIELDS.duration, label: "For how long", hint: "30m, 2h, 1d", initial: form.duration }),
      textInput({ blockId: SCALE_FIELDS.reason, label: "Why", initial: form.reason }),
      context("It goes back to what it was when its time is up, and can be undone before."),
    ],
  });
}

export const BREAK_GLASS_FIELDS = { reason: "reason" } as const;

/** Asks why the glass is to be broken. */
export function breakGlassForm(form: { readonly origin: ModalOrigin; readonly what: string }): ModalView {
  return modal({
    callbackId: FORM.breakGlass,
    title: "Break the glass",
    submit: "Break the glass",
    origin: form.origin,
    blocks: [
      section(`${bold(form.what)}, without whom it takes otherwise.`),
      textInput({
        blockId: BREAK_GLASS_FIELDS.reason,
        label: "Why it cannot wait",
        hint: "It stays on the card, on the timeline and in the audit log, under your name.",
        isMultiline: true,
      }),
    ],
  });
}

export const DECLARE_FIELDS = { title: "title" } as const;

/** Asks what to call an incident. */
export function declareForm(form: { readonly origin: ModalOrigin; readonly title: string }): ModalView {
  return modal({
    callbackId: FORM.declare,
    title: "Declare an incident",
    submit: "Declare",
    origin: form.origin,
    blocks: [
      textInput({
        blockId: DECLARE_FIELDS.title,
        label: "Title",
        hint: "A few words that tell it from others, such as “web: five times its requests”.",
        initial: form.title,
      }),
      context("What was asked, found and done in this channel before comes onto its timeline."),
    ],
  });
}
