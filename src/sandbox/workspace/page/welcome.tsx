import { useState } from "react";
import { Icon } from "./icon.tsx";
import { useOffice } from "./office.tsx";

const DISMISSED_KEY = "spillway-sandbox-welcomed";

/** The beginning of a channel, with a word on what to try for whoever is new. */
export function Welcome({ channelName }: { readonly channelName: string }) {
  const { state, offers } = useOffice();
  const [isDismissed, setIsDismissed] = useState(() => sessionStorage.getItem(DISMISSED_KEY) !== null);
  const dismiss = () => {
    sessionStorage.setItem(DISMISSED_KEY, "yes");
    setIsDismissed(true);
  };
  return (
    <div className="welcome">
      <h2>
        <Icon name="hash" size={26} /> {channelName}
      </h2>
      <p>
        This is the very beginning of <b>#{channelName}</b>. Everything here is a simulation on this machine;{" "}
        {state.app.name} behind it is the real bot.
      </p>
      {!isDismissed && (
        <aside className="banner" data-testid="banner">
          <p>
            Try <code>{offers.tryThis}</code>, or type <code>/</code> to see every command. Approving takes a second
            person: switch under <b>Acting as</b>.
          </p>
          <button type="button" className="icon-button" aria-label="Dismiss the hint" onClick={dismiss}>
            <Icon name="close" size={16} />
          </button>
        </aside>
      )}
    </div>
  );
}
