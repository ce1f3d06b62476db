import { beforeAll, describe, expect, test } from 'vitest';
import type { CloudStores } from '../../cloud/composition/open-stores.ts';
import type { ZoneRecord } from '../../cloud/ports/zone-store.ts';
import type { Fault } from '../../proto/words/fault.ts';
import { speedsOf } from '../support/cloud/arrivals.ts';
import { batchOf, cellFrame, NOW, seal, signalFrame, tripRow } from '../support/cloud/batches.ts';
import { type TestDevice, testDevice } from '../support/cloud/devices.ts';

/** Everything between a payload that comes in and the stores that keep it. */
export interface IngestUnderTest {
  readonly stores: CloudStores;
  /** Resolves when the payload is acknowledged, with a fault where it is not. */
  readonly send: (device: TestDevice, payload: Uint8Array) => Promise<Fault | undefined>;
  /** Resolves when everything that was acknowledged is in the stores. @param frames - that were admitted or refused so far */
  readonly settle: (frames: number) => Promise<void>;
}

const ZONES = ['general', 'personal', 'geographic', 'important'] as const;

/** What a zone holds, in an order that does not depend on when it came. */
export function contentsOf(stores: CloudStores): readonly string[] {
  return ZONES.flatMap((zone) => {
    const reader = stores.reader(zone);
    if (!reader.ok) throw new Error(zone);
    return [...reader.value.records()].map((record) => `${zone} ${textOf(record)}`);
  }).sort();
}

const textOf = ({ key, content }: ZoneRecord): string =>
  `${key.deviceNumber}/${key.epoch}/${key.sequence} ${JSON.stringify(content)}`;

/** Of the first vehicle one trip, of the second none. */
const AGGREGATES: readonly (readonly number[])[] = [
  [1, 8, 4],
  [2, 0, 0],
];

/** Frames of all vehicles: three and thirty; one of the future, two under another's signature, one that is none. */
const [ADMITTED, REFUSED] = [33, 4];
/** Of the second vehicle, ten, five and twenty that had been there before. */
const SENT_AGAIN = 35;

const DEVICES = [1, 2, 3].map((number) => testDevice(number));

/** What every way from the vehicles to the zones must do. @param begin - makes an empty installation for devices */
export function describeIngest(
  name: string,
  begin: (devices: readonly TestDevice[]) => Promise<IngestUnderTest>,
): void {
  describe(`ingest contract: ${name}`, () => {
    const [first, second, third] = DEVICES as [TestDevice, TestDevice, TestDevice];
    let ingest: IngestUnderTest;

    const sendAll = async (device: TestDevice, ...payloads: readonly Uint8Array[]): Promise<void> => {
      const answers = await Promise.all(payloads.map((payload) => ingest.send(device, payload)));
      expect(answers.filter((answer) => answer !== undefined)).toEqual([]);
    };

    // Each vehicle sends of one kind, and all of it is there before any test looks: a test by itself sees what the whole suite does.
    beforeAll(async () => {
      ingest = await begin(DEVICES);
      const mixed = batchOf([signalFrame(), cellFrame(), tripRow()], { epoch: 5 });
      await sendAll(first, seal(mixed, first.key));
      const again = [speedsOf(0, 10), speedsOf(0, 10), speedsOf(5, 15), speedsOf(20, 25), speedsOf(0, 30)];
      for (const batch of again) await sendAll(second, seal(batch, second.key));
      const future = batchOf([signalFrame({ 'Vehicle.Speed': 1 }, (NOW + 86_400_000) as typeof NOW)], { epoch: 7 });
      await sendAll(third, seal(future, third.key), seal(speedsOf(0, 2), first.key), new Uint8Array([1, 2, 3]));
      await ingest.settle(ADMITTED + REFUSED);
    });

    const ownOf = ({ registered }: TestDevice): readonly string[] =>
      contentsOf(ingest.stores).filter((text) => text.includes(` ${registered.number}/`));

    test('what is acknowledged is in the zones, split by the catalogue', () => {
      expect(ownOf(first).map((text) => text.slice(0, text.indexOf(' {')))).toEqual([
        'geographic 1/5/1',
        'personal 1/5/0',
        'personal 1/5/2',
      ]);
      expect(ingest.stores.ledger.extents(1, 5)).toEqual([[0, 3]]);
      expect(ingest.stores.ledger.totals()).toMatchObject({ framesAdmitted: ADMITTED });
    });

    test('what is sent again, whole or in part, is stored once', () => {
      const own = ownOf(second);
      expect(new Set(own.map((text) => text.split(' ')[1])).size).toBe(30);
      expect(own).toHaveLength(30);
      expect(ingest.stores.ledger.extents(2, 11)).toEqual([[0, 30]]);
      expect(ingest.stores.ledger.totals()).toMatchObject({ duplicates: SENT_AGAIN });
    });

    test('what is refused lies in quarantine with its reason, and in no zone', () => {
      expect(ownOf(third)).toEqual([]);
      expect(ingest.stores.quarantine.byReason()).toEqual({
        TIME_IN_FUTURE: 1,
        SIGNATURE_INVALID: 2,
        FRAME_SCHEMA: 1,
      });
    });

    test('each frame counts once in the running aggregates, and nothing refused does', () => {
      // Distance and duration of a vehicle are sums over its trips: counted twice they would be twice as much.
      const { vehicles, years, flows } = ingest.stores.ledger.aggregates.load();
      const rows = [...vehicles];
      for (const _ of [...years, ...flows]);
      expect(rows.map(({ deviceNumber, distance, duration }) => [deviceNumber, distance, duration])).toEqual(
        AGGREGATES,
      );
    });
  });
}
