import type { TransferId } from './names.ts';

/** Who is at a transfer: one at a time, whether it is sent or fetched. */
export interface Claims {
  /** False when somebody else has it. */
  readonly take: (id: TransferId) => boolean;
  readonly release: (id: TransferId) => void;
}

export function createClaims(): Claims {
  const taken = new Set<TransferId>();
  return {
    take: (id) => {
      if (taken.has(id)) return false;
      taken.add(id);
      return true;
    },
    release: (id) => {
      taken.delete(id);
    },
  };
}
