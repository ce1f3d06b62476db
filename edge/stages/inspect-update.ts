import { UPDATE_REASONS, UPDATE_STATES, type UpdateReport } from '../../proto/words/update.ts';

/** A report of a software update, field by field; undefined for anything that the schema has no room for. */
export function inspectUpdate(report: UpdateReport): UpdateReport | undefined {
  const { campaignSha256, state, reason, step, version, minute } = report;
  const isDigest = campaignSha256 instanceof Uint8Array && campaignSha256.length === SHA256_BYTES;
  const areWords = UPDATE_STATES.includes(state) && UPDATE_REASONS.includes(reason);
  const areNumbers = isWhole(step, NUMBER_MAX) && isWhole(version, NUMBER_MAX) && isWhole(minute, MINUTE_MAX);
  if (!isDigest || !areWords || !areNumbers) return undefined;
  // A copy: whoever holds the bytes that were offered may not change what was inspected.
  return { kind: 'update', campaignSha256: Uint8Array.from(campaignSha256), state, reason, step, version, minute };
}

const isWhole = (value: number, max: number): boolean => Number.isInteger(value) && value >= 0 && value <= max;

const SHA256_BYTES = 32;
const NUMBER_MAX = 4_294_967_295;
const MINUTE_MAX = 120_000_000;
