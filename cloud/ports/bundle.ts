/** A file of a bundle as it came to lie there. */
export interface BundledFile {
  /** Relative, with forward slashes. */
  readonly name: string;
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** A file that is being written, line by line. */
export interface BundleWriter {
  /** Without its line feed. Throws for a line with what must not stand in a bundle. */
  line(text: string): void;
  /** Durable once it returns. */
  close(): BundledFile;
}

/** Where a bundle is written; every method throws the system's error. */
export interface BundleSink {
  open(name: string): BundleWriter;
  /** Bytes that were looked through where they were read. */
  put(name: string, bytes: Uint8Array): BundledFile;
  /** A sealed file as it is, copied piece by piece; nobody could look through it. */
  copy(name: string, from: string): BundledFile;
}

/** Sealed captures of connections that were under way at some moment of a time. */
export interface BundledCaptures {
  readonly connections: number;
  /** Of the segments. */
  readonly bytes: number;
  /** The list they stand in, and each segment with the hash that the list has of it. */
  readonly files: readonly { readonly name: string; readonly path: string; readonly sha256?: string }[];
}
