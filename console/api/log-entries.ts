/** Entries of a log, and what a browser needs to check one by itself. */
export interface LogEntry {
  readonly index: number;
  /** RFC 3339, UTC. */
  readonly recordedAt: string;
  readonly kind: string;
  readonly transferId: string;
  readonly actor: string;
  readonly document: Readonly<Record<string, unknown>>;
}

export interface FoundEntries {
  readonly entries: readonly LogEntry[];
  readonly next?: number;
}

export interface TransferSteps {
  readonly logs: readonly (FoundEntries & { readonly log: string })[];
}

export interface LogHead {
  readonly name: string;
  readonly origin: string;
  readonly size?: number;
  readonly root?: string;
  readonly note?: string;
}

/** Hashes are lower-case hexadecimal; the leaf is base64, the key PEM. */
export interface InclusionProof {
  readonly index: number;
  readonly leaf: string;
  readonly leafHash: string;
  readonly proof: readonly string[];
  readonly size: number;
  readonly root: string;
  readonly note: string;
  readonly publicKey: string;
}
