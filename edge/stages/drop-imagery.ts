import type { Stage } from './stage.ts';

/** Removes every picture. Exterior imagery is dropped by default, cabin imagery always. */
export const dropImagery: Stage = {
  name: 'drop-imagery',
  parameters: '',
  apply: (draft, removed) => {
    if (draft.kind !== 'image') return [draft];
    removed('imagery', 1);
    return [];
  },
};
