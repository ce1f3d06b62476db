import type { FrameContent } from '../proto/codec/telemetry-codec.ts';
import { LEAST_PRIORITY, type Priority } from '../proto/words/priority.ts';
import type { RawFrame, SignalValue } from '../proto/words/raw-frame.ts';

/** Which priority a signal has, by VSS path. */
export interface PathPriorities {
  /** One frame as frames of one priority each, so that an urgent signal never waits in the batch of a slow one. */
  readonly separate: (frame: RawFrame) => readonly RawFrame[];
  readonly of: (content: FrameContent) => Priority;
}

/** @param paths - paths of each priority; a path that none names has the least */
export function pathPriorities(
  paths: Partial<Readonly<Record<Priority, readonly string[] | undefined>>>,
): PathPriorities {
  const byPath = new Map<string, Priority>();
  for (const [priority, named] of Object.entries(paths) as [Priority, readonly string[] | undefined][])
    for (const path of named ?? []) byPath.set(path, priority);
  const priorityOf = (path: string): Priority => byPath.get(path) ?? LEAST_PRIORITY;
  return {
    separate: (frame) => {
      if (frame.kind !== 'signals') return [frame];
      const entries = Object.entries(frame.signals);
      if (byPath.size === 0 && entries.length <= FRAME_SIGNALS_MAX) return [frame];
      const parts = new Map<Priority, Record<string, SignalValue>>();
      for (const [path, value] of entries) {
        const priority = priorityOf(path);
        const part = parts.get(priority) ?? {};
        part[path] = value;
        parts.set(priority, part);
      }
      if (parts.size <= 1 && entries.length <= FRAME_SIGNALS_MAX) return [frame];
      return [...parts.values()].flatMap(inPieces).map((signals) => ({ ...frame, signals }));
    },
    // Its readings were separated before the stages, so any of them speaks for all.
    of: (content) =>
      content.kind === 'update'
        ? UPDATE_PRIORITY
        : priorityOf(content.kind === 'signals' ? (content.signals[0]?.path ?? '') : ''),
  };
}

/** How far an update is waits for no backlog of statistics. */
const UPDATE_PRIORITY: Priority = 'diagnostics';

/** Signals that one sealed frame may hold, as the schema has it; a source may write eight times as many in one line. */
const FRAME_SIGNALS_MAX = 256;

function inPieces(signals: Readonly<Record<string, SignalValue>>): readonly Readonly<Record<string, SignalValue>>[] {
  const entries = Object.entries(signals);
  const pieces = Math.ceil(entries.length / FRAME_SIGNALS_MAX);
  return Array.from({ length: pieces }, (_, at) =>
    Object.fromEntries(entries.slice(at * FRAME_SIGNALS_MAX, (at + 1) * FRAME_SIGNALS_MAX)),
  );
}
