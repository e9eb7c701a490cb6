import { useCallback, useEffect, useMemo, useState } from "react";
import type { Outcome } from "../acts/interaction.ts";
import { conversationWithApp } from "../state/workspace-state.ts";
import { actsOf, complaintOf } from "./acts.ts";
import { type Address, useAddress } from "./address.ts";
import { AppPane } from "./app-pane.tsx";
import { ChannelPane } from "./channel-pane.tsx";
import { FileViewer } from "./file-viewer.tsx";
import { ModalStack } from "./modal.tsx";
import { type Office, OfficeProvider } from "./office.tsx";
import { PictureViewer } from "./picture-viewer.tsx";
import { newestTs, type ReadMarks } from "./read-marks.ts";
import { Sidebar } from "./sidebar.tsx";
import { type Seen, useWorkspaceStream } from "./stream.ts";
import { ThreadPane } from "./thread-pane.tsx";
import { TopBar } from "./top-bar.tsx";

const PERSON_KEY = "spillway-sandbox-person";
const NOTICE_MS = 6000;

/** The whole page. Every browser tab remembers its own person. */
export function App() {
  const [personId, setPersonId] = useState(
    () => new URLSearchParams(location.search).get("as") ?? sessionStorage.getItem(PERSON_KEY) ?? "",
  );
  const { seen, isLive } = useWorkspaceStream(personId);
  const known = seen?.state.people.some(({ id }) => id === personId) === true;
  const firstPersonId = seen?.state.people[0]?.id;
  useEffect(() => {
    if (!known && firstPersonId !== undefined) setPersonId(firstPersonId);
    if (known) sessionStorage.setItem(PERSON_KEY, personId);
  }, [known, firstPersonId, personId]);
  if (seen === null || !known) return <div className="starting">Opening the sandbox…</div>;
  // While the next person's snapshot is on its way, the last one's stays on screen, and nothing can be done there.
  const isSwitching = seen.personId !== personId;
  return <Workspace key={seen.personId} seen={seen} isLive={isLive} isSwitching={isSwitching} onPerson={setPersonId} />;
}

interface WorkspaceProps {
  readonly seen: Seen;
  readonly isLive: boolean;
  readonly isSwitching: boolean;
  readonly onPerson: (personId: string) => void;
}

function Workspace({ seen, isLive, isSwitching, onPerson }: WorkspaceProps) {
  const { state, offers, personId } = seen;
  const acts = useMemo(() => actsOf(personId), [personId]);
  const [notice, setNotice] = useState<string | null>(null);
  const [fileId, setFileId] = useState<string | null>(null);
  const [picture, setPicture] = useState<Parameters<Office["showPicture"]>[0] | null>(null);
  const address = useAddress() ?? firstAddress(seen);
  const readMarks = useReadMarks(seen, address);

  useEffect(() => {
    if (notice === null) return;
    const timer = setTimeout(() => setNotice(null), NOTICE_MS);
    return () => clearTimeout(timer);
  }, [notice]);

  const complain = useCallback(
    async (act: Promise<Outcome>) => {
      const outcome = await act;
      const complaint = complaintOf(outcome, state.app.name);
      if (complaint !== null) setNotice(complaint);
      return outcome;
    },
    [state.app.name],
  );
  const me = state.people.find(({ id }) => id === personId);
  if (me === undefined) return null;
  const office: Office = { me, state, offers, acts, complain, showFile: setFileId, showPicture: setPicture };
  return (
    <OfficeProvider value={office}>
      <div className="workspace" inert={isSwitching}>
        <TopBar isLive={isLive} />
        <Sidebar address={address} readMarks={readMarks} onPerson={onPerson} />
        <main className="panes">
          {address.kind === "app" ? <AppPane tab={address.tab} /> : <ChannelPane channelId={address.channelId} />}
          {address.kind === "channel" && address.threadTs !== null && (
            <ThreadPane channelId={address.channelId} threadTs={address.threadTs} />
          )}
        </main>
      </div>
      <ModalStack />
      {fileId !== null && <FileViewer fileId={fileId} onClose={() => setFileId(null)} />}
      {picture !== null && <PictureViewer {...picture} onClose={() => setPicture(null)} />}
      <div className="notices" role="status">
        {notice !== null && <div className="notice">{notice}</div>}
      </div>
    </OfficeProvider>
  );
}

function firstAddress({ state }: Seen): Address {
  return { kind: "channel", channelId: state.channels[0]?.id ?? "", threadTs: null };
}

/** Marks what is on screen as read, and remembers it for this tab. */
function useReadMarks({ state, personId }: Seen, address: Address): ReadMarks {
  const key = `spillway-sandbox-read-${personId}`;
  const [marks, setMarks] = useState<ReadMarks>(() => JSON.parse(sessionStorage.getItem(key) ?? "{}") as ReadMarks);
  const channelId =
    address.kind === "channel"
      ? address.channelId
      : address.tab === "messages"
        ? conversationWithApp(state, personId)?.id
        : undefined;
  const newest = channelId === undefined ? null : newestTs(channelId, state, personId);
  useEffect(() => {
    if (channelId === undefined || newest === null) return;
    setMarks((before) => (before[channelId] === newest ? before : { ...before, [channelId]: newest }));
  }, [channelId, newest]);
  useEffect(() => sessionStorage.setItem(key, JSON.stringify(marks)), [key, marks]);
  return marks;
}
