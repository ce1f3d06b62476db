import type { FrameContent, SignalFrame, SignalReading } from '../../proto/codec/telemetry-codec.ts';
import type { Zone } from '../../proto/words/data-class.ts';
import { kindRow, readingRow } from '../catalogue/catalogue.ts';

/** The part of one frame that one zone keeps for one term. */
export interface ZonePart extends Keeping {
  readonly content: FrameContent;
}

interface Keeping {
  readonly zone: Exclude<Zone, 'quarantine'>;
  /** Id of the retention row that says when it is deleted. */
  readonly retention: string;
}

/** Splits a frame by the zones its content belongs to, and by its terms. Every reading goes to exactly one part. */
export function partition(frame: FrameContent): readonly ZonePart[] {
  return createPartitioner()(frame);
}

/**
 * Splits frames that come one after the other. Those of vehicles of one model mostly name the same signals in the same order:
 * the last plan of each length is kept, and then the catalogue is not asked again. It gives what `partition` gives.
 */
export function createPartitioner(): (frame: FrameContent) => readonly ZonePart[] {
  const plans: Plan[] = [];
  return (frame) => {
    if (frame.kind !== 'signals') {
      const { zone, retention } = kindRow(frame.kind);
      return [{ zone, retention, content: frame }];
    }
    let plan = plans[frame.signals.length];
    if (plan === undefined || !fits(plan, frame)) {
      plan = planFor(frame);
      plans[frame.signals.length] = plan;
    }
    return split(frame, plan);
  };
}

interface Plan {
  readonly paths: readonly string[];
  readonly parts: readonly PlannedPart[];
}

interface PlannedPart extends Keeping {
  /** Which readings belong to it, ascending. */
  readonly places: number[];
}

function fits({ paths }: Plan, { signals }: SignalFrame): boolean {
  for (let at = 0; at < paths.length; at += 1) if (signals[at]?.path !== paths[at]) return false;
  return true;
}

function planFor({ signals }: SignalFrame): Plan {
  const parts: PlannedPart[] = [];
  for (const [place, { path }] of signals.entries()) {
    const { zone, retention } = readingRow(path);
    const known = parts.find((one) => one.zone === zone && one.retention === retention);
    if (known === undefined) parts.push({ zone, retention, places: [place] });
    else known.places.push(place);
  }
  return { paths: signals.map(({ path }) => path), parts };
}

function split(frame: SignalFrame, { parts }: Plan): readonly ZonePart[] {
  const [only] = parts;
  // Most frames belong to one zone, and are then kept as they are.
  if (only !== undefined && parts.length === 1) return [{ zone: only.zone, retention: only.retention, content: frame }];
  const { kind, subjectTag, observedAt } = frame;
  return parts.map(({ zone, retention, places }) => ({
    zone,
    retention,
    content: { kind, subjectTag, observedAt, signals: readingsAt(places, frame) },
  }));
}

function readingsAt(places: readonly number[], { signals }: SignalFrame): readonly SignalReading[] {
  const readings: SignalReading[] = [];
  for (const place of places) {
    const reading = signals[place];
    if (reading !== undefined) readings.push(reading);
  }
  return readings;
}
