import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sqlitePersons } from '../../../../cloud/adapters/sqlite-persons.ts';
import { sqliteTransferRegister } from '../../../../cloud/adapters/sqlite-transfer-register.ts';
import { allBehind, personsBehind } from '../../../../cloud/counting/persons-behind.ts';
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
      alert: () => undefined,
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

test('somebody who is behind more vehicles than a person has makes none of them count less, with others behind them neither', () => {
  const { link, behind } = books();
  for (const number of [1, 2, 3, 4]) link(number, 'ann');
  link(4, 'bo');
  expect([behind(1, 2, 3).length, behind(1, 2, 3, 4).length]).toEqual([1, 2]);
  for (const number of [5, 6]) link(number, 'ann');
  expect([behind(1, 2, 3).length, behind(1, 2, 3, 4, 5, 6).length, behind(4).length]).toEqual([3, 7, 2]);
});

test('whose consent is over is found under whatever they are counted as', () => {
  const { link, links, behind } = books();
  const over = (...numbers: number[]) =>
    new Set(allBehind(numbers.map(vehicle), links).map((one) => Buffer.from(one).toString('hex')));
  for (const number of [1, 2]) link(number, 'ann');
  for (const number of [3, 4, 5, 6, 7]) link(number, 'fleet');
  // They withdrew in the first vehicle of theirs, and are in the data by another.
  for (const [withdrawn, other] of [
    [1, 2],
    [3, 7],
    [8, 8],
  ] as const)
    expect(behind(other).every((one) => over(withdrawn).has(Buffer.from(one).toString('hex')))).toBe(true);
  expect(over(8).size).toBe(1);
});

test.each([
  ['many vehicles of few persons', 10, 9, true],
  ['nearly as many persons', 20, 19, false],
  ['the cars of one household', 3, 1, false],
])('an import of %s is told: %i vehicles, %i persons', (_, vehicles, persons, isTold) => {
  const { links } = books();
  const alerts: unknown[] = [];
  const list = Array.from({ length: vehicles }, (__, at) => ({
    ...{ vehicle: vehicle(at), person: person(`p${at % persons}`), role: 'owner' as const },
  }));
  const append = () => ok({ firstIndex: 0, leafHashes: [] });
  recordPersons(list, 'alice', {
    ...{ operations: { append } as never, links, digestOf: () => '', alert: (one: unknown) => void alerts.push(one) },
  });
  expect(alerts).toEqual(isTold ? [{ code: 'PERSONS_MERGED', by: 'alice', vehicles, persons }] : []);
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
  expect(
    recordPersons([one], 'alice', { operations: refuse, links, digestOf: () => '', alert: () => undefined }).ok,
  ).toBe(false);
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
