/** Kinds of signed body. The kind is part of what is signed, so a signature of one kind is worth nothing as another. */
export type SignedKind = 'batch' | 'policy' | 'fences' | 'permit' | 'receipt';

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
};
