import { appendFileSync, copyFileSync, cpSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isTransferId } from '../../cloud/exporter/names.ts';
import { STOP_NAME } from '../../cloud/exporter/outbox.ts';
import type { World } from './world.ts';

/**
 * Somebody who may write to the outbox and has none of the keys: a file that grows, one too many, the permit of another
 * transfer, a permit that was changed, a parcel under another name, a parcel that is gone.
 *
 * @param vanished - takes in the transfers whose parcel was taken away
 */
export function intrude(world: World, border: string, vanished: Set<string>): void {
  const outbox = join(border, 'outbox');
  const ids = readdirSync(outbox)
    .filter((name) => isTransferId(name) && name !== STOP_NAME)
    .sort();
  if (ids.length === 0) return;
  const id = world.chance.of(ids);
  const other = world.chance.of(ids);
  const at = (name: string) => join(outbox, id, name);
  const deeds: Readonly<Record<string, () => void>> = {
    'lets a file grow': () => appendFileSync(at('rows.jsonl'), 'x'),
    'writes another file': () => writeFileSync(at('rows.jsonl'), 'y'.repeat(id.length)),
    'adds a file': () => writeFileSync(at('more.jsonl'), 'z'),
    'changes the manifest': () => appendFileSync(at('manifest.json'), ' '),
    'forges a permit': () => appendFileSync(at('permit.bin'), ' '),
    'puts in the permit of another': () => {
      const permit = join(outbox, other, 'permit.bin');
      if (id !== other && existsSync(permit)) copyFileSync(permit, at('permit.bin'));
    },
    'copies a parcel': () => cpSync(join(outbox, id), join(outbox, `${id}-copy`), { recursive: true }),
    'takes a parcel away': () => {
      rmSync(join(outbox, id), { recursive: true });
      vanished.add(id);
    },
  };
  const deed = world.chance.of(Object.keys(deeds));
  deeds[deed]?.();
  world.note(`somebody ${deed}: ${id}`);
}
