// The layout of a class: header, stage, board, and the side panel (below the board on a phone).

import "./layout.css";
import "../stage/stage.css";
import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { Attendance } from "../attendance";
import { Board } from "../board";
import { Chat, ChatAnnouncer, unread } from "../chat";
import { CheckInCard, CheckInTool } from "../checkin";
import { Documents } from "../documents";
import { t } from "../i18n";
import { mediaOf } from "../media";
import { QuestionCard, QuestionTool } from "../question";
import { HandStrip } from "../roster/hands";
import { Roster } from "../roster";
import { DevicesDialog } from "../stage/entrance";
import { MainArea, useBoardCovered } from "../stage/main-area";
import { InvitationCard, MediaNotices } from "../stage/notices";
import { VolumeDialog } from "../stage/person-menu";
import { mainViewOf } from "../stage/main-view";
import { Stage } from "../stage/strip";
import { useRoom } from "../state/room";
import { TimerTool } from "../timer";
import { Icon, TabPanel, Tabs, type Tab } from "../ui";
import { loadSetting, saveSetting } from "../ui/storage";
import { Head, Offline } from "./head";
import { KeysDialog } from "./keys";

export type TabId = "people" | "chat" | "documents" | "tools" | "attendance";

export function Classroom() {
  const room = useRoom();
  const tab = useSignal<TabId>("people");
  const panelOpen = useSignal(loadSetting("panel") !== "closed");
  const info = room.info.value;
  const covered = useBoardCovered();
  const view = mainViewOf(mediaOf(room), room.me);

  const title = useComputed(() => {
    const hands = room.moderator.value ? room.hands.value.length : 0;
    return `${hands ? `(${hands}) ` : ""}${room.info.value?.class_topic ?? "Lectern"}`;
  });
  useSignalEffect(() => {
    document.title = title.value;
  });

  const show = (id: TabId) => {
    tab.value = id;
    if (!panelOpen.value) toggle();
  };
  const toggle = () => {
    panelOpen.value = !panelOpen.value;
    saveSetting("panel", panelOpen.value ? "open" : "closed");
  };
  if (!info) return null;
  return (
    <div class={panelOpen.value ? "class" : "class panel-closed"}>
      <Head panelOpen={panelOpen.value} onPanel={toggle} onHands={() => show("people")} />
      <main class="class-main">
        <h1 class="visually-hidden">{info.class_topic}</h1>
        {room.moderator.value && <HandStrip onShow={() => show("people")} />}
        {!room.moderator.value && info.class_status === "will" && (
          <p class="not-begun" role="status">
            <Icon name="clock" />
            {t("layout.notBegunYet")}
          </p>
        )}
        <div class={view.collapsed.value ? "class-middle" : "class-middle pictures"}>
          <Stage />
          <div class="class-board">
            {/* Mounted while something covers it, so that it keeps its size and unsent drawings. */}
            <div class="class-drawing" inert={covered}>
              <Board />
            </div>
            {covered && <MainArea />}
            <MediaNotices />
            <div class="cards" aria-live="polite">
              <InvitationCard />
              <CheckInCard />
              <QuestionCard />
            </div>
          </div>
        </div>
      </main>
      <Offline />
      <DevicesDialog />
      <VolumeDialog />
      <KeysDialog />
      <ChatAnnouncer />
      <Side open={panelOpen.value} selected={tab.value} onSelect={(id) => (tab.value = id)} />
    </div>
  );
}

function Side({ open, selected, onSelect }: { open: boolean; selected: TabId; onSelect: (id: TabId) => void }) {
  const room = useRoom();
  const moderator = room.moderator.value;
  const hands = room.hands.value.length;
  const tabs: Tab[] = [
    {
      id: "people",
      label: t("layout.people"),
      icon: "users",
      badge: hands > 0 ? { text: String(hands), label: t("roster.handsUp", { n: hands }), kind: "hand" } : undefined,
    },
    {
      id: "chat",
      label: t("layout.chat"),
      icon: "chat",
      badge: unread.value > 0 ? { text: unread.value > 99 ? "99+" : String(unread.value), label: t("layout.unread", { n: unread.value }) } : undefined,
    },
  ];
  if (moderator) {
    tabs.push(
      { id: "documents", label: t("layout.documents"), icon: "file" },
      { id: "tools", label: t("layout.tools"), icon: "checkIn" },
      { id: "attendance", label: t("layout.attendance"), icon: "chart" },
    );
  }
  const current = tabs.some((tab) => tab.id === selected) ? selected : "people";
  return (
    <aside class="class-side" aria-label={t("layout.panel")}>
      <Tabs label={t("layout.panel")} tabs={tabs} selected={current} onSelect={(id) => onSelect(id as TabId)} panelId="side" />
      <TabPanel panelId="side" selected={current}>
        {current === "people" && <Roster />}
        {/* Always mounted, so that the draft and the scroll position are kept. */}
        <div class="tab-keep" hidden={current !== "chat"}>
          <Chat visible={open && current === "chat"} />
        </div>
        {current === "documents" && <Documents />}
        {current === "tools" && (
          <div class="tools">
            <CheckInTool />
            <QuestionTool />
            <TimerTool />
          </div>
        )}
        {current === "attendance" && <Attendance />}
      </TabPanel>
    </aside>
  );
}
