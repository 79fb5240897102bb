// One tool of the teacher: a heading that opens and closes it, and says what is going on while it is closed.

import "./activities.css";
import { signal, useSignalEffect } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

import { Icon, type IconName } from "../ui";

/** The tool that is open; kept while another tab is shown. The others say in their heads what goes on. */
const openTool = signal("checkin");

export function Tool({ name, title, icon, running, children }: {
  name: string;
  title: string;
  icon: IconName;
  /** What goes on, in few words; nothing when nothing does. */
  running?: ComponentChildren;
  children: () => ComponentChildren;
}) {
  const id = useId();
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
      <div id={id} class="tool-body" hidden={!open}>{open && children()}</div>
    </section>
  );
}

/** Opens a tool when something begins in it. */
export function useOpens(name: string, begins: () => boolean): void {
  useSignalEffect(() => {
    if (begins()) openTool.value = name;
  });
}
