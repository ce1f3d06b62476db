import type { MonitoredEvent } from './event.ts';

type Document = MonitoredEvent['document'];

/** An entry as its log gives it: the document is canonical JSON. */
interface Entry {
  readonly kind: string;
  readonly document: Uint8Array;
}

/** Who says of which kinds of the operations log it looks into documents. */
interface Looker {
  readonly looksInto: (kind: string) => boolean;
}

export const documentOf = (entry: Entry): Document => JSON.parse(bytesOf(entry).toString('utf8')) as Document;

/** The document of an entry of the operations log where somebody looks into it, else an empty one: most entries are readings, of which it is enough that they were. */
export function documentFor(entry: Entry, lookers: readonly Looker[]): Document {
  const isLookedInto = lookers.some((one) => one.looksInto(entry.kind)) || bytesOf(entry).includes(CHANGES_PERMISSIONS);
  return isLookedInto ? documentOf(entry) : NOT_LOOKED_INTO;
}

/** As canonical JSON has it where it is true; where a document has it elsewhere, it is read for nothing. */
const CHANGES_PERMISSIONS = '"permissionChange":true';
const NOT_LOOKED_INTO: Document = {};

const bytesOf = ({ document: { buffer, byteOffset, length } }: Entry): Buffer =>
  Buffer.from(buffer, byteOffset, length);
