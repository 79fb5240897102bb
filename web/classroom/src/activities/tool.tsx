// A collapsible tool of the teacher. Its heading shows what is running while it is collapsed.

import "./activities.css";
import { signal, useSignalEffect } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useId, useRef } from "preact/hooks";

import { Icon, type IconName } from "../ui";
import { useKeepsFocus } from "./focus";

/** The name of the open tool. It is kept while another tab is shown. */
const openTool = signal("checkin");

export function Tool({ name, title, icon, running, state, children }: {
  name: string;
  title: string;
  icon: IconName;
  /** A short description of what is running; nothing when nothing is. */
  running?: ComponentChildren;
  /** Changes whenever the content is replaced. */
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

/** Opens a tool when its activity starts. */
export function useOpens(name: string, begins: () => boolean): void {
  useSignalEffect(() => {
    if (begins()) openTool.value = name;
  });
}
