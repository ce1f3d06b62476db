import type { Fault } from '../../proto/words/fault.ts';
import type { Result } from '../../proto/words/result.ts';

export type BorderFault = Fault<'BORDER_UNAVAILABLE'>;

/** Names and hashes of a parcel's files; `manifest.json` itself is not among them. */
export interface ParcelFile {
  readonly name: string;
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

export interface ExporterReturn {
  readonly transferId: string;
  readonly outcome: 'delivered' | 'refused' | 'failed';
  /** The whole file, for the log. */
  readonly document: Readonly<Record<string, unknown>>;
}

/** A file that is being written; every method throws the system's error when the disk does not take it. */
export interface StagedFile {
  append(bytes: Uint8Array): void;
  /** Durable once it returns. */
  close(): ParcelFile;
}

export interface StagedSource {
  readonly bytes: number;
  /** `end` is exclusive. */
  slice(start: number, end: number): Uint8Array;
  close(): void;
}

/** The directory between cloud and exporter. What lies in the outbox may be sent; nothing else is ever there. */
export interface Border {
  /** Writes one file of a parcel in staging, durably, from lines that are joined by line feeds. */
  stageLines(transferId: string, name: string, lines: Iterable<string>): Result<ParcelFile, BorderFault>;
  stageBytes(transferId: string, name: string, bytes: Uint8Array): Result<ParcelFile, BorderFault>;
  /** Begins a file in staging that grows piece by piece. @throws the system's error */
  create(transferId: string, name: string): StagedFile;
  /** Reads what is staged. @throws the system's error */
  open(transferId: string, name: string): StagedSource;
  /** Takes one staged file away, for what took its place. @throws the system's error */
  remove(transferId: string, name: string): void;
  /** Moves a staged parcel into the outbox in one step. */
  clear(transferId: string): Result<void, BorderFault>;
  isStaged(transferId: string): boolean;
  /** Names of all that lies in staging; one that no transfer has is somebody else's. */
  staged(): readonly string[];
  isCleared(transferId: string): boolean;
  hasPermit(transferId: string): boolean;
  /** Tells the exporter, durably, that the permit no longer stands: it sends nothing more and returns the transfer. */
  revoke(transferId: string): Result<void, BorderFault>;
  isRevoked(transferId: string): boolean;
  /** Removes what is staged; for what was withheld or interrupted. */
  discard(transferId: string): void;
  returns(): readonly ExporterReturn[];
  /** Keeps a return that nobody believes beside the others, as evidence; it is none any more. */
  setApart(transferId: string): void;
  /** Takes a return that is settled, and its parcel, out of the border. */
  settle(transferId: string): void;
}
