/** The clock of this browser, read here alone. @returns UTC milliseconds */
export const nowMs = (): number => Date.now();
