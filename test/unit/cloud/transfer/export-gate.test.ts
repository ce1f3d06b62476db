import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sqliteParts } from '../../../../cloud/adapters/sqlite-parts.ts';
import { contentsOf, type Requestable } from '../../../../cloud/datasets/contents.ts';
import { createJoins, type JoinParts } from '../../../../cloud/join-transfers.ts';
import type { RegisterEntry } from '../../../../cloud/registers/kind.ts';
import { memberParts } from '../../../../cloud/registers/member-exports.ts';
import { fail, ok } from '../../../../proto/words/result.ts';
import { scratchGate as gate } from '../../../support/cloud/gate.ts';
import { scratchDirectory, scratchStores } from '../../../support/cloud/stores.ts';
import { AGGREGATES, STATISTICS } from '../../../support/datasets/parcels.ts';

describe('the gate', () => {
  test('clears rows of vehicles and counts each of them', async () => {
    const { ask, transfers, at, log } = gate();
    const outcome = await ask(STATISTICS);
    expect(outcome).toMatchObject({ ok: true, value: { persons: 30, verdict: { decision: 'permit' } } });
    expect(existsSync(at('outbox', 't1', 'rows.parquet'))).toBe(true);
    expect(transfers.project({ year: 2026, kind: 'plain', persons: [] }).before).toBe(30);
    expect(log[0]?.document).toMatchObject({ scale: { rows: 30, persons: 30, classes: ['personal'] } });
  });

  test('clears aggregates, counts nobody, and gives what was published from then on', async () => {
    const { ask, transfers, at } = gate();
    expect(await ask(AGGREGATES)).toMatchObject({
      ok: true,
      value: { persons: 0, rows: 1, verdict: { decision: 'permit' } },
    });
    expect(transfers.project({ year: 2026, kind: 'plain', persons: [] }).before).toBe(0);
    await ask(AGGREGATES);
    const rows = (id: string) => readFileSync(at('outbox', id, 'rows.ndjson'), 'utf8');
    expect(rows('t2')).toBe(rows('t1'));
    expect(await ask({ ...AGGREGATES, vehiclesMin: 25 })).toMatchObject({
      ok: false,
      fault: { code: 'DATASET_EMPTY' },
    });
  });

  test('a second transfer for the same purpose is decided with the first as one', async () => {
    const { aggregates } = scratchStores();
    const seen: JoinParts['transfers'][] = [];
    const joins = createJoins({
      store: sqliteParts(join(scratchDirectory(), 'parts.sqlite')),
      transfers: { find: (id) => seen[0]?.find(id) },
      groupOf: (id) => id,
      judged: { aggregates, stated: undefined },
      members: () => [],
    });
    const { ask, log, transfers } = gate({ joins });
    seen.push(transfers);
    await ask(STATISTICS);
    expect(await ask(STATISTICS)).toMatchObject({
      value: { verdict: { decision: 'permit', under: 'exemption-5', joined: { transfers: ['t1'], decides: true } } },
    });
    const facts = log
      .filter(({ kind }) => kind === 'verdict')
      .map(({ document }) => (document as { facts: object }).facts);
    expect(facts[0]).not.toHaveProperty('joined');
    expect(facts[1]).toMatchObject({ joined: { parts: 1, persons: 30, sensitivePersons: 0, rises: [] } });
    // Figures over many vehicles are no personal information, whatever goes beside them.
    expect(await ask(AGGREGATES)).toMatchObject({
      value: { verdict: { under: 'free-flow', joined: { parts: 2, decides: false } } },
    });
  });

  test('what another member of the group sent for the purpose is joined by its content, and not by its figures only', async () => {
    const sent = {
      ...{ purpose: 'warranty', recipient: 'lab', kinds: ['BIOMETRIC'], personal: 'present', sensitive: 'present' },
      ...{ geographic: 'absent', coordinates: 'absent', important: 'absent', persons: 10, sensitivePersons: 10 },
    };
    const entry = (exports: readonly object[], body: object = {}) => ({
      ...{ kind: 'group-count', id: 'sales', version: 1, isWithdrawn: false, attachments: [] },
      body: { id: 'sales', member: 'sales', year: 2026, exports, ...body },
    });
    const verdictBeside = async (one: RegisterEntry) => {
      const joins = createJoins({
        store: sqliteParts(join(scratchDirectory(), 'parts.sqlite')),
        transfers: { find: () => undefined },
        groupOf: (id) => id,
        judged: { aggregates: scratchStores().aggregates, stated: undefined },
        members: (year) => memberParts({ list: () => [one] }, 'maker', year),
      });
      return gate({ joins }).ask(STATISTICS);
    };
    expect(await verdictBeside(entry([sent]))).toMatchObject({
      value: { verdict: { decision: 'withhold', joined: { transfers: ['sales.0'], decides: true } } },
    });
    const plain = { ...sent, kinds: ['CAN'], sensitive: 'absent', sensitivePersons: 0 };
    expect(await verdictBeside(entry([plain]))).toMatchObject({
      value: { verdict: { decision: 'permit', joined: { parts: 1 } } },
    });
    for (const other of [
      entry([{ ...sent, purpose: 'other' }]),
      entry([{ ...sent, recipient: 'stranger' }]),
      entry([sent], { year: 2025 }),
      entry([sent], { member: 'maker' }),
      { ...entry([sent]), isWithdrawn: true },
    ]) {
      const outcome = await verdictBeside(other);
      expect(outcome).toMatchObject({ value: { verdict: { decision: 'permit' } } });
      expect(outcome.ok && outcome.value.verdict).not.toHaveProperty('joined');
    }
  });

  test('a publication that cannot be written down is given to nobody', async () => {
    const { ask, at, transfers, log } = gate({ publications: { publish: () => false } });
    expect(await ask(AGGREGATES)).toMatchObject({ ok: false, fault: { code: 'PUBLICATION_CHANGED' } });
    expect([existsSync(at('outbox', 't1')), existsSync(at('staging', 't1'))]).toEqual([false, false]);
    expect(transfers.find('t1')?.state).toBe('failed');
    expect(log.map(({ kind }) => kind)).toEqual(['verdict']);
  });

  test('a purpose that the dataset was not defined for is refused before anything is built', async () => {
    const { ask, transfers } = gate();
    expect(await ask(STATISTICS, 'other')).toMatchObject({ ok: false, fault: { code: 'DATASET_PURPOSE' } });
    expect(transfers.list()).toEqual([]);
  });

  test('a build that fails leaves nothing behind', async () => {
    const stopped = {
      code: 'BUILD_STOPPED',
      problem: { en: 'x', zh: 'x' },
      remedy: { en: 'x', zh: 'x' },
      retry: 'later' as const,
    };
    const { ask, transfers, at } = gate({ build: async () => fail(stopped) });
    expect(await ask(STATISTICS)).toMatchObject({ ok: false, fault: { code: 'BUILD_STOPPED' } });
    expect([transfers.find('t1')?.state, existsSync(at('staging', 't1'))]).toEqual(['failed', false]);
  });
});

test('of imported files nothing is known until evidence says it, and that withholds', async () => {
  const files: Requestable = {
    kind: 'files',
    id: 'one',
    title: 'Source',
    purposes: ['warranty'],
    fileKind: 'ota-source',
    entry: 'e',
  };
  const parcel = { manifestSha256: new Uint8Array(32), rows: 1, bytes: 1, persons: [], families: [] };
  const { askFor, log, at } = gate({ build: async () => ok(parcel) });
  expect(contentsOf(files).isUnsettled).toBe(true);
  const outcome = await askFor(files);
  expect(outcome).toMatchObject({ ok: true, value: { verdict: { decision: 'withhold' } } });
  expect(log[0]?.document).toMatchObject({
    facts: { dataset: { kinds: ['SRC'], important: 'unknown', personal: 'unknown' } },
  });
  expect(existsSync(at('outbox', 't1'))).toBe(false);
});
