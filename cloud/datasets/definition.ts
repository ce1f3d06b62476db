import { z } from 'zod';
import { parseVssPath } from '../../proto/words/vss-path.ts';

const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'expected lower-case letters, digits and hyphens');

const path = z.string().refine((text) => parseVssPath(text).ok, 'expected a VSS path');

/** Signals one dataset may hold. */
const SIGNALS_MAX = 256;

/**
 * What a dataset is, before anything is built. `vehicle-day-statistics`: for each vehicle, Shanghai day and signal the
 * number of samples, least, mean and greatest value, under a tag of the recipient's own. `tracks`: the cells of each
 * vehicle; it exists so that asking for it can be answered, and is never built.
 */
export const DatasetDefinition = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('vehicle-day-statistics'),
    id,
    title: z.string().min(1).max(200),
    signals: z.array(path).min(1).max(SIGNALS_MAX),
  }),
  z.strictObject({ kind: z.literal('tracks'), id, title: z.string().min(1).max(200) }),
]);

export type DatasetDefinition = z.infer<typeof DatasetDefinition>;
