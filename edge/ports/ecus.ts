import type { ImageFile } from './image-file.ts';

/** What an ECU runs. */
export interface EcuStatus {
  readonly version: number;
  /** False while a slot is on trial: it was started and nobody has confirmed it yet. */
  readonly isConfirmed: boolean;
}

/**
 * Control units with two slots each: one runs, the other is written. An ECU that restarts by itself while a slot is on trial
 * starts the slot from before. Every act may be repeated, and comes to the same; what fails or takes too long is false.
 */
export interface Ecus {
  readonly names: readonly string[];
  /** Undefined where nobody can say. */
  readonly status: (ecu: string) => Promise<EcuStatus | undefined>;
  /** Tells the persons in the vehicle what is about to happen, or what became of it; false where they want it later. */
  readonly announce: (ecu: string, label: string, what: Announcement) => Promise<boolean>;
  /** Writes the image into the slot that does not run. */
  readonly write: (ecu: string, image: ImageFile, version: number) => Promise<boolean>;
  /** Restarts the ECU from that slot, on trial. */
  readonly start: (ecu: string) => Promise<boolean>;
  /** Whether what runs is in health. */
  readonly check: (ecu: string) => Promise<boolean>;
  /** Ends the trial: what runs stays. */
  readonly confirm: (ecu: string) => Promise<boolean>;
  /** Restarts the ECU from the slot before. */
  readonly revert: (ecu: string) => Promise<boolean>;
}

export type Announcement = 'begins' | 'installed' | 'rolled-back' | 'failed';
