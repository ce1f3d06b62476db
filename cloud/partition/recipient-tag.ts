import { createHmac } from 'node:crypto';
import type { SubjectTag } from '../../proto/words/subject.ts';
import type { Vin } from '../../proto/words/vin.ts';

/** Bytes of a recipient tag and of a person digest. */
const TAG_BYTES = 16;

/**
 * The pseudonym under which one recipient sees one vehicle. Two recipients cannot join their records by it, and neither
 * can join it to a subject tag of the uplink.
 *
 * @param key - the processor's pseudonym key, 32 bytes or more
 */
export function recipientTag(key: Uint8Array, recipientId: string, vin: Vin): string {
  return mac(key, `recipient\0${recipientId}\0${vin}`).toString('hex');
}

/** Stands for a vehicle in what the ingress makes of the frames of its terminal, as a tag of its agent would. */
export function terminalTag(key: Uint8Array, vin: Vin): SubjectTag {
  return new Uint8Array(mac(key, `terminal\0${vin}`)) as SubjectTag;
}

/** Stands for the code by which a terminal is known: few digits that must not be guessed from the register. */
export function terminalCode(key: Uint8Array, code: string): Uint8Array {
  return mac(key, `terminal-code\0${code}`);
}

/**
 * Stands for a vehicle where persons are linked to it, and for a natural person in the counts where nobody is: then each
 * VIN counts as one (CNT-1, docs/law.md).
 */
export function personDigest(key: Uint8Array, vin: Vin): Uint8Array {
  return mac(key, `person\0${vin}`);
}

/** Stands for a natural person whom the processor knows under a pseudonym. */
export function linkedPersonDigest(key: Uint8Array, pseudonym: string): Uint8Array {
  return mac(key, `linked-person\0${pseudonym}`);
}

function mac(key: Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(`tongguan.v1.pseudonym\0${text}`).digest().subarray(0, TAG_BYTES);
}
