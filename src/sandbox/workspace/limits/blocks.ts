import { isObject, type Json, type JsonObject, objectsOf } from "../json.ts";
import {
  type CheckContext,
  checkImage,
  checkList,
  checkString,
  checkText,
  type ObjectCheck,
  type Problem,
} from "./check.ts";
import { checkElement, INPUT_ELEMENTS } from "./elements.ts";
import { checkDataTable, checkTable } from "./tables.ts";

/** @source https://docs.slack.dev/reference/block-kit/blocks */
const MAX_BLOCKS = { message: 50, modal: 100, home: 100 };
const MAX_BLOCK_ID = 255;
/** Over all markdown blocks of one message. */
const MAX_MARKDOWN = 12_000;

const SELECTS = INPUT_ELEMENTS.filter((type) => type.endsWith("select"));
const ACTION_ELEMENTS = [
  "button",
  "workflow_button",
  "overflow",
  "checkboxes",
  "radio_buttons",
  "datepicker",
  "timepicker",
  "datetimepicker",
  ...SELECTS,
];

const CHECKS: Readonly<Record<string, ObjectCheck>> = {
  actions: (block, at, context) =>
    checkList(block["elements"], `${at}/elements`, context, { max: 25, each: checkElement(ACTION_ELEMENTS) }),
  section: checkSection,
  header: (block, at, context) =>
    checkText(block["text"], `${at}/text`, context, { max: 150, isRequired: true, isPlain: true }),
  context: (block, at, context) =>
    checkList(block["elements"], `${at}/elements`, context, { max: 10, each: checkContextElement }),
  context_actions: (block, at, context) =>
    checkList(block["elements"], `${at}/elements`, context, {
      max: 5,
      each: checkElement(["feedback_buttons", "icon_button"]),
    }),
  divider: () => {},
  image: (block, at, context) => {
    checkImage(block, at, context);
    checkText(block["title"], `${at}/title`, context, { max: 2000, isPlain: true });
  },
  input: (block, at, context) => {
    checkText(block["label"], `${at}/label`, context, { max: 2000, isRequired: true, isPlain: true });
    checkText(block["hint"], `${at}/hint`, context, { max: 2000, isPlain: true });
    if (!isObject(block["element"])) return context.report(at, "missing required field: element");
    checkElement(INPUT_ELEMENTS)(block["element"], `${at}/element`, context);
  },
  markdown: (block, at, context) =>
    checkString(block["text"], `${at}/text`, context, { max: MAX_MARKDOWN, min: 1, isRequired: true }),
  rich_text: (block, at, context) =>
    checkList(block["elements"], `${at}/elements`, context, { max: 1000, each: () => {} }),
  table: checkTable,
  data_table: checkDataTable,
  alert: (block, at, context) => checkText(block["text"], `${at}/text`, context, { max: 3000, isRequired: true }),
  card: () => {},
  carousel: () => {},
  container: () => {},
  data_visualization: () => {},
  file: () => {},
  plan: () => {},
  task_card: () => {},
  video: () => {},
};

/** Every reason for which Slack would refuse these blocks; none where it would take them. */
export function checkBlocks(
  blocks: Json,
  options: Pick<CheckContext, "surface" | "hasFile"> & { readonly pointer: string },
): readonly Problem[] {
  const problems: Problem[] = [];
  const context: CheckContext = {
    ...options,
    report: (pointer, message) => {
      problems.push({ pointer, message });
    },
  };
  if (!Array.isArray(blocks)) return [{ pointer: options.pointer, message: "must be an array" }];
  const max = MAX_BLOCKS[options.surface];
  if (blocks.length > max) context.report(options.pointer, `no more than ${max} items allowed`);
  for (const [index, block] of blocks.entries()) checkBlock(block, `${options.pointer}/${index}`, context);
  checkUniqueIds(objectsOf(blocks), options.pointer, context);
  checkMarkdownTotal(objectsOf(blocks), options.pointer, context);
  return problems;
}

function checkBlock(block: Json, at: string, context: CheckContext): void {
  if (!isObject(block)) {
    context.report(at, "must be an object");
    return;
  }
  const type = String(block["type"]);
  const check = CHECKS[type];
  if (check === undefined) {
    context.report(`${at}/type`, `unsupported type: ${type}`);
    return;
  }
  checkString(block["block_id"], `${at}/block_id`, context, { max: MAX_BLOCK_ID });
  check(block, at, context);
}

function checkSection(...[block, at, context]: Parameters<ObjectCheck>): void {
  const fields = block["fields"];
  checkText(block["text"], `${at}/text`, context, { max: 3000, isRequired: fields === undefined });
  if (fields !== undefined) {
    checkList(fields, `${at}/fields`, context, {
      max: 10,
      each: (field, pointer) => checkText(field, pointer, context, { max: 2000 }),
    });
  }
  if (isObject(block["accessory"])) {
    checkElement(["image", ...ACTION_ELEMENTS])(block["accessory"], `${at}/accessory`, context);
  }
}

function checkContextElement(...[element, at, context]: Parameters<ObjectCheck>): void {
  if (element["type"] === "image") {
    checkImage(element, at, context);
    return;
  }
  checkText(element, at, context, { max: 3000 });
}

function checkUniqueIds(blocks: readonly JsonObject[], pointer: string, context: CheckContext): void {
  const seen = new Set<Json>();
  for (const [index, { block_id: id }] of blocks.entries()) {
    if (id === undefined) continue;
    if (seen.has(id)) context.report(`${pointer}/${index}/block_id`, `\`block_id\` \`${String(id)}\` already exists`);
    seen.add(id);
  }
}

function checkMarkdownTotal(blocks: readonly JsonObject[], pointer: string, context: CheckContext): void {
  const total = blocks
    .filter(({ type }) => type === "markdown")
    .reduce((sum, block) => sum + String(block["text"] ?? "").length, 0);
  if (total > MAX_MARKDOWN) context.report(pointer, `markdown text must be less than ${MAX_MARKDOWN + 1} characters`);
}
