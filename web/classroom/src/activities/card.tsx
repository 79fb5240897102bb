// A card that asks a pupil for something: it lies over the class, and can be made small.

import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";

import { t } from "../i18n";
import { Icon, IconButton, type IconName } from "../ui";
import { useKeepsFocus } from "./focus";

export function Card({ title, icon, urgent, head, onClose, children }: {
  title: string;
  icon: IconName;
  /** It asks for something now: it is read out, and stands out. */
  urgent?: boolean;
  /** What stands beside the title, also while the card is small. */
  head?: ComponentChildren;
  onClose?: () => void;
  children: ComponentChildren;
}) {
  const [small, setSmall] = useState(false);
  const id = useId();
  const box = useRef<HTMLElement>(null);
  useKeepsFocus(box, `${title} ${urgent}`);
  // What is asked anew must be seen.
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
