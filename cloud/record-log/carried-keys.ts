import type { Zone } from '../../proto/words/data-class.ts';
import { assert } from '../../proto/words/result.ts';
import type { KeyVault, StoredKey, StoredSession } from '../ports/key-vault.ts';
import type { CarriedSegment, NewZoneRecord } from '../ports/zone-store.ts';
import { createDataKeys, type DataKeysParts, KEYS_IN_MEMORY_MAX } from '../zones/data-keys.ts';
import { groupRecords, inSequence, type RecordGroup } from '../zones/group-records.ts';
import { type SealedSegment, sealSegment } from '../zones/seal-segment.ts';

/** Seals records of one zone into segments that bring what opens them. */
export type SegmentSealer = (records: readonly NewZoneRecord[]) => readonly CarriedSegment[];

/** Of a segment of more than one record: far below what brokers take, 1 MB. */
export const SEGMENT_BYTES_MAX = 393_216;

type Carried = Pick<CarriedSegment, 'key' | 'session'>;

/** Keys go with the segments and into no vault here; whoever stores a segment puts its key into the vault first. */
export function createSegmentSealer(
  zone: Exclude<Zone, 'quarantine'>,
  parts: Pick<DataKeysParts, 'keys' | 'clock' | 'random'>,
): SegmentSealer {
  const drawn = drawnKeys();
  const keys = createDataKeys({ ...parts, zone, vault: drawn.vault, isReadable: false });
  /** A message has its limit, and what one vehicle sends may unfold to many times its size. */
  const sealInParts = (group: RecordGroup, records: readonly NewZoneRecord[]): readonly SealedSegment[] => {
    const whole = sealSegment({ zone, keys }, group, records);
    if (whole.sealed.length <= SEGMENT_BYTES_MAX || records.length === 1) return [whole];
    const half = Math.ceil(records.length / 2);
    return [records.slice(0, half), records.slice(half)].flatMap((some) => sealInParts(group, some));
  };
  return (records) => {
    const segments = groupRecords(records).flatMap((group) => sealInParts(group, inSequence(group.records)));
    keys.save();
    return segments.map((segment) => ({ ...segment, ...drawn.of(segment.head.key) }));
  };
}

/** Keys in the memory of this process, as a vault has them: what was drawn last, and what was drawn before that. */
function drawnKeys(): {
  readonly vault: Pick<KeyVault, 'add' | 'keys' | 'session'>;
  readonly of: (id: number) => Carried;
} {
  let session: StoredSession | undefined;
  let recent = new Map<number, Carried>();
  let older: ReadonlyMap<number, Carried> = new Map();
  const add = (opened: StoredSession | undefined, keys: readonly StoredKey[]): void => {
    session = opened ?? session;
    assert(session !== undefined, 'keys are drawn within a session');
    if (recent.size >= KEYS_IN_MEMORY_MAX) {
      older = recent;
      recent = new Map();
    }
    for (const key of keys) recent.set(key.id, { key, session });
  };
  return {
    vault: { add, keys: () => [], session: () => undefined },
    of: (id) => {
      const carried = recent.get(id) ?? older.get(id);
      assert(carried !== undefined, 'a key that seals was drawn before');
      return carried;
    },
  };
}
