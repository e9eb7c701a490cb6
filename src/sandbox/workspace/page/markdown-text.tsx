import { DrawnBlocks } from "./blocks/drawn-blocks.tsx";

/** Shows Markdown as Slack's own markdown block does. */
export function MarkdownText({ text }: { readonly text: string }) {
  return text === "" ? null : <DrawnBlocks blocks={[{ type: "markdown", text }]} />;
}
