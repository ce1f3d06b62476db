/** A key that wraps data keys while one process writes, sealed to the zone's public key. */
export interface StoredSession {
  /** Random, below 2^48; never given again. */
  readonly id: number;
  readonly sealed: Uint8Array;
}

/** What a data key is for: one device, one class of retention, one day, within one session. */
export interface KeyScope {
  readonly deviceNumber: number;
  /** Id of a retention row. */
  readonly retention: string;
  /** Day of the records in Asia/Shanghai, as days since 1970-01-01. */
  readonly day: number;
}

export interface StoredKey extends KeyScope {
  /** Random, below 2^48; never given again. */
  readonly id: number;
  readonly session: number;
  readonly wrapped: Uint8Array;
}

/** Which keys to destroy: all that match everything that is said. */
export interface KeySelection {
  readonly deviceNumbers?: readonly number[];
  readonly retention?: string;
  /** Keys of days before this one, as days since 1970-01-01. */
  readonly beforeDay?: number;
}

/**
 * Wrapped data keys of one zone, in a file beside the zone and never in a backup as they are. A record whose key is gone
 * from here is gone.
 */
export interface KeyVault {
  /** Durable once it returns. Throws when the zone's key was changed by another process since the vault was opened. */
  add(session: StoredSession | undefined, keys: readonly StoredKey[]): void;
  session(id: number): StoredSession | undefined;
  /** Those of the ids that are there, as they are at one moment. */
  keys(ids: readonly number[]): readonly StoredKey[];
  sessions(): readonly StoredSession[];
  select(selection: KeySelection): readonly StoredKey[];
  /** Durable once it returns, and the bytes are gone from the file and its write-ahead log. */
  destroy(ids: readonly number[]): void;
  /** Puts other seals on sessions and another public key on the vault, in one commit; for the rotation of a zone's key. */
  reseal(sessions: readonly StoredSession[], publicKeyDigest: Uint8Array): void;
  /** The whole file as it would be on disk. */
  serialize(): Uint8Array;
  close(): void;
}
