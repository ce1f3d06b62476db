import { generateKeyPairSync, type KeyObject, type X509Certificate } from 'node:crypto';
import { checkReceipt } from '../../cloud/exporter/check-receipt.ts';
import { sealReceipt } from '../../cloud/exporter/envelope.ts';
import type { TransferId } from '../../cloud/exporter/names.ts';
import type { Prepared } from '../../cloud/exporter/prepare.ts';
import { encodeReceipt, type Receipt } from '../../proto/codec/transfer-codec.ts';
import type { World } from './world.ts';

export interface RecipientKeys {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export const recipientKeys = (): RecipientKeys => generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** Who takes a parcel in: what it has taken it takes again, and at times it confirms what is not so. */
export interface RecipientModel {
  /** Its answer once all pieces came; undefined where the exporter's own check of it fails. */
  readonly answer: (id: TransferId, prepared: Prepared) => Uint8Array | undefined;
  /** Transfers that it took whole and said so truthfully. */
  readonly took: ReadonlySet<string>;
}

const OTHER = generateKeyPairSync('ec', { namedCurve: 'P-256' });

export function createRecipient(world: World, keys: RecipientKeys): RecipientModel {
  const took = new Set<string>();
  return {
    took,
    answer: (id, { permit, parcel, recipient }) => {
      const { manifestSha256, recipientId } = permit;
      const truth: Receipt = {
        transferId: id,
        manifestSha256,
        recipientId,
        receivedAtMs: world.now(),
        bytesReceived: parcel.totalBytes,
      };
      const wrong: readonly (() => Uint8Array)[] = [
        () => signed({ ...truth, bytesReceived: truth.bytesReceived - 1 }),
        () => signed({ ...truth, transferId: 'another' }),
        () => signed({ ...truth, manifestSha256: new Uint8Array(32) }),
        () => sealReceipt(encodeReceipt(truth), OTHER.privateKey, keys.publicKey),
        () => Buffer.from('taken, thank you'),
      ];
      const isHonest = !world.happens(200);
      if (isHonest) took.add(id);
      const answer = isHonest ? signed(truth) : world.chance.of(wrong)();
      // Of the certificate its key is all that is asked.
      const certificate = { publicKey: keys.publicKey } as X509Certificate;
      const expected = { certificate, id, manifestSha256, recipientId: recipient.id, totalBytes: parcel.totalBytes };
      const checked = checkReceipt(answer, expected);
      return checked.ok ? checked.value : undefined;
    },
  };

  function signed(receipt: Receipt): Uint8Array {
    return sealReceipt(encodeReceipt(receipt), keys.privateKey, keys.publicKey);
  }
}
