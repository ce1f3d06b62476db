import type { CloudConfig } from './config/config.ts';
import type { AttestedAdapter } from './ingest/recheck-attestation.ts';

/** The attested adapters of the configuration, as marks of batches are held against them. */
export function attestedAdapters(records: CloudConfig['confidentiality']): readonly AttestedAdapter[] {
  return records.map(({ id, certificate, validFrom, validUntil, devices, models }) => ({
    ...{ id, certificate, models, devices: new Set(devices) },
    ...{ validFromMs: Date.parse(validFrom), validUntilMs: Date.parse(validUntil) },
  }));
}
