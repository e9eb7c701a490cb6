import { isObject, objectsOf } from "../json.ts";
import { type CheckContext, checkImage, checkList, checkString, checkText, type ObjectCheck } from "./check.ts";

/**
 * The elements of actions, sections and inputs, with their limits.
 *
 * @source https://docs.slack.dev/reference/block-kit/block-elements
 */
const CHECKS: Readonly<Record<string, ObjectCheck>> = {
  button: checkButton,
  workflow_button: checkButton,
  overflow: (element, at, context) =>
    checkList(element["options"], `${at}/options`, context, { min: 1, max: 5, each: checkOption }),
  checkboxes: checkChoices(10),
  radio_buttons: checkChoices(10),
  static_select: checkSelect,
  multi_static_select: checkSelect,
  users_select: checkPlaceholder,
  multi_users_select: checkPlaceholder,
  conversations_select: checkPlaceholder,
  multi_conversations_select: checkPlaceholder,
  channels_select: checkPlaceholder,
  multi_channels_select: checkPlaceholder,
  external_select: checkPlaceholder,
  multi_external_select: checkPlaceholder,
  datepicker: checkPlaceholder,
  timepicker: checkPlaceholder,
  datetimepicker: checkPlaceholder,
  plain_text_input: checkTextInput,
  email_text_input: checkPlaceholder,
  url_text_input: checkPlaceholder,
  number_input: checkPlaceholder,
  rich_text_input: checkPlaceholder,
  file_input: () => {},
  image: checkImage,
  icon_button: () => {},
  feedback_buttons: () => {},
};

export const INPUT_ELEMENTS = Object.keys(CHECKS).filter(
  (type) => !["button", "workflow_button", "overflow", "image", "icon_button", "feedback_buttons"].includes(type),
);

/** Checks an element, which must be one of the types allowed where it stands. */
export function checkElement(allowed: readonly string[]): ObjectCheck {
  return (element, at, context) => {
    const type = String(element["type"]);
    const check = CHECKS[type];
    if (check === undefined || !allowed.includes(type))
      return context.report(`${at}/type`, `unsupported type: ${type}`);
    checkString(element["action_id"], `${at}/action_id`, context, { max: 255 });
    checkConfirm(element["confirm"], `${at}/confirm`, context);
    check(element, at, context);
  };
}

function checkButton(...[element, at, context]: Parameters<ObjectCheck>): void {
  checkText(element["text"], `${at}/text`, context, { max: 75, isRequired: true, isPlain: true });
  checkString(element["value"], `${at}/value`, context, { max: 2000 });
  checkString(element["url"], `${at}/url`, context, { max: 3000 });
  checkString(element["accessibility_label"], `${at}/accessibility_label`, context, { max: 75 });
  const style = element["style"];
  if (style !== undefined && style !== "primary" && style !== "danger") {
    context.report(`${at}/style`, "must be one of: primary, danger");
  }
}

function checkSelect(...[element, at, context]: Parameters<ObjectCheck>): void {
  checkPlaceholder(element, at, context);
  const groups = element["option_groups"];
  if (groups === undefined) {
    checkList(element["options"], `${at}/options`, context, { max: 100, each: checkOption });
  } else {
    checkList(groups, `${at}/option_groups`, context, {
      max: 100,
      each: (group, pointer) => {
        checkText(group["label"], `${pointer}/label`, context, { max: 75, isRequired: true, isPlain: true });
        checkList(group["options"], `${pointer}/options`, context, { max: 100, each: checkOption });
      },
    });
  }
  checkInitialOption(element, at, context);
}

function checkInitialOption(...[element, at, context]: Parameters<ObjectCheck>): void {
  const initial = element["initial_option"];
  if (!isObject(initial)) return;
  const options = [
    ...objectsOf(element["options"]),
    ...objectsOf(element["option_groups"]).flatMap((group) => objectsOf(group["options"])),
  ];
  if (!options.some((option) => option["value"] === initial["value"])) {
    context.report(`${at}/initial_option`, "must be one of the provided options");
  }
}

function checkChoices(max: number): ObjectCheck {
  return (element, at, context) => {
    checkList(element["options"], `${at}/options`, context, { max, each: checkOption });
    checkInitialOption(element, at, context);
  };
}

function checkTextInput(...[element, at, context]: Parameters<ObjectCheck>): void {
  checkPlaceholder(element, at, context);
  const maxLength = element["max_length"];
  if (typeof maxLength === "number" && (maxLength < 1 || maxLength > 3000)) {
    context.report(`${at}/max_length`, "must be between 1 and 3000");
  }
  checkString(element["initial_value"], `${at}/initial_value`, context, { max: 3000 });
}

function checkPlaceholder(...[element, at, context]: Parameters<ObjectCheck>): void {
  checkText(element["placeholder"], `${at}/placeholder`, context, { max: 150, isPlain: true });
}

function checkOption(...[option, at, context]: Parameters<ObjectCheck>): void {
  checkText(option["text"], `${at}/text`, context, { max: 75, isRequired: true });
  checkString(option["value"], `${at}/value`, context, { max: 150, isRequired: true });
  checkText(option["description"], `${at}/description`, context, { max: 75 });
}

function checkConfirm(value: unknown, at: string, context: CheckContext): void {
  if (!isObject(value)) return;
  checkText(value["title"], `${at}/title`, context, { max: 100, isRequired: true, isPlain: true });
  checkText(value["text"], `${at}/text`, context, { max: 300, isRequired: true });
  checkText(value["confirm"], `${at}/confirm`, context, { max: 30, isRequired: true, isPlain: true });
  checkText(value["deny"], `${at}/deny`, context, { max: 30, isRequired: true, isPlain: true });
}
