import type { Instant } from '../../proto/words/time.ts';

/** One signal of the simulated bus: little-endian bits of one message, as a DBC says it. */
interface BusSignal {
  readonly name: string;
  /** VSS path that the agent's mapping gives it. */
  readonly path: string;
  readonly message: number;
  readonly startBit: number;
  readonly bits: number;
  readonly isSigned: boolean;
  readonly factor: number;
  readonly offset: number;
  readonly unit: string;
}

const BATTERY = 'Vehicle.Powertrain.TractionBattery';

// biome-ignore format: one signal a line
const SIGNALS: readonly BusSignal[] = [
  { name: 'VehicleSpeed',   path: 'Vehicle.Speed',                           message: 0x101, startBit: 0,  bits: 16, isSigned: false, factor: 0.01, offset: 0,   unit: 'km/h' },
  { name: 'OutsideAir',     path: 'Vehicle.Exterior.AirTemperature',         message: 0x101, startBit: 16, bits: 8,  isSigned: false, factor: 0.5,  offset: -40, unit: 'degC' },
  { name: 'StateOfCharge',  path: `${BATTERY}.StateOfCharge.Current`,        message: 0x201, startBit: 0,  bits: 10, isSigned: false, factor: 0.1,  offset: 0,   unit: '%' },
  { name: 'PackVoltage',    path: `${BATTERY}.CurrentVoltage`,               message: 0x201, startBit: 10, bits: 14, isSigned: false, factor: 0.1,  offset: 0,   unit: 'V' },
  { name: 'PackCurrent',    path: `${BATTERY}.CurrentCurrent`,               message: 0x201, startBit: 24, bits: 16, isSigned: true,  factor: 0.1,  offset: 0,   unit: 'A' },
  { name: 'PackAverage',    path: `${BATTERY}.Temperature.Average`,          message: 0x202, startBit: 0,  bits: 8,  isSigned: false, factor: 1,    offset: -50, unit: 'degC' },
];

const MESSAGE_BYTES = 8;

/** The bus as a DBC file (Vector's format), for the agent's `dbcFile`. */
export function busDbc(): string {
  const messages = [...new Set(SIGNALS.map(({ message }) => message))].map((message) => {
    const lines = SIGNALS.filter((one) => one.message === message).map(signalLine);
    return [`BO_ ${message} ${messageName(message)}: ${MESSAGE_BYTES} Gateway`, ...lines].join('\n');
  });
  return `VERSION ""\n\nNS_ :\n\nBS_:\n\nBU_: Gateway Tcu\n\n${messages.join('\n\n')}\n`;
}

function messageName(message: number): string {
  return `M${message.toString(16)}`;
}

function signalLine({ name, startBit, bits, isSigned, factor, offset, unit }: BusSignal): string {
  const sign = isSigned ? '-' : '+';
  return ` SG_ ${name} : ${startBit}|${bits}@1${sign} (${factor},${offset}) [0|0] "${unit}" Tcu`;
}

/** Which signal of the bus stands for which path of VSS, as the agent's mapping file has it (docs/sources.md). */
export const BUS_MAPPING: { readonly signals: readonly { readonly signal: string; readonly path: string }[] } = {
  signals: SIGNALS.map(({ name, path, message }) => ({ signal: `${messageName(message)}.${name}`, path })),
};

/** The step in which the bus says the value of a path, in the unit of the path. */
export const BUS_STEPS: ReadonlyMap<string, number> = new Map(SIGNALS.map(({ path, factor }) => [path, factor]));

/**
 * Values by VSS path as frames of the bus, each a line of candump's log: `(1795564800.000000) can0 201#...`. What the bus has no
 * signal for is left out; a value beyond the range of its bits is the greatest or least of them.
 */
export function busLines(at: Instant, values: Readonly<Record<string, unknown>>): readonly string[] {
  const frames = new Map<number, bigint>();
  for (const signal of SIGNALS) {
    const value = values[signal.path];
    if (typeof value !== 'number') continue;
    frames.set(signal.message, (frames.get(signal.message) ?? 0n) | (rawOf(signal, value) << BigInt(signal.startBit)));
  }
  return [...frames].map(([message, bits]) => `(${stampOf(at)}) can0 ${hex(message)}#${hexOf(bits)}`);
}

function rawOf({ factor, offset, bits, isSigned }: BusSignal, value: number): bigint {
  const [least, most] = isSigned ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
  const raw = Math.min(most, Math.max(least, Math.round((value - offset) / factor)));
  return BigInt.asUintN(bits, BigInt(raw));
}

const stampOf = (at: Instant): string => (at / 1_000).toFixed(6);
const hex = (message: number): string => message.toString(16).toUpperCase().padStart(3, '0');

/** Little-endian: the first byte has the lowest bits. */
function hexOf(bits: bigint): string {
  const bytes = Buffer.alloc(MESSAGE_BYTES);
  bytes.writeBigUInt64LE(bits);
  return bytes.toString('hex').toUpperCase();
}
