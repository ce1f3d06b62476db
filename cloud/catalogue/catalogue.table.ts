import type { CatalogueRow } from './catalogue.ts';

const battery = 'Vehicle.Powertrain.TractionBattery';

// Citations: T44464-A.2 (annex A of GB/T 44464-2024), 45574-A (annex A of GB/T 45574-2025), M22 (notice [2022]1), SP21-3/6.
// biome-ignore format: one signal a line, so that a reviewer reads a table
export const CATALOGUE: readonly CatalogueRow[] = [
  vehicle('Vehicle.Speed', 'speed of a VIN-linked vehicle', -250, 400),
  vehicle('Vehicle.IsMoving', 'state of a VIN-linked vehicle'),
  vehicle('Vehicle.Exterior.AirTemperature', 'weather at a VIN-linked vehicle', -60, 80),
  vehicle(`${battery}.StateOfCharge.Current`, 'battery state of a VIN-linked vehicle', 0, 100),
  vehicle(`${battery}.StateOfHealth`, 'battery state of a VIN-linked vehicle', 0, 100),
  vehicle(`${battery}.CurrentVoltage`, 'battery state of a VIN-linked vehicle', 0, 1_500),
  vehicle(`${battery}.CurrentCurrent`, 'battery state of a VIN-linked vehicle', -3_000, 3_000),
  vehicle(`${battery}.CurrentPower`, 'battery state of a VIN-linked vehicle', -2_000_000, 2_000_000),
  vehicle(`${battery}.Temperature.Average`, 'battery state of a VIN-linked vehicle', -60, 150),
  vehicle(`${battery}.Temperature.Min`, 'battery state of a VIN-linked vehicle', -60, 150),
  vehicle(`${battery}.Temperature.Max`, 'battery state of a VIN-linked vehicle', -60, 150),
  vehicle(`${battery}.Charging.IsCharging`, 'charging state of a VIN-linked vehicle'),
  vehicle(`${battery}.Charging.ChargeRate`, 'charging state of a VIN-linked vehicle', 0, 2_000),
  domestic('Vehicle.TraveledDistance', 'an odometer to the metre tells where a vehicle has been', 0, 10_000_000),
  forbidden('Vehicle.CurrentLocation.Latitude', 'a precise position has no route off the vehicle'),
  forbidden('Vehicle.CurrentLocation.Longitude', 'a precise position has no route off the vehicle'),
  forbidden('Vehicle.CurrentLocation.Altitude', 'elevation along a road is geographic data'),
  forbidden('Vehicle.CurrentLocation.Heading', 'headings and speeds integrate to a track'),
  forbidden('Vehicle.Acceleration.Lateral', 'accelerations integrate to a track'),
  forbidden('Vehicle.Acceleration.Longitudinal', 'accelerations integrate to a track'),
  forbidden('Vehicle.Acceleration.Vertical', 'accelerations integrate to a profile of the road'),
  forbidden('Vehicle.AngularVelocity.Pitch', 'angular velocities integrate to a profile of the road'),
  forbidden('Vehicle.AngularVelocity.Roll', 'angular velocities integrate to a profile of the road'),
  forbidden('Vehicle.AngularVelocity.Yaw', 'angular velocities integrate to a track'),
  forbidden('Vehicle.VehicleIdentification.VIN', 'the subject tag stands for the VIN'),
  biometric('Vehicle.Driver.HeartRate', 'health of a person in the cabin'),
  biometric('Vehicle.Driver.FatigueLevel', 'state of a person in the cabin'),
  biometric('Vehicle.Driver.DistractionLevel', 'state of a person in the cabin'),
  biometric('Vehicle.Driver.AttentiveProbability', 'state of a person in the cabin'),
  biometric('Vehicle.Driver.IsEyesOnRoad', 'gaze of a person in the cabin'),
  biometric('Vehicle.Driver.IsHandsOnWheel', 'state of a person in the cabin'),
];

/** Personal information that is not sensitive: linked to a VIN, which annex A calls general personal information. */
function vehicle(path: string, reason: string, min?: number, max?: number): CatalogueRow {
  return {
    path,
    classes: ['personal'],
    zone: 'personal',
    exportable: true,
    edge: 'allowed',
    reason,
    cite: 'T44464-A.2',
    ...range(min, max),
  };
}

function domestic(path: string, reason: string, min?: number, max?: number): CatalogueRow {
  return {
    path,
    classes: ['personal', 'sensitive'],
    zone: 'personal',
    exportable: false,
    edge: 'allowed',
    reason,
    cite: '45574-A',
    ...range(min, max),
  };
}

function forbidden(path: string, reason: string): CatalogueRow {
  return {
    path,
    classes: ['personal', 'sensitive', 'geographic'],
    zone: 'geographic',
    exportable: false,
    edge: 'forbidden',
    reason,
    cite: 'M22',
  };
}

/** Of persons in the cabin; measured by cameras and sensors that look at them. */
function biometric(path: string, reason: string): CatalogueRow {
  return {
    path,
    classes: ['personal', 'sensitive'],
    zone: 'important',
    exportable: false,
    edge: 'forbidden',
    reason,
    cite: '45574-A',
  };
}

function range(min?: number, max?: number): Pick<CatalogueRow, 'min' | 'max'> {
  return min === undefined || max === undefined ? {} : { min, max };
}
