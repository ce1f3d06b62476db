import { parseRow, recogniseHeader, type TraceFormat, type TracePoint } from '../../proto/traces/trace-format.ts';
import type { RawFrame } from '../../proto/words/raw-frame.ts';
import { type Clock, HOUR_MS, type Instant } from '../../proto/words/time.ts';
import type { FrameSource, FrameSourceEvents } from '../ports/frame-source.ts';
import type { Pace } from './pace.ts';
import { readLog } from './read-log.ts';
import { unknownTrace, unreadableSource } from './source-fault.ts';

export interface TraceFile {
  readonly file: string;
  /** Which vehicle of a file that holds several; a file of one has none. */
  readonly vehicle?: string | undefined;
  readonly clock: Clock;
  /** Absent: as fast as the agent takes it. */
  readonly pace?: Pace | undefined;
}

const LINE_BYTES_MAX = 1_024;

/** After the last point the vehicle stands for this long, so that its last trip comes to an end and is released. */
const STANDS_MS = 36 * HOUR_MS;

/**
 * Reads a trace (the CSV layouts of docs/raw-frames.md) from its beginning to its end, each point a fix, at its pace. Lines of other vehicles are passed over; broken ones are counted.
 */
export function readTraceFile({ file, vehicle, clock, pace }: TraceFile, events: FrameSourceEvents): FrameSource {
  const stop = new AbortController();
  let format: TraceFormat | undefined;
  let last: Instant | undefined;

  const takeHeader = (cells: readonly string[]): void => {
    format = recogniseHeader(cells);
    if (format !== undefined && (format.vehicle !== undefined) === (vehicle !== undefined)) return;
    events.onFault(unknownTrace(format !== undefined));
    stop.abort();
  };
  const give = (point: TracePoint): void => {
    if (stop.signal.aborted) return;
    last = point.at;
    events.onFrame(fixOf(point));
  };
  const takePoint = (point: TracePoint): Promise<void> | undefined => {
    if (vehicle !== undefined && point.vehicle !== vehicle) return undefined;
    const due = pace?.until(point.at, stop.signal);
    if (due === undefined) give(point);
    return due?.then(() => give(point));
  };
  const onLine = (line: string): Promise<void> | undefined => {
    const text = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (stop.signal.aborted || text === '') return undefined;
    const cells = text.replace(BYTE_ORDER_MARK, '').split(',');
    const point = format === undefined ? undefined : parseRow(format, cells);
    if (point === undefined) takeHeader(cells);
    else if (point.ok) return takePoint(point.value);
    else events.onMalformed();
    return undefined;
  };

  const reading = readLog(file, LINE_BYTES_MAX, { onLine, onTooLong: events.onMalformed }, stop.signal)
    .catch((cause: unknown) => events.onFault(unreadableSource('file', cause)))
    .then(() => {
      if (last !== undefined) stand(last, clock.now(), events);
      events.onEnd();
    });
  return {
    close: () => {
      stop.abort();
      return reading;
    },
  };
}

const BYTE_ORDER_MARK = /^\ufeff/;

function fixOf({ at, latitude, longitude, altitudeM }: TracePoint): RawFrame {
  return { kind: 'fix', at, latitude, longitude, ...(Number.isFinite(altitudeM) && { altitudeM }) };
}

function stand(from: Instant, now: Instant, events: Pick<FrameSourceEvents, 'onFrame'>): void {
  for (let at = from + HOUR_MS; at <= Math.min(now, from + STANDS_MS); at += HOUR_MS) {
    events.onFrame({ kind: 'clock', at: at as Instant });
  }
}
