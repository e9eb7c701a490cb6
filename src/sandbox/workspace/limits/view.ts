import { isObject, type Json } from "../json.ts";
import { checkBlocks } from "./blocks.ts";
import { type CheckContext, checkString, checkText, type Problem } from "./check.ts";

/**
 * Every reason for which Slack would refuse a modal or a Home.
 *
 * @source https://docs.slack.dev/reference/views
 */
export function checkView(view: Json, hasFile: CheckContext["hasFile"]): readonly Problem[] {
  if (!isObject(view)) return [{ pointer: "/view", message: "must be an object" }];
  const surface = view["type"];
  if (surface !== "modal" && surface !== "home") {
    return [{ pointer: "/view/type", message: "must be one of: modal, home" }];
  }
  const problems: Problem[] = [];
  const context: CheckContext = {
    surface,
    hasFile,
    report: (pointer, message) => {
      problems.push({ pointer, message });
    },
  };
  checkString(view["private_metadata"], "/view/private_metadata", context, { max: 3000 });
  checkString(view["callback_id"], "/view/callback_id", context, { max: 255 });
  if (surface === "modal") {
    checkText(view["title"], "/view/title", context, { max: 24, isRequired: true, isPlain: true });
    checkText(view["submit"], "/view/submit", context, { max: 24, isPlain: true });
    checkText(view["close"], "/view/close", context, { max: 24, isPlain: true });
    if (hasInputs(view["blocks"]) && view["submit"] === undefined) {
      context.report("/view", "missing required field: submit");
    }
  }
  return [...problems, ...checkBlocks(view["blocks"], { surface, hasFile, pointer: "/view/blocks" })];
}

function hasInputs(blocks: Json): boolean {
  return Array.isArray(blocks) && blocks.some((block: Json) => isObject(block) && block["type"] === "input");
}
