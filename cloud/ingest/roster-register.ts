import { readDeviceKey } from '../../proto/codec/device-key.ts';
import { type Redacted, withheld } from '../../proto/words/redacted.ts';
import type { Clock } from '../../proto/words/time.ts';
import type { DeviceId } from '../../proto/words/topics.ts';
import type { Vin } from '../../proto/words/vin.ts';
import type { DeviceRegister, RegisteredDevice, TrustRegister, TrustState } from '../ports/device-register.ts';
import type { Roster, RosterRow } from '../ports/roster.ts';

/** The register as far as a process needs it that takes in or classifies. */
export interface SharedRegister extends Pick<DeviceRegister, 'find'>, Pick<TrustRegister, 'trustOf'> {
  mayConnect(device: DeviceId): boolean;
  /** Devices in the order they were registered, after a number. */
  page(after: number, limit: number): readonly ListedDevice[];
  /** Whether anything changed since this was asked last. */
  hasChanged(): boolean;
}

interface ListedDevice {
  readonly device: DeviceId;
  readonly number: number;
  readonly trust: TrustState;
  readonly revoked: boolean;
}

/** Devices that are kept in memory; others are asked for again. */
const REMEMBERED_MAX = 200_000;

/** What is in memory is held against the roster at least so often. */
const LOOK_EVERY_MS = 1_000;

type OpenVin = (of: Pick<RosterRow, 'number' | 'device'>, sealed: Uint8Array) => Redacted<Vin> | undefined;

/**
 * A register by the roster of a process that leads elsewhere. What is older than a second is looked at before it is used, and
 * where nobody can be asked it throws: who was revoked meanwhile is not known.
 *
 * @param openVin - undefined for a process that has no key of the workers
 */
export function rosterRegister(roster: Roster, clock: Clock, openVin: OpenVin | undefined): SharedRegister {
  const byDevice = new Map<string, RegisteredDevice | undefined>();
  const rows = new Map<number, RosterRow>();
  let [lookedAt, isChanged] = [clock.now(), false];

  function look(): void {
    const changed = roster.changed();
    lookedAt = clock.now();
    if (changed === 'all') {
      byDevice.clear();
      rows.clear();
    } else {
      for (const row of changed) {
        byDevice.delete(row.device);
        rows.delete(row.number);
      }
    }
    isChanged ||= changed.length > 0;
  }

  const current = (): void => {
    if (Math.abs(clock.now() - lookedAt) >= LOOK_EVERY_MS) look();
  };

  function remember(row: RosterRow): RegisteredDevice | undefined {
    if (rows.size >= REMEMBERED_MAX) {
      byDevice.clear();
      rows.clear();
    }
    const device = deviceOf(row, openVin);
    rows.set(row.number, row);
    byDevice.set(row.device, device);
    return device;
  }

  function find(device: DeviceId): RegisteredDevice | undefined {
    current();
    if (byDevice.has(device)) return byDevice.get(device);
    const row = roster.find(device);
    return row === undefined ? undefined : remember(row);
  }

  return {
    find,
    mayConnect: (device) => find(device) !== undefined,
    page: (after, limit) => roster.page(after, limit).map(({ isRevoked: revoked, ...row }) => ({ ...row, revoked })),
    trustOf: (number) => {
      current();
      const row = rows.get(number) ?? roster.byNumber(number);
      // A device that nobody knows is believed in nothing.
      return row?.trust ?? 'barred';
    },
    hasChanged: () => {
      look();
      const changed = isChanged;
      isChanged = false;
      return changed;
    },
  };
}

/** Nobody for a terminal, which has no key, and for a row that the process that leads did not write. */
function deviceOf(row: RosterRow, openVin: OpenVin | undefined): RegisteredDevice | undefined {
  if (row.isRevoked || row.publicKey === '') return undefined;
  const { device, number } = row;
  const vin = openVin === undefined ? withheld<Vin>('the VIN of a device') : openVin(row, row.sealedVin);
  const key = readDeviceKey(row.publicKey);
  return vin === undefined || key.device !== device ? undefined : { device, number, vin, publicKey: key.publicKey };
}
