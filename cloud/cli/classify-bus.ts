import type { DataClass } from '../../proto/words/data-class.ts';
import type { Bilingual } from '../../proto/words/fault.ts';
import { readingRow } from '../catalogue/catalogue.ts';
import type { Language } from '../transfer/explain.ts';
import type { ReadBusLine } from './classify-formats.ts';

/** A signal of a bus, and what the catalogue says of it. */
export interface BusSignal {
  /** `Message.Signal`; absent for the frames of numbers that the DBC file has not. */
  readonly name?: string;
  /** VSS path; absent where the mapping gives none, so that no row knows it. */
  readonly path?: string;
  readonly frames: number;
  readonly classes: readonly DataClass[];
  readonly items: readonly string[];
  readonly exportable: boolean;
  readonly reason: Bilingual;
  readonly cite: string;
}

/** Counts what a reader reads, to say of each signal why it is what it is. */
export function explainBus(read: ReadBusLine): {
  readonly read: ReadBusLine;
  /** In the order of names; what could not be read comes first. */
  readonly signals: () => readonly BusSignal[];
} {
  const counts = new Map<string, { readonly name?: string; readonly path?: string; frames: number }>();
  const count = (one: { readonly name?: string; readonly path?: string }): void => {
    const key = `${one.name ?? ''} ${one.path ?? ''}`;
    const known = counts.get(key) ?? { ...one, frames: 0 };
    known.frames += 1;
    counts.set(key, known);
  };
  return {
    read: (line) => {
      const frame = read(line);
      if (frame === undefined || frame === 'silent') return frame;
      for (const one of frame.signals) count(one);
      if (frame.signals.length === 0) count({});
      return frame;
    },
    signals: () =>
      [...counts]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([, { name, path, frames }]) => {
          const { classes, items, exportable, reason, cite } = readingRow(path ?? UNMAPPED);
          return {
            ...(name === undefined ? {} : { name }),
            ...(path === undefined ? {} : { path }),
            ...{ frames, classes, items, exportable, reason, cite },
          };
        }),
  };
}

/** No row of the catalogue has it. */
const UNMAPPED = 'bus-frame';

/** A line for each signal. */
export function busText(signals: readonly BusSignal[], language: Language): readonly string[] {
  return signals.map(({ name, path, frames, classes, reason, cite }) => {
    const as = path === undefined ? '' : ` = ${path}`;
    return `  ${name ?? WORDS.unread[language]}${as}  ${frames}  ${classes.join(' ')}: ${reason[language]} (${cite})`;
  });
}

const WORDS = { unread: { en: 'frames of unknown numbers', zh: '未知编号的帧' } } as const;
