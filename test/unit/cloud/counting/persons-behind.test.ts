import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sqlitePersons } from '../../../../cloud/adapters/sqlite-persons.ts';
import { sqliteTransferRegister } from '../../../../cloud/adapters/sqlite-transfer-register.ts';
import { personsBehind } from '../../../../cloud/counting/persons-behind.ts';
import { linkedPersonDigest, personDigest } from '../../../../cloud/partition/recipient-tag.ts';
import { PERSONS_LOG_KIND, recordPersons } from '../../../../cloud/registers/record-persons.ts';
import { ok } from '../../../../proto/words/result.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';
import { testVin } from '../../../support/cloud/vins.ts';

const KEY = new Uint8Array(32).fill(9);
const vehicle = (number: number) => personDigest(KEY, testVin(number));
const person = (name: string) => linkedPersonDigest(KEY, name);

function books() {
  const directory = scratchDirectory();
  const links = sqlitePersons(join(directory, 'persons.sqlite'));
  const log: { kind: string; document: unknown }[] = [];
  const operations = {
    append: (entries: readonly { kind: string; document: unknown }[]) => {
      log.push(...entries);
      return ok({ firstIndex: 0, leafHashes: [] });
    },
  };
  const link = (of: number, name: string) =>
    recordPersons([{ vehicle: vehicle(of), person: person(name), role: 'driver' }], 'alice', {
      operations: operations as never,
      links,
      digestOf: () => 'd'.repeat(64),
    });
  const behind = (...numbers: readonly number[]) => personsBehind(numbers.map(vehicle), links.of);
  return { directory, links, log, link, behind };
}

test('one person of two vehicles counts once, two persons of one vehicle twice, and an unknown one as its vehicle', () => {
  const { link, behind } = books();
  expect(behind(1, 2)).toHaveLength(2);
  link(1, 'ann');
  link(2, 'ann');
  expect(behind(1, 2)).toHaveLength(1);
  link(3, 'bo');
  link(3, 'cy');
  expect(behind(3)).toHaveLength(2);
  expect(behind(1, 2, 3, 4)).toHaveLength(4);
});

test('the log holds counts and a digest of what was linked, and neither name nor number', () => {
  const { link, log } = books();
  link(1, 'ann');
  expect(log).toEqual([
    expect.objectContaining({
      kind: PERSONS_LOG_KIND,
      document: { vehicles: 1, persons: 1, links: 1, digest: 'd'.repeat(64) },
    }),
  ]);
  expect(JSON.stringify(log)).not.toMatch(/ann|LTG/);
});

test('a link that cannot be logged is not made', () => {
  const { links } = books();
  const refuse = { append: () => ({ ok: false as const, fault: { code: 'LOG' } as never }) };
  const one = { vehicle: vehicle(1), person: person('ann'), role: 'owner' as const };
  expect(recordPersons([one], 'alice', { operations: refuse, links, digestOf: () => '' }).ok).toBe(false);
  expect(links.of(vehicle(1))).toEqual([]);
});

test('links that are made later lower no count that stands', () => {
  const { directory, link, behind } = books();
  const transfers = sqliteTransferRegister(join(directory, 'transfers.sqlite'));
  let number = 0;
  const numbers = fc.array(fc.nat(5), { minLength: 1, maxLength: 4 });
  const step = fc.tuple(numbers, fc.array(fc.tuple(fc.nat(5), fc.constantFrom('ann', 'bo', 'cy')), { maxLength: 2 }));
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 4 }), (steps) => {
      for (const [vehicles, links] of steps) {
        number += 1;
        const row = { transferId: `t${number}`, requestedAt: 0 as Instant, datasetId: 'd', recipientId: 'r' };
        transfers.add({ ...row, purpose: 'p', persons: 0, state: 'requested' });
        const persons = { plain: behind(...vehicles) };
        transfers.permit(
          row.transferId,
          { year: 2026, route: 'exemption-5', isExempt: true, persons },
          transfers.counted(),
        );
        const before = transfers.totals(2026, 'plain').all;
        for (const [of, name] of links) link(of, name);
        expect(transfers.totals(2026, 'plain').all).toBe(before);
        expect(
          transfers.project({ year: 2026, kind: 'plain', persons: behind(0, 1, 2, 3, 4, 5) }).projected,
        ).toBeGreaterThanOrEqual(before);
      }
    }),
    { numRuns: 10 },
  );
});
