import { CONSENT_KINDS, CONSENT_SUBJECTS, type PurposeKind } from '../../proto/codec/control-codec.ts';
import { CAMERA_LABELS, type ImageFrame, MINUTE_MS } from '../../proto/codec/sensor-frames.ts';
import type { Attestation, FrameContent, SignalFrame } from '../../proto/codec/telemetry-codec.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { DAY_MS, HOUR_MS, type Instant, parseCivilDate, startOfDay } from '../../proto/words/time.ts';
import type { Consent } from '../policy/consent.ts';
import type { ActivePolicy } from '../policy/policy-bundle.ts';
import type { Purpose } from '../policy/purpose.ts';
import { positionRulesOf } from './position-words.ts';
import { STATISTICS_PATHS } from './statistics-paths.ts';

/** What a frame rests on. Frames of one batch share it, so that a batch under a consent can be found. */
export interface Basis {
  /** Id of the purpose it leaves for; empty for a statement of withdrawal whose purpose the policy has no more. */
  readonly purpose: string;
  /** Id of the consent; empty where the purpose needs none. */
  readonly consent: string;
  /** Of the state-recognised processing that the positions went through before. */
  readonly attestation?: Attestation;
}

export const isSameBasis = (a: Basis, b: Basis): boolean =>
  a.purpose === b.purpose && a.consent === b.consent && a.attestation?.id === b.attestation?.id;

/** First and last millisecond of what a content may have been taken in: its time is floored. */
type Span = readonly [from: number, to: number];

/** Why something has nothing to rest on. */
export type Baseless = 'no-purpose' | 'purpose-ended' | 'no-consent';

/** A failure where nothing that the policy serves now covers the content, for all of the time it may have been taken in. */
export function basisOf(content: FrameContent, policy: ActivePolicy): Result<Basis, Baseless> {
  if (content.kind === 'withdrawal') {
    const isKnown = policy.purposes.all.some(({ id }) => id === content.purpose);
    return ok({ purpose: isKnown ? content.purpose : '', consent: '' });
  }
  const purpose = purposeOf(content, policy);
  if (purpose === undefined) return fail('no-purpose');
  const span = spanOf(content, policy);
  if (span === undefined || !isServed(purpose, policy) || span[1] >= purpose.expiresAt) return fail('purpose-ended');
  if (purpose.consent === 'none') return ok({ purpose: purpose.id, consent: '' });
  const consent = consentsTo(purpose, policy).find(
    (one) => isEnough(one, purpose, content) && isWithin(span, one, content),
  );
  return consent === undefined ? fail('no-consent') : ok({ purpose: purpose.id, consent: consent.id });
}

/** Whether anything may be gathered for a purpose at a moment. */
export function mayGather(purpose: Purpose | undefined, policy: ActivePolicy, at: Instant): boolean {
  if (purpose === undefined || at >= purpose.expiresAt || !isServed(purpose, policy)) return false;
  return purpose.consent === 'none' || consentsTo(purpose, policy).some(({ from, until }) => from <= at && at < until);
}

const isServed = (purpose: Purpose, { standing }: ActivePolicy): boolean => standing?.isServed(purpose) ?? true;

/** Without a register of consents there is what the bundle itself has on record. */
export function consentsTo(purpose: Purpose, { standing, sensors, records }: ActivePolicy): readonly Consent[] {
  const onRecord = records ?? sensors?.consents ?? [];
  return standing?.consentsTo(purpose) ?? onRecord.filter((record) => record.purpose === purpose.id);
}

/** Consents that a picture of the cabin may rest on. */
export function cabinConsents(policy: ActivePolicy): readonly Consent[] {
  const purpose = policy.purposes.ofKind.cabinImages;
  return purpose === undefined || !isServed(purpose, policy) ? [] : consentsTo(purpose, policy);
}

/** A frame of several paths has a purpose only if all of them have the same. */
function purposeOf(
  content: Exclude<FrameContent, { kind: 'withdrawal' }>,
  { purposes }: ActivePolicy,
): Purpose | undefined {
  if (content.kind !== 'signals') return purposes.ofKind[kindOf(content)];
  const first = purposes.ofPath.get(content.signals[0]?.path ?? '');
  return content.signals.every(({ path }) => purposes.ofPath.get(path) === first) ? first : undefined;
}

/** Id of the purpose that pictures of a camera leave for. */
export const pictureFor = (camera: number, { purposes }: ActivePolicy): string | undefined =>
  purposes.ofKind[camera === CAMERA_LABELS.cabin ? 'cabinImages' : 'exteriorImages']?.id;

/** Whether positions are gathered for a purpose. */
export const isOfPositions = (id: string, { purposes }: ActivePolicy): boolean =>
  purposes.ofKind.cells?.id === id || purposes.ofKind.trips?.id === id;

function kindOf(content: Exclude<FrameContent, SignalFrame | { kind: 'withdrawal' }>): PurposeKind {
  if (content.kind === 'image') return content.camera === CAMERA_LABELS.cabin ? 'cabinImages' : 'exteriorImages';
  return KINDS[content.kind];
}

const KINDS = { cell: 'cells', trip: 'trips', points: 'pointClouds', objects: 'objects', update: 'updates' } as const;

function spanOf(content: Exclude<FrameContent, { kind: 'withdrawal' }>, policy: ActivePolicy): Span | undefined {
  switch (content.kind) {
    case 'signals': {
      const isStatistic = content.signals.some(({ path }) => STATISTICS_PATHS.has(path));
      return lasting(content.observedAt, isStatistic ? HOUR_MS : SECOND_MS);
    }
    case 'cell':
      return lasting(
        content.hour * HOUR_MS + (content.quarter ?? 0) * QUARTER_MS,
        positionRulesOf(policy).timeFloorS * SECOND_MS,
      );
    case 'trip': {
      const day = parseCivilDate(String(content.localDate).replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3'));
      return day.ok ? lasting(startOfDay(day.value), DAY_MS) : undefined;
    }
    default:
      return lasting(content.minute * MINUTE_MS, MINUTE_MS);
  }
}

const lasting = (from: number, ms: number): Span => [from, from + ms - 1];

/** A picture's own moment was held against the consent when it was taken in; its minute may reach beyond it. */
function isWithin([from, to]: Span, { from: begin, until }: Consent, { kind }: FrameContent): boolean {
  return kind === 'image' ? from < until && to >= begin : from >= begin && to < until;
}

function isEnough(consent: Consent, purpose: Purpose, content: FrameContent): boolean {
  if (purpose.consent === 'all-occupants' && consent.subjects !== CONSENT_SUBJECTS.allOccupants) return false;
  const isCabin = content.kind === 'image' && content.camera === CAMERA_LABELS.cabin;
  if (isCabin) return consent.kind === CONSENT_KINDS.cabinImage && consent.id === (content as ImageFrame).consent;
  return consent.kind === CONSENT_KINDS.purpose;
}

const SECOND_MS = 1_000;
const QUARTER_MS = 900_000;
