// A card over the board that asks a pupil to do something. It can be minimised.

import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";

import { t } from "../i18n";
import { Icon, IconButton, type IconName } from "../ui";
import { useKeepsFocus } from "./focus";

export function Card({ title, icon, urgent, head, onClose, children }: {
  title: string;
  icon: IconName;
  /** It needs an answer now, so it is highlighted. */
  urgent?: boolean;
  /** Content of the heading, visible while the card is minimised. */
  head?: ComponentChildren;
  onClose?: () => void;
  children: ComponentChildren;
}) {
  const [small, setSmall] = useState(false);
  const id = useId();
  const box = useRef<HTMLElement>(null);
  useKeepsFocus(box, `${title} ${urgent}`);
  // A new request restores a minimised card.
  useEffect(() => setSmall(false), [urgent, title]);
  return (
    <section ref={box} tabIndex={-1} class={urgent ? "activity-card urgent" : "activity-card"} aria-labelledby={id}>
      <div class="activity-head">
        <Icon name={icon} />
        <h2 id={id}>{title}</h2>
        {head}
        <IconButton small icon={small ? "chevronUp" : "chevronDown"} label={t(small ? "activities.restore" : "activities.minimize")} aria-expanded={!small} onClick={() => setSmall(!small)} />
        {onClose && <IconButton small icon="close" label={t("common.close")} onClick={onClose} />}
      </div>
      <div class="activity-body" hidden={small}>{children}</div>
    </section>
  );
}
