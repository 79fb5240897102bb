// The start of the page.

import "./style/tokens.css";
import "./style/base.css";
import "./ui";
import { render } from "preact";
import { App } from "./app";

const root = document.getElementById("app");
if (root) render(<App />, root);
