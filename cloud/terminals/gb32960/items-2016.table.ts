import { counted, octets, u8, u16, u32 } from '../field.ts';
import type { ItemRow } from './item.ts';

const ends = { marks: 'ends' } as const;
const tenthVolt = { per: 10, unit: 'V', ...ends } as const;
const tenthAmpere = { zero: 10_000, per: 10, unit: 'A', ...ends } as const;
const celsius = { zero: 40, unit: '°C', ...ends } as const;
const milliVolt = { per: 1_000, unit: 'V', ...ends } as const;
export const ON_OFF = { codes: { 1: 'on', 2: 'off' }, ...ends } as const;
export const VEHICLE_STATUS = { codes: { 1: 'on', 2: 'off', 3: 'other' }, ...ends } as const;
export const CHARGING_STATUS = { codes: { 1: 'parked', 2: 'driving', 3: 'none', 4: 'complete' }, ...ends } as const;
export const MODE = { codes: { 1: 'electric', 2: 'hybrid', 3: 'fuel' }, ...ends } as const;
export const MOTOR_STATUS = { codes: { 1: 'consuming', 2: 'generating', 3: 'off', 4: 'ready' }, ...ends } as const;

/** What a realtime message of GB/T 32960.3-2016 is made of (7.2.2, table 8, and annex B). */
// biome-ignore format: one field a line, as in the tables of the standard
export const ITEMS_2016: readonly ItemRow[] = [
  { id: 0x01, name: 'vehicle', clause: '7.2.3.1, table 9', certainty: 'standard', fields: [
    u8('status', VEHICLE_STATUS),
    u8('chargingStatus', CHARGING_STATUS),
    u8('mode', MODE),
    u16('speed', { per: 10, unit: 'km/h', ...ends }),
    u32('mileage', { per: 10, unit: 'km', ...ends }),
    u16('voltage', tenthVolt),
    u16('current', tenthAmpere),
    u8('soc', { unit: '%', ...ends }),
    u8('dcdc', ON_OFF),
    u8('gear'), // annex A, table A.1: bits 0-3 gear, bit 4 braking force, bit 5 driving force
    u16('insulation', { unit: 'kΩ' }),
    u8('accelerator', { unit: '%', ...ends }),
    u8('brake', { unit: '%', codes: { 101: 'applied' }, ...ends }), // 0x65: applied, travel not measured
  ] },
  { id: 0x02, name: 'motor', clause: '7.2.3.2, tables 10 and 11', certainty: 'standard', fields: [
    counted('motors', 1,
      u8('number'),
      u8('status', MOTOR_STATUS),
      u8('controllerTemperature', celsius),
      u16('speed', { zero: 20_000, unit: 'r/min', ...ends }),
      u16('torque', { zero: 20_000, per: 10, unit: 'N·m', ...ends }),
      u8('temperature', celsius),
      u16('controllerVoltage', tenthVolt),
      u16('controllerCurrent', tenthAmpere)),
  ] },
  { id: 0x03, name: 'fuel-cell', clause: '7.2.3.3, table 12', certainty: 'standard', fields: [
    u16('voltage', tenthVolt),
    u16('current', { per: 10, unit: 'A', ...ends }),
    u16('consumption', { per: 100, unit: 'kg/100km', ...ends }),
    counted('probeTemperatures', 2, u8('temperature', celsius)),
    u16('hydrogenTemperature', { zero: 400, per: 10, unit: '°C', ...ends }),
    u8('hydrogenTemperatureProbe', ends),
    u16('hydrogenConcentration', { unit: 'mg/kg', ...ends }),
    u8('hydrogenConcentrationSensor', ends),
    u16('hydrogenPressure', { per: 10, unit: 'MPa', ...ends }),
    u8('hydrogenPressureSensor', ends),
    u8('dcdc', ON_OFF),
  ] },
  { id: 0x04, name: 'engine', clause: '7.2.3.4, table 13', certainty: 'standard', fields: [
    u8('status', ON_OFF),
    u16('crankshaftSpeed', { unit: 'r/min', ...ends }),
    u16('consumption', { per: 100, unit: 'L/100km', ...ends }),
  ] },
  { id: 0x05, name: 'position', clause: '7.2.3.5, tables 14 and 15', certainty: 'standard', fields: [
    u8('status'), // bit 0: 0 is a valid fix; bit 1: 1 is south; bit 2: 1 is west
    u32('longitude', { per: 1_000_000, unit: '°' }),
    u32('latitude', { per: 1_000_000, unit: '°' }),
  ] },
  { id: 0x06, name: 'extreme', clause: '7.2.3.6, table 16', certainty: 'standard', fields: [
    u8('voltageMaxPack', ends), u8('voltageMaxCell', ends), u16('voltageMax', milliVolt),
    u8('voltageMinPack', ends), u8('voltageMinCell', ends), u16('voltageMin', milliVolt),
    u8('temperatureMaxPack', ends), u8('temperatureMaxProbe', ends), u8('temperatureMax', celsius),
    u8('temperatureMinPack', ends), u8('temperatureMinProbe', ends), u8('temperatureMin', celsius),
  ] },
  { id: 0x07, name: 'alarm', clause: '7.2.3.7, tables 17 and 18', certainty: 'standard', fields: [
    u8('level', ends),
    u32('flags'),
    counted('batteryFaults', 1, octets('code', 4)),
    counted('motorFaults', 1, octets('code', 4)),
    counted('engineFaults', 1, octets('code', 4)),
    counted('otherFaults', 1, octets('code', 4)),
  ] },
  { id: 0x08, name: 'voltages', clause: 'B.3.5.3.8, tables B.5 and B.6', certainty: 'standard', fields: [
    counted('packs', 1,
      u8('number'),
      u16('voltage', tenthVolt),
      u16('current', tenthAmpere),
      u16('cellCount', ends),
      u16('firstCell', ends),
      counted('cells', 1, u16('voltage', milliVolt))),
  ] },
  { id: 0x09, name: 'temperatures', clause: 'B.3.5.3.9, tables B.7 and B.8', certainty: 'standard', fields: [
    counted('packs', 1,
      u8('number'),
      counted('probes', 2, u8('temperature', celsius))),
  ] },
];
