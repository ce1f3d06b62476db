/** What a control unit keeps without power. */
export interface EcuMemory {
  /** Slots A and B: the version in each; 0 for one that holds nothing whole. */
  readonly slots: readonly [number, number];
  /** The slot that is started after a trial that nobody confirmed. */
  readonly confirmed: 0 | 1;
  readonly running: 0 | 1;
}

/** A control unit with two slots. One that runs on trial starts the other after the next loss of its power. */
export interface Ecu {
  readonly memory: () => EcuMemory;
  readonly version: () => number;
  readonly isConfirmed: () => boolean;
  /** In two steps: what is interrupted leaves a slot that holds nothing whole. */
  readonly beginWrite: () => void;
  readonly endWrite: (version: number) => void;
  /** Restarts into the slot that does not run; false where it holds nothing whole. */
  readonly start: () => boolean;
  readonly confirm: () => void;
  readonly revert: () => void;
  /** Its power is gone and comes back. */
  readonly losePower: () => void;
}

export const newEcu = (version: number): EcuMemory => ({ slots: [version, 0], confirmed: 0, running: 0 });

/** @param keep - told of the memory after each change */
export function startEcu(begun: EcuMemory, keep: (memory: EcuMemory) => void = () => undefined): Ecu {
  let memory = begun;
  const set = (change: Partial<EcuMemory>): void => {
    memory = { ...memory, ...change };
    keep(memory);
  };
  const other = (): 0 | 1 => (memory.running === 0 ? 1 : 0);
  const isConfirmed = (): boolean => memory.running === memory.confirmed;
  const withOther = (version: number): readonly [number, number] =>
    other() === 0 ? [version, memory.slots[1]] : [memory.slots[0], version];
  const back = (): void => {
    if (!isConfirmed()) set({ running: memory.confirmed });
  };
  return {
    memory: () => memory,
    version: () => memory.slots[memory.running],
    isConfirmed,
    // The slot that a trial goes back to is not for writing.
    beginWrite: () => {
      if (isConfirmed()) set({ slots: withOther(0) });
    },
    endWrite: (version) => {
      if (isConfirmed()) set({ slots: withOther(version) });
    },
    start: () => {
      if (!isConfirmed() || memory.slots[other()] === 0) return false;
      set({ running: other() });
      return true;
    },
    confirm: () => set({ confirmed: memory.running }),
    revert: back,
    losePower: back,
  };
}
