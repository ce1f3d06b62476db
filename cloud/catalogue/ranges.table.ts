const battery = 'Vehicle.Powertrain.TractionBattery';

/** Bounds that VSS does not state, or states more widely than any vehicle needs; they go before those of VSS. */
// biome-ignore format: one range a line
export const RANGES: readonly (readonly [path: string, min: number, max: number])[] = [
  ['Vehicle.Speed', -250, 400],
  ['Vehicle.Exterior.AirTemperature', -60, 80],
  [`${battery}.StateOfCharge.Current`, 0, 100],
  [`${battery}.StateOfHealth`, 0, 100],
  [`${battery}.CurrentVoltage`, 0, 1_500],
  [`${battery}.CurrentCurrent`, -3_000, 3_000],
  [`${battery}.CurrentPower`, -2_000_000, 2_000_000],
  [`${battery}.Temperature.Average`, -60, 150],
  [`${battery}.Temperature.Min`, -60, 150],
  [`${battery}.Temperature.Max`, -60, 150],
  [`${battery}.Charging.ChargeRate`, 0, 2_000],
  ['Vehicle.TraveledDistance', 0, 10_000_000],
];
