import type { Instant } from '../../proto/words/time.ts';
import type { FrameSource, FrameSourceEvents } from '../ports/frame-source.ts';
import { CANDUMP_LINE_BYTES_MAX, type CanFrame, parseCandumpLine } from './can/can-frame.ts';
import { type TranslatorSettings, translateFrames } from './can/translate-frames.ts';
import type { Pace } from './pace.ts';
import { readLog } from './read-log.ts';
import { relativeTime, unreadableSource } from './source-fault.ts';

export interface CandumpFile extends TranslatorSettings {
  readonly file: string;
  /** When the log began, for a log that counts from zero. */
  readonly startAt?: Instant | undefined;
  /** Only frames of this interface; all of them without it. */
  readonly interface?: string | undefined;
  /** Absent: as fast as the agent takes it. */
  readonly pace?: Pace | undefined;
}

/** A log that counts from its own start has times of 1970; no bus was logged before this. */
const LOGS_BEGIN = Date.UTC(2000, 0, 1);

/** Reads a log of candump from its beginning to its end, at its pace. */
export function readCandumpFile(settings: CandumpFile, events: FrameSourceEvents): FrameSource {
  const stop = new AbortController();
  const translator = translateFrames(settings, events);
  const startAt = settings.startAt ?? 0;
  const take = (frame: CanFrame): Promise<void> | undefined => {
    const at = (startAt + frame.at) as Instant;
    if (at < LOGS_BEGIN) {
      events.onFault(relativeTime('file'));
      stop.abort();
    } else if (settings.interface !== undefined && settings.interface !== frame.interface) {
      events.onRemoved('signal-not-mapped', 1);
    } else {
      const due = settings.pace?.until(at, stop.signal);
      if (due === undefined) translator.take({ ...frame, at });
      return due?.then(() => {
        if (!stop.signal.aborted) translator.take({ ...frame, at });
      });
    }
    return undefined;
  };
  const onLine = (line: string): Promise<void> | undefined => {
    if (stop.signal.aborted) return undefined;
    const frame = parseCandumpLine(line);
    if (frame === undefined) events.onMalformed();
    else if (frame !== 'no-data') return take(frame);
    return undefined;
  };
  const reading = readLog(settings.file, CANDUMP_LINE_BYTES_MAX, { onLine, onTooLong: events.onMalformed }, stop.signal)
    .catch((cause: unknown) => events.onFault(unreadableSource('file', cause)))
    .then(() => {
      translator.flush();
      events.onEnd();
    });
  return {
    close: () => {
      stop.abort();
      return reading;
    },
  };
}
