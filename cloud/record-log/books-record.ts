import type { Instant } from '../../proto/words/time.ts';
import type { ObservedContent } from '../classification/observed.ts';
import type { BookedGroup } from '../ingest/group-commit.ts';

/** What the ledger is told of a transaction, as JSON: readings without their values, and each list of paths once. */
interface BooksText extends Omit<BookedGroup, 'observed' | 'quarantined'> {
  readonly paths: readonly (readonly string[])[];
  readonly observed: readonly (readonly [number, ObservedText])[];
}

type ObservedText = readonly [paths: number, observedAt: Instant] | Exclude<ObservedContent, { kind: 'signals' }>;

/** Of one record: far below what brokers take, 1 MB. */
export const BOOKS_BYTES_MAX = 393_216;

/**
 * As `encodeBooks`, in as many records as brokers take: a thousand payloads of one partition may have observed more than one
 * message holds. Taken in one after the other they come to the same. What the ledger then holds stands in the last, so that
 * nothing of a frame is passed over as known while a part of it is still to come.
 */
export function encodeBooksInParts(group: Omit<BookedGroup, 'quarantined'>): readonly Buffer[] {
  const whole = encodeBooks(group);
  if (whole.length <= BOOKS_BYTES_MAX) return [whole];
  const isLong = LISTS.some((name) => group[name].length > 1);
  // One entry is a frame, whose paths and readings have limits far below.
  if (!isLong && group.changes.length <= 1) return [whole];
  const halved = isLong ? LISTS : ALL_LISTS;
  const [first, last] = [
    { ...group, ...(isLong && { changes: [] }) },
    { ...group, counts: NO_COUNTS },
  ];
  for (const name of halved) {
    const middle = Math.ceil(group[name].length / 2);
    Object.assign(first, { [name]: group[name].slice(0, middle) });
    Object.assign(last, { [name]: group[name].slice(middle) });
  }
  return [...encodeBooksInParts(first), ...encodeBooksInParts(last)];
}

/** Lists of a group, whose entries do not depend on each other. */
const LISTS = ['observed', 'notes', 'cells', 'consents', 'updates'] as const;
const ALL_LISTS = [...LISTS, 'changes'] as const;

const NO_COUNTS: BookedGroup['counts'] = { framesAdmitted: 0, duplicates: 0, framesDroppedByVehicles: 0 };

export function encodeBooks(group: Omit<BookedGroup, 'quarantined'>): Buffer {
  const paths: (readonly string[])[] = [];
  const places = new Map<string, number>();
  /** Most frames have the paths of the frame before. */
  let last: { readonly names: readonly string[]; readonly place: number } | undefined;
  const placeOf = (signals: readonly { readonly path: string }[]): number => {
    if (last?.names.length === signals.length && signals.every(({ path }, at) => path === last?.names[at]))
      return last.place;
    const names = signals.map(({ path }) => path);
    const name = names.join('\n');
    const place = places.get(name) ?? paths.push(names) - 1;
    places.set(name, place);
    last = { names, place };
    return place;
  };
  const observed = group.observed.map(([device, content]): BooksText['observed'][number] =>
    content.kind === 'signals'
      ? [device, [placeOf(content.signals), content.observedAt]]
      : [device, withoutTag(content)],
  );
  const cells = group.cells.map(({ key, cell }) => ({ key, cell: withoutTag(cell) }));
  return Buffer.from(JSON.stringify({ ...group, cells, paths, observed }));
}

/** A tag is bytes, and nothing that is counted asks for it. */
function withoutTag<T extends object>(content: T): T {
  return { ...content, subjectTag: undefined };
}

/** @param bytes - opened, so that they are as they were written */
export function decodeBooks(bytes: Buffer): BookedGroup {
  const { paths, observed, updates = [], ...rest } = JSON.parse(bytes.toString('utf8')) as BooksText;
  // No class rests on a value: readings of one list are the same.
  const signals = paths.map((names) => names.map((path) => ({ path, value: 0 })));
  return {
    ...rest,
    // A record of before there were updates has none.
    updates,
    quarantined: [],
    observed: observed.map(([device, text]): BookedGroup['observed'][number] => {
      if ('kind' in text) return [device, text];
      const [at, observedAt] = text;
      return [device, { kind: 'signals', observedAt, signals: signals[at] ?? [] }];
    }),
  };
}
