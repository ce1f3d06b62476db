import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listOutbox, OUTBOX_ENTRIES_MAX } from '../../../../cloud/exporter/outbox.ts';

let outbox: string;
beforeEach(() => {
  outbox = mkdtempSync(join(tmpdir(), 'tongguan-outbox-'));
});
afterEach(() => rmSync(outbox, { recursive: true }));

test('lists transfer ids in order and counts the other names without looking into them', async () => {
  for (const name of ['t-2', 't-1', '.hidden', 'a.b', 't-1.revoked', '.revoked']) mkdirSync(join(outbox, name));
  expect(await listOutbox(outbox)).toEqual({
    ok: true,
    value: { isStopped: false, ids: ['t-1', 't-2'], revoked: ['t-1'], strangers: 3 },
  });
});

test.each([
  ['a file', (path: string) => writeFileSync(path, '')],
  ['a directory', (path: string) => mkdirSync(path)],
  ['a link to nowhere', (path: string) => symlinkSync('nowhere', path)],
])('%s called STOP is an emergency stop', async (_, make) => {
  make(join(outbox, 'STOP'));
  expect(await listOutbox(outbox)).toEqual({
    ok: true,
    value: { isStopped: true, ids: [], revoked: [], strangers: 0 },
  });
});

test('an outbox that cannot be read is a fault, so that nobody takes it for an empty one without a stop', async () => {
  expect(await listOutbox(join(outbox, 'no'))).toMatchObject({ ok: false, fault: { code: 'OUTBOX_UNREADABLE' } });
});

test('looks at so many entries and no more, and sees a stop among however many', async () => {
  for (let at = 0; at < OUTBOX_ENTRIES_MAX + 5; at += 1) writeFileSync(join(outbox, `t-${at}`), '');
  writeFileSync(join(outbox, 'STOP'), '');
  const listed = await listOutbox(outbox);
  expect(listed.ok && listed.value.ids).toHaveLength(OUTBOX_ENTRIES_MAX);
  expect(listed.ok && listed.value.isStopped).toBe(true);
});
