import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { sqliteTransferRegister } from '../../cloud/adapters/sqlite-transfer-register.ts';
import { personsBehind } from '../../cloud/counting/persons-behind.ts';
import { expiryOf } from '../../cloud/transfer/clear-transfer.ts';
import { civilYearOf, type Instant, parseInstant, toIso } from '../../proto/words/time.ts';
import { scratchDirectory } from '../support/cloud/stores.ts';

/** Data first: which year, kind, route and total a person counts in, and until when a permit may be used. */
const Totals = z.strictObject({
  all: z.int(),
  outsideExemptions: z.int(),
  byRoute: z.record(z.string(), z.int()),
});
const Kind = z.enum(['plain', 'sensitive']);
const Vectors = z.strictObject({
  years: z.array(
    z.strictObject({
      name: z.string(),
      transfers: z.array(
        z.strictObject({
          at: z.string(),
          kind: Kind,
          persons: z.array(z.int()),
          route: z.string(),
          end: z.enum(['delivered', 'failed', 'open']),
        }),
      ),
      expect: z.record(z.string(), z.record(Kind, Totals)),
    }),
  ),
  people: z.array(
    z.strictObject({
      name: z.string(),
      vehicles: z.array(z.string()),
      links: z.record(z.string(), z.array(z.string())),
      persons: z.int(),
    }),
  ),
  permits: z.array(z.strictObject({ name: z.string(), at: z.string(), hours: z.int(), expires: z.string() })),
});

const { years, people, permits } = Vectors.parse(
  JSON.parse(readFileSync(new URL('./counting/counting.vectors.json', import.meta.url), 'utf8')),
);
const digestOf = (name: unknown) => createHash('md5').update(String(name)).digest();

function instant(text: string): Instant {
  const read = parseInstant(text);
  if (!read.ok) throw new Error(`no instant: ${text}`);
  return read.value;
}

describe('counting vectors', () => {
  test.each(years)('$name', ({ transfers, expect: expected }) => {
    const file = join(scratchDirectory(), 'transfers.sqlite');
    const register = sqliteTransferRegister(file);
    for (const [at, { at: when, kind, persons, route, end }] of transfers.entries()) {
      const transferId = `t${at}`;
      const named = { datasetId: 'd', recipientId: 'r', purpose: 'p' };
      register.add({ transferId, requestedAt: instant(when), ...named, state: 'requested', persons: 0 });
      const year = civilYearOf(instant(when));
      const isExempt = route.startsWith('exemption-');
      register.permit(
        transferId,
        { year, route, isExempt, persons: { [kind]: persons.map(digestOf) } },
        register.counted(),
      );
      if (end !== 'open') register.close(transferId, end, end === 'delivered' ? 'counted' : 'released');
    }
    register.shut();
    const again = sqliteTransferRegister(file);
    onTestFinished(() => again.shut());
    for (const [year, kinds] of Object.entries(expected)) {
      for (const kind of Kind.options) expect(again.totals(Number(year), kind)).toEqual(kinds[kind]);
    }
  });

  test.each(people)('$name', ({ vehicles, links, persons }) => {
    const byDigest = new Map(
      Object.entries(links).map(([vehicle, of]) => [digestOf(vehicle).toString('hex'), of.map(digestOf)]),
    );
    const linked = (vehicle: Uint8Array) => byDigest.get(Buffer.from(vehicle).toString('hex')) ?? [];
    expect(personsBehind(vehicles.map(digestOf), linked)).toHaveLength(persons);
  });

  test.each(permits)('$name', ({ at, hours, expires }) => {
    expect(toIso(expiryOf(instant(at), hours))).toBe(toIso(instant(expires)));
  });
});
