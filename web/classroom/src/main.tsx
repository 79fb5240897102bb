// The entry point of the page.

import "./style/tokens.css";
import "./style/base.css";
import "./ui";
import { render } from "preact";
import { App } from "./app";
import { EntryFlow } from "./enter/flow";
import { followTheme } from "./style/theme";

followTheme();
const flow = new EntryFlow();
flow.start();
// For tests and developer tools: `lectern.state()` returns the page's state of the class.
Object.assign(window, {
  lectern: {
    state: () => {
      const screen = flow.screen.value;
      return screen.kind === "class" ? screen.room.inspect() : null;
    },
  },
});
const root = document.getElementById("app");
if (root) render(<App flow={flow} />, root);
