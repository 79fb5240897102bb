// The form for a new question.

import { useId } from "preact/hooks";

import { Choices, LimitChoice } from "../activities/parts";
import { t } from "../i18n";
import { Button, Icon, IconButton } from "../ui";
import { keyWord } from "./bars";
import { ofCount, ofKind, optionsOf, toggled, type QuestionDraft } from "./draft";
import { MIN_OPTIONS, MAX_OPTIONS, MAX_OPTION_CHARS, MAX_TITLE_CHARS, type Kind } from "./options";

const KINDS: readonly Kind[] = ["single", "multiple", "true_false"];

export function QuestionForm({ draft, onChange, busy, onLaunch }: { draft: QuestionDraft; onChange: (draft: QuestionDraft) => void; busy: boolean; onLaunch: () => void }) {
  const id = useId();
  const hasTexts = draft.kind !== "true_false";
  const setText = (index: number, text: string): void => {
    const texts = Array.from({ length: MAX_OPTIONS }, (_, at) => (at === index ? text : (draft.texts[at] ?? "")));
    onChange({ ...draft, texts });
  };
  return (
    <form
      class="activity"
      onSubmit={(event) => {
        event.preventDefault();
        onLaunch();
      }}
    >
      <Choices label={t("question.kind")} choices={KINDS.map((kind) => ({ value: kind, label: t(`question.${kind}`) }))} value={draft.kind} onChange={(kind) => onChange(ofKind(draft, kind))} />
      <div class="field">
        <label for={`${id}-title`}>{t("question.text")}</label>
        <textarea id={`${id}-title`} class="input" rows={2} maxLength={MAX_TITLE_CHARS} placeholder={t("question.text_hint")} value={draft.title} onInput={(event) => onChange({ ...draft, title: event.currentTarget.value })} />
      </div>
      <fieldset class="options">
        <legend class="label">{t("question.options")}</legend>
        {hasTexts && (
          <div class="option-count" role="group" aria-label={t("question.count")}>
            <IconButton small icon="minus" label={t("question.fewer")} disabled={draft.count <= MIN_OPTIONS} onClick={() => onChange(ofCount(draft, draft.count - 1))} />
            <span role="status">{draft.count}</span>
            <IconButton small icon="plus" label={t("question.more")} disabled={draft.count >= MAX_OPTIONS} onClick={() => onChange(ofCount(draft, draft.count + 1))} />
          </div>
        )}
        <ul>
          {optionsOf(draft).map(({ key }, index) => (
            <li key={key} class="option-row">
              <button type="button" class="option-key" aria-pressed={draft.right.includes(key)} aria-label={t("question.right_option", { key: keyWord(key) })} title={t("question.right_option", { key: keyWord(key) })} onClick={() => onChange(toggled(draft, key))}>
                {draft.right.includes(key) && <Icon name="check" />}
                {keyWord(key)}
              </button>
              {hasTexts && (
                <input class="input" maxLength={MAX_OPTION_CHARS} autocomplete="off" aria-label={t("question.option", { key })} placeholder={t("question.option", { key })} value={draft.texts[index] ?? ""} onInput={(event) => setText(index, event.currentTarget.value)} />
              )}
            </li>
          ))}
        </ul>
        <p class="muted hint">{t("question.right_hint")}</p>
      </fieldset>
      <LimitChoice value={draft.limit} onChange={(limit) => onChange({ ...draft, limit })} />
      <Button type="submit" kind="primary" icon="question" wide busy={busy}>{t("question.ask")}</Button>
    </form>
  );
}
