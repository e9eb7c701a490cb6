import { Avatar } from "./avatar.tsx";
import { useOffice } from "./office.tsx";

/** The line above everything: where one is, who one is, and whether the page is up to date. */
export function TopBar({ isLive }: { readonly isLive: boolean }) {
  const { me } = useOffice();
  return (
    <header className="top-bar">
      <div className="top-bar__place">
        A simulation on this machine: nothing here reaches a real Slack, site or account
      </div>
      <div className="top-bar__state" role="status">
        {!isLive && <span className="top-bar__offline">Reconnecting…</span>}
      </div>
      <div className="top-bar__me">
        <Avatar authorId={me.id} size={26} />
      </div>
    </header>
  );
}
