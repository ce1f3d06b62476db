import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { parse, stringify } from 'yaml';
import type { CloudStatus } from '../../../cloud/status.ts';
import type { FleetStatus } from '../../../edge/status.ts';
import {
  encodePolicyBundle,
  encodeSignedPolicyBundle,
  IMAGERY_SETTINGS,
  POSITION_PRESETS,
  PURPOSE_CONSENTS,
  TAG_ROTATIONS,
} from '../../../proto/codec/control-codec.ts';
import { signedBytes } from '../../../proto/codec/signed-bytes.ts';
import { sharpCodec } from '../../../proto/imagery/sharp-codec.ts';
import { assert } from '../../../proto/words/result.ts';
import { noise, resized } from '../../support/imagery/made-pictures.ts';
import { hasPictures, pictureFile } from '../../support/imagery/shared-pictures.ts';
import { BUS_PATHS, busFrame, rawFix } from './raw-frames.ts';
import { type OneVehicle, provisionOne, type Role, start } from './roles.ts';

/** What a real `tongguan edge` takes while it lives as a vehicle would have it. MB are 10^6 bytes. */
export interface EdgeProcess {
  /** CPU time of the process, all threads, over the time by the clock. */
  readonly coreShare: number;
  readonly residentMb: number;
  readonly peakMb: number;
  readonly seconds: number;
  readonly framesSealed: number;
  readonly picturesTaken: number;
}

const FIXES_HZ = 10;
const SIGNALS_HZ = 200;
const PICTURE_EVERY_MS = 10_000;
const STEP_MS = 1_000 / FIXES_HZ;

/** The first picture and everything that is compiled when it is first used lie in the warm-up. */
const WARM_UP_MS = 25_000;
const WINDOW_MS = 60_000;

/**
 * 10 fixes and 200 lines of one signal a second through the socket, and a picture of 1280 x 720 each 10 s into a directory,
 * with a cloud beside it that acknowledges; Linux only, since the figures are the kernel's.
 */
export async function measureProcess(directory: string): Promise<EdgeProcess> {
  const vehicle = await provisionOne(directory);
  const cameras = resolve(directory, 'camera');
  prepare(vehicle, cameras);
  const cloud = start<CloudStatus>(['cloud', '--config', vehicle.cloudConfig], {});
  const { port } = await cloud.until((status) => status.port > 0);
  const edge = start<FleetStatus>(['edge', '--config', vehicle.edgeConfig], {
    TONGGUAN_EDGE__UPLINK__URL: `mqtts://127.0.0.1:${port}`,
  });
  await edge.until((status) => status.connected === 1);
  const feed = await feedLive(vehicle.socket, cameras, await picture());
  await sleep(WARM_UP_MS);
  const [cpuBefore, startedAt] = [cpuSeconds(edge.pid), performance.now()];
  await sleep(WINDOW_MS);
  const [cpuAfter, seconds] = [cpuSeconds(edge.pid), (performance.now() - startedAt) / 1_000];
  const { residentMb, peakMb } = sizes(edge.pid);
  const picturesTaken = feed.stop() - readdirSync(cameras).length;
  const { framesSealed, removed } = await edge.until(() => true);
  // A picture that could not be decoded would cost little and be counted.
  assert(removed['image-decoder-missing'] === undefined, 'sharp is installed');
  await edge.stop();
  await cloud.stop();
  rmSync(directory, { recursive: true, force: true });
  return { coreShare: (cpuAfter - cpuBefore) / seconds, residentMb, peakMb, seconds, framesSealed, picturesTaken };
}

/** From the start of a process of the agent to a sealed batch beside it, with a writer that is there already. */
export interface EdgeStart {
  readonly milliseconds: number;
  readonly cpuMs: number;
  /** An empty program of Node, at the same moment on the same machine. */
  readonly emptyMs: number;
}

export async function measureStart(directory: string): Promise<EdgeStart> {
  const vehicle = await provisionOne(directory);
  prepare(vehicle, resolve(directory, 'camera'));
  const sealed = join(directory, 'sealed');
  mkdirSync(sealed);
  const emptyAt = performance.now();
  spawnSync(process.execPath, ['-e', '0']);
  const startedAt = performance.now();
  const edge: Role<FleetStatus> = start(['edge', '--config', vehicle.edgeConfig, '--seal-to', sealed], {});
  const socket = await connected(vehicle.socket);
  for (let second = 0; second < 10; second += 1) socket.write(lineOf(busFrame(second, Date.now())));
  while (readdirSync(sealed).length === 0) await sleep(2);
  const milliseconds = performance.now() - startedAt;
  const cpuMs = cpuSeconds(edge.pid) * 1_000;
  socket.destroy();
  await edge.stop();
  rmSync(directory, { recursive: true, force: true });
  return { milliseconds, cpuMs, emptyMs: startedAt - emptyAt };
}

/** A policy of preset `fleet` with mosaics, signed by a key of its own, and a directory of pictures beside the socket. */
function prepare({ edgeConfig }: OneVehicle, cameras: string): void {
  mkdirSync(cameras, { recursive: true });
  const config = parse(readFileSync(edgeConfig, 'utf8')) as EdgeYaml;
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(config.policy.publicKeyFile, publicKey.export({ type: 'spki', format: 'pem' }));
  const bundle = encodePolicyBundle({
    ...{ id: 'bench', version: 1, notBeforeMs: Date.now() - 60_000, expiresAtMs: Date.now() + 86_400_000 },
    allowedPaths: BUS_PATHS,
    purposes: [{ id: 'bench', consent: PURPOSE_CONSENTS.none, expiresAtMs: Date.now() + 86_400_000 }],
    pathPurposes: new Uint8Array(BUS_PATHS.length).fill(1),
    kindPurposes: { cells: 1, trips: 1, exteriorImages: 1 },
    preset: POSITION_PRESETS.fleet,
    tagRotation: TAG_ROTATIONS.daily,
    imagery: IMAGERY_SETTINGS.mosaic,
    sensorIntervalS: 10,
  });
  const signature = sign(null, signedBytes('policy', bundle), privateKey);
  writeFileSync(config.policy.bundleFile, encodeSignedPolicyBundle({ bundle, signature }));
  const { source, ...rest } = config;
  const camera = { kind: 'image-directory', path: cameras, camera: 'front', place: 'exterior', after: 'delete' };
  writeFileSync(edgeConfig, stringify({ ...rest, vehicleTime: 'system', sources: [source, camera] }));
}

interface EdgeYaml {
  readonly source: object;
  readonly policy: { readonly bundleFile: string; readonly publicKeyFile: string };
}

async function feedLive(path: string, cameras: string, file: Uint8Array): Promise<{ readonly stop: () => number }> {
  const socket = await connected(path);
  let [step, pictures] = [0, 0];
  const fixes = setInterval(() => {
    const now = Date.now();
    const signals = Array.from({ length: SIGNALS_HZ / FIXES_HZ }, (_, at) => lineOf(busFrame(step * 20 + at, now)));
    socket.write([lineOf({ ...rawFix(step / FIXES_HZ, 0), at: now }), ...signals].join(''));
    step += 1;
  }, STEP_MS);
  const look = (): void => {
    pictures += 1;
    writeFileSync(join(cameras, `.${pictures}.jpg`), file);
    renameSync(join(cameras, `.${pictures}.jpg`), join(cameras, `${pictures}.jpg`));
  };
  look();
  const looks = setInterval(look, PICTURE_EVERY_MS + 50);
  return {
    stop: () => {
      clearInterval(fixes);
      clearInterval(looks);
      socket.end();
      return pictures;
    },
  };
}

const lineOf = (frame: { readonly at: number }): string =>
  `${JSON.stringify({ ...frame, at: new Date(frame.at).toISOString() })}\n`;

async function picture(): Promise<Uint8Array> {
  const codec = sharpCodec();
  const source = hasPictures ? await codec.decode(pictureFile('hyperlpr_test_img.jpg')) : undefined;
  const pixels = source?.ok ? source.value : resized(noise(160, 90, 1), 1_280, 720);
  const file = await codec.encodeJpeg(pixels, { width: 1_280, height: 720, quality: 85 });
  assert(file.ok, 'sharp is installed');
  return file.value;
}

/** Asks until the agent listens. */
async function connected(path: string): Promise<Socket> {
  for (;;) {
    const socket = connect(path);
    try {
      await once(socket, 'connect');
      return socket;
    } catch {
      await sleep(2);
    }
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Ticks of the kernel, of which there are 100 a second wherever this runs. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** The kernel counts in KiB. */
function sizes(pid: number): { readonly residentMb: number; readonly peakMb: number } {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  const read = (name: string): number => (Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(text)?.[1]) * 1_024) / 1e6;
  return { residentMb: read('VmRSS'), peakMb: read('VmHWM') };
}
