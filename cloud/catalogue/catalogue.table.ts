import { type Bilingual, bilingual } from '../../proto/words/fault.ts';
import type { CatalogueRow } from './catalogue-row.ts';

const battery = 'Vehicle.Powertrain.TractionBattery';

// Citations: T44464-A.2 (annex A of GB/T 44464-2024), 45574-A (annex A of GB/T 45574-2025), M22 (notice [2022]1), SP21-3/6.
// biome-ignore format: one signal a line, so that a reviewer reads a table
export const CATALOGUE: readonly CatalogueRow[] = [
  vehicle('Vehicle.Speed', bilingual('speed of a VIN-linked vehicle', '与车辆识别代号关联的车速'), -250, 400),
  vehicle('Vehicle.IsMoving', bilingual('state of a VIN-linked vehicle', '与车辆识别代号关联的车辆状态')),
  vehicle('Vehicle.Exterior.AirTemperature', bilingual('weather at a VIN-linked vehicle', '与车辆识别代号关联的车外环境'), -60, 80),
  vehicle(`${battery}.StateOfCharge.Current`, bilingual('battery state of a VIN-linked vehicle', '与车辆识别代号关联的电池状态'), 0, 100),
  vehicle(`${battery}.StateOfHealth`, bilingual('battery state of a VIN-linked vehicle', '与车辆识别代号关联的电池状态'), 0, 100),
  vehicle(`${battery}.CurrentVoltage`, bilingual('battery state of a VIN-linked vehicle', '与车辆识别代号关联的电池状态'), 0, 1_500),
  vehicle(`${battery}.CurrentCurrent`, bilingual('battery state of a VIN-linked vehicle', '与车辆识别代号关联的电池状态'), -3_000, 3_000),
  vehicle(`${battery}.CurrentPower`, bilingual('battery state of a VIN-linked vehicle', '与车辆识别代号关联的电池状态'), -2_000_000, 2_000_000),
  vehicle(`${battery}.Temperature.Average`, bilingual('battery state of a VIN-linked vehicle', '与车辆识别代号关联的电池状态'), -60, 150),
  vehicle(`${battery}.Temperature.Min`, bilingual('battery state of a VIN-linked vehicle', '与车辆识别代号关联的电池状态'), -60, 150),
  vehicle(`${battery}.Temperature.Max`, bilingual('battery state of a VIN-linked vehicle', '与车辆识别代号关联的电池状态'), -60, 150),
  vehicle(`${battery}.Charging.IsCharging`, bilingual('charging state of a VIN-linked vehicle', '与车辆识别代号关联的充电状态')),
  vehicle(`${battery}.Charging.ChargeRate`, bilingual('charging state of a VIN-linked vehicle', '与车辆识别代号关联的充电状态'), 0, 2_000),
  domestic('Vehicle.TraveledDistance', bilingual('an odometer to the metre tells where a vehicle has been', '精确到米的里程可推断车辆去向'), 0, 10_000_000),
  forbidden('Vehicle.CurrentLocation.Latitude', bilingual('a precise position has no route off the vehicle', '精确位置不得离开车辆')),
  forbidden('Vehicle.CurrentLocation.Longitude', bilingual('a precise position has no route off the vehicle', '精确位置不得离开车辆')),
  forbidden('Vehicle.CurrentLocation.Altitude', bilingual('elevation along a road is geographic data', '道路沿线高程属于测绘地理信息')),
  forbidden('Vehicle.CurrentLocation.Heading', bilingual('headings and speeds integrate to a track', '航向与车速可积分为轨迹')),
  forbidden('Vehicle.Acceleration.Lateral', bilingual('accelerations integrate to a track', '加速度可积分为轨迹')),
  forbidden('Vehicle.Acceleration.Longitudinal', bilingual('accelerations integrate to a track', '加速度可积分为轨迹')),
  forbidden('Vehicle.Acceleration.Vertical', bilingual('accelerations integrate to a profile of the road', '加速度可积分为道路纵断面')),
  forbidden('Vehicle.AngularVelocity.Pitch', bilingual('angular velocities integrate to a profile of the road', '角速度可积分为道路纵断面')),
  forbidden('Vehicle.AngularVelocity.Roll', bilingual('angular velocities integrate to a profile of the road', '角速度可积分为道路纵断面')),
  forbidden('Vehicle.AngularVelocity.Yaw', bilingual('angular velocities integrate to a track', '角速度可积分为轨迹')),
  forbidden('Vehicle.VehicleIdentification.VIN', bilingual('the subject tag stands for the VIN', '以标识标签代替车辆识别代号')),
  biometric('Vehicle.Driver.HeartRate', bilingual('health of a person in the cabin', '车内人员健康信息')),
  biometric('Vehicle.Driver.FatigueLevel', bilingual('state of a person in the cabin', '车内人员状态')),
  biometric('Vehicle.Driver.DistractionLevel', bilingual('state of a person in the cabin', '车内人员状态')),
  biometric('Vehicle.Driver.AttentiveProbability', bilingual('state of a person in the cabin', '车内人员状态')),
  biometric('Vehicle.Driver.IsEyesOnRoad', bilingual('gaze of a person in the cabin', '车内人员视线')),
  biometric('Vehicle.Driver.IsHandsOnWheel', bilingual('state of a person in the cabin', '车内人员状态')),
];

/** Personal information that is not sensitive: linked to a VIN, which annex A calls general personal information. */
function vehicle(path: string, reason: Bilingual, min?: number, max?: number): CatalogueRow {
  return {
    path,
    fieldKind: path.includes('.Charging.') ? 'CHARGE' : 'CAN',
    items: [],
    retention: 'domestic-operations',
    rule: path,
    value: min === undefined ? 'flag' : 'number',
    classes: ['personal'],
    zone: 'personal',
    exportable: true,
    edge: 'allowed',
    reason,
    cite: 'T44464-A.2',
    ...range(min, max),
  };
}

function domestic(path: string, reason: Bilingual, min?: number, max?: number): CatalogueRow {
  return {
    path,
    fieldKind: 'TRACK',
    items: ['important-36'],
    retention: 'sensitive-on-request-10wd',
    rule: path,
    value: min === undefined ? 'flag' : 'number',
    classes: ['personal', 'sensitive'],
    zone: 'personal',
    exportable: false,
    edge: 'allowed',
    reason,
    cite: '45574-A',
    ...range(min, max),
  };
}

function forbidden(path: string, reason: Bilingual): CatalogueRow {
  return {
    path,
    fieldKind: 'COORD',
    items: ['important-36'],
    retention: 'sensitive-on-request-10wd',
    rule: path,
    classes: ['personal', 'sensitive', 'geographic'],
    zone: 'geographic',
    exportable: false,
    edge: 'forbidden',
    reason,
    cite: 'M22',
  };
}

/** Of persons in the cabin; measured by cameras and sensors that look at them. */
function biometric(path: string, reason: Bilingual): CatalogueRow {
  return {
    path,
    fieldKind: 'BIOMETRIC',
    items: [],
    retention: 'sensitive-on-request-10wd',
    rule: path,
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
