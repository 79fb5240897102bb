// One tool of the teacher: a heading that opens and closes it, and says what is going on while it is closed.

import "./activities.css";
import { signal, useSignalEffect } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useId, useRef } from "preact/hooks";

import { Icon, type IconName } from "../ui";
import { useKeepsFocus } from "./focus";

/** The tool that is open; kept while another tab is shown. The others say in their heads what goes on. */
const openTool = signal("checkin");

export function Tool({ name, title, icon, running, state, children }: {
  name: string;
  title: string;
  icon: IconName;
  /** What goes on, in few words; nothing when nothing does. */
  running?: ComponentChildren;
  /** Changes whenever what is shown is another thing. */
  state: unknown;
  children: () => ComponentChildren;
}) {
  const id = useId();
  const body = useRef<HTMLDivElement>(null);
  useKeepsFocus(body, state);
  const open = openTool.value === name;
  return (
    <section class={running ? "tool running" : "tool"}>
      <h2 class="tool-head">
        <button type="button" aria-expanded={open} aria-controls={id} onClick={() => (openTool.value = open ? "" : name)}>
          <Icon name={icon} />
          <span class="tool-title">{title}</span>
          {running && <span class="tool-running">{running}</span>}
          <Icon name={open ? "chevronUp" : "chevronDown"} />
        </button>
      </h2>
      <div ref={body} id={id} class="tool-body" tabIndex={-1} hidden={!open}>{open && children()}</div>
    </section>
  );
}

/** Opens a tool when something begins in it. */
export function useOpens(name: string, begins: () => boolean): void {
  useSignalEffect(() => {
    if (begins()) openTool.value = name;
  });
}
