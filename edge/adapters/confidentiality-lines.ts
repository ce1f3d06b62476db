import type { RawFix } from '../../proto/words/raw-frame.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { ConfidentialityRemoval, ProcessedPosition } from '../ports/confidentiality.ts';

/** Fixes of one request. */
export const FIXES_AT_ONCE_MAX = 64;

/** Bytes of one answer: 64 pairs of numbers with room for all their digits. */
export const ANSWER_BYTES_MAX = 16_384;

/** One line: id, and of each fix its time (milliseconds since 1970 UTC) and degrees in WGS-84. */
export function requestLine(id: number, fixes: readonly RawFix[]): string {
  const given = fixes.map(({ at, latitude, longitude }) => ({ at, latitude, longitude }));
  return `${JSON.stringify({ id, fixes: given })}\n`;
}

/**
 * Reads the answer to a request: as many positions as fixes were given, in their order, or a refusal of all of them.
 *
 * @returns undefined for anything else
 */
export function readAnswer(
  line: string,
  id: number,
  count: number,
): Result<readonly ProcessedPosition[], ConfidentialityRemoval> | undefined {
  const answer = jsonOf(line);
  if (answer === undefined || answer['id'] !== id) return undefined;
  const keys = Object.keys(answer).sort().join();
  if (keys === 'id,refused') return answer['refused'] === true ? fail('confidentiality-refused') : undefined;
  const { fixes } = answer;
  if (keys !== 'fixes,id' || !Array.isArray(fixes) || fixes.length !== count) return undefined;
  const positions = fixes.map(positionOf);
  return positions.every((position) => position !== undefined) ? ok(positions) : undefined;
}

function positionOf(value: unknown): ProcessedPosition | undefined {
  const { latitude, longitude } = (value ?? {}) as Partial<Record<string, unknown>>;
  if (typeof latitude !== 'number' || typeof longitude !== 'number') return undefined;
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : undefined;
}

function jsonOf(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
