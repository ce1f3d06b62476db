import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seededChance } from '../support/edge/seeded.ts';
import { unicityOf } from './crowd/unicity.ts';
import { PLAIN_GRID, publishBaseline, RAW } from './replay/baselines.ts';
import { PRESETS, type PresetName, publishPreset } from './replay/life.ts';
import { tellAveraging } from './report/attack-averaging.ts';
import { hasCells, tellCrowd } from './report/attack-crowd.ts';
import { tellFences } from './report/attack-fences.ts';
import { type Phases, tellPlaces } from './report/attack-places.ts';
import { createReport } from './report/report.ts';
import { TARGETS } from './report/targets.table.ts';
import { writeEvents } from './report/write-events.ts';
import type { Point } from './traces/plane.ts';
import { readTraceSets, type SubjectSet } from './traces/subjects.ts';
import { truthOf } from './truth/truth.ts';

// `make attack`: what an attacker still learns from everything that left the vehicle. docs/attacks.md says how to read it.

const EXIT = { met: 0, missed: 1, noTraces: 2 } as const;
const OUT = join('build', 'attack');

/** Origins of the grid, metres; apart from each other in cells of 5 km and in cells of 10 km. */
const SHIFTS: readonly Point[] = [
  { x: 0, y: 0 },
  { x: 2_600, y: 6_350 },
  { x: 6_350, y: 8_800 },
  { x: 8_800, y: 2_600 },
];

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const tell = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      traces: { type: 'string', default: join('..', 'shared', 'data', 'trajectories') },
      seed: { type: 'string', default: '1' },
      only: { type: 'string', default: 'places,crowd,fences,averaging' },
    },
  });
  const read = await readTraceSets(values.traces);
  if (!read.ok) {
    tell(`attack: nothing to attack: ${read.fault}`);
    return EXIT.noTraces;
  }
  mkdirSync(OUT, { recursive: true });
  const directory = mkdtempSync(join(tmpdir(), 'tongguan-attack-'));
  try {
    return attack(read.value.people, read.value.fleet, directory, Number(values.seed), new Set(values.only.split(',')));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function attack(
  people: SubjectSet,
  fleet: SubjectSet,
  directory: string,
  seed: number,
  only: ReadonlySet<string>,
): number {
  const report = createReport(say);
  const truth = people.subjects.map(truthOf);
  const trips = truth.map((one) => one.trips);
  const homes = truth.filter(({ anchors }) => anchors.home !== undefined).length;
  const works = truth.filter(({ anchors }) => anchors.work !== undefined).length;
  say(
    `${people.subjects.length} people, ${homes} homes, ${works} work places, ${trips.flat().length} trips; ${fleet.subjects.length} fleet vehicles; seed ${seed}`,
  );
  say(
    'shares are percent; the observer is the cloud itself, which joins the tags of a vehicle, unless a line says "by tag"',
  );

  const baseline = (way: typeof RAW, shifts: readonly Point[]): Phases => ({
    name: way.name,
    publications: shifts.map((shift) => publishBaseline(people, trips, way, shift)),
  });
  const baselines = [baseline(RAW, SHIFTS.slice(0, 1)), baseline(PLAIN_GRID, SHIFTS)] as const;
  const presets = PRESETS.map((preset): Phases => {
    const publications = publishAll(people, preset, directory, seed);
    const [own] = publications;
    if (own !== undefined) writeEvents(OUT, people, own);
    tell(`attack: ${preset} published`);
    return { name: preset, publications };
  });

  if (only.has('places')) {
    report.section(
      'homes and work places, of those whom a blind guess misses; 95 % over subjects; all; best estimator',
    );
    tellPlaces(report, truth, baselines, presets, seededChance(seed));
  }
  if (only.has('crowd')) {
    report.section('singling out, linking, and what is kept');
    tellCrowd(report, people.subjects, truth, baselines, presets, seed);
    tellFleet(report, fleet, directory, seed);
  }
  if (only.has('fences')) {
    report.section('fences of 1.5 km radius: how often the guess lies inside');
    tellFences(report, people.plane, baselines[1], presets, seed);
    tellClosed(report, people, directory, seed);
  }
  if (only.has('averaging')) {
    report.section('averaging');
    tellAveraging(report, people, { presets: PRESETS, directory, seed });
  }
  return conclude(report);
}

/** Under every origin of the grid; a preset that publishes no cell has none. */
function publishAll(set: SubjectSet, preset: PresetName, directory: string, seed: number) {
  const publish = (shift: Point, phase: number) =>
    publishPreset(set, { preset, directory, seed: seed * 10 + phase, shift });
  const own = publish({ x: 0, y: 0 }, 0);
  if (!hasCells({ name: preset, publications: [own] })) return [own];
  return [own, ...SHIFTS.slice(1).map((shift, index) => publish(shift, index + 1))];
}

/** Fences without decoys are no set to the vehicle, and a policy that demands one then publishes no cell at all. */
function tellClosed(
  report: ReturnType<typeof createReport>,
  people: SubjectSet,
  directory: string,
  seed: number,
): void {
  const few = { ...people, subjects: people.subjects.slice(0, CLOSED_SUBJECTS) };
  const options = { directory, seed: seed + 900, shift: { x: 0, y: 0 }, fenceVersionMin: 1 };
  const cells = PRESETS.flatMap((preset) => publishPreset(few, { ...options, preset }).observations).flatMap(
    ({ trips }) => trips,
  );
  const note = `every preset, ${few.subjects.length} people`;
  report.add({ name: 'fences demanded and none with decoys, trips with cells', value: cells.length, note });
}

const CLOSED_SUBJECTS = 5;

/** Real vehicles of one day are sparse, and unicity depends on density: told, and promised to nobody. */
function tellFleet(report: ReturnType<typeof createReport>, fleet: SubjectSet, directory: string, seed: number): void {
  const moving = { ...fleet, subjects: fleet.subjects.filter(({ at }) => at.length >= FLEET_FIXES_MIN) };
  if (moving.subjects.length === 0) return;
  for (const preset of PRESETS) {
    const publication = publishPreset(moving, { preset, directory, seed: seed + 500, shift: { x: 0, y: 0 } });
    if (!hasCells({ name: preset, publications: [publication] })) continue;
    const { ofAll, ofPublished } = unicityOf(publication, moving.subjects.length, 4, seededChance(seed));
    const note = `crowd of ${moving.subjects.length} vehicles over several provinces; ${(100 * ofPublished).toFixed(0)} of those with anything published`;
    report.add({ name: `${preset} unicity of 4, fleet file`, value: ofAll, note });
  }
}

const FLEET_FIXES_MIN = 10;

function conclude(report: ReturnType<typeof createReport>): number {
  const told = report.told();
  const silent = TARGETS.filter(({ figure }) => !told.has(figure)).map(({ figure }) => figure);
  const absent = silent.filter((figure) => PRESETS.some((preset) => figure.startsWith(`${preset} `)));
  const missed = [...report.missed(), ...absent.map((figure) => `${figure}: not measured`)];
  say(missed.length === 0 ? '\nall targets met' : `\n${missed.length} missed:`);
  for (const line of missed) say(`  ${line}`);
  const unbuilt = silent.filter((figure) => !absent.includes(figure));
  if (unbuilt.length > 0) say(`not built, so not attacked: ${unbuilt.join('; ')}`);
  return missed.length === 0 ? EXIT.met : EXIT.missed;
}

process.exitCode = await main();
