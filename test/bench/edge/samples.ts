import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import protobuf from 'protobufjs';
import { parse } from 'yaml';
import { readDbc } from '../../../edge/adapters/can-files.ts';
import { sealBatch } from '../../../edge/sealer.ts';
import { type CanDatabase, messageKey } from '../../../edge/sources/can/can-database.ts';
import { type CanFrame, parseCandumpLine } from '../../../edge/sources/can/can-frame.ts';
import { CanMapping } from '../../../edge/sources/can/can-mapping.ts';
import { translateFrames } from '../../../edge/sources/can/translate-frames.ts';
import type { SealedFrame } from '../../../edge/stages/inspect.ts';
import { runStages } from '../../../edge/stages/run-stages.ts';
import type { RawFrame } from '../../../proto/words/raw-frame.ts';
import { assert } from '../../../proto/words/result.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { benchPolicy, benchStages } from './policy.ts';
import { packetBytes } from './wire.ts';

/** Bytes of one signal sample on the uplink: a batch of 60 s of a real bus beside the same samples in other forms. */
export interface SampleSize {
  readonly name: string;
  readonly frames: number;
  readonly samples: number;
  /** MQTT packet, envelope and signature and all, over samples. */
  readonly bytesPerSample: number;
  /** The same without the MQTT packet around it. */
  readonly payloadPerSample: number;
  /** One JSON object a sample: payload alone, unsigned. */
  readonly jsonPerSample: number;
  /** One protobuf message a sample: payload alone, unsigned. */
  readonly protobufPerSample: number;
}

/** A bus to take samples from, and the part of its log in which it spoke. */
interface Bus {
  readonly log: string;
  readonly dbc: string;
  readonly fromMs: number;
  readonly lengthMs: number;
}

/** Of its 103 s the first 86 hold four frames of a diagnostic tool; then the car was switched on. */
const ZEEKR: Bus = {
  log: 'zeekr001_battery.candump.log.gz',
  dbc: 'geely_sea_platform.dbc',
  fromMs: 86_000,
  lengthMs: 17_000,
};
const BMW: Bus = { log: 'bmw_i3.candump.log.gz', dbc: 'bmw_i3_pt_can2.dbc', fromMs: 0, lengthMs: 29_000 };

const BATCH_MS = 60_000;
const START_AT = Date.UTC(2026, 10, 20, 1);

/** Run in the clone's own directory, as `make bench` does. None where the shared logs are absent. */
export function measureSamples(can = '../shared/data/can'): readonly SampleSize[] {
  if (!existsSync(`${can}/${ZEEKR.log}`)) return [];
  const example = CanMapping.parse(parse(readFileSync('docs/examples/can-mapping-geely.yaml', 'utf8')));
  const zeekr = framesOf(can, ZEEKR);
  const minute = repeated(zeekr, ZEEKR);
  const all = wholeOf(zeekr.database, zeekr.frames);
  const bmw = framesOf(can, BMW);
  const bmwMinute = repeated(bmw, BMW);
  return [
    sizeOf('Zeekr, the log as it is, every value of all signals', zeekr, all, 20),
    sizeOf('Zeekr, its traffic repeated to a minute, all signals once a second', minute, all, 1_000),
    sizeOf('Zeekr, the same minute, the 3 signals of docs/examples', minute, example, 1_000),
    sizeOf(
      'BMW i3, repeated to a minute, all signals once in 2 s',
      bmwMinute,
      wholeOf(bmw.database, bmw.frames),
      2_000,
    ),
  ];
}

interface Traffic {
  readonly database: CanDatabase;
  readonly frames: readonly CanFrame[];
}

function framesOf(can: string, { log, dbc, fromMs }: Bus): Traffic {
  const database = readDbc(`${can}/${dbc}`);
  assert(database.ok, 'the DBC file is read');
  const lines = gunzipSync(readFileSync(`${can}/${log}`))
    .toString('latin1')
    .split('\n');
  const frames = lines.map(parseCandumpLine).filter((frame) => typeof frame === 'object');
  const spoken = frames.filter(({ at }) => at >= fromMs).map((frame) => ({ ...frame, at: frame.at - fromMs }));
  return {
    database: database.value,
    frames: spoken.map((frame) => ({ ...frame, at: (START_AT + frame.at) as Instant })),
  };
}

function repeated({ database, frames }: Traffic, { lengthMs }: Bus): Traffic {
  const turns = Array.from({ length: Math.ceil(BATCH_MS / lengthMs) }, (_, turn) => turn * lengthMs);
  const all = turns.flatMap((later) => frames.map((frame) => ({ ...frame, at: (frame.at + later) as Instant })));
  return { database, frames: all.filter(({ at }) => at < START_AT + BATCH_MS) };
}

/** Every signal of a message that is on the bus, under paths that no VSS release has: the file knows no more than names. */
function wholeOf(database: CanDatabase, frames: readonly CanFrame[]): CanMapping {
  const heard = new Set(frames.map(({ id, isExtended }) => messageKey(id, isExtended)));
  const signals = [...database]
    .filter(([key]) => heard.has(key))
    .flatMap(([, message]) => [...message.signals.values()].map((signal) => `${message.name}.${signal.name}`));
  const path = (signal: string): string =>
    `Vehicle.Bus.${signal.replace(/_/g, '').replace(/(^|\.)\w/g, (first) => first.toUpperCase())}`;
  return CanMapping.parse({ signals: signals.map((signal) => ({ signal, path: path(signal) })) });
}

function sizeOf(name: string, traffic: Traffic, mapping: CanMapping, intervalMs: number): SampleSize {
  const raws = translated(traffic, mapping, intervalMs);
  const policy = { ...benchPolicy('strict'), allowedPaths: new Set(mapping.signals.map(({ path }) => path)) };
  const stages = benchStages(policy);
  const steps = stages.map(({ name: stage, parameters }) => ({ stage, parameters }));
  const frames = raws.flatMap((raw) => [...runStages(stages, policy, raw, () => undefined)]);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const header = { epoch: 193_428_131_138_000, firstSequence: 3_600, policy, steps, removals: [], drops: [] };
  const batch = sealBatch(header, frames, privateKey);
  assert(batch.count === frames.length, 'one batch holds the minute');
  const samples = frames.flatMap(samplesOf);
  const share = (bytes: number): number => bytes / samples.length;
  return {
    ...{ name, frames: frames.length, samples: samples.length },
    bytesPerSample: share(packetBytes(batch.bytes)),
    payloadPerSample: share(batch.bytes.length),
    jsonPerSample: share(samples.reduce((sum, one) => sum + Buffer.byteLength(JSON.stringify(jsonOf(one))), 0)),
    protobufPerSample: share(samples.reduce((sum, one) => sum + sampleMessage.encode(one).finish().length, 0)),
  };
}

function translated({ database, frames }: Traffic, mapping: CanMapping, intervalMs: number): readonly RawFrame[] {
  const raws: RawFrame[] = [];
  const events = { onFrame: (frame: RawFrame) => void raws.push(frame), onRemoved: () => undefined };
  const translator = translateFrames({ database, mapping, intervalMs }, events);
  for (const frame of frames) translator.take(frame);
  translator.flush();
  return raws;
}

interface Sample {
  readonly subjectTag: Uint8Array;
  readonly observedAtMs: number;
  readonly path: string;
  readonly number: number;
}

function samplesOf({ content }: SealedFrame): readonly Sample[] {
  assert(content.kind === 'signals', 'the frames are of signals');
  const { subjectTag, observedAt, signals } = content;
  return signals.map(({ path, value }) => ({ subjectTag, observedAtMs: observedAt, path, number: Number(value) }));
}

const jsonOf = ({ subjectTag, ...rest }: Sample): object => ({
  subjectTag: Buffer.from(subjectTag).toString('hex'),
  ...rest,
});

/** What a message for each sample has to say at least. */
const sampleMessage = protobuf
  .parse(
    'syntax = "proto3"; message Sample { bytes subjectTag = 1; uint64 observedAtMs = 2; string path = 3; double number = 4; }',
    { keepCase: true },
  )
  .root.lookupType('Sample');
