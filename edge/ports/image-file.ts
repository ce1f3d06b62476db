/** Where the pieces of one image gather. Nothing of it is believed: each piece is what its hash says. */
export interface ImageFile {
  /** For a program that is handed the image. */
  readonly path: string;
  /** Whatever lies at the place of a piece; undefined where the file does not reach so far. */
  readonly read: (index: number, bytes: number) => Uint8Array | undefined;
  /** @throws the system's error when the disk is full or the like */
  readonly write: (index: number, bytes: Uint8Array) => void;
  /** Cuts off what lies behind so many bytes: an image of before may have been longer. Everything written is durable once it returns. */
  readonly settle: (bytes: number) => void;
  readonly clear: () => void;
}
