/**
 * Makes strings from outside (log values, names, what people typed) safe to show: they never mention anybody, form a
 * link, end a code span or reorder the line they stand in.
 *
 * @source https://docs.slack.dev/messaging/formatting-message-text: only &, < and > are special in mrkdwn
 */

const ZERO_WIDTH_SPACE = "\u200b";
/** Control characters, lone surrogates, line and paragraph separators, and what flips the writing direction. */
const UNSHOWABLE = /[\p{Cc}\p{Cs}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu;

/**
 * Gives text for the middle of an mrkdwn sentence: one line, escaped, at most `maxChars` long before escaping.
 *
 * @example
 * plain("<!channel> see https://evil.example"); // "&lt;!channel&gt; see https:<zero width>//evil.example"
 */
export function plain(text: string, maxChars = 300): string {
  return escapeMarkup(breakLinks(oneLine(text, maxChars)).replaceAll("`", "’"));
}

/**
 * Gives text in bold, escaped as by `plain`; a star in it, which would end the bold, becomes one that looks alike.
 *
 * @example
 * bold("5 * 5"); // "*5 ∗ 5*"
 */
export function bold(text: string, maxChars = 300): string {
  return `*${plain(text.replaceAll("*", "∗"), maxChars)}*`;
}

/**
 * Gives our own sentences that may hold words from outside, such as an error's: as `plain`, but its line breaks and
 * code spans stay, and it is at most `maxChars` long as it is sent, since Slack refuses longer sections whole.
 */
export function sentences(text: string, maxChars = 2_800): string {
  const lines = text.slice(0, maxChars * 4).split("\n");
  return escapedWithin(breakLinks(lines.map((line) => oneLine(line, maxChars)).join("\n")), maxChars);
}

/**
 * Gives a value in code style, which Slack neither links nor formats. Empty values read "(empty)".
 *
 * @example
 * code("Mozilla/5.0 `x`"); // "`Mozilla/5.0 ’x’`"
 */
export function code(text: string, maxChars = 120): string {
  const shown = escapeMarkup(oneLine(text, maxChars)).replaceAll("`", "’");
  return shown === "" ? "(empty)" : `\`${shown}\``;
}

/** Gives text for places that Slack shows literally: table cells, button texts, modal fields. Never empty. */
export function literal(text: string, maxChars = 120): string {
  const shown = oneLine(text, maxChars).replace(/<(?=[!@#]|[a-z]+:)/gi, `<${ZERO_WIDTH_SPACE}`);
  return shown === "" ? "(empty)" : shown;
}

/** Cuts by code points, so that no emoji is halved, and says so with an ellipsis. */
export function cut(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const points = Array.from(text);
  return points.length <= maxChars ? text : `${points.slice(0, maxChars - 1).join("")}…`;
}

function oneLine(text: string, maxChars: number): string {
  // Nobody needs more, and a user agent may be megabytes long.
  const head = text.slice(0, maxChars * 4);
  return cut(head.replace(/\s+/gu, " ").replace(UNSHOWABLE, "\ufffd").trim(), maxChars);
}

/** Clients that link and mention by pattern find none. What is in code style needs no such help, and can be copied. */
function breakLinks(text: string): string {
  return text
    .replace(/(https?|ftp|slack|file):\/\//gi, `$1:${ZERO_WIDTH_SPACE}//`)
    .replace(/\b(www|mailto)(?=[.:])/gi, `$1${ZERO_WIDTH_SPACE}`)
    .replace(/@(?=channel|here|everyone|group)/gi, `@${ZERO_WIDTH_SPACE}`);
}

/** Cuts between code points; each counts as what it is sent as, "<" as four characters and an emoji as two. */
function escapedWithin(text: string, maxChars: number): string {
  const escaped = escapeMarkup(text);
  if (escaped.length <= maxChars) return escaped;
  let shown = "";
  for (const point of text) {
    const more = escapeMarkup(point);
    if (shown.length + more.length >= maxChars) break;
    shown += more;
  }
  return `${shown}…`;
}

function escapeMarkup(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
