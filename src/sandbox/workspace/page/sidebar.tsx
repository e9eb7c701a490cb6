import { type Channel, conversationWithApp, type WorkspaceState } from "../state/workspace-state.ts";
import { type Address, formatAddress } from "./address.ts";
import { Avatar } from "./avatar.tsx";
import { Icon } from "./icon.tsx";
import { useOffice } from "./office.tsx";
import { PersonSwitcher } from "./person-switcher.tsx";
import { isUnread, type ReadMarks } from "./read-marks.ts";

interface SidebarProps {
  readonly address: Address;
  readonly readMarks: ReadMarks;
  readonly onPerson: (personId: string) => void;
}

/** The workspace's channels, its app, and who one acts as. */
export function Sidebar({ address, readMarks, onPerson }: SidebarProps) {
  const { state, me } = useOffice();
  const channels = state.channels.filter(({ kind }) => kind === "channel");
  return (
    <nav className="sidebar" aria-label="Channels and apps">
      <div className="sidebar__name">{state.team.name}</div>
      <div className="sidebar__scroll">
        <h2 className="sidebar__heading">Channels</h2>
        <ul>
          {channels.map((channel) => (
            <li key={channel.id}>
              <ChannelLink
                channel={channel}
                isCurrent={address.kind === "channel" && address.channelId === channel.id}
                isUnread={isUnread(channel.id, state, me.id, readMarks)}
              />
            </li>
          ))}
        </ul>
        <h2 className="sidebar__heading">Apps</h2>
        <ul>
          <li>
            <AppLink state={state} isCurrent={address.kind === "app"} readMarks={readMarks} personId={me.id} />
          </li>
        </ul>
      </div>
      <PersonSwitcher onPerson={onPerson} />
    </nav>
  );
}

function ChannelLink(props: { readonly channel: Channel; readonly isCurrent: boolean; readonly isUnread: boolean }) {
  const { channel, isCurrent } = props;
  return (
    <a
      className={`sidebar__item${props.isUnread && !isCurrent ? " sidebar__item--unread" : ""}`}
      href={formatAddress({ kind: "channel", channelId: channel.id, threadTs: null })}
      aria-current={isCurrent ? "page" : undefined}
      data-testid={`channel-${channel.name}`}
    >
      <Icon name="hash" size={15} />
      {channel.name}
    </a>
  );
}

function AppLink(props: {
  readonly state: WorkspaceState;
  readonly isCurrent: boolean;
  readonly readMarks: ReadMarks;
  readonly personId: string;
}) {
  const { state, isCurrent } = props;
  const conversation = conversationWithApp(state, props.personId);
  const hasNews = conversation !== undefined && isUnread(conversation.id, state, props.personId, props.readMarks);
  return (
    <a
      className={`sidebar__item${hasNews && !isCurrent ? " sidebar__item--unread" : ""}`}
      href={formatAddress({ kind: "app", tab: "home" })}
      aria-current={isCurrent ? "page" : undefined}
      data-testid="app-link"
    >
      <Avatar authorId={state.app.userId} size={20} />
      {state.app.name}
      <span
        className={`presence${state.app.connections > 0 ? " presence--here" : ""}`}
        role="img"
        aria-label={state.app.connections > 0 ? "connected" : "not connected"}
      />
    </a>
  );
}
