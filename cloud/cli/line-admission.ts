/** Gives each vehicle of a file a number, and takes each of its records once. */
export interface LineAdmission {
  /** A device keeps its own number; others are numbered past every device. */
  readonly numberOf: (who: string) => number;
  /** False for a record that was taken before. One without a key is always another. */
  readonly admit: (
    deviceNumber: number,
    key: { readonly epoch: number; readonly sequence: number } | undefined,
  ) => boolean;
}

const FIRST_SUBJECT = 2 ** 40;

export function createLineAdmission(): LineAdmission {
  const subjects = new Map<string, number>();
  const taken = new Map<string, Set<number>>();
  return {
    numberOf: (who) => {
      const device = /^device (\d+)$/.exec(who)?.[1];
      if (device !== undefined) return Number(device);
      const known = subjects.get(who) ?? FIRST_SUBJECT + subjects.size;
      subjects.set(who, known);
      return known;
    },
    admit: (deviceNumber, key) => {
      if (key === undefined) return true;
      const name = `${deviceNumber}/${key.epoch}`;
      const sequences = taken.get(name) ?? new Set();
      taken.set(name, sequences);
      if (sequences.has(key.sequence)) return false;
      sequences.add(key.sequence);
      return true;
    },
  };
}
