import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

export interface TracePoint {
  readonly latitude: number;
  readonly longitude: number;
}

export interface TraceSet {
  readonly files: readonly string[];
  readonly points: readonly TracePoint[];
  /** Why these traces and no others, for the reader of a test's output. */
  readonly note: string;
}

const shared = new URL('../../../../shared/data/trajectories/', import.meta.url);

/** GeoLife users with motorised trips; the data is for non-commercial research and never enters the repository. */
const GEOLIFE_USERS = ['128', '153', '078'];

/** The real traces where they lie beside the checkout; else drives made up from a seed, in the same form. */
export function traceSet(directory: string): TraceSet {
  const wuxi = new URL('wuxi_fleet_2020-07-18.csv.gz', shared);
  if (!existsSync(wuxi) || process.env['MADE_UP'] !== undefined) {
    const file = madeUp(directory);
    return { files: [file], points: readPoints(file), note: 'made-up drives: ../shared/data/trajectories is absent' };
  }
  const files = [wuxi, ...GEOLIFE_USERS.map((user) => new URL(`geolife/${user}.csv.gz`, shared))].map(
    (url) => url.pathname,
  );
  return { files, points: files.flatMap(readPoints), note: 'Wuxi fleet 2020-07-18 and three GeoLife users' };
}

function readPoints(file: string): readonly TracePoint[] {
  const bytes = readFileSync(file);
  const [header = '', ...lines] = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes)
    .toString('utf8')
    .trim()
    .split('\n');
  const columns = header.trim().split(',');
  const latitude = columns.indexOf('lat');
  const longitude = columns.indexOf('lon');
  return lines.map((line) => {
    const cells = line.split(',');
    return { latitude: Number(cells[latitude]), longitude: Number(cells[longitude]) };
  });
}

const VEHICLES = 40;
const POINTS = 120;

/** Drives of 20 minutes in straight lines with a bend, each vehicle from a place of its own, in the Wuxi form. */
function madeUp(directory: string): string {
  const lines = ['vehicle,local_time,lat,lon'];
  let state = 12_345;
  const chance = (): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  for (let vehicle = 1; vehicle <= VEHICLES; vehicle += 1) {
    let latitude = 31.2 + chance() * 0.4;
    let longitude = 119.9 + chance() * 0.6;
    const step = [(chance() - 0.5) * 0.004, (chance() - 0.5) * 0.004] as const;
    for (let point = 0; point < POINTS; point += 1) {
      const moves = point % 60 < 40;
      latitude += moves ? step[0] + (chance() - 0.5) * 0.0004 : (chance() - 0.5) * 0.0002;
      longitude += moves ? step[1] + (chance() - 0.5) * 0.0004 : (chance() - 0.5) * 0.0002;
      const time = new Date(Date.UTC(2020, 6, 18, 9) + point * 40_000).toISOString().slice(0, 19).replace('T', ' ');
      lines.push(`MU${String(vehicle).padStart(4, '0')},${time},${latitude.toFixed(6)},${longitude.toFixed(6)}`);
    }
  }
  mkdirSync(directory, { recursive: true });
  const file = join(directory, 'made-up.csv');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}
