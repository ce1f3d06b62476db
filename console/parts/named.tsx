import { type Named, titleOf } from '../api/titles.ts';
import type { Cell } from './table.tsx';

/** A title, and beside it the id by which commands and logs know it. */
export const nameOf = (what: Named, id: string): Cell =>
  titleOf(what, id) === id ? (
    id
  ) : (
    <span>
      {titleOf(what, id)} <span class="path quiet">{id}</span>
    </span>
  );
