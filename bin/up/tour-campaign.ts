import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { campaignFiles, packageOf, sha256, signCampaign, signPackage } from '../../cloud/updates/sign-update.ts';
import { imageOf, sourceTreeOf } from '../../firmware-sim/tcu/firmware.ts';
import { deviceIdOf } from '../../proto/codec/device-id.ts';
import { PIECE_BYTES } from '../../proto/codec/update-codec.ts';
import { type CivilDate, type Clock, civilDateOf, DAY_MS, type Instant, toIso } from '../../proto/words/time.ts';
import type { Layout } from './layout.ts';
import type { TourEntry } from './tour-registers.ts';

/** Control unit of the vehicles of the tour, and what of it is released. */
export const TOUR_ECU = 'charging-control';
const CAMPAIGN = 'ota-2';
const VERSION = 4;
const IMAGE_BYTES = 3 * PIECE_BYTES + 1_000;
/** Vehicles that have such a unit: the first of the fleet. */
export const UPDATED_MAX = 12;
/** Of these, by their place: one whose unit does not come up with the new version, and those that are parked and say so. */
const UNHEALTHY = 2;
const PARKED: readonly number[] = [1, 2, 3, 6, 7];
const WAKES = 20;
const WAKE_MS = 1_000;

/**
 * A control unit that exists in a directory only, as a program of the integrator (docs/ota.md). With nothing but what the shell has built in: it
 * is started for each act, and without an environment.
 */
const ECU_PROGRAM = `#!/bin/sh
d=$1 verb=$2
read -r running < "$d/running"; read -r confirmed < "$d/confirmed"; read -r other < "$d/other"
case $verb in
  status) if [ "$running" = "$confirmed" ]; then echo "$running confirmed"; else echo "$running trial"; fi ;;
  announce) ;;
  write) [ -s "$4" ] && echo "$5" > "$d/other" ;;
  start) [ "$other" != 0 ] && echo "$other" > "$d/running" ;;
  check) [ ! -e "$d/unhealthy" ] ;;
  confirm) echo "$running" > "$d/confirmed" ;;
  revert) echo "$confirmed" > "$d/running" ;;
  *) exit 1 ;;
esac
`;

/** Where the cloud of the tour looks for campaigns. */
export const updatesOf = (layout: Layout) => ({
  directory: layout.cloud('updates'),
  publicKeyFile: layout.pki('update.pub'),
});

/** What an agent of the tour knows of its control unit. */
export const edgeUpdatesOf = (layout: Layout, name: string) => ({
  publicKeyFile: layout.pki('update.pub'),
  ecus: [TOUR_ECU],
  program: ['/bin/sh', layout.pki('ecu.sh'), layout.vehicle(name, 'ecu')],
});

/** Puts the program there that all control units are. */
export function placeEcuProgram(layout: Layout): void {
  writeFileSync(layout.pki('ecu.sh'), ECU_PROGRAM, { mode: 0o600 });
}

/** Puts a control unit into a vehicle that runs the version before. @param at - place of the vehicle in the fleet */
export function placeEcu(layout: Layout, name: string, at: number): void {
  mkdirSync(layout.vehicle(name, 'ecu'), { recursive: true, mode: 0o750 });
  const slots = { running: VERSION - 1, confirmed: VERSION - 1, other: 0 };
  for (const [slot, version] of Object.entries(slots))
    writeFileSync(layout.vehicle(name, `ecu/${slot}`), `${version}\n`);
  if (at === UNHEALTHY) writeFileSync(layout.vehicle(name, 'ecu/unhealthy'), '');
}

/**
 * Signs a campaign for the first vehicles and puts it where the cloud finds it, once.
 *
 * @returns the entry of the register that releases it; undefined in a directory of before, whose vehicles have no control units
 */
export function placeCampaign(layout: Layout, names: readonly string[], clock: Clock): TourEntry | undefined {
  const keyFile = layout.pki('update.key');
  if (!existsSync(keyFile)) return undefined;
  const key = createPrivateKey(readFileSync(keyFile));
  const now = clock.now();
  const image = imageOf('tour', TOUR_ECU, VERSION, IMAGE_BYTES);
  const place = layout.cloud(`updates/${CAMPAIGN}`);
  if (!existsSync(place)) {
    const sourceTreeSha256 = sha256(Buffer.from(JSON.stringify(sourceTreeOf('tour', TOUR_ECU, VERSION))));
    const of = signPackage(
      packageOf({ ecu: TOUR_ECU, version: VERSION, label: `1.${VERSION}.0`, sourceTreeSha256 }, image),
      key,
    );
    const times = { notBeforeMs: (now - DAY_MS) as Instant, expiresAtMs: (now + 60 * DAY_MS) as Instant };
    const window = { windowFromMinute: 0, windowUntilMinute: 0, chargeMinPercent: 30 };
    const campaign = signCampaign({ id: CAMPAIGN, packageSha256: sha256(of.package), ...times, ...window }, key);
    const devices = names.slice(0, UPDATED_MAX).map((name) => deviceOf(layout, name));
    const draft = layout.cloud(`updates/.${CAMPAIGN}`);
    mkdirSync(draft, { recursive: true, mode: 0o750 });
    for (const [name, bytes] of Object.entries(campaignFiles({ of, campaign, image }, devices, key)))
      writeFileSync(`${draft}/${name}`, bytes, { mode: 0o600 });
    renameSync(draft, place);
  }
  return { kind: 'ota-campaign', body: campaignEntry(Buffer.from(sha256(image)).toString('hex'), now) };
}

/** On file with both regulators long before its day, which has come. */
export function campaignEntry(packageSha256: string, now: Instant): TourEntry['body'] {
  const day = (days: number): CivilDate => civilDateOf((now + days * DAY_MS) as Instant);
  const filed = (number: string, authority: string) => ({
    ...{ number, authority, at: toIso((now - 45 * DAY_MS) as Instant) },
  });
  return {
    ...{ id: CAMPAIGN, title: 'Charging control, longer life of old packs', purpose: 'feature', ecus: [TOUR_ECU] },
    ...{ packageSha256, releaseOn: day(-7), remoteControl: 'none', functions: ['charging'] },
    ...{ miitFiling: filed('MIIT-OTA-2', 'MIIT (fictional)'), samrFiling: filed('SAMR-OTA-2', 'SAMR (fictional)') },
  };
}

const deviceOf = (layout: Layout, name: string): string =>
  deviceIdOf(new X509Certificate(readFileSync(layout.vehicle(name, 'device.pem'))).publicKey);

/**
 * Some vehicles are parked, wake up now and then and say so; an update is installed only then.
 *
 * @param at - RFC 3339, of the week in which the drives of the fleet are: a vehicle that hears of a later one drops what is of before
 * @param isOver - looked at between
 */
export async function wakeParked(
  layout: Layout,
  names: readonly string[],
  at: string,
  isOver: () => boolean,
): Promise<void> {
  const parked = PARKED.flatMap((place) => names[place] ?? []);
  const signals = {
    ...{ 'Vehicle.IsMoving': false, 'Vehicle.Speed': 0, 'Vehicle.LowVoltageSystemState': 'OFF' },
    'Vehicle.Powertrain.TractionBattery.StateOfCharge.Current': 72,
  };
  const line = `${JSON.stringify({ kind: 'signals', at, signals })}\n`;
  for (let wake = 0; wake < WAKES && !isOver(); wake += 1) {
    for (const name of parked) say(`${layout.sockets}/${name}.sock`, line);
    await wait(WAKE_MS);
  }
}

/** An agent that does not listen any more is told nothing. */
function say(path: string, line: string): void {
  const socket = createConnection(path, () => socket.end(line));
  socket.on('error', () => socket.destroy());
}
