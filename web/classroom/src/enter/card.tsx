// The card that everything before and after the class stands in.

import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "../i18n";
import { LanguageMenu } from "../layout/preferences";
import type { Gate } from "./gate";

export function EnterCard({ gate, title, children }: { gate: Gate; title?: string; children: ComponentChildren }) {
  const known = gate.knownClass;
  const door = gate.place?.door;
  useEffect(() => {
    document.title = known?.class_topic ?? "Lectern";
  }, [known]);
  return (
    <div class="enter">
      <header class="enter-top">
        <span class="brand"><span class="brand-mark" aria-hidden="true" />Lectern</span>
        <LanguageMenu />
      </header>
      <main class="enter-card">
        <div class="enter-title">
          <h1>{title ?? known?.class_topic ?? t("enter.title")}</h1>
          {gate.place && (
            <p>
              {t("enter.classNumber", { id: gate.place.classId })}
              {door === "teacher" && ` · ${t("enter.forTeacher")}`}
            </p>
          )}
        </div>
        {children}
      </main>
    </div>
  );
}
