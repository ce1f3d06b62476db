/** A pause that somebody can end early. */
export interface Bell {
  readonly ring: () => void;
  /** Ends after `ms`, or at once if the bell has been rung since the last pause. */
  readonly pause: (ms: number) => Promise<void>;
}

export function createBell(): Bell {
  let isRung = false;
  let wake: (() => void) | undefined;
  return {
    ring: () => {
      isRung = true;
      wake?.();
    },
    pause: async (ms) => {
      if (!isRung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      wake = undefined;
      isRung = false;
    },
  };
}
