import { createHash } from 'node:crypto';
import type { ColumnGroup, ColumnValues } from '../ports/table-format.ts';

/** Half the time of SHA-256 where the processor has no instructions for that; nobody else gets to see it. */
const DIGEST = 'blake2b512';

/** A digest of each column of a group: what is read back has those of what was written. */
export function digestsOf(group: ColumnGroup): readonly string[] {
  return group.map(digestOf);
}

/** Texts repeat, so each is hashed once, and then the order in which they come. */
function digestOf(values: ColumnValues): string {
  const hash = createHash(DIGEST);
  if (values instanceof Int32Array || values instanceof Float64Array)
    return hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)).digest('hex');
  const ordinals = new Map<string, number>();
  const order = new Int32Array(values.length);
  let [before, known] = ['', -1];
  for (let row = 0; row < values.length; row += 1) {
    const text = values[row] ?? '';
    if (known < 0 || text !== before) {
      known = ordinals.get(text) ?? ordinals.size;
      if (known === ordinals.size) ordinals.set(text, known);
      before = text;
    }
    order[row] = known;
  }
  hash.update(new Uint8Array(order.buffer));
  return hash.update([...ordinals.keys()].join('\n')).digest('hex');
}
