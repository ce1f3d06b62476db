import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { borderDirectory } from '../../../../cloud/adapters/border-directory.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';

function border() {
  const directory = scratchDirectory();
  for (const name of ['staging', 'outbox', 'returns']) mkdirSync(join(directory, name));
  return { directory, border: borderDirectory(directory), at: (...names: string[]) => join(directory, ...names) };
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('borderDirectory', () => {
  test('stages lines and bytes, and says the size and hash of what lies there', () => {
    const { border: cloud, at } = border();
    const lines = Array.from({ length: 30_000 }, (_, row) => `{"row":${row},"text":"${'电'.repeat(20)}"}`);
    const staged = cloud.stageLines('t1', 'rows.ndjson', lines);
    const written = readFileSync(at('staging', 't1', 'rows.ndjson'));
    expect(written.toString()).toBe(`${lines.join('\n')}\n`);
    expect(staged).toEqual({
      ok: true,
      value: { name: 'rows.ndjson', bytes: written.length, sha256: sha256(written) },
    });
    const empty = cloud.stageLines('t1', 'none.ndjson', []);
    expect(empty).toMatchObject({ ok: true, value: { bytes: 0, sha256: sha256(new Uint8Array(0)) } });
    expect(cloud.stageBytes('t1', 'a.bin', Uint8Array.of(1, 2))).toMatchObject({ ok: true, value: { bytes: 2 } });
  });

  test('nothing is in the outbox before it is cleared, and then all of it is', () => {
    const { border: cloud, at } = border();
    cloud.stageBytes('t1', 'manifest.json', Uint8Array.of(1));
    expect([cloud.isStaged('t1'), cloud.isCleared('t1'), cloud.hasPermit('t1')]).toEqual([true, false, false]);
    expect(readdirSync(at('outbox'))).toEqual([]);
    cloud.stageBytes('t1', 'permit.bin', Uint8Array.of(2));
    expect(cloud.hasPermit('t1')).toBe(true);
    expect(cloud.clear('t1').ok).toBe(true);
    expect([cloud.isStaged('t1'), cloud.isCleared('t1')]).toEqual([false, true]);
    expect(readdirSync(at('outbox', 't1')).sort()).toEqual(['manifest.json', 'permit.bin']);
  });

  test('what is discarded is gone, and discarding twice is no harm', () => {
    const { border: cloud } = border();
    cloud.stageBytes('t1', 'a', Uint8Array.of(1));
    cloud.discard('t1');
    cloud.discard('t1');
    expect(cloud.isStaged('t1')).toBe(false);
  });

  test('a directory that cannot be written is a fault with its remedy', () => {
    const { border: cloud, at } = border();
    rmSync(at('staging'), { recursive: true });
    writeFileSync(at('staging'), 'in the way');
    const staged = cloud.stageBytes('t1', 'a', Uint8Array.of(1));
    expect(staged).toMatchObject({ ok: false, fault: { code: 'BORDER_UNAVAILABLE', retry: 'after-remedy' } });
    expect(cloud.clear('never-staged')).toMatchObject({ ok: false, fault: { code: 'BORDER_UNAVAILABLE' } });
  });

  test('reads the returns of the exporter, and passes over what is none', () => {
    const { border: cloud, at } = border();
    const put = (name: string, text: string) => writeFileSync(at('returns', name), text);
    put('t1.json', JSON.stringify({ transferId: 't1', outcome: 'delivered', receipt: 'x' }));
    put('t2.json', JSON.stringify({ transferId: 't2', outcome: 'refused' }));
    put('t3.json', JSON.stringify({ transferId: 'another', outcome: 'delivered' }));
    put('t4.json', JSON.stringify({ transferId: 't4', outcome: 'lost' }));
    put('t5.json', 'half a {');
    put('t6.json', 'null');
    put('t7.json', JSON.stringify({ transferId: 't7', outcome: 'delivered', pad: 'x'.repeat(70_000) }));
    put('t8.json.part', JSON.stringify({ transferId: 't8', outcome: 'delivered' }));
    const found = [...cloud.returns()].sort((a, b) => a.transferId.localeCompare(b.transferId));
    expect(found.map(({ transferId, outcome }) => [transferId, outcome])).toEqual([
      ['t1', 'delivered'],
      ['t2', 'refused'],
    ]);
    expect(found[0]?.document).toEqual({ transferId: 't1', outcome: 'delivered', receipt: 'x' });
  });

  test('settling takes the parcel and its return away, also when one of them is gone already', () => {
    const { border: cloud, at } = border();
    cloud.stageBytes('t1', 'a', Uint8Array.of(1));
    cloud.clear('t1');
    writeFileSync(at('returns', 't1.json'), JSON.stringify({ transferId: 't1', outcome: 'delivered' }));
    cloud.settle('t1');
    cloud.settle('t1');
    expect([existsSync(at('outbox', 't1')), existsSync(at('returns', 't1.json'))]).toEqual([false, false]);
    expect(cloud.returns()).toEqual([]);
  });
});
