import { createHash } from 'node:crypto';
import type { PurposeKind } from '../../proto/codec/control-codec.ts';
import type { ActivePolicy } from './policy-bundle.ts';
import type { Purpose } from './purpose.ts';

/** What a purpose covers, by name, for whoever asks persons for their consent. */
export interface Coverage {
  readonly paths: readonly string[];
  readonly kinds: readonly PurposeKind[];
}

export function coverageOf({ id }: Purpose, { purposes }: ActivePolicy): Coverage {
  const paths = [...purposes.ofPath].filter(([, one]) => one.id === id).map(([path]) => path);
  const kinds = (Object.keys(purposes.ofKind) as PurposeKind[]).filter((kind) => purposes.ofKind[kind]?.id === id);
  return { paths: paths.sort(), kinds: kinds.sort() };
}

/**
 * Stands for everything that persons were asked about: what the purpose covers, and how finely and under which tags it leaves. A
 * consent is to this and to nothing else, so that it ends when any of it changes, and outlives a bundle that changes none.
 *
 * @returns 32 hexadecimal digits
 */
export function scopeOf(purpose: Purpose, policy: ActivePolicy): string {
  const { paths, kinds } = coverageOf(purpose, policy);
  const { preset, tagRotation, position, sensors, signalRules } = policy;
  const signals = paths.map((path) => {
    const { periodMs = 0, quantumMillionths = 0 } = signalRules?.get(path) ?? {};
    return [path, periodMs, quantumMillionths];
  });
  const positions = kinds.some((kind) => kind === 'cells' || kind === 'trips')
    ? [preset, Object.entries(position ?? {}).sort()]
    : [];
  const pictures = kinds.some((kind) => kind === 'exteriorImages' || kind === 'cabinImages')
    ? [sensors?.imagery ?? 0, sensors?.platesMayStay ?? false]
    : [];
  const clouds = kinds.includes('pointClouds') ? [sensors?.pointCloud ?? 0, sensors?.voxelMm ?? 0] : [];
  const objects = kinds.includes('objects') ? [sensors?.objects ?? 0] : [];
  const senses = [pictures, clouds, objects].some((one) => one.length > 0) ? [sensors?.intervalS ?? 0] : [];
  const all = [purpose.id, purpose.consent, tagRotation, kinds, signals, positions, pictures, clouds, objects, senses];
  return createHash('sha256')
    .update(`tongguan.v1.purpose\0${JSON.stringify(all)}`)
    .digest('hex')
    .slice(0, SCOPE_DIGITS);
}

export const SCOPE_DIGITS = 32;
