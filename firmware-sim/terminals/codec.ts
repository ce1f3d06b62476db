/** A message in words, as `tongguan terminal decode` prints it. */
export type MessageWords = Readonly<Record<string, unknown>>;

/** Bytes of messages, and messages of bytes. The simulator speaks words; whoever starts it knows a codec. */
export interface TerminalCodec {
  /** @returns undefined when a value does not fit its field */
  readonly encode: (message: MessageWords) => Uint8Array | undefined;
  /** What one connection is answered, out of segments of any size. */
  readonly listen: (onMessage: (message: MessageWords) => void) => (segment: Uint8Array) => void;
}

export type SimProtocol = 'gb32960-2016' | 'gb32960-2025' | 'jt808';

export const SIM_PROTOCOLS: readonly SimProtocol[] = ['gb32960-2016', 'gb32960-2025', 'jt808'];
