import type { Zone } from '../proto/words/data-class.ts';

/** File of the device register within the store directory; `tongguan register device` fills it. */
export const DEVICE_REGISTER_FILE = 'devices.sqlite';
/** File of the policies that vehicles were told. */
export const POLICIES_FILE = 'policies.sqlite';
/** File of natural persons behind vehicles, as keyed digests. */
export const PERSONS_FILE = 'persons.sqlite';
/** File of the aggregates that were published, and will be the same for ever. */
export const PUBLICATIONS_FILE = 'publications.sqlite';
/** Directory of imported files. */
export const FILE_PARCELS_DIRECTORY = 'file-parcels';
/** File of a zone within the store directory, and of its key vault within the directory of vaults. */
export const zoneFile = (zone: Zone): string => `zone-${zone}.sqlite`;
export const vaultFile = (zone: Zone): string => `vault-${zone}.sqlite`;
/** Lock of the process that leads, beside the logs. It holds nothing. */
export const LEADER_FILE = 'leader.lock';
/** File of the registers, which the operations log can make again. */
export const REGISTERS_FILE = 'registers.sqlite';
/** Which frames are durable, and what devices told of themselves. */
export const LEDGER_FILE = 'ledger.sqlite';
