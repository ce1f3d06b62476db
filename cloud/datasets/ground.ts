import type { PublishedFamily } from '../ports/publications.ts';

type Ground = Pick<PublishedFamily, 'shape' | 'models' | 'modelsDigest'>;

/**
 * Whether figures of two shapes could be subtracted from each other, their days overlapping. Only shapes about different
 * models of the same definitions share no vehicle.
 */
export function canBeSubtracted(one: Ground, other: Ground): boolean {
  if (one.shape === other.shape) return false;
  if (one.models === undefined || other.models === undefined || one.modelsDigest !== other.modelsDigest) return true;
  const { models } = other;
  return one.models.some((model) => models.includes(model));
}
