import { useEffect } from "react";
import { conversationWithApp } from "../state/workspace-state.ts";
import { formatAddress } from "./address.ts";
import { Avatar } from "./avatar.tsx";
import { Blocks } from "./blocks/blocks.tsx";
import { useBlockValues } from "./blocks/use-block-values.ts";
import { Conversation } from "./conversation.tsx";
import { useOffice } from "./office.tsx";

/** The app itself: its Home, and one's conversation with it. */
export function AppPane({ tab }: { readonly tab: "home" | "messages" }) {
  const { state, me, acts } = useOffice();
  const isConnected = state.app.connections > 0;
  useEffect(() => {
    // Again once the app is there: it hears nothing while it is not.
    if (isConnected) void acts.openApp(tab);
  }, [acts, tab, isConnected]);
  const conversation = conversationWithApp(state, me.id);
  return (
    <section className="pane" aria-label={state.app.name}>
      <header className="pane__header pane__header--tabs">
        <h1>
          <Avatar authorId={state.app.userId} size={24} /> {state.app.name}
        </h1>
        <nav className="tabs" aria-label="App">
          <TabLink tab="home" current={tab} label="Home" />
          <TabLink tab="messages" current={tab} label="Messages" />
        </nav>
      </header>
      {tab === "home" && <Home />}
      {tab === "messages" && conversation !== undefined && (
        <Conversation
          channelId={conversation.id}
          messages={state.messages[conversation.id] ?? []}
          intro={<p className="welcome">This conversation is between you and {state.app.name}.</p>}
          placeholder={`Message ${state.app.name}`}
        />
      )}
    </section>
  );
}

function TabLink(props: { readonly tab: "home" | "messages"; readonly current: string; readonly label: string }) {
  return (
    <a
      href={formatAddress({ kind: "app", tab: props.tab })}
      aria-current={props.tab === props.current ? "page" : undefined}
      data-testid={`app-tab-${props.tab}`}
    >
      {props.label}
    </a>
  );
}

/** One list, so that nothing changes while there is no Home. */
const NO_BLOCKS: readonly never[] = [];

function Home() {
  const { state, me } = useOffice();
  const home = state.homes[me.id];
  const values = useBlockValues(home?.content["blocks"] ?? NO_BLOCKS);
  if (home === undefined) {
    return (
      <div className="home home--empty" data-testid="home">
        {state.app.connections > 0
          ? `${state.app.name} has not filled its Home yet.`
          : `${state.app.name} is not connected.`}
      </div>
    );
  }
  return (
    <div className="home" data-testid="home">
      <Blocks blocks={home.content["blocks"]} source={{ kind: "view", viewId: home.id }} values={values} />
    </div>
  );
}
