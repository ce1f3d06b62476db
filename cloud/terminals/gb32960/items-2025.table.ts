import { counted, octets, u8, u16, u32 } from '../field.ts';
import type { ItemRow } from './item.ts';
import { CHARGING_STATUS, MODE, MOTOR_STATUS, ON_OFF, VEHICLE_STATUS } from './items-2016.table.ts';

const ends = { marks: 'ends' } as const;
const celsius = { zero: 40, unit: '°C', ...ends } as const;
const tenthVolt = { per: 10, unit: 'V', ...ends } as const;
const tenthAmpere = { zero: 30_000, per: 10, unit: 'A', ...ends } as const;

/**
 * What a realtime message of GB/T 32960.3-2025 is made of (7.2.3, table 9). We do not hold its text. A row has fields where
 * two implementations agree on each of them; the others are known by number and name.
 */
// biome-ignore format: one field a line, as in the tables of the standard
export const ITEMS_2025: readonly ItemRow[] = [
  { id: 0x01, name: 'vehicle', clause: '7.2.4.1, table 10', certainty: 'two-implementations', fields: [
    u8('status', VEHICLE_STATUS),
    u8('chargingStatus', CHARGING_STATUS),
    u8('mode', MODE),
    u16('speed', { per: 10, unit: 'km/h', ...ends }),
    u32('mileage', { per: 10, unit: 'km', ...ends }),
    u16('voltage', tenthVolt),
    u16('current', tenthAmpere),
    u8('soc', { unit: '%', ...ends }),
    u8('dcdc', ON_OFF),
    u8('gear'), // as in 2016, and bit 7: 1 is no valid gear
    u16('insulation', { unit: 'kΩ', ...ends }),
  ] },
  { id: 0x02, name: 'motor', clause: '7.2.4.4, tables 15 and 16', certainty: 'two-implementations', fields: [
    counted('motors', 1,
      u8('number'),
      u8('status', MOTOR_STATUS),
      u8('controllerTemperature', celsius),
      u16('speed', { zero: 32_000, unit: 'r/min', ...ends }),
      u32('torque', { zero: 200_000, per: 10, unit: 'N·m', ...ends }),
      u8('temperature', celsius)),
  ] },
  { id: 0x03, name: 'fuel-cell', clause: 'not known', certainty: 'uncertain' },
  { id: 0x04, name: 'engine', clause: '7.2.4.7, table 20', certainty: 'two-implementations', fields: [
    u16('crankshaftSpeed', { unit: 'r/min', ...ends }),
  ] },
  { id: 0x05, name: 'position', clause: '7.2.4.8, tables 21 and 22', certainty: 'two-implementations', fields: [
    u8('status'),
    u8('datum', { codes: { 1: 'WGS-84', 2: 'GCJ-02', 3: 'other' } }), // a claim of the terminal, and kept as one
    u32('longitude', { per: 1_000_000, unit: '°' }),
    u32('latitude', { per: 1_000_000, unit: '°' }),
  ] },
  { id: 0x06, name: 'alarm', clause: '7.2.4.9, tables 23 and 24', certainty: 'two-implementations', fields: [
    u8('level', ends),
    u32('flags'),
    counted('batteryFaults', 1, octets('code', 4)),
    counted('motorFaults', 1, octets('code', 4)),
    counted('engineFaults', 1, octets('code', 4)),
    counted('otherFaults', 1, octets('code', 4)),
    counted('alarms', 1, u8('alarm'), u8('level', ends)),
  ] },
  { id: 0x07, name: 'parallel-cell-voltages', clause: '7.2.4.2, tables 11 and 12', certainty: 'two-implementations', fields: [
    counted('packs', 1,
      u8('number', ends),
      u16('voltage', tenthVolt),
      u16('current', tenthAmpere),
      counted('cells', 2, u16('voltage', { per: 1_000, unit: 'V', ...ends }))),
  ] },
  { id: 0x08, name: 'battery-temperatures', clause: '7.2.4.3, tables 13 and 14', certainty: 'two-implementations', fields: [
    counted('packs', 1,
      u8('number', ends),
      counted('probes', 2, u8('temperature', celsius))),
  ] },
  { id: 0x30, name: 'fuel-cell-stack', clause: 'not known', certainty: 'uncertain' },
  { id: 0x31, name: 'super-capacitor', clause: 'not known', certainty: 'uncertain' },
  { id: 0x32, name: 'super-capacitor-extremes', clause: 'not known', certainty: 'uncertain' },
];
