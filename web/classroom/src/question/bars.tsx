// The result of a question as a bar chart.

import { t } from "../i18n";
import type { QuestionResult } from "../channel/types";
import { Icon } from "../ui";
import type { Option } from "./options";
import { bars, percent } from "./tally";

/** The label of a key. The keys of a true/false question are translated. */
export function keyWord(key: string): string {
  return key === "T" ? t("question.T") : key === "F" ? t("question.F") : key;
}

/** The labels of the keys of an answer. */
export function answerWords(keys: readonly string[]): string {
  return keys.map(keyWord).join(", ");
}

export function Bars({ options, result, correct, own = [] }: { options: readonly Option[]; result: QuestionResult; correct: unknown; own?: readonly string[] }) {
  return (
    <ul class="bars">
      {bars(options.map(({ key }) => key), result, correct).map((bar) => {
        const text = options.find(({ key }) => key === bar.key)?.text ?? "";
        const label = t("question.bar", { key: keyWord(bar.key), n: bar.count, percent: percent(bar.share) });
        return (
          <li key={bar.key} class={["answer-bar", bar.is_right && "right", own.includes(bar.key) && "own"].filter(Boolean).join(" ")}>
            <span class="visually-hidden">{bar.is_right ? t("question.bar_right", { bar: label }) : label}</span>
            <span class="answer-key" aria-hidden="true">{keyWord(bar.key)}{bar.is_right && <Icon name="check" />}</span>
            <span class="answer-text">{text}</span>
            <span class="answer-count" aria-hidden="true">{bar.count} · {percent(bar.share)}</span>
            <progress class="bar" max={1} value={bar.share} aria-hidden="true" />
          </li>
        );
      })}
    </ul>
  );
}
