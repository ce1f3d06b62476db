import type { FrameContent, SignalReading } from '../../proto/codec/telemetry-codec.ts';
import type { Zone } from '../../proto/words/data-class.ts';
import { catalogueRow, kindRow, UNKNOWN_ROW } from '../catalogue/catalogue.ts';

/** The part of one frame that one zone keeps. */
export interface ZonePart {
  readonly zone: Exclude<Zone, 'quarantine'>;
  readonly content: FrameContent;
}

/** Splits a frame by the zones its content belongs to. Every reading goes to exactly one zone. */
export function partition(frame: FrameContent): readonly ZonePart[] {
  if (frame.kind !== 'signals') {
    return [{ zone: kindRow(frame.kind).zone, content: frame }];
  }
  const byZone = new Map<ZonePart['zone'], SignalReading[]>();
  for (const reading of frame.signals) {
    const { zone } = catalogueRow(reading.path) ?? UNKNOWN_ROW;
    const readings = byZone.get(zone);
    if (readings === undefined) byZone.set(zone, [reading]);
    else readings.push(reading);
  }
  if (byZone.size > 1) return [...byZone].map(([zone, signals]) => ({ zone, content: { ...frame, signals } }));
  // Most frames belong to one zone, and are then kept as they are.
  return [...byZone.keys()].map((zone) => ({ zone, content: frame }));
}
