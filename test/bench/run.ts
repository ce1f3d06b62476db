import { capture, exported, log, pulled, verdicts } from './border-report.ts';
import { measureAgreement } from './classification/agreement.ts';
import { measureClassification, measureVehicles } from './classification/measure.ts';
import { distinct, held, kafka } from './cloud-report.ts';
import { api, pages } from './console/report.ts';
import { measureBacklog } from './edge/backlog.ts';
import { measureFences } from './edge/fences.ts';
import { measureLinks, measureMosaic, measureRecall, REMOVED_PART_MIN } from './edge/imagery.ts';
import { measureMemory } from './edge/memory.ts';
import { measureSamples } from './edge/samples.ts';
import { measureSources } from './edge/sources.ts';
import { measureEdge } from './edge/stages.ts';
import { measureProcess, measureStart } from './edge/whole-process.ts';
import { measureWire } from './edge/wire.ts';
import { measureFleet, measureYear } from './fleet/fleet.ts';
import { measureSent } from './fleet/over-mqtt.ts';
import { CONNECTIONS, INGEST_CASES } from './ingest/cases.ts';
import { makeFleet } from './ingest/fleet.ts';
import { IN_FLIGHT, startLoad } from './ingest/measure.ts';
import { measureParcels } from './parcels/parcels.ts';
import { count, ratio, say } from './say.ts';
import { measureConnected } from './terminals/connected.ts';
import { measureDecoding, soakDecoding } from './terminals/decode.ts';

// `make bench`: every figure beside its baseline of the same run, ratios first. test/bench/RESULTS.md says how to read them.

const WARM_UP_MS = 1_500;
const WINDOW_MS = 4_000;
const DAY_MS = 86_400_000;
/** Vehicles, and frames of 8 readings that each sends a day: every row a segment of its own, and as ingest gets them. */
const PARCEL_ZONES = [
  [12_500, 1],
  [1_250, 16],
] as const;
const VEHICLES = 1_000_000;
const FLEET_VEHICLES = 100_000;
const SENT_VEHICLES = 20_000;
const BACKLOG_BYTES = 150_000_000;

async function ingest(): Promise<void> {
  say(
    `ingest, ${CONNECTIONS} connections over mTLS, ${IN_FLIGHT} messages in flight each; nothing = the same broker answering at once`,
  );
  const fleet = await makeFleet(CONNECTIONS, Date.now());
  for (const one of INGEST_CASES.filter(({ size }) => size === 'frame')) {
    const load = await startLoad(fleet, { ...one, startMs: Date.now() - DAY_MS }, 'build/bench-data');
    const window = { warmUpMs: WARM_UP_MS, windowMs: WINDOW_MS };
    const single = await load.measure({ does: 'nothing', messages: 'plain', ...window });
    const same = await load.measure({ does: 'nothing', messages: 'batches', ...window });
    const durable = await load.measure({ does: 'ingest', messages: 'batches', ...window });
    const frames = durable.messagesPerSecond * one.framesPerMessage;
    const note = durable.isShort ? ' (messages ran out: a lower bound)' : '';
    say(
      `  ${ratio(frames / single.messagesPerSecond)} of nothing with one 300-byte frame a message, ` +
        `${ratio(durable.messagesPerSecond / same.messagesPerSecond)} of nothing with the same messages: ` +
        `${one.framesPerMessage} frame(s) a message, ${count(frames)} frames/s durable, p99 ${durable.p99Ms.toFixed(1)} ms, ` +
        `nothing ${count(single.messagesPerSecond)} and ${count(same.messagesPerSecond)} messages/s${note}`,
    );
    load.end();
  }
}

function edge(): void {
  const [json, ...ways] = measureEdge('build/bench-edge');
  if (json === undefined) return;
  say(`edge, one core, against ${json.name} (${count(json.framesPerCoreSecond)} lines/s of CPU)`);
  for (const { name, framesPerSecond, framesPerCoreSecond } of ways) {
    const against = ratio(framesPerCoreSecond / json.framesPerCoreSecond);
    say(
      `  ${against} of JSON: ${name}, ${count(framesPerCoreSecond)} frames/s of CPU, ${count(framesPerSecond)} by the clock`,
    );
  }
  const [line, ...sources] = measureSources();
  if (line === undefined) return;
  say(`sources, one core, against ${line.name} (${count(line.framesPerCoreSecond)} a second of CPU)`);
  for (const { name, framesPerCoreSecond } of sources) {
    say(
      `  ${ratio(framesPerCoreSecond / line.framesPerCoreSecond)}: ${name}, ${count(framesPerCoreSecond)} a second of CPU`,
    );
  }
  say('bytes a frame on the wire, signed batches against one JSON message a frame');
  for (const { framesPerBatch, bytesPerFrame, jsonBytesPerFrame, jsonListBytesPerFrame } of measureWire()) {
    say(
      `  ${ratio(bytesPerFrame / jsonBytesPerFrame)} of JSON, ${ratio(bytesPerFrame / jsonListBytesPerFrame)} of a JSON list: ` +
        `${framesPerBatch} frame(s) a batch, ${bytesPerFrame.toFixed(1)} bytes against ${jsonBytesPerFrame.toFixed(1)}`,
    );
  }
}

function samples(): void {
  const measured = measureSamples();
  say(
    measured.length === 0
      ? 'bytes a signal sample on the wire: not measured (needs ../shared/data/can)'
      : 'bytes a signal sample on the wire, one signed batch a minute: MQTT packet and all, against unsigned payloads',
  );
  for (const { name, frames, samples: count, ...bytes } of measured) {
    say(
      `  ${bytes.bytesPerSample.toFixed(2)} (${bytes.payloadPerSample.toFixed(2)} without the MQTT packet) against ` +
        `${bytes.jsonPerSample.toFixed(1)} as JSON, ${bytes.protobufPerSample.toFixed(1)} as a protobuf message a sample: ` +
        `${name}, ${count} samples in ${frames} frames`,
    );
  }
}

async function edgeProcess(): Promise<void> {
  const { coreShare, residentMb, peakMb, seconds, framesSealed, picturesTaken } =
    await measureProcess('build/bench-edge');
  say(
    `edge process, 10 fixes and 200 lines of one signal a second, a 720p picture each 10 s (mosaic), ${seconds.toFixed(0)} s: ` +
      `${(100 * coreShare).toFixed(1)} % of a core, ${residentMb.toFixed(1)} MB resident, ${peakMb.toFixed(1)} at most ` +
      `(${count(framesSealed)} frames sealed, ${picturesTaken} pictures taken)`,
  );
  for (let turn = 0; turn < STARTS; turn += 1) {
    const { milliseconds, cpuMs, emptyMs } = await measureStart('build/bench-edge');
    say(
      `  start to first sealed batch, of which up to 500 ms are the wait for one: ${milliseconds.toFixed(0)} ms, ` +
        `${cpuMs.toFixed(0)} ms of CPU; an empty Node starts in ${emptyMs.toFixed(0)} ms beside it`,
    );
  }
}

const STARTS = 3;

function fences(): void {
  say('fence check, 10,000 polygons of 24 corners');
  for (const { name, microseconds, near } of measureFences()) {
    say(`  ${microseconds.toFixed(2)} us: ${name} (${(100 * near).toFixed(0)} % near one)`);
  }
}

async function edgeMemory(): Promise<void> {
  const { connectedMb, afterMb, peakMb, framesFed, framesAdmitted, seconds } = await measureMemory('build/bench-edge');
  say(
    `edge process, an hour of 1 Hz fixes and signals in ${seconds.toFixed(1)} s (${framesFed} fed, ${framesAdmitted} admitted): ` +
      `${afterMb.toFixed(1)} MB resident, ${connectedMb.toFixed(1)} before, ${peakMb.toFixed(1)} at most`,
  );
}

async function backlog(): Promise<void> {
  const { backlogMb, backlogFrames, seconds, liveFrames } = await measureBacklog('build/bench-edge', BACKLOG_BYTES);
  say(
    `backlog of one vehicle: ${backlogMb.toFixed(1)} MB (${count(backlogFrames)} frames) drained in ${seconds.toFixed(1)} s ` +
      `(${(backlogMb / seconds).toFixed(1)} MB/s) with ${liveFrames} live frames beside it`,
  );
}

async function imagery(): Promise<void> {
  const { picture, fileBytes, mosaicBytes, picturesPerSecond, cpuMsPerPicture, blocksMsPerPicture } =
    await measureMosaic();
  say(
    `mosaic of a 720p picture, decoding included: ${picturesPerSecond.toFixed(1)} a second one after the other, ` +
      `${cpuMsPerPicture.toFixed(1)} ms of CPU each (${((100 * cpuMsPerPicture) / 10_000).toFixed(2)} % of a core at one each 10 s), ` +
      `blocks alone ${blocksMsPerPicture.toFixed(1)} ms; ${count(fileBytes)} bytes in, ${mosaicBytes} out (${picture})`,
  );
  for (const { subject, known, heightPx, raw, mosaic, tries } of await measureLinks()) {
    say(
      `  told apart by one who has all ${known} photographs, ${heightPx} px high in 1280 x 720, ${tries} tries: ${subject}s ` +
        `${(100 * raw).toFixed(0)} % by the picture, ${(100 * mosaic).toFixed(0)} % by the mosaic, ${(100 / known).toFixed(0)} % by guessing`,
    );
  }
  const recalls = await measureRecall();
  say(
    recalls.length === 0
      ? 'recall of detectors: not measured (needs ../shared/data/images, @techstark/opencv-js and the cascades of opencv-data)'
      : `recall of detectors: labelled regions filled to ${100 * REMOVED_PART_MIN} % and more, where GB/T 44464 asks for >= 90 % of them`,
  );
  for (const { name, subject, labelled, removed, beside, pictures, secondsPerMegapixel } of recalls) {
    say(
      `  ${((100 * removed) / labelled).toFixed(0)} % of ${labelled} ${subject}s (asked: 90 %): ${name}, ${removed} removed, ` +
        `${beside} boxes beside in ${pictures} pictures, ${secondsPerMegapixel.toFixed(2)} s a megapixel`,
    );
  }
}

async function parcels(): Promise<void> {
  say('parcels, by the clock and of CPU; copy = the same readings as JSON lines, hashed and synced, by one thread');
  for (const [vehicles, framesADay] of PARCEL_ZONES) {
    for (const one of await measureParcels('build/bench-parcels', vehicles, framesADay)) {
      const { name, threads, rows, rowsPerSecond: built, copyRowsPerSecond: copied, bytesPerRow } = one;
      say(
        `  ${ratio(built.clock / copied.clock)} of a copy by the clock, ${ratio(built.cpu / copied.cpu)} by CPU: ${name}, ` +
          `${framesADay} frames a day, threads ${threads}, ${count(rows)} readings, ${count(built.clock)} a second, ` +
          `${count(built.cpu)} of CPU, copy ${count(copied.clock)} and ${count(copied.cpu)}, ` +
          `${bytesPerRow.toFixed(1)} B a row of Parquet`,
      );
    }
  }
}

function classification(): void {
  say('classification and partition, one core, every row loaded, against a bare copy of the same records');
  for (const [copy, ...ways] of measureClassification()) {
    if (copy === undefined) continue;
    for (const { name, recordsPerSecond, microseconds } of ways)
      say(
        `  ${ratio(recordsPerSecond / copy.recordsPerSecond)} of ${copy.name} (${count(copy.recordsPerSecond)}/s): ` +
          `${name}, ${count(recordsPerSecond)} records/s, ${microseconds.toFixed(2)} us each`,
      );
  }
  const { mb, bytesEach } = measureVehicles(VEHICLES);
  say(`  ${mb.toFixed(1)} MB for the aggregates of ${count(VEHICLES)} vehicles, ${bytesEach.toFixed(1)} bytes each`);
  const { records, vehicles, liveSeconds, offlineSeconds, restartSeconds } = measureAgreement(
    'build/bench-data',
    VEHICLES,
  );
  say(
    `  ${count(records)} records of ${count(vehicles)} vehicles agree row for row, live (${liveSeconds.toFixed(1)} s with their commits) and as ` +
      `lines in the opposite order (${offlineSeconds.toFixed(1)} s); read again after a restart in ${restartSeconds.toFixed(2)} s`,
  );
}

function terminals(): void {
  say('terminals, one core, against JSON.parse of the same values');
  for (const { decoding, json } of measureDecoding()) {
    const { name, framesPerCoreSecond, bytesEach } = decoding;
    const against = ratio(framesPerCoreSecond / json.framesPerCoreSecond);
    const each = `${bytesEach.toFixed(0)} bytes each; JSON ${count(json.framesPerCoreSecond)}/s`;
    say(`  ${against}: ${name}, ${count(framesPerCoreSecond)} frames/s of CPU, ${each}`);
  }
  for (const { protocol, causes, unlike, heapGrownMb } of soakDecoding())
    say(
      `  ${protocol}, spoilt: ${JSON.stringify(causes)}, ${unlike} not written again, heap ${heapGrownMb.toFixed(1)} MB more`,
    );
}

async function fleet(): Promise<void> {
  const { vehicles, batchesPerCoreSecond, coreShare, residentMb, bytesPerBatch } = measureFleet(FLEET_VEHICLES);
  say(`simulated fleet: ${count(vehicles)} vehicles in one process, each batch signed by the key of its vehicle`);
  say(
    `  ${ratio(1 / coreShare)} of what one frame a minute takes: ${count(batchesPerCoreSecond)} batches/s of CPU, ${bytesPerBatch.toFixed(0)} bytes each, ` +
      `${residentMb[0]} MB resident after the first minute, ${residentMb[1]} MB after the last`,
  );
  const over = await measureSent(SENT_VEHICLES, 16);
  if (over === undefined) say('  over MQTT: not measured, mosquitto is missing (Debian: mosquitto)');
  else
    say(
      `  over MQTT, ${count(over.vehicles)} vehicles on ${over.connections} connections: ${ratio((over.framesPerCoreSecond * 60) / FLEET_VEHICLES)} of what ${count(FLEET_VEHICLES)} at one frame a minute take, ` +
        `${count(over.framesPerCoreSecond)} frames/s of CPU acknowledged, ${over.residentMb[0]} MB resident before the first and ${over.residentMb[1]} MB after the last`,
    );
  const { cpuSeconds, frames } = measureYear();
  say(`  a year of one vehicle in ${cpuSeconds.toFixed(1)} s of CPU, ${count(frames)} frames (asked: 30 s)`);
}

async function connected(): Promise<void> {
  const seen = await measureConnected('build/bench-terminals', TERMINALS);
  const { terminals, sent, acknowledged, stored, inZone, broken, connectedMost, peakMb, cpuMsPerFrame } = seen;
  say(
    `terminals of GB/T 32960 connected to one cloud, a frame in 10 s each: ${count(terminals)}, at most ${count(connectedMost)} at once; ` +
      `sent ${sent}, acknowledged ${acknowledged}, stored ${stored}, in the zone ${inZone}, ${broken} connections broken; ` +
      `${peakMb.toFixed(0)} MB at most, ${cpuMsPerFrame.toFixed(2)} ms of CPU a frame`,
  );
}

const TERMINALS = 10_000;

/** `--only NAME` runs one of them. */
const PARTS: Readonly<Record<string, () => void | Promise<void>>> = {
  ...{ api, console: pages },
  ...{ fences, edge, samples, imagery, edgeMemory, edgeProcess, backlog, ingest, parcels, classification },
  ...{ fleet, verdicts, terminals, connected, kafka, distinct, held, log, export: exported, pull: pulled, capture },
};

const only = process.argv[2] === '--only' ? process.argv.slice(3) : Object.keys(PARTS);
for (const name of only) await PARTS[name]?.();
process.exit(0);
