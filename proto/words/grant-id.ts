/** Leaves room for the number within an id of the schema. */
const PURPOSE_BYTES_MAX = 44;

/** Names a consent that was given in the vehicle. @param number - of the statement that gave it */
export const grantId = (purpose: string, number: number): string => `${purpose.slice(0, PURPOSE_BYTES_MAX)}.${number}`;

/** Whether a text names a consent to a purpose that was given in the vehicle; the operator has no record of it. */
export function isGrantIdOf(text: string, purpose: string): boolean {
  const number = Number(text.slice(text.lastIndexOf('.') + 1));
  return Number.isSafeInteger(number) && number >= 0 && text === grantId(purpose, number);
}
