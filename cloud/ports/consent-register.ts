import type { Instant } from '../../proto/words/time.ts';

/** What a vehicle said of one consent. */
export type ConsentNote = ConsentGiven | ConsentOver;

/** It sent something under a consent that was given in the vehicle. */
export interface ConsentGiven {
  readonly is: 'given';
  readonly deviceNumber: number;
  readonly purpose: string;
  /** Number of the statement that gave it; later ones are greater, whatever purpose they are about. */
  readonly number: number;
}

/** It was withdrawn in the vehicle, or ended there. */
export interface ConsentOver {
  readonly is: 'over';
  readonly deviceNumber: number;
  readonly purpose: string;
  readonly at: Instant;
}

/** Consents as vehicles tell of them: who has none any more, by purpose. */
export interface ConsentRegister {
  /** Durable once it returns. A consent that is over stays so until something comes under a later one. */
  note(notes: readonly ConsentNote[]): void;
  /**
   * Devices whose persons have no consent to a purpose any more. Of a purpose that no vehicle ever named nobody can say which
   * consents it rests on, so then every consent that is over counts.
   */
  over(purpose: string): readonly number[];
  close(): void;
}
