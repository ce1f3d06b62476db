import { createPublicKey } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { layoutOf } from '../../../bin/up/layout.ts';
import { prepareFleet } from '../../../bin/up/prepare-fleet.ts';
import { placeCampaign, TOUR_ECU, UPDATED_MAX, updatesOf } from '../../../bin/up/tour-campaign.ts';
import { updateCampaignFiles } from '../../../cloud/adapters/update-campaign-files.ts';
import type { RegisterEntry } from '../../../cloud/registers/kind.ts';
import { registerKind } from '../../../cloud/registers/kinds.table.ts';
import { obstaclesTo } from '../../../cloud/updates/may-release.ts';
import { ecuProgram } from '../../../edge/adapters/ecu-program.ts';
import { EdgeConfig } from '../../../edge/config.ts';
import { type CivilDate, civilDateOf, DAY_MS, type Instant } from '../../../proto/words/time.ts';
import { quietSurroundings } from '../../support/quiet-surroundings.ts';

const NOW = Date.UTC(2026, 10, 22, 4) as Instant;
const clock = { now: () => NOW };
const VEHICLES = UPDATED_MAX + 1;

async function tour(kind: 'tour' | 'plain' = 'tour') {
  const root = mkdtempSync(join(tmpdir(), 'tongguan-campaign-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const layout = layoutOf(root);
  const around = { ...quietSurroundings(), clock };
  const prepared = await prepareFleet(layout, { vehicles: VEHICLES, seed: 'tour', traces: [], kind }, around);
  assert(prepared.ok);
  return { layout, names: prepared.value.names };
}

test('the campaign of the tour is one that the cloud offers: signed, on file in time, its day come', async () => {
  const { layout, names } = await tour();
  const entry = placeCampaign(layout, names, clock);
  assert(entry !== undefined);
  expect(registerKind(entry.kind)?.schema.safeParse(entry.body).error?.issues ?? []).toEqual([]);
  const { directory, publicKeyFile } = updatesOf(layout);
  const key = createPublicKey(readFileSync(publicKeyFile));
  const [campaign, ...others] = updateCampaignFiles(directory, key, (name) => expect.unreachable(name)).list();
  assert(campaign !== undefined);
  expect([campaign.vehicles, others]).toEqual([UPDATED_MAX, []]);
  const registered = { kind: entry.kind, id: entry.body['id'], body: entry.body, isWithdrawn: false } as RegisterEntry;
  const filingDueOn = () => civilDateOf((NOW - 20 * DAY_MS) as Instant) as CivilDate;
  expect(obstaclesTo(campaign, { now: NOW, entry: registered, filingDueOn })).toEqual([]);
  // A second start finds what is there.
  expect(placeCampaign(layout, names, clock)).toEqual(entry);
});

test('its vehicles have a control unit that takes the version, or goes back where it does not come up', async () => {
  const { layout, names } = await tour();
  const updatesOfVehicle = (at: number) =>
    EdgeConfig.parse(parse(readFileSync(layout.config(`edge/${names[at]}.yaml`), 'utf8'))).updates;
  expect(updatesOfVehicle(UPDATED_MAX)).toBeUndefined();
  for (const [at, comesUp] of [
    [0, true],
    [2, false],
  ] as const) {
    const updates = updatesOfVehicle(at);
    assert(updates !== undefined);
    const ecus = ecuProgram(updates.program as [string, ...string[]], updates.ecus);
    expect(await ecus.status(TOUR_ECU)).toEqual({ version: 3, isConfirmed: true });
    expect(await ecus.start(TOUR_ECU)).toBe(false);
    expect(await ecus.write(TOUR_ECU, { path: layout.config('cloud.yaml') } as never, 4)).toBe(true);
    expect(await ecus.start(TOUR_ECU)).toBe(true);
    expect(await ecus.status(TOUR_ECU)).toEqual({ version: 4, isConfirmed: false });
    expect(await ecus.check(TOUR_ECU)).toBe(comesUp);
    expect(await (comesUp ? ecus.confirm(TOUR_ECU) : ecus.revert(TOUR_ECU))).toBe(true);
    expect(await ecus.status(TOUR_ECU)).toEqual({ version: comesUp ? 4 : 3, isConfirmed: true });
  }
});

test('a directory that is no tour has no campaign and no key for one', async () => {
  const { layout, names } = await tour('plain');
  expect(placeCampaign(layout, names, clock)).toBeUndefined();
  expect(existsSync(layout.pki('update.key'))).toBe(false);
});
