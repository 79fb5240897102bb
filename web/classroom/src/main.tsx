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
const root = document.getElementById("app");
if (root) render(<App gate={gate} />, root);
