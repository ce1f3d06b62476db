import { VEHICLES_MAX } from '../../firmware-sim/fleet.ts';
import { SEED_CHARACTERS_MAX } from '../../firmware-sim/options.ts';
import { vinOfVehicle } from '../../firmware-sim/vehicle-vin.ts';
import { EXIT } from '../../proto/config/role.ts';
import { writeWhole } from '../../proto/config/write-whole.ts';
import { bilingual, type Fault, renderFault } from '../../proto/words/fault.ts';
import type { LightVehicle } from '../scenarios/light-vehicle.ts';
import { type FleetCounts, type FleetIo, type FleetSetting, sendFleet } from './send-fleet.ts';

export interface FleetFlags extends FleetSetting {
  /** Where the list of vehicles goes: VIN and public key of each. */
  readonly devices?: string | undefined;
  /** Between the list and the first frame, milliseconds: somebody registers them meanwhile. Keys are new in each run. */
  readonly waitMs?: number;
  readonly json: boolean;
}

export interface FleetCommandIo extends FleetIo {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

export const CONNECTIONS_MAX = 1_000;
const TOLD_EVERY_MS = 10_000;
const WAIT_STEP_MS = 100;

/**
 * `tongguan sim fleet --url URL --vehicles N --connections N`: a frame a vehicle and interval, each signed by its vehicle, over a pool of
 * connections.
 *
 * @returns exit status: 0 everything sent was acknowledged, 1 not, 2 usage
 */
export async function fleetCommand(flags: FleetFlags, io: FleetCommandIo): Promise<number> {
  const { vehicles, connections, seed, devices } = flags;
  const isUsable = vehicles <= VEHICLES_MAX && connections <= CONNECTIONS_MAX && isSeed(seed) && isUrl(flags.url);
  if (!isUsable) {
    io.err(renderFault('sim', fleetUsage()));
    return EXIT.usage;
  }
  let toldAt = io.clock.now();
  const tell = ({ sent, acknowledged, skipped }: FleetCounts): void => {
    if (io.clock.now() - toldAt < TOLD_EVERY_MS) return;
    toldAt = io.clock.now();
    io.err(`sim: ${sent} frames sent, ${acknowledged} acknowledged, ${skipped} skipped`);
  };
  const sent = await sendFleet(flags, {
    ...io,
    onTick: tell,
    onReady: async (fleet) => {
      if (devices !== undefined) writeWhole(devices, listOf(fleet, seed), 0o600);
      io.err(`sim: ${fleet.length} vehicles over ${connections} connection(s)`);
      for (let waited = 0; waited < (flags.waitMs ?? 0) && !io.isStopped(); waited += WAIT_STEP_MS)
        await io.sleep(WAIT_STEP_MS);
    },
  });
  if (!sent.ok) {
    io.err(renderFault('sim', sent.fault));
    return EXIT.fault;
  }
  const { value } = sent;
  const said = `${value.sent} frames sent, ${value.acknowledged} acknowledged, ${value.skipped} skipped`;
  io.out(flags.json ? JSON.stringify({ vehicles, connections, ...value }) : said);
  return value.acknowledged === value.sent && value.skipped === 0 ? EXIT.done : EXIT.fault;
}

const isSeed = (seed: string): boolean => seed !== '' && seed.length <= SEED_CHARACTERS_MAX;
const isUrl = (url: string): boolean => /^mqtts?:\/\/[^/]+$/.test(url);

/** One JSON object a line. The VINs are of no vehicle that exists. */
function listOf(fleet: readonly LightVehicle[], seed: string): string {
  return fleet
    .map(({ publicKey }, index) => {
      const vin = vinOfVehicle(seed, index + 1);
      return `${JSON.stringify({ vin, publicKey: publicKey.export({ type: 'spki', format: 'pem' }) })}\n`;
    })
    .join('');
}

function fleetUsage(): Fault<'FLEET_USAGE'> {
  const [en, zh] = [
    `1 to ${VEHICLES_MAX} vehicles, 1 to ${CONNECTIONS_MAX} connections, a seed of 1 to ${SEED_CHARACTERS_MAX} characters, \`mqtts://host:port\``,
    `车辆数 1 至 ${VEHICLES_MAX}，连接数 1 至 ${CONNECTIONS_MAX}，种子 1 至 ${SEED_CHARACTERS_MAX} 个字符，地址形如 \`mqtts://host:port\``,
  ];
  return {
    code: 'FLEET_USAGE',
    problem: bilingual('the fleet cannot be laid out like that', '无法按此参数构造车队'),
    remedy: bilingual(`expected: ${en}`, `应为：${zh}`),
    retry: 'after-remedy',
  };
}
