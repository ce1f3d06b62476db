/**
 * What the log does not say decides nothing: while an entry of the registers is not as logged, nothing is permitted.
 *
 * @param differing - kind and id of an entry that is not as logged
 * @param alert - told once of each; told again when the same entry differs anew
 * @returns what exports are held by, if they are
 */
export function heldByRegisters(
  differing: () => string | undefined,
  alert: (document: Readonly<Record<string, unknown>>) => void,
): () => string | undefined {
  let told: string | undefined;
  return () => {
    const subject = differing();
    if (subject !== undefined && subject !== told) alert({ code: 'REGISTERS_CHANGED', subject });
    told = subject;
    return subject === undefined ? undefined : 'registers-changed';
  };
}
