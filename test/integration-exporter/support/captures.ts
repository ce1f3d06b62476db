import { createPublicKey } from 'node:crypto';
import { type Capture, type CaptureOptions, openCapture } from '../../../cloud/exporter/capture/open-capture.ts';
import { type Border, SYSTEM_CLOCK } from './border.ts';

/** A capture of the border, open for writing. */
export function openTestCapture(border: Border, changes: Partial<CaptureOptions> = {}): Capture {
  const opened = openCapture({
    directory: border.captures,
    publicKey: createPublicKey(border.captureKey),
    bytesMax: 1_000_000_000,
    segmentBytes: 1_000_000,
    lateMs: 5_000,
    clock: SYSTEM_CLOCK,
    ...changes,
  });
  if (!opened.ok) throw new Error(opened.fault.code);
  return opened.value;
}
