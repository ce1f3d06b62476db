import { readFileSync } from 'node:fs';
import type { CloudConfig } from './config.ts';
import type { SealOrder } from './sealing/seal-parcel.ts';

/** All of an order that is the same for every parcel of a recipient. */
export type RecipientSealing = Omit<SealOrder, 'transferId' | 'recipientId'>;

/**
 * Reads the keys that parcels are sealed with, by recipient; those without an entry get theirs unsealed, which the exporter
 * allows only where its own configuration says so too.
 *
 * @throws the system's error for a key that cannot be read
 */
export function openSealing(
  config: Pick<CloudConfig, 'border' | 'recipients'>,
  path: (relative: string) => string,
): ReadonlyMap<string, RecipientSealing> {
  const read = (file: string) => readFileSync(path(file), 'utf8');
  const all = new Map<string, RecipientSealing>();
  for (const { id, sealing } of config.recipients) {
    if (sealing === undefined) continue;
    all.set(id, {
      profile: sealing.kind,
      recipientKey: read(sealing.keyFile),
      inspectionKey: read(sealing.inspectionKeyFile),
      signingKey: read(config.border.permitKeyFile),
      ...(sealing.kind === 'sm2-sm4' ? { sm2SigningKey: read(sealing.signingKeyFile) } : {}),
    });
  }
  return all;
}
