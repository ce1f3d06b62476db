import { execFile } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { ZONES, type Zone } from '../../../../proto/words/data-class.ts';
import { cellFrame, NOW, signalFrame } from '../../../support/cloud/batches.ts';
import { scratchDirectory, scratchStores } from '../../../support/cloud/stores.ts';
import { zoneOutcomes } from '../../../support/cloud/zone-outcomes.ts';
import { compiledProgram } from '../../../support/compiled.ts';

const PROGRAM = 'test/support/cloud/zone-role.program.ts';

let program: string;
beforeAll(() => {
  program = compiledProgram(PROGRAM);
  // Other accounts are to run it.
  chmodSync(program.slice(0, -PROGRAM.length), 0o755);
});

/** Every zone with one record; the cloud stays open, as it would, and every file but the keys may be read by everybody. */
function filled(): string {
  const directory = scratchDirectory();
  const { zones, quarantine } = scratchStores([], directory);
  const key = { deviceNumber: 1, epoch: 1, sequence: 0 };
  for (const zone of ['general', 'personal', 'important'] as const)
    zones[zone].insert([{ key, content: signalFrame() }]);
  zones.geographic.insert([{ key, content: cellFrame() }]);
  quarantine.insert([{ deviceNumber: 1, receivedAt: NOW, reason: 'TEST', frames: 1, payload: Buffer.from('x') }]);
  chmodSync(directory, 0o755);
  chmodSync(join(directory, 'keys'), 0o755);
  for (const place of [directory, join(directory, 'keys')])
    for (const name of readdirSync(place)) if (/\.(sqlite|pub)/.test(name)) chmodSync(join(place, name), 0o644);
  return directory;
}

const placesOf = (stores: string, keys: string) => ({ stores, vaults: join(stores, 'keys'), keys });

/** What a role finds in each zone with a key directory. */
const outcomes = (stores: string, keys: string) => zoneOutcomes(placesOf(stores, keys));

/** The same in a process of its own, under an account. */
async function outcomesOf(stores: string, keys: string, uid?: number): Promise<ReturnType<typeof outcomes>> {
  const places = JSON.stringify(placesOf(stores, keys));
  const account = uid === undefined ? {} : { uid, gid: uid };
  const { stdout } = await promisify(execFile)(process.execPath, [program, places], account);
  return JSON.parse(stdout) as ReturnType<typeof outcomes>;
}

/** A key directory with what one role is given: every public half, and private halves of some zones. */
function keysOf(directory: string, owned: readonly Zone[]): string {
  const own = scratchDirectory();
  for (const zone of ZONES) copyFileSync(join(directory, 'keys', `${zone}.pub`), join(own, `${zone}.pub`));
  for (const zone of owned) cpSync(join(directory, 'keys', `${zone}.key`), join(own, `${zone}.key`));
  return own;
}

const UID = 54_321;

/** Only the administrator can start a process under another account. */
const HAS_ACCOUNTS = process.getuid?.() === 0;

describe('the process of one role', () => {
  test('reads its own zone and none of the four others, with every file of every zone at hand but their keys', () => {
    const directory = filled();
    const found = ZONES.map((zone) => outcomes(directory, keysOf(directory, [zone])));
    for (const [at, own] of ZONES.entries())
      for (const zone of ZONES)
        if (zone === own) expect(found[at]?.[zone], own).toBe(1);
        else expect(found[at]?.[zone], `${own} opens ${zone}`).toMatch(/^ZONE_UNREADABLE .*ENOENT/);
    // The protection off: the same process with all keys reads all zones.
    expect(Object.values(outcomes(directory, keysOf(directory, ZONES)))).toEqual([1, 1, 1, 1, 1]);
  });

  test(`${HAS_ACCOUNTS ? 'under an account of its own' : 'with a key directory of its own, having no accounts,'} opens none of the four others, in any of the twenty pairs`, async () => {
    const directory = filled();
    const keys = join(directory, 'keys');
    const give = (zone: Zone, uid: number): void => chownSync(join(keys, `${zone}.key`), uid, uid);
    if (HAS_ACCOUNTS) for (const [at, zone] of ZONES.entries()) give(zone, UID + at);
    const found = await Promise.all(
      ZONES.map((own, at) =>
        HAS_ACCOUNTS ? outcomesOf(directory, keys, UID + at) : outcomesOf(directory, keysOf(directory, [own])),
      ),
    );
    for (const [at, own] of ZONES.entries())
      for (const zone of ZONES)
        if (zone === own) expect(found[at]?.[zone], own).toBe(1);
        else
          expect(found[at]?.[zone], `${own} opens ${zone}`).toMatch(
            HAS_ACCOUNTS ? /^ZONE_UNREADABLE .*EACCES/ : /^ZONE_UNREADABLE .*ENOENT/,
          );
    // The protection off: an account that owns all keys reads all zones.
    if (HAS_ACCOUNTS) for (const zone of ZONES) give(zone, UID);
    const all = await outcomesOf(directory, keys, HAS_ACCOUNTS ? UID : undefined);
    expect(Object.values(all)).toEqual([1, 1, 1, 1, 1]);
  });

  test('opens no other zone by passing its own key off as that zone’s, in any of the twenty pairs', () => {
    const directory = filled();
    const found = ZONES.map((own) => {
      const keys = scratchDirectory();
      for (const zone of ZONES)
        for (const half of ['key', 'pub'])
          cpSync(join(directory, 'keys', `${own}.${half}`), join(keys, `${zone}.${half}`));
      return outcomes(directory, keys);
    });
    for (const [at, own] of ZONES.entries())
      for (const zone of ZONES)
        expect(String(found[at]?.[zone]), `${own} opens ${zone}`).toMatch(
          own === zone ? /^1$/ : /another key of that zone/,
        );
  });

  test('does not use a key that others can read, and says so', () => {
    const directory = filled();
    const keys = keysOf(directory, ['personal']);
    chmodSync(join(keys, 'personal.key'), 0o640);
    expect(outcomes(directory, keys).personal).toMatch('can be used by others');
  });
});
