import type { Stage } from './stage.ts';

/** Removes every picture, point cloud and list of objects: nothing of them leaves that a policy does not name. */
export const dropImagery: Stage = {
  name: 'drop-imagery',
  parameters: '',
  apply: (draft, removed) => {
    switch (draft.kind) {
      case 'image':
      case 'treated-picture':
        removed('imagery', 1);
        return [];
      case 'point-cloud':
      case 'objects':
        removed(draft.kind, 1);
        return [];
      default:
        return [draft];
    }
  },
};
