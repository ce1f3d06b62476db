import type { Instant } from '../../proto/words/time.ts';
import { type Dialect, type Said, type Saying, shanghaiTime } from './dialect.ts';
import { positionOf } from './terminal-plan.ts';

const CELLS = 96;
const PROBES = 24;

/** Terminals of GB/T 32960.3 of one edition. An answer repeats the command, whose it is and its time, and so says what it is to. */
export function gbDialect(edition: 2016 | 2025): Dialect {
  const say = ({ plan, now }: Saying, command: string, body: object): Said => ({
    key: `${command} ${plan.vin} ${shanghaiTime(now)}`,
    words: {
      ...{ protocol: `gb32960-${edition}`, command, answer: 'command', vin: plan.vin, encryption: 'none' },
      ...{ checksum: 'good', body: { at: shanghaiTime(now), ...body } },
    },
  });
  return {
    greeting: [
      (saying) => {
        const { iccid } = saying.plan;
        const packs =
          edition === 2016 ? { packCount: 0, codeLength: 0, packCodes: [] } : { packsOfSystems: [], packCodes: [] };
        return say(saying, 'login', { serial: 1, iccid, ...packs });
      },
    ],
    report: (saying) => say(saying, 'realtime', { items: edition === 2016 ? items2016(saying) : items2025(saying) }),
    farewell: (saying) => say(saying, 'logout', { serial: 1 }),
    verdictOf: ({ command, answer, vin, body }) => {
      if (answer === 'command') return { kind: 'other' };
      const at = typeof body === 'object' && body !== null && 'at' in body ? String(body.at) : '';
      return { kind: answer === 'ok' ? 'accepted' : 'refused', key: `${String(command)} ${String(vin)} ${at}` };
    },
  };
}

/** Login and logout of a platform that speaks for vehicles of GB/T 32960 (7.4, 7.5). */
export function platformWords(
  { edition, id, user, password }: SimPlatform,
  command: 'platform-login' | 'platform-logout',
  now: Instant,
): Said {
  const at = shanghaiTime(now);
  const account = { user: user.padEnd(USER_CHARACTERS, '\0'), password: password.padEnd(PASSWORD_CHARACTERS, '\0') };
  const body = { at, serial: 1, ...(command === 'platform-login' ? { ...account, encryption: 'none' } : {}) };
  return {
    key: `${command} ${id} ${at}`,
    words: {
      ...{ protocol: `gb32960-${edition}`, command, answer: 'command', vin: id, encryption: 'none' },
      ...{ checksum: 'good', body },
    },
  };
}

/** Who the simulator is to the gateway when it speaks as a platform. */
export interface SimPlatform {
  readonly edition: 2016 | 2025;
  /** 17 characters. */
  readonly id: string;
  readonly user: string;
  readonly password: string;
}

const USER_CHARACTERS = 12;
const PASSWORD_CHARACTERS = 20;

const speedOf = (report: number): number => 40 + (report % 20);
const cells = (report: number): readonly number[] =>
  Array.from({ length: CELLS }, (_, cell) => (3_700 + ((cell + report) % 50)) / 1_000);
const probes = (report: number): readonly number[] =>
  Array.from({ length: PROBES }, (_, probe) => 20 + ((probe + report) % 5));

const vehicle = (report: number) => ({
  ...{ item: 'vehicle', status: 'on', chargingStatus: 'none', mode: 'electric', speed: speedOf(report) },
  ...{ mileage: 12_345.6, voltage: 355.2, current: 12.5, soc: 71, dcdc: 'on', gear: 14, insulation: 4_000 },
});
const motor = {
  number: 1,
  status: 'consuming',
  controllerTemperature: 35,
  speed: 3_200,
  torque: 55.5,
  temperature: 41,
};
const faults = { batteryFaults: [], motorFaults: [], engineFaults: [], otherFaults: [] };

function items2016({ plan, report }: Saying): readonly object[] {
  const pack = { number: 1, voltage: 355.2, current: 12.5, cellCount: CELLS, firstCell: 1, cells: cells(report) };
  return [
    { ...vehicle(report), accelerator: 20, brake: 0 },
    { item: 'motor', motors: [{ ...motor, controllerVoltage: 350.1, controllerCurrent: 11.5 }] },
    { item: 'position', status: 0, ...positionOf(plan, report) },
    {
      ...{ item: 'extreme', voltageMaxPack: 1, voltageMaxCell: 50, voltageMax: 3.749 },
      ...{ voltageMinPack: 1, voltageMinCell: 1, voltageMin: 3.7, temperatureMaxPack: 1, temperatureMaxProbe: 5 },
      ...{ temperatureMax: 24, temperatureMinPack: 1, temperatureMinProbe: 1, temperatureMin: 20 },
    },
    { item: 'alarm', level: 0, flags: 0, ...faults },
    { item: 'voltages', packs: [pack] },
    { item: 'temperatures', packs: [{ number: 1, probes: probes(report) }] },
  ];
}

function items2025({ plan, report }: Saying): readonly object[] {
  return [
    vehicle(report),
    { item: 'parallel-cell-voltages', packs: [{ number: 1, voltage: 355.2, current: 12.5, cells: cells(report) }] },
    { item: 'battery-temperatures', packs: [{ number: 1, probes: probes(report) }] },
    { item: 'motor', motors: [motor] },
    { item: 'position', status: 0, datum: 'GCJ-02', ...positionOf(plan, report) },
    { item: 'alarm', level: 0, flags: 0, ...faults, alarms: [] },
  ];
}
