import { authorOf, useOffice } from "./office.tsx";

/** Somebody's picture: an initial on their colour, or the app's mark. */
export function Avatar({ authorId, size = 36 }: { readonly authorId: string; readonly size?: number }) {
  const { state } = useOffice();
  const author = authorOf(authorId, state);
  const isBot = authorId === state.app.userId;
  return (
    <span
      className="avatar"
      style={{ width: size, height: size, background: author.colour, fontSize: size * 0.46 }}
      aria-hidden="true"
    >
      {isBot ? <Mark /> : author.name.slice(0, 1)}
    </span>
  );
}

/** Water over a weir. */
function Mark() {
  return (
    <svg viewBox="0 0 36 36" aria-hidden="true">
      <path d="M0 13h14c5 0 5 12 10 12h12v11H0Z" fill="#3fb8d4" />
      <path d="M0 13h14c5 0 5 12 10 12h12" fill="none" stroke="#e8fbff" strokeWidth="2.6" />
      <path d="M4 30c3-2.5 6-2.5 9 0s6 2.5 9 0 6-2.5 9 0" fill="none" stroke="#d3f4fb" strokeWidth="1.8" opacity=".8" />
      <path d="M4 19.5h9" stroke="#d3f4fb" strokeWidth="1.8" opacity=".7" />
    </svg>
  );
}
