import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { REJECTIONS, type RejectionCode } from '../../cloud/ingest/rejections.ts';
import type { SealedBatch } from '../../proto/codec/telemetry-codec.ts';
import { renderFault } from '../../proto/words/fault.ts';
import type { Instant } from '../../proto/words/time.ts';
import { findVins } from '../../proto/words/vin.ts';
import { batchOf, cellFrame, NOW, seal, signalFrame, TAG } from '../support/cloud/batches.ts';
import { testDevice } from '../support/cloud/devices.ts';
import { runGateway } from '../support/cloud/gateway-run.ts';
import { scratchStores } from '../support/cloud/stores.ts';
import { testVin } from '../support/cloud/vins.ts';

const device = testDevice(1);
const vin = fc.oneof(fc.constant(device.vin), fc.integer({ min: 2, max: 999_999 }).map(testVin));

/** Every place of a payload that a liar can put a VIN into. */
const lie: fc.Arbitrary<Uint8Array> = fc.oneof(
  vin.map((held) => Buffer.from(`{"vin":"${held}","lat":31.27908,"lon":119.6776716}`)),
  fc.tuple(vin, fc.nat(6)).map(([held, where]) => seal(lies[where % lies.length]?.(held) ?? batchOf([]), device.key)),
);

const lies: readonly ((held: string) => SealedBatch)[] = [
  (held) => batchOf([signalFrame({ 'Vehicle.VehicleIdentification.VIN': held })]),
  (held) => batchOf([signalFrame({ [`Vehicle.Cabin.${held}`]: 1 })]),
  (held) => batchOf([signalFrame()], { policyId: held }),
  (held) => batchOf([signalFrame()], { steps: [{ stage: 'tag', parameters: `vin=${held}` }] }),
  (held) => batchOf([signalFrame()], { removals: [{ cause: held, count: 1 }] }),
  (held) => batchOf([signalFrame({ 'Vehicle.Cabin.Note': held }, (NOW + 86_400_000) as Instant)]),
  () => batchOf([cellFrame({ sizeM: 1_000 })]),
];

test('no alert, fault or acknowledgement says a VIN, a subject tag or a position, whatever was sent', () => {
  const stores = scratchStores([device]);
  let isBroken = false;
  const quarantine = {
    ...stores.quarantine,
    insert: (payloads: Parameters<typeof stores.quarantine.insert>[0]) => {
      if (isBroken) throw new Error('database or disk is full');
      return stores.quarantine.insert(payloads);
    },
  };
  const raised = new Set<RejectionCode>();
  let minute = 0;
  const run = runGateway({ ...stores, quarantine });
  fc.assert(
    fc.property(fc.array(lie, { minLength: 1, maxLength: 4 }), fc.boolean(), (payloads, broken) => {
      isBroken = broken;
      minute += 1;
      run.setClock(NOW + minute * 60_000);
      run.send(...payloads.map((payload) => [device, payload] as const));
      const { alerts, faults, acknowledgements } = run.told;
      for (const { code } of alerts) raised.add(code);
      const words = [
        ...alerts.flatMap(({ code }) => Object.values(REJECTIONS[code].problem)),
        ...alerts.flatMap(({ code }) => Object.values(REJECTIONS[code].remedy)),
        ...faults.flatMap((fault) => [renderFault('cloud', fault), renderFault('cloud', fault, 'zh')]),
      ];
      const said = [...words, inspect(run.told, { depth: 9 }), JSON.stringify(run.told)].join('\n');
      expect(findVins(said)).toEqual([]);
      for (const secret of [device.vin, '31.27', '119.67', Buffer.from(TAG).toString('hex')])
        expect(said).not.toContain(secret);
      for (const list of [alerts, faults, acknowledgements]) list.length = 0;
    }),
    { numRuns: 300 },
  );
  expect([...raised].sort()).toEqual(['CELL_NOT_ON_GRID', 'TIME_IN_FUTURE', 'VIN_IN_PAYLOAD', 'VIN_MISMATCH']);
});
