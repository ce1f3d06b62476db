/** Kinds of signed body. The kind is part of what is signed, so a signature of one kind is worth nothing as another. */
export type SignedKind = 'batch' | 'policy' | 'fences' | 'permit' | 'receipt' | UpdateKind;

/** What the operator's update key signs. */
export type UpdateKind = 'update-package' | 'update-campaign' | 'update-vehicle' | 'update-stop';

/** Bytes that a signature covers. */
export function signedBytes(kind: SignedKind, body: Uint8Array): Uint8Array {
  return Buffer.concat([PREFIX[kind], body]);
}

const PREFIX: Readonly<Record<SignedKind, Buffer>> = {
  batch: Buffer.from('tongguan.v1.batch-deflated\0'),
  policy: Buffer.from('tongguan.v1.policy\0'),
  fences: Buffer.from('tongguan.v1.fences\0'),
  permit: Buffer.from('tongguan.v1.permit\0'),
  receipt: Buffer.from('tongguan.v1.receipt\0'),
  'update-package': Buffer.from('tongguan.v1.update-package\0'),
  'update-campaign': Buffer.from('tongguan.v1.update-campaign\0'),
  'update-vehicle': Buffer.from('tongguan.v1.update-vehicle\0'),
  'update-stop': Buffer.from('tongguan.v1.update-stop\0'),
};
