import type { LogEntry } from '../api/log-entries.ts';

/** Keys of documents that name what an entry is about, the most telling first; a point leads into a part. */
const ABOUT = [
  ...['path', 'after.id', 'device', 'account', 'act', 'month', 'id', 'stop', 'deletionId', 'zone', 'move', 'reading'],
] as const;
/** Keys that say how it ended. */
const ENDED = ['verdict.decision', 'outcome', 'state'] as const;
const CHARACTERS_MAX = 120;

export interface StepSummary {
  /** Kind of the register for an entry of one. */
  readonly register?: string;
  readonly about?: string;
  readonly ended?: string;
}

/** What an entry of a log is about and how it ended, in its own words; nothing is said of what a document does not say. */
export function summaryOf({ document }: LogEntry): StepSummary {
  const register = textAt(document, 'after.kind');
  const about = ABOUT.map((key) => textAt(document, key)).find((text) => text !== undefined);
  const ended = ENDED.map((key) => textAt(document, key)).find((text) => text !== undefined);
  return { ...(register && { register }), ...(about && { about }), ...(ended && { ended }) };
}

function textAt(document: LogEntry['document'], key: string): string | undefined {
  let value: unknown = document;
  for (const part of key.split('.')) value = (value as Readonly<Record<string, unknown>> | null | undefined)?.[part];
  return typeof value === 'string' && value !== '' ? value.slice(0, CHARACTERS_MAX) : undefined;
}
