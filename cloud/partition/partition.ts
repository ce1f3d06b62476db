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
 * Splits frames that come one after the other. Those of one vehicle mostly name the same signals in the same order, and
 * then the catalogue is not asked again. It gives what `partition` gives.
 */
export function createPartitioner(): (frame: FrameContent) => readonly ZonePart[] {
  let plan: Plan = { paths: [], partOf: [], parts: [] };
  return (frame) => {
    if (frame.kind !== 'signals') {
      const { zone, retention } = kindRow(frame.kind);
      return [{ zone, retention, content: frame }];
    }
    if (!fits(plan, frame)) plan = planFor(frame);
    return split(frame, plan);
  };
}

/** Which part the reading at each position belongs to. */
interface Plan {
  readonly paths: readonly string[];
  readonly partOf: readonly number[];
  readonly parts: readonly Keeping[];
}

function fits({ paths }: Plan, { signals }: SignalFrame): boolean {
  if (signals.length !== paths.length) return false;
  for (let at = 0; at < paths.length; at += 1) if (signals[at]?.path !== paths[at]) return false;
  return true;
}

function planFor({ signals }: SignalFrame): Plan {
  const parts: Keeping[] = [];
  const partOf = signals.map(({ path }) => {
    const { zone, retention } = readingRow(path);
    const known = parts.findIndex((one) => one.zone === zone && one.retention === retention);
    return known >= 0 ? known : parts.push({ zone, retention }) - 1;
  });
  return { paths: signals.map(({ path }) => path), partOf, parts };
}

function split(frame: SignalFrame, { parts, partOf }: Plan): readonly ZonePart[] {
  const [only] = parts;
  // Most frames belong to one zone, and are then kept as they are.
  if (only !== undefined && parts.length === 1) return [{ zone: only.zone, retention: only.retention, content: frame }];
  const signals: SignalReading[][] = parts.map(() => []);
  for (let at = 0; at < partOf.length; at += 1) {
    const reading = frame.signals[at];
    if (reading !== undefined) signals[partOf[at] ?? 0]?.push(reading);
  }
  const { kind, subjectTag, observedAt } = frame;
  return parts.map(({ zone, retention }, part) => ({
    zone,
    retention,
    content: { kind, subjectTag, observedAt, signals: signals[part] ?? [] },
  }));
}
