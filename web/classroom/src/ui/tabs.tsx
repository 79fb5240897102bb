// Tabs with the keyboard behaviour of WAI-ARIA: Tab reaches the selected tab, arrow keys move between tabs.

import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { Icon, type IconName } from "./icons";

export interface Tab {
  id: string;
  label: string;
  icon?: IconName;
  /** A number or mark beside the label, with its accessible name. */
  badge?: { text: string; label: string; kind?: "hand" | "danger" };
}

export function Tabs({ label, tabs, selected, onSelect, panelId }: { label: string; tabs: Tab[]; selected: string; onSelect: (id: string) => void; panelId: string }) {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const at = tabs.findIndex((tab) => tab.id === selected);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const index = (to + tabs.length) % tabs.length;
    const tab = tabs[index];
    if (tab) onSelect(tab.id);
    list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[index]?.focus();
  };
  return (
    <div ref={list} class="tabs" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
      {tabs.map((tab) => (
        <button
          key={tab.id}
          type="button"
          class="tab"
          role="tab"
          id={`${panelId}-${tab.id}`}
          aria-selected={tab.id === selected}
          aria-controls={panelId}
          tabIndex={tab.id === selected ? 0 : -1}
          onClick={() => onSelect(tab.id)}
        >
          {tab.icon && <Icon name={tab.icon} />}
          <span>{tab.label}</span>
          {tab.badge && (
            <span class={`badge ${tab.badge.kind ?? ""}`}>
              <span aria-hidden="true">{tab.badge.text}</span>
              <span class="visually-hidden">{tab.badge.label}</span>
            </span>
          )}
        </button>
      ))}
    </div>
  );
}

export function TabPanel({ panelId, selected, children }: { panelId: string; selected: string; children: ComponentChildren }) {
  return (
    <div id={panelId} class="tab-panel" role="tabpanel" aria-labelledby={`${panelId}-${selected}`} tabIndex={-1}>
      {children}
    </div>
  );
}
