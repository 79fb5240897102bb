// The frame of all screens before and after the class.

import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "../i18n";
import { LanguageMenu } from "../layout/preferences";
import type { EntryFlow } from "./flow";

export function EnterCard({ flow, title, children }: { flow: EntryFlow; title?: string; children: ComponentChildren }) {
  const preview = flow.classPreview;
  const entrance = flow.classAddress?.entrance;
  useEffect(() => {
    document.title = preview?.class_topic ?? "Lectern";
  }, [preview]);
  return (
    <div class="enter">
      <header class="enter-top">
        <span class="brand"><span class="brand-mark" aria-hidden="true" />Lectern</span>
        <LanguageMenu />
      </header>
      <main class="enter-card">
        <div class="enter-title">
          <h1>{title ?? preview?.class_topic ?? t("enter.title")}</h1>
          {flow.classAddress && (
            <p>
              {t("enter.classNumber", { id: flow.classAddress.classId })}
              {entrance === "teacher" && ` · ${t("enter.forTeacher")}`}
            </p>
          )}
        </div>
        {children}
      </main>
    </div>
  );
}
