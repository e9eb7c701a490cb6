import { emojiOf } from "./emoji.ts";
import { EMOJI_DRAWINGS } from "./emoji-drawings.ts";

/** An emoji by its Slack name: drawn where there is a drawing, else as the font has it. */
export function EmojiView({ name }: { readonly name: string }) {
  const drawing = EMOJI_DRAWINGS[name];
  return (
    <span className="emoji" role="img" aria-label={`${name.replaceAll("_", " ")} emoji`} title={`:${name}:`}>
      {drawing === undefined ? (emojiOf(name) ?? `:${name}:`) : <Drawing shapes={drawing} />}
    </span>
  );
}

function Drawing({ shapes }: { readonly shapes: (typeof EMOJI_DRAWINGS)[string] }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true">
      {shapes.map(([path, colour]) => (
        <path key={path} d={path} fill={colour} fillRule="evenodd" />
      ))}
    </svg>
  );
}
