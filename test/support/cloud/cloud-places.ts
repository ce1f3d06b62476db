import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import type { CloudPlaces } from '../../../cloud/backup/backup-files.ts';
import { beginLog } from '../../../cloud/composition/open-logs.ts';
import { NOW } from './batches.ts';

export const ORIGIN = 'test.example';
export const LOG_KEYS = generateKeyPairSync('ed25519');

/** Stores in `directory`, keys and vaults in `keys` below it, as `storeKeys` lays them out, and logs in `log`. */
export function placesIn(directory: string): CloudPlaces {
  const keys = join(directory, 'keys');
  return { stores: directory, vaults: keys, keys, log: join(directory, 'log') };
}

/** Both logs of a cloud, with so many entries each. */
export function fillLogs({ log }: CloudPlaces, entries: number): void {
  for (const name of ['operations', 'alerts']) {
    const signingKey = LOG_KEYS.privateKey;
    const begun = beginLog({
      directory: join(log, name),
      origin: `${ORIGIN}/${name}`,
      signingKey,
      clock: { now: () => NOW },
    });
    if (!begun.ok) throw new Error(begun.fault.problem.en);
    for (let at = 0; at < entries; at += 1)
      begun.value.append([{ kind: 'alert', transferId: '', actor: 'test', document: { at } }]);
    begun.value.close();
  }
}
