import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { imageFile } from '../../../../edge/adapters/image-file.ts';
import { sqliteUpdates } from '../../../../edge/adapters/sqlite-updates.ts';
import { PIECE_BYTES } from '../../../../proto/codec/update-codec.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { openDatabase } from '../../../support/edge/databases.ts';
import { tempDirectory } from '../../../support/edge/temp-directory.ts';
import { IMAGE, NIGHT, newDisk, offerOf, updateRig } from '../../../support/edge/update-rig.ts';

const OFFER = offerOf();
const MINUTES = 6;

/** Campaign and image of a vehicle in the files of a directory. */
function filesIn(directory: string) {
  const database = openDatabase(join(directory, 'agent.db'));
  const image = imageFile(join(directory, 'agent.db.image'), PIECE_BYTES);
  return { database, files: { store: sqliteUpdates(database), image } };
}

/** What a power cut leaves of a directory whose files nobody closed. */
function abandoned(directory: string): string {
  const copy = tempDirectory();
  for (const name of readdirSync(directory)) cpSync(join(directory, name), join(copy, name));
  return copy;
}

test('a power cut at every write to the real files: the campaign is brought to its end, and an ECU is handed the image and not a byte more', async () => {
  const handed: Buffer[] = [];
  const onHanded = (path: string): void => void handed.push(readFileSync(path));
  for (let write = 1; ; write += 1) {
    const disk = { ...newDisk(), cutAt: write };
    const directory = tempDirectory();
    // Of a campaign before this one, whose end was cut off as well.
    writeFileSync(join(directory, 'agent.db.image'), Buffer.alloc(IMAGE.length + 5_000, 0xee));
    await updateRig({ disk, files: filesIn(directory).files, onHanded }).run(OFFER, MINUTES);
    if (disk.writes < write) break;
    disk.cutAt = Number.POSITIVE_INFINITY;
    const left = abandoned(directory);
    const { database, files } = filesIn(left);
    const rig = updateRig({ disk, files, onHanded, clock: { now: (NIGHT + 600_000) as Instant } });
    await rig.run(OFFER, MINUTES);
    expect([write, rig.faults, files.store.held()?.state]).toEqual([write, [], 'installed']);
    expect([write, existsSync(files.image.path)]).toEqual([write, false]);
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  }
  expect(handed.length).toBeGreaterThan(12);
  expect(handed.filter((bytes) => !bytes.equals(IMAGE))).toEqual([]);
});
