/** A frame that waits to be forwarded. */
export interface WaitingFrame {
  readonly id: number;
  readonly octets: Uint8Array;
}

/** Frames for one destination, in the order they came, on disk. What a method returns from is durable. */
export interface ForwardQueue {
  /** @returns how many of the oldest had to give way */
  readonly add: (frames: readonly Uint8Array[]) => number;
  /** The next ones after an id, oldest first. */
  readonly after: (id: number, limit: number) => readonly WaitingFrame[];
  /** The id of the last one that was put there; 0 for none. */
  readonly newest: () => number;
  readonly remove: (id: number) => void;
  readonly count: () => number;
}
