// The root component: the entry flow, then the class.

import "./enter/enter.css";
import { EnterForm } from "./enter/form";
import type { EntryFlow } from "./enter/flow";
import { ClassPassword, Entering, NoClass, EndScreen, RefusedScreen, Waiting } from "./enter/screens";
import { Classroom } from "./layout/classroom";
import { Entrance } from "./stage/entrance";
import { RoomContext } from "./state/room";
import { ConfirmDialog, Toasts } from "./ui";

export function App({ flow }: { flow: EntryFlow }) {
  return (
    <>
      <CurrentScreen flow={flow} />
      <ConfirmDialog />
      <Toasts />
    </>
  );
}

function CurrentScreen({ flow }: { flow: EntryFlow }) {
  const screen = flow.screen.value;
  switch (screen.kind) {
    case "no_class":
      return <NoClass flow={flow} />;
    case "form":
      return <EnterForm flow={flow} problem={screen.problem} />;
    case "entering":
      return <Entering flow={flow} room={screen.room} />;
    case "password":
      return <ClassPassword flow={flow} credentials={screen.credentials} wrong={screen.wrong} />;
    case "waiting":
      return <Waiting flow={flow} credentials={screen.credentials} opensAt={screen.opensAt} />;
    case "refused":
      return <RefusedScreen flow={flow} credentials={screen.credentials} problem={screen.problem} />;
    case "over":
      return <EndScreen flow={flow} credentials={screen.credentials} end={screen.end} />;
    case "class":
      return (
        <RoomContext.Provider value={screen.room}>
          <Entrance flow={flow}>
            <Classroom />
          </Entrance>
        </RoomContext.Provider>
      );
  }
}
