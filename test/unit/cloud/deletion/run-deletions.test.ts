import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { CloudStores } from '../../../../cloud/composition/open-stores.ts';
import { type DeletionParts, overdue, runDeletions } from '../../../../cloud/deletion/run-deletions.ts';
import type { NewDeletion } from '../../../../cloud/ports/deletion-register.ts';
import { ok } from '../../../../proto/words/result.ts';
import { type CivilDate, DAY_MS, type Instant } from '../../../../proto/words/time.ts';
import { cellFrame, NOW, signalFrame, tripRow } from '../../../support/cloud/batches.ts';
import { scratchDirectory, scratchStores } from '../../../support/cloud/stores.ts';

const SENSITIVE = 'sensitive-on-request-10wd';
const OPERATIONS = 'domestic-operations';

interface Scene {
  readonly stores: CloudStores;
  readonly parts: DeletionParts;
  readonly entries: { readonly kind: string; readonly document: Readonly<Record<string, unknown>> }[];
  readonly forgotten: () => number;
}

function scene(change: Partial<DeletionParts> = {}, stores = scratchStores()): Scene {
  const entries: Scene['entries'] = [];
  let forgotten = 0;
  let drawn = 0;
  const parts: DeletionParts = {
    clock: { now: () => NOW },
    register: stores.deletions,
    vaults: stores.vaults,
    zones: { ...stores.zones, quarantine: stores.quarantine },
    updates: stores.updates,
    operations: {
      append: (added) => {
        for (const { kind, document } of added) entries.push({ kind, document: document as Record<string, unknown> });
        return ok({ firstIndex: 0, leafHashes: [] });
      },
    },
    forgetBackups: () => {
      forgotten += 1;
    },
    retention: [],
    draw: () => {
      drawn += 1;
      return String(drawn);
    },
    ...change,
  };
  onTestFinished(() => stores.close());
  return { stores, parts, entries, forgotten: () => forgotten };
}

/** Two vehicles in several zones, classes and days. */
function fill({ zones, quarantine }: CloudStores): void {
  for (const deviceNumber of [1, 2]) {
    const key = (sequence: number) => ({ deviceNumber, epoch: 1, sequence });
    const old = (NOW - 40 * DAY_MS) as Instant;
    zones.personal.insert([
      { key: key(0), content: signalFrame(), retention: OPERATIONS },
      { key: key(1), content: signalFrame(undefined, old), retention: OPERATIONS },
      { key: key(1), content: signalFrame(undefined, old), retention: SENSITIVE },
      { key: key(2), content: tripRow(), retention: OPERATIONS },
    ]);
    zones.geographic.insert([{ key: key(3), content: cellFrame(), retention: SENSITIVE }]);
    const payload = Buffer.from(`refused ${deviceNumber}`);
    quarantine.insert([{ deviceNumber, receivedAt: NOW, reason: 'FRAME_SCHEMA', frames: 2, payload }]);
  }
}

const request = (change: Partial<NewDeletion> = {}): NewDeletion => ({
  id: 'd-1',
  cause: 'request',
  requestedAt: NOW,
  requestedBy: 'alice',
  deviceNumbers: [1],
  retention: undefined,
  beforeDay: undefined,
  reason: 'the owner asked',
  due: '2026-03-15' as CivilDate,
  ...change,
});

const countsOf = ({ zones, quarantine }: CloudStores) => [
  zones.personal.count(),
  zones.geographic.count(),
  quarantine.held().frames,
];

const recordsOf = (stores: CloudStores, zone: 'personal' | 'geographic'): readonly string[] => {
  const reader = stores.reader(zone);
  return reader.ok ? [...reader.value.records()].map(({ key }) => `${key.deviceNumber}/${key.sequence}`).sort() : [];
};

describe('a deletion', () => {
  test('on request takes every record of the vehicle in every zone, and nothing of another', () => {
    const { stores, parts, forgotten } = scene();
    fill(stores);
    parts.register.add(request());
    expect(runDeletions(parts)).toMatchObject({ ok: true, value: { deletions: 1, records: 6 } });
    expect(countsOf(stores)).toEqual([4, 1, 2]);
    expect(recordsOf(stores, 'personal')).toEqual(['2/0', '2/1', '2/1', '2/2']);
    expect(recordsOf(stores, 'geographic')).toEqual(['2/3']);
    for (const vault of Object.values(stores.vaults)) expect(vault.select({ deviceNumbers: [1] })).toEqual([]);
    expect(forgotten()).toBe(1);
    expect(parts.register.list('all')).toMatchObject([{ state: 'done', records: 6, doneAt: NOW }]);
  });

  test('on request takes where the vehicle stands with updates, if all of it goes and not one class, and leaves no byte of it', () => {
    const directory = scratchDirectory();
    const { stores, parts, entries, forgotten } = scene({}, scratchStores([], directory));
    const campaign = 'c5'.repeat(32);
    const told = { campaign, state: 'installed', reason: 'none', step: 1, version: 4, minute: 1 } as const;
    stores.updates.note([1, 2].map((deviceNumber) => ({ ...told, deviceNumber })));
    const bytesOfCampaign = () =>
      readdirSync(directory).filter(
        (name) => name.startsWith('updates.sqlite') && readFileSync(join(directory, name)).includes(campaign),
      );
    parts.register.add(request({ retention: SENSITIVE }));
    runDeletions(parts);
    expect(stores.updates.counts(campaign)).toMatchObject([{ vehicles: 2 }]);
    parts.register.add(request({ id: 'd-2', deviceNumbers: [1] }));
    runDeletions(parts);
    expect(stores.updates.standing(campaign, 1)).toBeUndefined();
    expect(stores.updates.standing(campaign, 2)).toBeDefined();
    expect([forgotten(), entries.at(-1)?.document['updates']]).toEqual([1, 1]);
    expect(bytesOfCampaign()).not.toEqual([]);
    parts.register.add(request({ id: 'd-3', deviceNumbers: [2] }));
    runDeletions(parts);
    expect(bytesOfCampaign()).toEqual([]);
  });

  test('of one class leaves the other classes of the same vehicle', () => {
    const { stores, parts } = scene();
    fill(stores);
    parts.register.add(request({ retention: SENSITIVE }));
    runDeletions(parts);
    expect(recordsOf(stores, 'personal')).toEqual(['1/0', '1/1', '1/2', '2/0', '2/1', '2/1', '2/2']);
    expect(countsOf(stores)).toEqual([7, 1, 2]);
  });

  test('by retention takes what is older than the period, of everybody, and nothing of the last day that stays', () => {
    const { stores, parts, entries } = scene({ retention: [{ class: OPERATIONS, days: 40 }] });
    fill(stores);
    runDeletions(parts);
    expect(countsOf(stores)[0]).toBe(8);
    const later = { ...parts, retention: [{ class: OPERATIONS, days: 39 }] };
    expect(runDeletions(later)).toMatchObject({ value: { deletions: 1 } });
    expect(recordsOf(stores, 'personal')).toEqual(['1/0', '1/1', '1/2', '2/0', '2/1', '2/2']);
    expect(entries.at(-1)).toMatchObject({ kind: 'deletion-done', document: { cause: 'retention' } });
    expect(runDeletions(later)).toMatchObject({ value: { deletions: 0 } });
  });

  test('is in the log before anything goes, with counts and digests and nobody named', () => {
    const { stores, parts, entries } = scene();
    fill(stores);
    parts.register.add(request());
    runDeletions(parts);
    expect(entries.map(({ kind }) => kind)).toEqual(['deletion-begun', 'deletion-done']);
    const [begun, done] = entries;
    expect(begun?.document['zones']).toMatchObject([
      { zone: 'personal', keyIdsSha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      { zone: 'geographic', keys: 1 },
      { zone: 'quarantine', keys: 1 },
    ]);
    expect(done?.document).toMatchObject({
      records: { personal: 4, geographic: 1, quarantine: 1 },
      zones: begun?.document['zones'],
    });
    expect(JSON.stringify(entries)).not.toContain('device');
  });

  test('that cannot be logged does not happen', () => {
    const fault = {
      code: 'LOG_UNAVAILABLE',
      problem: { en: '', zh: '' },
      remedy: { en: '', zh: '' },
      retry: 'later',
    } as const;
    const { stores, parts } = scene({ operations: { append: () => ({ ok: false, fault }) } });
    fill(stores);
    parts.register.add(request());
    expect(runDeletions(parts)).toEqual({ ok: false, fault });
    expect(countsOf(stores)).toEqual([8, 2, 4]);
    expect(parts.register.list('open')).toHaveLength(1);
  });

  test.each(['personal', 'geographic', 'quarantine'] as const)(
    'that a crash ends at the vault of %s is brought to its end by the next run, and backups forget',
    (zone) => {
      const { stores, parts, forgotten } = scene();
      fill(stores);
      parts.register.add(request());
      const crash = () => {
        throw new Error('power cut');
      };
      const vaults = { ...stores.vaults, [zone]: { ...stores.vaults[zone], destroy: crash } };
      expect(() => runDeletions({ ...parts, vaults })).toThrow('power cut');
      expect(parts.register.list('open')).toMatchObject([{ state: 'begun' }]);
      expect(runDeletions(parts).ok).toBe(true);
      expect(countsOf(stores)).toEqual([4, 1, 2]);
      expect(stores.vaults[zone].select({ deviceNumbers: [1] })).toEqual([]);
      expect(forgotten()).toBe(1);
    },
  );

  test('whose backups could not be made to forget stays open', () => {
    const { stores, parts } = scene();
    fill(stores);
    parts.register.add(request());
    const forgetBackups = () => {
      throw new Error('disk is full');
    };
    expect(() => runDeletions({ ...parts, forgetBackups })).toThrow('disk is full');
    expect(parts.register.list('open')).toHaveLength(1);
    runDeletions(parts);
    expect(parts.register.list('open')).toEqual([]);
  });

  test('is overdue from the day after its last', () => {
    const { parts } = scene();
    parts.register.add(request({ due: '2026-03-01' as CivilDate }));
    const at = (text: string) => ({ now: () => Date.parse(text) as Instant });
    expect(overdue(parts.register, at('2026-03-01T15:59:59Z'))).toHaveLength(0);
    expect(overdue(parts.register, at('2026-03-01T16:00:00Z'))).toHaveLength(1);
  });
});
