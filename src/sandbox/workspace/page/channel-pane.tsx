import { Conversation } from "./conversation.tsx";
import { Icon } from "./icon.tsx";
import { useOffice } from "./office.tsx";
import { Welcome } from "./welcome.tsx";

/** A channel: what was said, and where to say more. */
export function ChannelPane({ channelId }: { readonly channelId: string }) {
  const { state } = useOffice();
  const channel = state.channels.find(({ id }) => id === channelId);
  if (channel === undefined) {
    return <section className="pane pane--empty">There is no such channel, or it is somebody else's.</section>;
  }
  return (
    <section className="pane" aria-label={`Channel ${channel.name}`}>
      <header className="pane__header">
        <h1>
          <Icon name="hash" size={17} /> {channel.name}
        </h1>
        <p className="pane__topic">{channel.topic}</p>
        <span className="pane__members">{state.people.length + 1} members</span>
      </header>
      <Conversation
        channelId={channelId}
        messages={state.messages[channelId] ?? []}
        intro={<Welcome channelName={channel.name} />}
        placeholder={`Message #${channel.name}`}
      />
    </section>
  );
}
