// Empty, failed and loading states, and small components that many features use.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { t } from "../i18n";
import { Button } from "./button";
import { Icon, type IconName } from "./icons";

export function Empty({ icon, text, children }: { icon: IconName; text: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <Icon name={icon} />
      <p>{text}</p>
      {children}
    </div>
  );
}

export function Failed({ text, onRetry }: { text: string; onRetry?: () => void }) {
  return (
    <div class="empty problem" role="alert">
      <Icon name="alert" />
      <p>{text}</p>
      {onRetry && <Button onClick={onRetry}>{t("common.retry")}</Button>}
    </div>
  );
}

export function Spinner({ label }: { label?: string }) {
  return (
    <div class="spinner" role="status">
      <span>{label ?? t("common.loading")}</span>
    </div>
  );
}

/** A section with a heading and a scrolling body. */
export function Panel({ title, actions, foot, children }: { title: string; actions?: ComponentChildren; foot?: ComponentChildren; children: ComponentChildren }) {
  return (
    <section class="panel" aria-label={title}>
      <div class="panel-head">
        <h2>{title}</h2>
        {actions}
      </div>
      {/* Focusable, so that the keyboard can scroll it. */}
      <div class="panel-body" role="group" aria-label={title} tabIndex={0}>{children}</div>
      {foot && <div class="panel-foot">{foot}</div>}
    </section>
  );
}

/** The picture of a person, or the first letter of the name. */
export function Avatar({ name, src }: { name: string; src?: string }) {
  const [broken, setBroken] = useState<string>();
  const letter = Array.from(name.trim())[0] ?? "?";
  const shown = src && /^https?:/.test(src) && src !== broken ? src : null;
  return (
    <span class="avatar" aria-hidden="true">
      {shown ? <img src={shown} alt="" loading="lazy" referrerpolicy="no-referrer" onError={() => setBroken(shown)} /> : letter.toUpperCase()}
    </span>
  );
}

/** An input with its label, hint and error message. */
export function Field({ id, label, hint, problem, children }: { id: string; label: string; hint?: string; problem?: string; children: ComponentChildren }) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
      {hint && <span class="hint" id={`${id}-hint`}>{hint}</span>}
      {problem && <span class="problem" id={`${id}-problem`} role="alert">{problem}</span>}
    </div>
  );
}
