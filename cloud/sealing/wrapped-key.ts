import { createHash } from 'node:crypto';

/** The content key, wrapped once for each who may open the parcel. `kid` is the SHA-256 of a public key (SPKI, DER) in hex. */
export type WrappedKey =
  | { readonly jwe: Readonly<Record<string, unknown>> }
  | { readonly sm2: readonly { readonly kid: string; readonly ciphertext: string }[] };

/** Who a wrapped key is for. The process that sends asks this, and loads nothing that could wrap or open. */
export function kidsOf(wrapped: WrappedKey): readonly string[] {
  if ('sm2' in wrapped) return wrapped.sm2.map(({ kid }) => kid);
  const { recipients } = wrapped.jwe;
  return Array.isArray(recipients) ? recipients.map((one) => String(one?.header?.kid)) : [];
}

/** SHA-256 of a public key as `openssl pkey -pubin -outform der | sha256sum` gives it. */
export function kidOf(spki: Uint8Array): string {
  return createHash('sha256').update(spki).digest('hex');
}
