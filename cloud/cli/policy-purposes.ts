import { z } from 'zod';
import {
  type KindPurposes,
  type PolicyBundle,
  PURPOSE_CONSENTS,
  PURPOSE_KINDS,
} from '../../proto/codec/control-codec.ts';
import { instantText } from '../../proto/config/instant-text.ts';

const PURPOSES_MAX = 16;
const PATHS_MAX = 2_048;

const Purpose = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'expected lower-case letters, digits, hyphen'),
  consent: z.enum(['all-occupants', 'driver', 'none']),
  expiresAt: instantText,
  /** What is no signal; `signals` is every allowed path that no purpose names. */
  kinds: z.array(z.enum([...PURPOSE_KINDS, 'signals'])).default([]),
  paths: z.array(z.string()).max(PATHS_MAX).default([]),
});

/** Keys of a policy file for purposes, docs/edge.md. Without one nothing leaves, so it has to be said. */
export const PURPOSE_KEYS = { purposes: z.array(Purpose).max(PURPOSES_MAX) };

const Keys = z.strictObject(PURPOSE_KEYS);

type Named = z.infer<typeof Keys>;

/** What of `purposes` has no one meaning, in words for the operator. */
export function purposeMistakes({ purposes }: Named, allowedPaths: readonly string[]): readonly string[] {
  const ids = purposes.map(({ id }) => id);
  const things = purposes.flatMap(({ kinds, paths }) => [...kinds, ...paths]);
  const twice = (names: readonly string[]): readonly string[] => [
    ...new Set(names.filter((name, index) => names.indexOf(name) !== index)),
  ];
  const cabin = purposes.find(({ kinds }) => kinds.includes('cabinImages'));
  return [
    ...twice(ids).map((id) => `purpose \`${id}\` stands there twice`),
    ...twice(things).map((thing) => `\`${thing}\` is for two purposes, and a thing leaves for one`),
    ...purposes
      .flatMap(({ paths }) => paths)
      .filter((path) => !allowedPaths.includes(path))
      .map((path) => `\`${path}\` is no path of \`allowedPaths\``),
    ...(cabin === undefined || cabin.consent === 'all-occupants'
      ? []
      : ['`cabinImages` needs the consent of `all-occupants`']),
  ];
}

/** The same as fields of a bundle. */
export function purposeFields({ purposes }: Named, allowedPaths: readonly string[]): Partial<PolicyBundle> {
  const placeOf = (isFor: (purpose: Named['purposes'][number]) => boolean): number => purposes.findIndex(isFor) + 1;
  const others = placeOf(({ kinds }) => kinds.includes('signals'));
  const kindPurposes = Object.fromEntries(
    PURPOSE_KINDS.map((kind) => [kind, placeOf(({ kinds }) => kinds.includes(kind))]),
  ) as KindPurposes;
  return {
    purposes: purposes.map(({ id, consent, expiresAt }) => {
      return { id, consent: PURPOSE_CONSENTS[consent], expiresAtMs: Date.parse(expiresAt) };
    }),
    pathPurposes: Uint8Array.from(allowedPaths, (path) => placeOf(({ paths }) => paths.includes(path)) || others),
    kindPurposes,
  };
}

/** A consent on record to a purpose that is none would let nothing leave, and nobody would know why. */
export function consentMistakes({
  purposes,
  consents = [],
}: Named & { readonly consents?: readonly { readonly purpose: string }[] | undefined }): readonly string[] {
  const known = new Set(purposes.map(({ id }) => id));
  return consents
    .filter(({ purpose }) => !known.has(purpose))
    .map(({ purpose }) => `a consent names \`${purpose}\`, which is no purpose`);
}
