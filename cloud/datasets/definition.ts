import { z } from 'zod';
import { titleText } from '../../proto/config/title-text.ts';
import { parseCivilDate } from '../../proto/words/time.ts';
import { parseVssPath } from '../../proto/words/vss-path.ts';

/** Vehicles a cell may be asked to hold at least; beyond this nothing would ever be published. */
const VEHICLES_ASKED_MAX = 999_999;

const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'expected lower-case letters, digits and hyphens');
const purpose = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'expected a purpose of a recipient');
const path = z.string().refine((text) => parseVssPath(text).ok, 'expected a VSS path');
const day = z.string().refine((text) => parseCivilDate(text).ok, 'expected an existing day, YYYY-MM-DD');

/** Signals one dataset may hold. */
const SIGNALS_MAX = 256;
const MODELS_MAX = 256;
const PURPOSES_MAX = 64;

/** What a dataset leaves out. The words are these and no others, so that each can be checked before anything is read. */
const Filters = z
  .strictObject({
    from: day.optional().describe('first day, Asia/Shanghai'),
    until: day.optional().describe('last day, included'),
    models: z.array(id).min(1).max(MODELS_MAX).optional().describe('only vehicles of these models of `vehicleModels`'),
  })
  .refine(({ from = '', until = '9999' }) => from <= until, '`from` comes after `until`');

const named = {
  id,
  title: titleText,
  purposes: z.array(purpose).min(1).max(PURPOSES_MAX).describe('what it may be asked for; there is no other purpose'),
};
const content = {
  signals: z.array(path).min(1).max(SIGNALS_MAX),
  filters: Filters.prefault({}).describe('what is left out'),
};

/** Periods of an aggregate; a week begins on Monday, and each is one of the mainland's calendar. */
export const PERIODS = ['day', 'week', 'month'] as const;
export type Period = (typeof PERIODS)[number];

/**
 * What a dataset is, before anything is built (docs/datasets.md).
 *
 * `vehicle-day-statistics`: for each vehicle, Shanghai day and signal the number of samples, least, mean and greatest value,
 * under a tag of the recipient's own. `aggregates`: for each period, model and signal the number of vehicles and the mean of
 * their means, where enough vehicles share a cell. `tracks`: the cells of each vehicle; it exists so that asking for it can
 * be answered, and is never built.
 */
export const DatasetDefinition = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('vehicle-day-statistics'), ...named, ...content }),
  z.strictObject({
    kind: z.literal('aggregates'),
    ...named,
    ...content,
    period: z.enum(PERIODS).describe('one row is about such a period'),
    byModel: z.boolean().describe('a row for each model, or one for all vehicles'),
    totals: z.boolean().describe('with `byModel`: also a row for all models together'),
    vehiclesMin: z
      .int()
      .min(1)
      .max(VEHICLES_ASKED_MAX)
      .optional()
      .describe('stricter than the figure of the product only'),
    shareMax: z.number().min(0.01).max(1).optional().describe('stricter than the figure of the product only'),
    settleDays: z.int().min(1).max(366).optional().describe('stricter than the figure of the product only'),
  }),
  z.strictObject({ kind: z.literal('tracks'), ...named }),
]);

export type DatasetDefinition = z.infer<typeof DatasetDefinition>;
export type StatisticsDefinition = Extract<DatasetDefinition, { kind: 'vehicle-day-statistics' }>;
export type AggregateDefinition = Extract<DatasetDefinition, { kind: 'aggregates' }>;

/** A model of vehicle by the beginning of its VIN: maker (3 characters) and as much of the description as tells it. */
export const VehicleModel = z.strictObject({
  id: id.refine((text) => text !== 'all' && text !== 'other', '`all` and `other` are taken'),
  vinStarts: z
    .array(z.string().regex(/^[A-HJ-NPR-Z0-9]{3,8}$/, 'expected the first 3 to 8 characters of a VIN'))
    .min(1)
    .max(64),
});
export type VehicleModel = z.infer<typeof VehicleModel>;

export const MODELS_OF_CONFIG_MAX = 1_000;
