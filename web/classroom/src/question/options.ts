// Parses questions and answers. A question of this page has the format of docs/protocols/classroom.md.
// Other clients send options as arbitrary JSON, so all likely formats are accepted.

/** How many options can be selected. */
export type Kind = "single" | "multiple" | "true_false";

/** An option. Answers contain its key. */
export interface Option {
  key: string;
  text: string;
}

/** The parsed content of a question. */
export interface QuestionContent {
  kind: Kind;
  title: string;
  options: Option[];
}

export const MIN_OPTIONS = 2;
export const MAX_OPTIONS = 8;
/** How many options of another client's question are shown. */
const MAX_SHOWN = 26;
export const MAX_TITLE_CHARS = 500;
export const MAX_OPTION_CHARS = 200;
/** The keys of a true/false question. */
export const TRUE = "T";
export const FALSE = "F";

/** The key of the option at an index: A, B, C … */
export function keyAt(index: number): string {
  return String.fromCharCode(65 + index);
}

/** The options of a true/false question. */
export function trueFalse(): Option[] {
  return [{ key: TRUE, text: "" }, { key: FALSE, text: "" }];
}

/** Empty options A, B, C … */
export function lettered(count: number): Option[] {
  return Array.from({ length: count }, (_, index) => ({ key: keyAt(index), text: "" }));
}

/** Parses the options of a question. */
export function readOptions(value: unknown): QuestionContent {
  const content = fromText(value);
  if (Array.isArray(content)) return { kind: "multiple", title: "", options: optionList(content) };
  if (!isObject(content)) return { kind: "multiple", title: "", options: [] };
  const list = fromText(content["list"] ?? content["options"] ?? content["items"]);
  const kind = content["kind"];
  const options = optionList(Array.isArray(list) ? list : []);
  return {
    kind: kind === "single" || kind === "multiple" || kind === "true_false" ? kind : "multiple",
    title: asText(content["title"] ?? content["text"] ?? "").slice(0, MAX_TITLE_CHARS),
    options: options.length === 0 && kind === "true_false" ? trueFalse() : options,
  };
}

/** Parses the option keys of an answer, without duplicates. The answer may be `"A"`, `"A,B"`, `["A","B"]`, or that array as JSON text. */
export function selectedKeys(value: unknown): string[] {
  const found = new Set<string>();
  collect(value, found);
  return [...found].sort();
}

/** Whether two answers select the same options. */
export function isSameAnswer(one: unknown, other: unknown): boolean {
  return selectedKeys(one).join("\n") === selectedKeys(other).join("\n");
}

function collect(value: unknown, found: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, found);
  } else if (typeof value === "string") {
    const inner = fromText(value);
    if (Array.isArray(inner)) collect(inner, found);
    else value.split(",").map((part) => part.trim()).filter((part) => part !== "").forEach((part) => found.add(part));
  } else if (value !== null && value !== undefined) {
    found.add(asText(value));
  }
}

function optionList(items: unknown[]): Option[] {
  const options: Option[] = [];
  items.slice(0, MAX_SHOWN).forEach((item, index) => {
    const option = isObject(item) ? keyed(item, index) : plain(item, index);
    if (!options.some(({ key }) => key === option.key)) options.push(option);
  });
  return options;
}

function keyed(item: Record<string, unknown>, index: number): Option {
  const key = asText(item["key"] ?? item["id"] ?? item["option"] ?? item["value"] ?? "") || keyAt(index);
  return { key, text: asText(item["text"] ?? item["content"] ?? item["label"] ?? "").slice(0, MAX_OPTION_CHARS) };
}

/** A short item, such as "A", is a key. A longer one is the text of an option. */
function plain(item: unknown, index: number): Option {
  const text = asText(item);
  return text !== "" && [...text].length <= 2 ? { key: text, text: "" } : { key: keyAt(index), text: text.slice(0, MAX_OPTION_CHARS) };
}

/** Parses a string as JSON or as a comma-separated list. */
function fromText(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    const inner: unknown = JSON.parse(value);
    if (typeof inner === "object" && inner !== null) return inner;
  } catch {
    // Not JSON.
  }
  return value.includes(",") && !value.startsWith("[") ? value.split(",").map((part) => part.trim()).filter((part) => part !== "") : value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : value === null || value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
}
