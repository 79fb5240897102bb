// The Chinese texts. `{name}` is replaced by a value; "one|many" is selected by `{n}`.

import type { en } from "../en";
import { activities } from "./activities";
import { content } from "./content";
import { general } from "./general";
import { people } from "./people";

export const zh: typeof en = { ...general, ...people, ...content, ...activities };
