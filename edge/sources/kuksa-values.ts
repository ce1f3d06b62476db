import { z } from 'zod';
import type { SignalValue } from '../../proto/words/raw-frame.ts';
import type { Instant } from '../../proto/words/time.ts';

/** Longest text a signal may have, as in a raw frame. */
const TEXT_CHARACTERS_MAX = 256;

/** A datapoint of `kuksa.val.v2` as the gRPC library hands it over. */
const Datapoint = z.object({
  timestamp: z.object({ seconds: z.number().optional(), nanos: z.number().optional() }).nullish(),
  value: z
    .object({
      typedValue: z.string().optional(),
      string: z.string().max(TEXT_CHARACTERS_MAX).optional(),
      bool: z.boolean().optional(),
      int32: z.number().optional(),
      int64: z.number().optional(),
      uint32: z.number().optional(),
      uint64: z.number().optional(),
      float: z.number().optional(),
      double: z.number().optional(),
    })
    .nullish(),
});

const Response = z.object({ entries: z.record(z.string(), z.unknown()) });

/** `none`: the broker has no value for it. `unfit`: an array, a number that is none, or text that is too long. */
export type KuksaValue = { readonly kind: 'value'; readonly value: SignalValue } | { readonly kind: 'none' | 'unfit' };

export interface KuksaEntry {
  readonly path: string;
  readonly value: KuksaValue;
  /** When the provider gave it; undefined when the broker does not say. */
  readonly at: Instant | undefined;
}

/** @returns undefined for what is no response of this service */
export function entriesOf(response: unknown): readonly KuksaEntry[] | undefined {
  const parsed = Response.safeParse(response);
  if (!parsed.success) return undefined;
  return Object.entries(parsed.data.entries).map(([path, entry]) => ({ path, ...datapointOf(entry) }));
}

function datapointOf(entry: unknown): Omit<KuksaEntry, 'path'> {
  const parsed = Datapoint.safeParse(entry);
  if (!parsed.success) return { at: undefined, value: { kind: 'unfit' } };
  const { timestamp, value } = parsed.data;
  const at = timestamp == null ? undefined : instantOf(timestamp.seconds ?? 0, timestamp.nanos ?? 0);
  if (value == null) return { at, value: { kind: 'none' } };
  const { typedValue, ...typed } = value;
  const [, found] = Object.entries(typed).find(([name]) => name === typedValue) ?? [];
  return { at, value: found === undefined ? { kind: 'unfit' } : { kind: 'value', value: found } };
}

function instantOf(seconds: number, nanos: number): Instant | undefined {
  const ms = seconds * 1_000 + Math.floor(nanos / 1e6);
  return Number.isSafeInteger(ms) ? (ms as Instant) : undefined;
}
