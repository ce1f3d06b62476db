import { expect, test } from 'vitest';
import { summarise } from '../../../bin/up/summary.ts';
import type { CloudStatus } from '../../../cloud/status.ts';
import type { FleetStatus } from '../../../edge/status.ts';

const edge = { framesSealed: 100, framesWaiting: 10, framesHeld: 0, vehicles: 1, removed: {} } as FleetStatus;
const cloud = {
  ...{ framesAdmitted: 70, duplicates: 0, framesDroppedByVehicles: 5, quarantined: 40, quarantinedSealed: 12 },
} as CloudStatus;

test('frames that are lost are not hidden by what somebody else sent into quarantine', () => {
  expect(summarise({ edge, cloud, exporter: undefined })).toMatchObject({ lost: 3, quarantined: 40 });
});
