import type { RegisteredDevice } from '../ports/device-register.ts';

/** Software updates, as far as a broker has to do with them. */
export interface UpdateEvents {
  /** What a device that begins to listen is offered. */
  readonly offerFor: (device: RegisteredDevice) => Uint8Array | undefined;
  /** What it is told to let go of, before that. */
  readonly stopsFor: (device: RegisteredDevice) => readonly Uint8Array[];
  /** What a device is answered that asks for a piece; nothing for what it was not offered. */
  readonly answer: (device: RegisteredDevice, ask: Uint8Array) => Uint8Array | undefined;
}

/** To the device that asks, over the connection it asked on. */
type Tell = (bytes: Uint8Array) => void;

export function offerUpdate(device: RegisteredDevice, updates: UpdateEvents | undefined, tell: Tell): void {
  for (const stop of updates?.stopsFor(device) ?? []) tell(stop);
  const offer = updates?.offerFor(device);
  if (offer !== undefined) tell(offer);
}

/** What is no question has no answer, and whoever asks without reading is cut off like everybody. */
export function answerAsk(
  device: RegisteredDevice,
  ask: Uint8Array,
  updates: UpdateEvents | undefined,
  tell: Tell,
): void {
  const answer = ask.length > ASK_BYTES_MAX ? undefined : updates?.answer(device, ask);
  if (answer !== undefined) tell(answer);
}

/** An UpdateAsk is 34 bytes and an index. */
const ASK_BYTES_MAX = 64;
