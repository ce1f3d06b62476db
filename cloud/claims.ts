import type { CloudConfig } from './config.ts';
import type { GatewayParts } from './gateway.ts';
import type { AttestedAdapter } from './ingest/recheck-attestation.ts';
import type { PolicyBook } from './ports/policy-book.ts';

/** What batches are held against: the policies handed out, and the attested adapters of the configuration. */
export function claimsOf(
  { policy, confidentiality }: Pick<CloudConfig, 'policy' | 'confidentiality'>,
  book: PolicyBook,
): NonNullable<GatewayParts['claims']> {
  const adapters = confidentiality.map((record): AttestedAdapter => {
    const { id, certificate, validFrom, validUntil, devices, models } = record;
    return {
      ...{ id, certificate, models, devices: new Set(devices) },
      ...{ validFromMs: Date.parse(validFrom), validUntilMs: Date.parse(validUntil) },
    };
  });
  return { book: policy === undefined ? undefined : book, adapters };
}
