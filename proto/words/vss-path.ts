import { type Brand, fail, ok, type Result } from './result.ts';

/** Name of a signal in the COVESA Vehicle Signal Specification, e.g. `Vehicle.Speed`. */
export type VssPath = Brand<string, 'VssPath'>;

export interface VssPathFault {
  readonly code: 'VSS_PATH';
}

/** The longest path of VSS 6.0 has 93 characters; the limit leaves room for overlays. */
export const VSS_PATH_CHARACTERS_MAX = 128;

export function parseVssPath(text: string): Result<VssPath, VssPathFault> {
  if (text.length > VSS_PATH_CHARACTERS_MAX) return fail({ code: 'VSS_PATH' });
  return /^Vehicle(\.[A-Z0-9][A-Za-z0-9_]*)+$/.test(text) ? ok(text as VssPath) : fail({ code: 'VSS_PATH' });
}
