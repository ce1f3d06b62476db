import type { IngestStores } from '../../../cloud/composition/open-ingest-stores.ts';
import { createPartitioner } from '../../../cloud/partition/partition.ts';
import type { Extents } from '../../../cloud/ports/ledger.ts';
import type { TestDevice } from '../../support/cloud/devices.ts';
import { SPEED } from '../../support/edge/policies.ts';
import type { Vehicle } from '../vehicle.ts';

const OPEN_ZONES = ['general', 'personal', 'geographic', 'important'] as const;

/** Every record of every zone, by device, epoch and sequence. @throws where one is there twice */
export function recordsOf(stores: IngestStores): ReadonlyMap<string, ReadonlyMap<string, unknown>> {
  const found = new Map<string, Map<string, unknown>>();
  for (const name of OPEN_ZONES) {
    const reader = stores.reader(name);
    if (!reader.ok) throw new Error(reader.fault.code);
    for (const { key, content } of reader.value.records()) {
      const id = `${key.deviceNumber}/${key.epoch}/${key.sequence}`;
      const parts = found.get(id) ?? new Map<string, unknown>();
      if (parts.has(name)) throw new Error(`a record is in the zone ${name} twice`);
      found.set(id, parts.set(name, content));
    }
  }
  return found;
}

/** Nothing acknowledged is ever lost: what a vehicle deleted because of an acknowledgement is durable in the cloud. */
export function lostAfterAcknowledgement(stores: IngestStores, vehicles: readonly Vehicle[]): readonly string[] {
  return vehicles.flatMap(({ letGo, device: { registered } }) =>
    [...letGo].filter((name) => {
      const [epoch = 0, sequence = 0] = name.split('/').map(Number);
      return !stores.isInLedger({ deviceNumber: registered.number, epoch, sequence });
    }),
  );
}

/** What the ledger counts as admitted is in the zones once, whole and where the catalogue says, and nothing else is. */
export function misplaced(stores: IngestStores, vehicles: readonly Vehicle[]): readonly string[] {
  const records = recordsOf(stores);
  const wrong: string[] = [];
  for (const { promised, device } of vehicles) {
    const partition = createPartitioner();
    for (const { epoch, sequence, frame } of promised) {
      const id = `${device.registered.number}/${epoch}/${sequence}`;
      const there = records.get(id);
      if (there === undefined) continue;
      const wanted = new Map(partition(frame).map(({ zone, content }) => [zone as string, content]));
      if (asText(wanted) !== asText(there)) wrong.push(`${id} is not as it was sealed`);
    }
  }
  return wrong;
}

const asText = (parts: ReadonlyMap<string, unknown>): string =>
  JSON.stringify(
    [...parts].sort(([a], [b]) => (a < b ? -1 : 1)),
    (_, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value),
  );

/** Once everything has calmed down: each sequence ever given is in the cloud, or given up and told, or still to be told. */
export function unaccounted(stores: IngestStores, vehicles: readonly Vehicle[]): readonly string[] {
  const wrong: string[] = [];
  let lost = 0;
  for (const { queues, device } of vehicles) {
    const deviceNumber = device.registered.number;
    for (const { epoch, next, untold } of queues()) {
      const told = stores.ledger.dropped(deviceNumber, epoch);
      const toTell = untold.map(({ firstSequence, count }) => [firstSequence, firstSequence + count] as const);
      for (let sequence = 0; sequence < next; sequence += 1) {
        if (stores.isInLedger({ deviceNumber, epoch, sequence })) continue;
        if (isIn(told, sequence)) lost += 1;
        else if (!isIn(toTell, sequence))
          wrong.push(`${deviceNumber}/${epoch}/${sequence} is nowhere, and nobody said so`);
      }
    }
  }
  const { framesDroppedByVehicles } = stores.ledger.totals();
  if (framesDroppedByVehicles !== lost)
    wrong.push(`${framesDroppedByVehicles} frames counted as dropped, ${lost} are missing`);
  return wrong;
}

const isIn = (ranges: Extents, sequence: number): boolean =>
  ranges.some(([from, to]) => sequence >= from && sequence < to);

/** Every frame that the ledger counts is in the zones. What a crash left there besides is read by nobody. */
export function miscounted(stores: IngestStores): readonly string[] {
  const known = [...recordsOf(stores).keys()].map((id) => id.split('/').map(Number));
  const records = known.filter(([deviceNumber = 0, epoch = 0, sequence = 0]) =>
    stores.isInLedger({ deviceNumber, epoch, sequence }),
  ).length;
  const { framesAdmitted } = stores.ledger.totals();
  return records === framesAdmitted ? [] : [`${framesAdmitted} frames admitted, ${records} in the zones`];
}

/** No number in any zone is a coordinate of a drive: what is stored of signals is whole, and a coordinate never is. */
export function fineNumbers(stores: IngestStores): readonly string[] {
  return [...recordsOf(stores).values()]
    .flatMap((parts) => [...parts.values()])
    .map((content) => asText(new Map([['', content]])))
    .filter((text) => /\d\.\d{3,}/.test(text) || (!text.includes(SPEED) && text.includes('atitude')));
}

/** Nothing of a device that only ever lied is in a zone. */
export function believed(stores: IngestStores, { registered }: TestDevice): readonly string[] {
  return [...recordsOf(stores).keys()].filter((id) => id.startsWith(`${registered.number}/`));
}

/** No vehicle is barred for what it honestly did, whatever its clock, its disk and its policies were like. */
export function slandered({ register }: IngestStores, vehicles: readonly Vehicle[]): readonly string[] {
  return vehicles
    .filter(({ device }) => register.trustOf(device.registered.number) === 'barred')
    .map(({ device }) => `vehicle ${device.registered.number} is barred, and never lied`);
}
