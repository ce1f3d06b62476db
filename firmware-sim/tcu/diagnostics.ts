import type { RawSignals, SignalValue } from '../../proto/words/raw-frame.ts';
import type { Instant } from '../../proto/words/time.ts';
import { PATHS } from '../signals.ts';

/** One control unit and the software on it, as diagnostics name them; what a unit does with an update is `ecu.ts`. */
export interface Installed {
  readonly name: string;
  readonly version: string;
}

/** A trouble code (SAE J2012: a letter and four hexadecimal digits) with the values of the moment it was set. */
export interface Trouble {
  readonly code: string;
  readonly ecu: string;
  readonly setAt: Instant;
  readonly freezeFrame: Readonly<Record<string, SignalValue>>;
}

/** What a diagnostics gateway knows of the control units of a vehicle. */
export interface Diagnostics {
  readonly all: () => readonly Installed[];
  readonly install: (ecu: Installed) => void;
  /** Sets a trouble code, with the frame of the moment as its freeze frame. A code that is set already keeps its frame. */
  readonly fail: (code: string, ecu: string, moment: RawSignals) => void;
  readonly clear: () => void;
  readonly troubles: () => readonly Trouble[];
  /** What a diagnostics gateway writes when it is asked: codes by their VSS path, versions and freeze frames by an overlay. */
  readonly report: (at: Instant) => RawSignals;
}

export function createDiagnostics(): Diagnostics {
  const units = new Map(FACTORY.map((ecu) => [ecu.name, ecu]));
  const troubles = new Map<string, Trouble>();
  return {
    all: () => [...units.values()],
    install: (ecu) => void units.set(ecu.name, ecu),
    clear: () => troubles.clear(),
    troubles: () => [...troubles.values()],
    fail: (code, ecu, { at, signals }) => {
      if (!troubles.has(code)) troubles.set(code, { code, ecu, setAt: at, freezeFrame: signals });
    },
    report: (at) => ({
      kind: 'signals',
      at,
      signals: {
        [DIAGNOSTICS.count]: troubles.size,
        [DIAGNOSTICS.list]: [...troubles.keys()].join(' '),
        ...versionsOf([...units.values()]),
        ...freezeFrames([...troubles.values()]),
      },
    }),
  };
}

/** VSS has lists of text here; a line of a TCU has text, codes separated by blanks. */
export const DIAGNOSTICS = { count: 'Vehicle.Diagnostics.DTCCount', list: 'Vehicle.Diagnostics.DTCList' } as const;

/** VSS 6.0 has no path for either: a maker's overlay, which no policy allows until somebody puts it on its list. */
const OVERLAY = 'Vehicle.Example';

function versionsOf(units: readonly Installed[]): Readonly<Record<string, SignalValue>> {
  return Object.fromEntries(units.map(({ name, version }) => [`${OVERLAY}.Ecu.${name}.SoftwareVersion`, version]));
}

/** A freeze frame has everything that was on the bus: where the vehicle was and which one it is, too. */
function freezeFrames(troubles: readonly Trouble[]): Readonly<Record<string, SignalValue>> {
  return Object.fromEntries(
    troubles.flatMap(({ code, freezeFrame }) =>
      Object.entries(freezeFrame).map(([path, value]) => [
        `${OVERLAY}.FreezeFrame.${code}.${path.slice(path.lastIndexOf('.') + 1)}`,
        value,
      ]),
    ),
  );
}

const FACTORY: readonly Installed[] = [
  { name: 'Gateway', version: '3.2.0' },
  { name: 'Brake', version: '1.1.0' },
  { name: 'Battery', version: '2.4.1' },
  { name: 'Airbag', version: '1.0.7' },
  { name: 'Telematics', version: '5.0.2' },
];

/** Codes that the scenarios use: an invented vehicle, real codes of the generic range. */
export const CODES = { batteryVoltage: 'P0A7F', speedSensor: 'P0500' } as const;

/** Where the vehicle is at the moment belongs to what a control unit freezes. */
export function momentOf(
  reading: RawSignals,
  place: { readonly latitude: number; readonly longitude: number },
): RawSignals {
  const { latitude, longitude } = place;
  return { ...reading, signals: { ...reading.signals, [PATHS.latitude]: latitude, [PATHS.longitude]: longitude } };
}
