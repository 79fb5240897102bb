// The start of the page.

import "./style/tokens.css";
import "./style/base.css";
import "./ui";
import { render } from "preact";
import { App } from "./app";
import { Gate } from "./enter/gate";
import { followTheme } from "./style/theme";

followTheme();
const gate = new Gate();
gate.start();
// For tests and for the developer tools of a browser: `lectern.state()` says what the page knows of its class.
Object.assign(window, {
  lectern: {
    state: () => {
      const screen = gate.screen.value;
      return screen.kind === "class" ? screen.room.inspect() : null;
    },
  },
});
const root = document.getElementById("app");
if (root) render(<App gate={gate} />, root);
