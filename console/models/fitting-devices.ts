/** What of a device somebody looks for it by. */
interface Sought {
  readonly device: string;
  readonly trust: string;
  readonly revoked: boolean;
  readonly lastSeen: string | null;
}

/** `stale`: not shut out, and silent for a day or from the beginning. */
export const DEVICE_STATES = ['trusted', 'watched', 'barred', 'revoked', 'stale'] as const;

const STALE_MS = 86_400_000;

/** Devices whose number has the text in it and that stand in the state; an empty one asks for nothing. */
export function fittingDevices<T extends Sought>(
  devices: readonly T[],
  text: string,
  state: string,
  nowMs: number,
): readonly T[] {
  const sought = text.trim().toLowerCase();
  return devices.filter((one) => one.device.includes(sought) && (state === '' || isIn(one, state, nowMs)));
}

function isIn({ trust, revoked, lastSeen }: Sought, state: string, nowMs: number): boolean {
  if (state === 'revoked') return revoked;
  if (revoked) return false;
  if (state !== 'stale') return trust === state;
  return lastSeen === null || nowMs - Date.parse(lastSeen) > STALE_MS;
}

/** A whole number of a device can be opened wherever it stands in the list. */
export const isDeviceNumber = (text: string): boolean => /^[0-9a-f]{32,64}$/.test(text.trim().toLowerCase());
