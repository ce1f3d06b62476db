import { execFileSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { borderDirectory } from '../../../cloud/adapters/border-directory.ts';
import type { SealProfile } from '../../../cloud/sealing/profile.ts';
import { type SealedParcel, type SealOrder, sealParcel } from '../../../cloud/sealing/seal-parcel.ts';

export interface PemPair {
  readonly privatePem: string;
  readonly publicPem: string;
}

/** A key as OpenSSL itself makes it. */
export function opensslKey(curve: 'SM2' | 'prime256v1'): PemPair {
  const made = ['genpkey', '-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${curve}`];
  const privatePem = execFileSync('openssl', made, { encoding: 'utf8' });
  const publicPem = execFileSync('openssl', ['pkey', '-pubout'], { input: privatePem, encoding: 'utf8' });
  return { privatePem, publicPem };
}

export interface SealKeys {
  readonly recipient: PemPair;
  readonly inspection: PemPair;
  readonly sm2Signing: PemPair | undefined;
}

export function sealKeys(profile: SealProfile): SealKeys {
  const curve = profile === 'sm2-sm4' ? 'SM2' : 'prime256v1';
  const sm2Signing = profile === 'sm2-sm4' ? opensslKey('SM2') : undefined;
  return { recipient: opensslKey(curve), inspection: opensslKey(curve), sm2Signing };
}

export interface StagedAndSealed extends SealedParcel {
  /** `<root>/staging/<transfer>`. */
  readonly directory: string;
  readonly senderKey: KeyObject;
  readonly order: SealOrder;
}

/** Stages files with a manifest under `root` as the cloud does, and seals them. */
export async function stageSealed(
  root: string,
  as: {
    readonly profile: SealProfile;
    readonly keys: SealKeys;
    readonly transferId: string;
    readonly files: Readonly<Record<string, Uint8Array>>;
    readonly signingKey?: KeyObject;
    readonly contentKey?: Uint8Array;
  },
): Promise<StagedAndSealed> {
  const { profile, keys, transferId, files, signingKey = generateKeyPairSync('ed25519').privateKey } = as;
  const directory = `${root}/staging/${transferId}`;
  mkdirSync(directory, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) writeFileSync(`${directory}/${name}`, bytes);
  const order: SealOrder = {
    profile,
    transferId,
    recipientId: 'acme-de',
    recipientKey: keys.recipient.publicPem,
    inspectionKey: keys.inspection.publicPem,
    signingKey: signingKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    ...(keys.sm2Signing === undefined ? {} : { sm2SigningKey: keys.sm2Signing.privatePem }),
  };
  const sealed = await sealParcel(order, as.contentKey ?? Buffer.alloc(32, 7), borderDirectory(root));
  if (!sealed.ok) throw new Error(sealed.fault.code);
  return { ...sealed.value, directory, senderKey: createPublicKey(signingKey), order };
}
