import { z } from 'zod';
import { parseVssPath, VSS_PATH_CHARACTERS_MAX } from '../../../proto/words/vss-path.ts';

/** Signals one mapping may name: as many as a raw frame holds. */
export const MAPPED_SIGNALS_MAX = 2_048;

const path = z
  .string()
  .max(VSS_PATH_CHARACTERS_MAX)
  .refine((text) => parseVssPath(text).ok, 'expected a VSS path such as `Vehicle.Speed`');

const number = z.number().min(-1e15).max(1e15);

/** Literals as the uplink takes them: text only as a word of a VSS enumeration. */
const literal = z.union([
  z.boolean(),
  number,
  z.string().regex(/^[A-Z][A-Z0-9_]{0,31}$/, 'expected capitals, digits and `_`'),
]);

const MappedSignal = z.strictObject({
  signal: z
    .string()
    .max(256)
    .regex(/^[A-Za-z_]\w*\.[A-Za-z_]\w*$/, 'expected `Message.Signal` of the DBC file'),
  path,
  /** VSS value = physical value x scale + offset: units differ between a bus and VSS. */
  scale: number.default(1),
  offset: number.default(0),
  /** Physical values outside are dropped: buses say "no value" with a value. */
  valid: z.strictObject({ min: number, max: number }).optional(),
  /** VSS value by raw value, or by the name that the DBC file gives it; what is not here is dropped. */
  values: z.record(z.string().min(1).max(256), literal).optional(),
  /** What stands for the values of one interval. */
  aggregate: z.enum(['last', 'mean', 'min', 'max']).default('last'),
});

/** Which signals of a DBC file become which VSS paths; a signal that is not named here goes nowhere. */
export const CanMapping = z
  .strictObject({ signals: z.array(MappedSignal).min(1).max(MAPPED_SIGNALS_MAX) })
  .superRefine(({ signals }, context) => {
    const seen = new Set<string>();
    for (const [index, one] of signals.entries()) {
      const issue = (key: string, message: string): void =>
        context.addIssue({ code: 'custom', path: ['signals', index, key], message });
      if (seen.has(one.path)) issue('path', 'two signals for one path');
      seen.add(one.path);
      if (one.values !== undefined && one.aggregate !== 'last') issue('aggregate', 'named values have only a last one');
    }
  });

export type CanMapping = z.infer<typeof CanMapping>;
export type MappedSignal = CanMapping['signals'][number];
