import { encodeView, type TerminalView } from '../../cloud/terminals/decode.ts';
import { createGbStream } from '../../cloud/terminals/gb32960/stream.ts';
import { viewOfGb } from '../../cloud/terminals/gb32960/view.ts';
import { createJtStream } from '../../cloud/terminals/jt808/stream.ts';
import { viewOfJt } from '../../cloud/terminals/jt808/view.ts';
import type { MessageWords, TerminalCodec } from '../../firmware-sim/terminals/codec.ts';

/** The codec of the cloud, handed to the simulator: the two know nothing else of each other. */
export const TERMINAL_CODEC: TerminalCodec = {
  encode: (words) => {
    const bytes = encodeView(words as unknown as TerminalView);
    return bytes.ok ? bytes.value : undefined;
  },
  listen: (onMessage) => {
    const fault = (): void => undefined;
    const gb = createGbStream({ frame: (frame) => onMessage(wordsOf(viewOfGb(frame))), fault });
    const jt = createJtStream({ frame: (frame) => onMessage(wordsOf(viewOfJt(frame))), fault });
    let stream: typeof gb | undefined;
    return (segment) => {
      stream ??= segment[0] === FLAG_OF_JT ? jt : gb;
      stream.push(Buffer.from(segment));
    };
  },
};

const FLAG_OF_JT = 0x7e;
const wordsOf = (view: object): MessageWords => view as MessageWords;
