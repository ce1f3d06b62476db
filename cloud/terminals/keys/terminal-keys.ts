import type { GbFrame } from '../gb32960/frame.ts';
import { KEY_FORMS, type KeyForm, type KeyFormName } from './key-forms.table.ts';
import { openUnit } from './open-unit.ts';

/** A key that units of terminals are opened with. */
export interface TerminalKey {
  /** Of one vehicle; undefined for all that have none of their own. */
  readonly vin: string | undefined;
  readonly form: KeyFormName;
  /** 16 bytes, or the PEM of a private key. */
  readonly key: Uint8Array;
  /** 16 bytes, for a chained mode. */
  readonly vector: Uint8Array | undefined;
}

/** Opens what terminals encrypted. */
export interface TerminalKeys {
  /**
   * @returns the frame with its unit in the clear; undefined where nobody holds the key, the edition does not have the
   *   algorithm, or what comes out cannot be what went in
   */
  readonly open: (frame: GbFrame) => GbFrame | undefined;
}

const UNENCRYPTED = 1;

export function createTerminalKeys(keys: readonly TerminalKey[]): TerminalKeys {
  const named = new Map(keys.map((key) => [nameOf(key.vin, KEY_FORMS[key.form].encryption), key]));
  return {
    open: (frame) => {
      const { vin, encryption, edition, unit } = frame;
      const held = named.get(nameOf(vin, encryption)) ?? named.get(nameOf(undefined, encryption));
      if (held === undefined) return undefined;
      const form: KeyForm = KEY_FORMS[held.form];
      const opened = form.editions.includes(edition) ? openUnit(form, held, unit) : undefined;
      return opened === undefined ? undefined : { ...frame, encryption: UNENCRYPTED, unit: opened };
    },
  };
}

const nameOf = (vin: string | undefined, encryption: number): string => `${encryption}/${vin ?? ''}`;
