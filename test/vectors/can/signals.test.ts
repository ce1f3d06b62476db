import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { parseDbc } from '../../../edge/adapters/candied-dbc.ts';
import { type CanSignal, isPresent, messageKey, rawValue } from '../../../edge/sources/can/can-database.ts';

const Vector = z.strictObject({
  id: z.int(),
  extended: z.boolean(),
  hex: z.string().regex(/^(?:[0-9a-f]{2})+$/),
  values: z.record(z.string(), z.number()),
});

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
const vectors = z
  .array(Vector)
  .min(400)
  .parse(JSON.parse(read('./signals.json')));

test('signals of every layout decode to what another program makes of them', () => {
  const database = parseDbc(read('./signals.dbc'));
  if (!database.ok) throw new Error(database.fault.problem.en);
  let compared = 0;
  for (const { id, extended, hex, values } of vectors) {
    const message = database.value.get(messageKey(id, extended));
    if (message === undefined) throw new Error(`no message ${id}`);
    const bytes = Buffer.from(hex, 'hex');
    const present = [...message.signals.values()].filter((signal) => isPresent(message, signal, bytes));
    expect(present.map(({ name }) => name).sort()).toEqual(Object.keys(values).sort());
    for (const signal of present) {
      expect(isClose(physical(signal, bytes), values[signal.name]), `${message.name}.${signal.name} of ${hex}`).toBe(
        true,
      );
      compared += 1;
    }
  }
  expect(compared).toBeGreaterThan(750);
});

function physical({ layout, factor, offset }: CanSignal, bytes: Uint8Array): number {
  return (rawValue(bytes, layout) ?? Number.NaN) * factor + offset;
}

/** The last bits depend on the order of two roundings. */
function isClose(own: number, other = Number.NaN): boolean {
  return Math.abs(own - other) <= 1e-12 * Math.max(1e-9, Math.abs(other), Math.abs(own)) + 1e-12;
}
