import type { FrameContent } from '../../proto/codec/telemetry-codec.ts';

/**
 * How often sensors may send. Of a picture, a cloud or a list of objects neither the second nor the sensor is told, on
 * purpose, so this is a bound and no proof: in each window as long as the interval, no more frames of one label than the
 * sensors of that label can send.
 */
export interface SensorRates {
  /** Counts a frame, once however often it is sent. @returns whether there are now too many in its window */
  readonly isTooMany: (frame: SensorFrame, name: FrameName, intervalS: number) => boolean;
}

export type SensorFrame = Extract<FrameContent, { readonly minute: number }>;

export interface FrameName {
  readonly deviceNumber: number;
  readonly epoch: number;
  readonly sequence: number;
}

/** Windows remembered over all vehicles; past it the oldest is forgotten. */
const WINDOWS_MAX = 100_000;

/** @param sensorsMax - sensors of one label (`front`, `left`, ...; clouds and object lists are a label each) a vehicle has */
export function createSensorRates(sensorsMax: number): SensorRates {
  const windows = new Map<string, Set<string>>();
  return {
    isTooMany: (frame, { deviceNumber, epoch, sequence }, intervalS) => {
      const minutes = Math.max(1, Math.ceil(intervalS / 60));
      const label = frame.kind === 'image' ? `image ${frame.camera}` : frame.kind;
      const key = `${deviceNumber} ${label} ${Math.floor(frame.minute / minutes)}`;
      const frames = windows.get(key) ?? new Set<string>();
      frames.add(`${epoch}/${sequence}`);
      if (!windows.has(key) && windows.size >= WINDOWS_MAX) windows.delete(windows.keys().next().value ?? '');
      windows.set(key, frames);
      // One more each for an agent that started anew within the window: it does not remember when it sent last.
      return frames.size > sensorsMax * (Math.ceil((minutes * 60) / Math.max(1, intervalS)) + 1);
    },
  };
}
