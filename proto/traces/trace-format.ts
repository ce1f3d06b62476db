import { type Bilingual, bilingual } from '../words/fault.ts';
import { fail, ok, type Result } from '../words/result.ts';
import { type Instant, parseCivilDate, parseInstant } from '../words/time.ts';

/** One layout of a trace file, known by its header line and nothing else. */
export interface TraceFormat {
  readonly name: string;
  readonly columns: readonly string[];
  /** Column that tells the vehicles of one file apart; without one the file is one vehicle. */
  readonly vehicle?: string;
  readonly time: { readonly column: string; readonly means: 'utc' | 'shanghai' | 'time-of-day' };
  /** Column of the altitude in feet, -777 for none. */
  readonly altitudeFt?: string;
  /** What a replay of this format takes for granted; shown to the operator. */
  readonly assumes?: Bilingual;
}

export interface TracePoint {
  /** The file's own name for the vehicle; it never leaves the reader. */
  readonly vehicle: string;
  readonly at: Instant;
  /** Decimal degrees as the file has them, WGS-84. */
  readonly latitude: number;
  readonly longitude: number;
  /** Metres; NaN where the file gives none. */
  readonly altitudeM: number;
}

/** What may be wrong with a line. The words never hold the line's content. */
export type LineProblem = keyof typeof LINE_PROBLEMS;

export function recogniseHeader(cells: readonly string[]): TraceFormat | undefined {
  return TRACE_FORMATS.find(
    ({ columns }) => columns.length === cells.length && columns.every((column, index) => column === cells[index]),
  );
}

/**
 * Parses one line after the header. Nothing is trimmed, swapped or guessed; a position is only required to be on the globe,
 * since it is the agent's work to refuse one that is abroad.
 */
export function parseRow(format: TraceFormat, cells: readonly string[]): Result<TracePoint, LineProblem> {
  if (cells.length !== format.columns.length) return fail('columns');
  const cell = (column: string | undefined) =>
    column === undefined ? '' : (cells[format.columns.indexOf(column)] ?? '');

  const vehicle = cell(format.vehicle);
  if (format.vehicle !== undefined && !/^[\w-]{1,64}$/.test(vehicle)) return fail('vehicle');
  const at = parseTime(format.time.means, cell(format.time.column));
  if (at === undefined) return fail('time');
  const latitude = parseDecimal(cell('lat'));
  if (!(Math.abs(latitude) <= 90)) return fail('latitude');
  const longitude = parseDecimal(cell('lon'));
  if (!(Math.abs(longitude) <= 180)) return fail('longitude');
  const altitude = format.altitudeFt === undefined ? NO_ALTITUDE_FT : parseDecimal(cell(format.altitudeFt));
  if (Number.isNaN(altitude)) return fail('altitude');
  return ok({
    vehicle,
    at,
    latitude,
    longitude,
    altitudeM: altitude === NO_ALTITUDE_FT ? Number.NaN : altitude * METRES_PER_FOOT,
  });
}

function parseTime(means: TraceFormat['time']['means'], text: string): Instant | undefined {
  const iso = {
    utc: text,
    shanghai: `${text.replace(' ', 'T')}+08:00`,
    'time-of-day': `${ASSUMED_DATE}T${text}+08:00`,
  }[means];
  // `Date` rolls the 30th of February over into March; the calendar check does not.
  if (!parseCivilDate(iso.slice(0, 10)).ok) return undefined;
  const at = parseInstant(iso);
  return at.ok ? at.value : undefined;
}

/** Plain decimal notation only; anything else is NaN. */
function parseDecimal(text: string): number {
  return /^-?\d{1,6}(\.\d{1,20})?$/.test(text) ? Number(text) : Number.NaN;
}

/** The day given to files that carry a time of day and no date. */
export const ASSUMED_DATE = '2020-01-01';

const NO_ALTITUDE_FT = -777;
const METRES_PER_FOOT = 0.3048;

/** The formats of the trace collections named in docs/raw-frames.md. */
const TRACE_FORMATS: readonly TraceFormat[] = [
  {
    name: 'GeoLife',
    columns: ['trip_id', 'utc', 'lat', 'lon', 'alt_ft'],
    time: { column: 'utc', means: 'utc' },
    altitudeFt: 'alt_ft',
  },
  {
    name: 'fleet',
    columns: ['vehicle', 'local_time', 'lat', 'lon'],
    vehicle: 'vehicle',
    time: { column: 'local_time', means: 'shanghai' },
  },
  {
    name: 'T-Drive',
    columns: ['taxi_id', 'local_time', 'lon', 'lat'],
    vehicle: 'taxi_id',
    time: { column: 'local_time', means: 'shanghai' },
  },
  {
    name: 'taxi day',
    columns: ['vehicle', 'time_of_day', 'lon', 'lat', 'occupied', 'speed'],
    vehicle: 'vehicle',
    time: { column: 'time_of_day', means: 'time-of-day' },
    assumes: bilingual(
      `the file gives no date and no datum: replayed as ${ASSUMED_DATE}, Asia/Shanghai, WGS-84`,
      `文件未给出日期和坐标系：按 ${ASSUMED_DATE}、北京时间、WGS-84 回放`,
    ),
  },
];

export const LINE_PROBLEMS = {
  columns: bilingual('not as many columns as the header', '列数与表头不符'),
  vehicle: bilingual(
    'the vehicle is not 1 to 64 letters, digits, `_` or `-`',
    '车辆编号不是 1 到 64 个字母、数字、`_` 或 `-`',
  ),
  time: bilingual('the time is not one the format allows', '时间不符合该格式'),
  latitude: bilingual('the latitude is not a decimal number from -90 to 90', '纬度不是 -90 到 90 的十进制数'),
  longitude: bilingual('the longitude is not a decimal number from -180 to 180', '经度不是 -180 到 180 的十进制数'),
  altitude: bilingual('the altitude is not a decimal number', '高度不是十进制数'),
  order: bilingual("the time is before that of the same vehicle's last good line", '时间早于同一车辆上一条有效行'),
  future: bilingual('the time is in the future', '时间在未来'),
} as const satisfies Record<string, Bilingual>;
