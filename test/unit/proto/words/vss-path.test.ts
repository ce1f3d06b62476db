import { expect, test } from 'vitest';
import { parseVssPath } from '../../../../proto/words/vss-path.ts';

test.each([
  'Vehicle.Speed',
  'Vehicle.Powertrain.TractionBattery.StateOfCharge.Current',
  'Vehicle.OBD.O2WR.Sensor1.Lambda',
])('takes %s', (text) => {
  expect(parseVssPath(text)).toEqual({ ok: true, value: text });
});

test.each([
  ...[
    '',
    'Vehicle',
    'Vehicle.',
    'vehicle.Speed',
    'Vehicle.speed',
    'Vehicle..Speed',
    ' Vehicle.Speed',
    'Vehicle.Speed\n',
  ],
  ...['Vehicle.Spe-ed', 'Vehicle.速度', '__proto__', 'Vehicle.__proto__', `Vehicle.${'A'.repeat(121)}`],
])('refuses %j', (text) => {
  expect(parseVssPath(text)).toEqual({ ok: false, fault: { code: 'VSS_PATH' } });
});
