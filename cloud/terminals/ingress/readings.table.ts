/**
 * Under which kind of the catalogue each field of an item of GB/T 32960 is kept, by name of item and field. A field that is
 * not here is kept in the octets of its frame and nowhere else.
 */
// biome-ignore format: one item a block
export const READINGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  vehicle: {
    ...{ status: 'vehicle.status', chargingStatus: 'vehicle.charging-status', mode: 'vehicle.mode', speed: 'vehicle.speed' },
    ...{ mileage: 'vehicle.mileage', voltage: 'vehicle.voltage', current: 'vehicle.current', soc: 'vehicle.soc' },
    ...{ dcdc: 'vehicle.dcdc', gear: 'vehicle.gear', insulation: 'vehicle.insulation' },
    ...{ accelerator: 'vehicle.accelerator', brake: 'vehicle.brake' },
  },
  motor: {
    ...{ number: 'motor.number', status: 'motor.status', controllerTemperature: 'motor.controller-temperature' },
    ...{ speed: 'motor.speed', torque: 'motor.torque', temperature: 'motor.temperature' },
    ...{ controllerVoltage: 'motor.controller-voltage', controllerCurrent: 'motor.controller-current' },
  },
  'fuel-cell': {
    ...{ voltage: 'fuel-cell.voltage', current: 'fuel-cell.current', consumption: 'fuel-cell.consumption' },
    ...{ probeTemperatures: 'fuel-cell.probe-temperatures', dcdc: 'fuel-cell.dcdc' },
    ...{ hydrogenTemperature: 'fuel-cell.hydrogen-temperature', hydrogenTemperatureProbe: 'fuel-cell.hydrogen-temperature' },
    ...{ hydrogenConcentration: 'fuel-cell.hydrogen-concentration', hydrogenConcentrationSensor: 'fuel-cell.hydrogen-concentration' },
    ...{ hydrogenPressure: 'fuel-cell.hydrogen-pressure', hydrogenPressureSensor: 'fuel-cell.hydrogen-pressure' },
  },
  engine: { status: 'engine.status', crankshaftSpeed: 'engine.crankshaft-speed', consumption: 'engine.consumption' },
  position: {
    ...{ status: 'position.status', datum: 'position.datum', longitude: 'position.longitude', latitude: 'position.latitude' },
  },
  extreme: {
    ...{ voltageMaxPack: 'extreme.voltage-max', voltageMaxCell: 'extreme.voltage-max', voltageMax: 'extreme.voltage-max' },
    ...{ voltageMinPack: 'extreme.voltage-min', voltageMinCell: 'extreme.voltage-min', voltageMin: 'extreme.voltage-min' },
    ...{ temperatureMaxPack: 'extreme.temperature-max', temperatureMaxProbe: 'extreme.temperature-max', temperatureMax: 'extreme.temperature-max' },
    ...{ temperatureMinPack: 'extreme.temperature-min', temperatureMinProbe: 'extreme.temperature-min', temperatureMin: 'extreme.temperature-min' },
  },
  alarm: {
    ...{ level: 'alarm.level', flags: 'alarm.flags', batteryFaults: 'alarm.battery-faults', motorFaults: 'alarm.motor-faults' },
    ...{ engineFaults: 'alarm.engine-faults', otherFaults: 'alarm.other-faults' },
  },
  voltages: {
    ...{ number: 'voltages.pack', voltage: 'voltages.pack', current: 'voltages.pack' },
    ...{ cellCount: 'voltages.cell-count', firstCell: 'voltages.cell-count', cells: 'voltages.cells' },
  },
  temperatures: { number: 'temperatures.pack', probes: 'temperatures.probes' },
  'parallel-cell-voltages': {
    ...{ number: '2025.parallel-cell-voltages', voltage: '2025.parallel-cell-voltages' },
    ...{ current: '2025.parallel-cell-voltages', cells: '2025.parallel-cell-voltages' },
  },
  'battery-temperatures': { number: '2025.battery-temperatures', probes: '2025.battery-temperatures' },
};

/** The same for what a login and a logout say; the VIN is kept in no zone, since the device register has it. */
export const LOGIN_READINGS: Readonly<Record<string, string>> = {
  ...{ serial: 'header.login-serial', iccid: 'header.iccid', packCodes: 'header.battery-codes' },
};
