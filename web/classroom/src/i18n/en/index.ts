// The English texts. `{name}` is replaced by a value; "one|many" is selected by `{n}`.

import { activities } from "./activities";
import { content } from "./content";
import { general } from "./general";
import { people } from "./people";

export const en = { ...general, ...people, ...content, ...activities };
