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
  /** A sealed file as it is, copied piece by piece; nobody could look through it. */
  copy(name: string, from: string): BundledFile;
}

/** Captures of the border, in files that are sealed. */
export interface CaptureFiles {
  /** Of a time that touches `from` up to and without `until`, milliseconds; by name. */
  between(from: number, until: number): readonly { readonly name: string; readonly path: string }[];
}
