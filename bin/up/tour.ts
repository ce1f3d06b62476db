import { civilDateOf, DAY_MS, type Instant } from '../../proto/words/time.ts';

const battery = 'Vehicle.Powertrain.TractionBattery';

/** What the vehicles of the tour may send. Odometer, position and VIN are on no list. */
export const ALLOWED_PATHS = [
  'Vehicle.Speed',
  'Vehicle.IsMoving',
  'Vehicle.Exterior.AirTemperature',
  `${battery}.StateOfCharge.Current`,
  `${battery}.StateOfHealth`,
  `${battery}.CurrentVoltage`,
  `${battery}.CurrentCurrent`,
  `${battery}.Temperature.Average`,
  `${battery}.Charging.IsCharging`,
];

export const PROCESSOR = { id: 'example-motor', name: 'Example Motor (fictional)', ciio: 'no' } as const;

export const RECIPIENT_NAME = { en: 'Example Battery Laboratory (fictional)', zh: '示例电池实验室（虚构）' };

export const RECIPIENT_ID = 'example-battery-lab';
export const PURPOSE = 'battery-warranty-analysis';

/** Two datasets of a fictional maker: one that may go, one that may not. */
export const DATASETS = [
  {
    kind: 'vehicle-day-statistics',
    id: 'battery-statistics',
    title: { en: 'Battery statistics by vehicle and day', zh: '按车辆和日期的电池统计' },
    purposes: [PURPOSE],
    signals: ALLOWED_PATHS.filter((path) => path.startsWith(battery)),
  },
  {
    kind: 'tracks',
    id: 'fleet-tracks',
    title: { en: 'Where the vehicles went, in 5 km cells by the hour', zh: '车辆每小时所在的5公里网格' },
    purposes: [PURPOSE],
  },
] as const;

/** Those of the tour: one more, which waits for somebody to approve it. */
export const TOUR_DATASETS = [
  ...DATASETS,
  {
    kind: 'vehicle-day-statistics',
    id: 'charging-statistics',
    title: { en: 'Charging by vehicle and day', zh: '按车辆和日期的充电统计' },
    purposes: [PURPOSE],
    signals: [`${battery}.Charging.IsCharging`, `${battery}.StateOfCharge.Current`],
  },
] as const;

/** Documents on file in the tour: fictional, valid for a year from the day before the start. */
export function onFile(now: Instant): readonly object[] {
  const scope = {
    validFrom: civilDateOf((now - DAY_MS) as Instant),
    validUntil: civilDateOf((now + 364 * DAY_MS) as Instant),
    recipients: [RECIPIENT_ID],
    datasets: TOUR_DATASETS.map(({ id }) => id),
    purposes: [PURPOSE],
  };
  return [
    { kind: 'notice', id: 'privacy-notice-v1', ...scope },
    { kind: 'pipia', id: 'pipia-v1', ...scope },
  ];
}

/** Presets take turns over the fleet, so that the tour shows both. */
export const PRESETS = ['fleet', 'strict'] as const;
