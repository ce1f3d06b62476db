import { z } from 'zod';

const CHARACTERS_MAX = 200;
/** Both stand side by side in facts, whose texts have 256. */
const EACH_CHARACTERS_MAX = 120;
const each = z.string().min(1).max(EACH_CHARACTERS_MAX);

/** What people call something: one text, or one for each language of the product. */
export const titleText = z.union([z.string().min(1).max(CHARACTERS_MAX), z.strictObject({ zh: each, en: each })]);
