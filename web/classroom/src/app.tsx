// The page: entering, then the class.

import "./enter/enter.css";
import { EnterForm } from "./enter/form";
import type { Gate } from "./enter/gate";
import { ClassPassword, Entering, Nowhere, Over, RefusedScreen, Waiting } from "./enter/screens";
import { Classroom } from "./layout/classroom";
import { RoomContext } from "./state/room";
import { Asked, Toasts } from "./ui";

export function App({ gate }: { gate: Gate }) {
  return (
    <>
      <Shown gate={gate} />
      <Asked />
      <Toasts />
    </>
  );
}

function Shown({ gate }: { gate: Gate }) {
  const screen = gate.screen.value;
  switch (screen.kind) {
    case "nowhere":
      return <Nowhere gate={gate} />;
    case "form":
      return <EnterForm gate={gate} problem={screen.problem} />;
    case "entering":
      return <Entering gate={gate} room={screen.room} />;
    case "password":
      return <ClassPassword gate={gate} credentials={screen.credentials} wrong={screen.wrong} />;
    case "waiting":
      return <Waiting gate={gate} credentials={screen.credentials} opens={screen.opens} />;
    case "refused":
      return <RefusedScreen gate={gate} credentials={screen.credentials} problem={screen.problem} />;
    case "over":
      return <Over gate={gate} credentials={screen.credentials} end={screen.end} />;
    case "class":
      return (
        <RoomContext.Provider value={screen.room}>
          <Classroom />
        </RoomContext.Provider>
      );
  }
}
