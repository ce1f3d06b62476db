import { decodeFrame, encodeFrame, WITHDRAWAL_CAUSES } from '../../proto/codec/telemetry-codec.ts';
import { assert } from '../../proto/words/result.ts';
import type { HeldFrame } from '../ports/spool.ts';
import type { Basis } from '../stages/basis.ts';
import type { SealedFrame } from '../stages/inspect.ts';

/** A held frame as it lies in the file. */
export interface HeldRow {
  readonly id: number;
  readonly not_before: number;
  readonly content: Buffer;
  readonly paths: string;
  readonly purpose: string;
  readonly consent: string;
  /** JSON, or empty. */
  readonly attestation: string;
}

export interface NewHeldRow {
  readonly notBefore: number;
  readonly content: Uint8Array;
  readonly paths: string;
  readonly purpose: string;
  readonly consent: string;
  readonly attestation: string;
}

export function readHeld(row: HeldRow): HeldFrame {
  const content = decodeFrame(row.content, JSON.parse(row.paths) as string[]);
  assert(content.ok, 'what the spool wrote it can read');
  // It was a sealed frame when it was held; `inspect` made it, and this file only this process writes.
  const frame = { content: content.value, basis: basisOf(row), notBefore: row.not_before };
  return { id: row.id, frame: frame as unknown as SealedFrame };
}

function basisOf({ purpose, consent, attestation }: HeldRow): Basis {
  return attestation === '' ? { purpose, consent } : { purpose, consent, attestation: JSON.parse(attestation) };
}

export function heldRowOf({ content, basis, notBefore }: SealedFrame): NewHeldRow {
  const paths = new Map<string, number>();
  const bytes = encodeFrame(content, paths);
  const { purpose, consent, attestation } = basis;
  const mark = attestation === undefined ? '' : JSON.stringify(attestation);
  const names = JSON.stringify([...paths.keys()]);
  return { notBefore: notBefore ?? 0, content: bytes, paths: names, purpose, consent, attestation: mark };
}

/** A statement of withdrawal: it may leave at once, and is inspected as every held frame is. */
export function statementRow(
  purpose: string,
  cause: 'consent-withdrawn' | 'consent-ended',
  removed: number,
): NewHeldRow {
  const number = cause === 'consent-withdrawn' ? WITHDRAWAL_CAUSES.withdrawn : WITHDRAWAL_CAUSES.ended;
  const content = encodeFrame({ kind: 'withdrawal', purpose, cause: number, removed }, new Map());
  return { notBefore: 1, content, paths: '[]', purpose, consent: '', attestation: '' };
}

export const heldBytesOf = ({ content, paths, purpose, consent, attestation }: NewHeldRow): number =>
  content.length + Buffer.byteLength(paths) + Buffer.byteLength(purpose + consent + attestation);
