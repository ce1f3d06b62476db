import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { CloudConfig } from '../config/config.ts';
import type { Registers } from '../registers/change.ts';
import { Encryption } from '../registers/encryption.ts';
import { isOpen } from '../registers/standing.ts';
import type { SealOrder } from '../sealing/seal-parcel.ts';
import { parseSm2PublicKey, sm2PublicDer } from '../sealing/sm2-key.ts';
import { kidOf } from '../sealing/wrapped-key.ts';
import { type SealedTo, UNSEALED } from '../transfer/sealed-to.ts';

/** All of an order that is the same for every parcel of a recipient. */
export type RecipientSealing = Omit<SealOrder, 'transferId' | 'recipientId'>;

export interface Sealings {
  /** As registers and configuration agree at this moment; `unknown` where they do not. */
  readonly sealedTo: (recipientId: string) => SealedTo;
  /** With what to seal a parcel now; undefined where parcels go in plain, and where nobody can say. */
  readonly orderFor: (recipientId: string) => RecipientSealing | undefined;
}

type Configured = Omit<RecipientSealing, 'recipientKey'> & {
  /** Of the key in `keyFile`, where there is one. */
  readonly expected: string | undefined;
};

/**
 * Sealing by recipient. The key is the one of the register, the profile and our own keys are those of the configuration: whoever
 * changes one of the two alone has every parcel of that recipient withheld. So does a change that waits for a second person.
 *
 * @throws the system's error for a key of the configuration that cannot be read
 */
export function openSealing(
  config: Pick<CloudConfig, 'border' | 'recipients'>,
  path: (relative: string) => string,
  { findAny }: Pick<Registers, 'findAny'>,
): Sealings {
  const configured = new Map(config.recipients.map((one) => [one.id, configuredOf(one, config.border, path)]));
  const settled = (id: string): SealingKey | 'none' | undefined => {
    const own = configured.get(id);
    const entry = findAny('recipient', id);
    // What no register holds is as the configuration has it: without a key, or with one that nobody has registered.
    if (entry === undefined) return own === undefined ? UNSEALED : undefined;
    if (entry.isWithdrawn || isOpen(entry, ['encryption'])) return undefined;
    const registered = keyOf(entry.body['encryption']);
    if (registered === undefined || registered === UNSEALED) return own === undefined ? registered : undefined;
    const isAgreed = own?.profile === registered.profile && (own.expected ?? registered.kid) === registered.kid;
    return isAgreed ? registered : undefined;
  };
  return {
    sealedTo: (id) => {
      const key = settled(id);
      return key === UNSEALED ? key : (key?.kid ?? 'unknown');
    },
    orderFor: (id) => {
      const [key, own] = [settled(id), configured.get(id)];
      if (key === undefined || key === UNSEALED || own === undefined) return undefined;
      const { expected: _, ...order } = own;
      return { ...order, recipientKey: key.pem };
    },
  };
}

interface SealingKey {
  readonly profile: SealOrder['profile'];
  readonly pem: string;
  /** SHA-256 of the key (SPKI, DER). */
  readonly kid: string;
}

/** Undefined for an entry that is older than the field, and for what is no key of its profile. */
function keyOf(encryption: unknown): SealingKey | typeof UNSEALED | undefined {
  const parsed = Encryption.safeParse(encryption);
  if (!parsed.success) return undefined;
  const { data } = parsed;
  if (data.profile === 'none') return UNSEALED;
  const der =
    data.profile === 'sm2-sm4'
      ? sm2PublicDer(data.point)
      : createPublicKey({ key: data.jwk, format: 'jwk' }).export({ type: 'spki', format: 'der' });
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  const pem = ['-----BEGIN PUBLIC KEY-----', ...lines, '-----END PUBLIC KEY-----', ''].join('\n');
  return { profile: data.profile, pem, kid: kidOf(der) };
}

function configuredOf(
  { sealing }: CloudConfig['recipients'][number],
  { permitKeyFile }: CloudConfig['border'],
  path: (relative: string) => string,
): Configured | undefined {
  if (sealing === undefined) return undefined;
  const read = (file: string) => readFileSync(path(file), 'utf8');
  return {
    profile: sealing.kind,
    inspectionKey: read(sealing.inspectionKeyFile),
    signingKey: read(permitKeyFile),
    ...(sealing.kind === 'sm2-sm4' ? { sm2SigningKey: read(sealing.signingKeyFile) } : {}),
    expected: sealing.keyFile === undefined ? undefined : kidOfPem(sealing.kind, read(sealing.keyFile)),
  };
}

/** Of what is no such key: a hash that no key has. */
function kidOfPem(kind: SealOrder['profile'], pem: string): string {
  if (kind === 'sm2-sm4') return kidOf(parseSm2PublicKey(pem)?.der ?? Buffer.alloc(0));
  return kidOf(createPublicKey(pem).export({ type: 'spki', format: 'der' }));
}
