import { type PolicyBundle, PURPOSE_CONSENTS, type PurposeKind } from '../../proto/codec/control-codec.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Instant } from '../../proto/words/time.ts';
import { findVins } from '../../proto/words/vin.ts';

/** What something is collected for. A thing leaves for one purpose only: two for one thing have no form in a bundle. */
export interface Purpose {
  readonly id: string;
  /** Whose consent it needs. */
  readonly consent: keyof typeof PURPOSE_CONSENTS;
  /** First moment at which nothing leaves for it any more. */
  readonly expiresAt: Instant;
}

/** Which purpose each thing leaves for; what has none stays on the vehicle. */
export interface Purposes {
  readonly all: readonly Purpose[];
  readonly ofPath: ReadonlyMap<string, Purpose>;
  readonly ofKind: Partial<Readonly<Record<PurposeKind, Purpose>>>;
}

export const NO_PURPOSES: Purposes = { all: [], ofPath: new Map(), ofKind: {} };

/** @returns a failure for a bundle that does not say of each path what it is for, names a purpose twice, or one it has not */
export function purposesOf(bundle: PolicyBundle): Result<Purposes, 'malformed'> {
  const all = (bundle.purposes ?? []).map(({ id, consent, expiresAtMs }) => {
    return { id, consent: CONSENTS[consent] ?? 'all-occupants', expiresAt: expiresAtMs as Instant };
  });
  const { allowedPaths, pathPurposes = new Uint8Array(0) } = bundle;
  const kinds = Object.entries(bundle.kindPurposes ?? {}) as [PurposeKind, number][];
  const places = [...pathPurposes, ...kinds.map(([, place]) => place)];
  if (pathPurposes.length !== allowedPaths.length || places.some((place) => place > all.length))
    return fail('malformed');
  if (new Set(all.map(({ id }) => id)).size < all.length || !all.every(({ id }) => isPurposeId(id)))
    return fail('malformed');
  const ofKind = Object.fromEntries(
    kinds.flatMap(([kind, place]) => (all[place - 1] === undefined ? [] : [[kind, all[place - 1]]])),
  ) as Purposes['ofKind'];
  // Whoever sits beside the driver is in the picture too.
  if (ofKind.cabinImages !== undefined && ofKind.cabinImages.consent !== 'all-occupants') return fail('malformed');
  const ofPath = new Map<string, Purpose>();
  for (const [index, path] of allowedPaths.entries()) {
    const purpose = all[(pathPurposes[index] ?? 0) - 1];
    if (purpose !== undefined) ofPath.set(path, purpose);
  }
  return ok({ all, ofPath, ofKind });
}

/** Ids go into batches and into the register of consents: they name a purpose, and no person or vehicle. */
export const isPurposeId = (id: unknown): boolean =>
  typeof id === 'string' && /^[a-z0-9][a-z0-9-]{0,63}$/.test(id) && findVins(id.toUpperCase()).length === 0;

/** By the schema's numbers. */
const CONSENTS = Object.keys(PURPOSE_CONSENTS).sort(
  (a, b) => PURPOSE_CONSENTS[a as Purpose['consent']] - PURPOSE_CONSENTS[b as Purpose['consent']],
) as Purpose['consent'][];
