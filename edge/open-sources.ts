import type { Readable } from 'node:stream';
import type { LoadedConfig } from '../proto/config/read-config.ts';
import type { Fault } from '../proto/words/fault.ts';
import { ok, type Result } from '../proto/words/result.ts';
import type { Clock, Instant } from '../proto/words/time.ts';
import { listenToBus } from './adapters/candump-process.ts';
import { subscribeToKuksa } from './adapters/kuksa-source.ts';
import { subscribeToBroker } from './adapters/mqtt-source.ts';
import { readTexts } from './adapters/text-files.ts';
import type { EdgeConfig } from './config.ts';
import { openBus } from './open-bus.ts';
import type { FrameSource, FrameSourceEvents } from './ports/frame-source.ts';
import type { SeenFiles } from './ports/seen-files.ts';
import type { SourceConfig } from './source-config.ts';
import type { TranslatorSettings } from './sources/can/translate-frames.ts';
import { readCandumpFile } from './sources/candump-file-source.ts';
import { listenForPictures, watchPictures } from './sources/image-source.ts';
import { listenForFrames, readFrames } from './sources/ndjson-source.ts';
import { createPace, type Pace } from './sources/pace.ts';
import { watchPointClouds } from './sources/point-cloud-source.ts';
import { readTraceFile } from './sources/trace-file-source.ts';

export interface SourceSurroundings {
  readonly clock: Clock;
  readonly stdin: Readable;
  /** Which files a source has read already; without it a directory that is left as it is is read again. */
  readonly seenFiles?: ((directory: string) => SeenFiles) | undefined;
}

type Opened = Result<FrameSource, Fault>;
type PathOf = LoadedConfig<EdgeConfig>['path'];

/**
 * Opens every source of a vehicle. `onEnd` comes once, when the last of them has ended; one without an end keeps it back.
 *
 * @returns the fault of the first that cannot be opened; those before it are closed again
 * @throws the system's error, of a socket that cannot be made
 */
export async function openSources(
  { config, path }: Pick<LoadedConfig<EdgeConfig>, 'config' | 'path'>,
  around: SourceSurroundings,
  events: FrameSourceEvents,
): Promise<Opened> {
  const wanted = config.sources ?? (config.source === undefined ? [] : [config.source]);
  const opened: FrameSource[] = [];
  const close = async (): Promise<void> => {
    for (const source of opened) await source.close();
  };
  let running = wanted.length;
  for (const one of wanted) {
    let hasEnded = false;
    const onEnd = (): void => {
      if (hasEnded) return;
      hasEnded = true;
      running -= 1;
      if (running === 0) events.onEnd();
    };
    const source = await openSource(one, path, around, { ...events, onEnd }).catch(async (cause: unknown) => {
      await close();
      throw cause;
    });
    if (!source.ok) {
      await close();
      return source;
    }
    opened.push(source.value);
  }
  return ok({ close });
}

async function openSource(
  config: SourceConfig,
  path: PathOf,
  around: SourceSurroundings,
  events: FrameSourceEvents,
): Promise<Opened> {
  switch (config.kind) {
    case 'unix-socket':
      return ok(await listenForFrames(path(config.path), config.writers, events));
    case 'stdin':
      return ok(readFrames(around.stdin, events));
    case 'candump-file': {
      const bus = readBus(config, path);
      if (!bus.ok) return bus;
      const startAt = config.startAt === undefined ? undefined : (Date.parse(config.startAt) as Instant);
      const pace = paceOf(config.pace, around.clock);
      const settings = { ...bus.value, file: path(config.file), startAt, interface: config.interface, pace };
      return ok(readCandumpFile(settings, events));
    }
    case 'socketcan': {
      const bus = readBus(config, path);
      if (!bus.ok) return bus;
      return ok(listenToBus({ ...bus.value, interface: config.interface, program: config.program }, events));
    }
    case 'mqtt':
      return openBroker(config, path, events);
    case 'kuksa':
      return openKuksa(config, path, around.clock, events);
    case 'trace-file':
      return ok(
        readTraceFile(
          {
            file: path(config.file),
            vehicle: config.vehicle,
            clock: around.clock,
            pace: paceOf(config.pace, around.clock),
          },
          events,
        ),
      );
    case 'image-directory':
      return watchPictures(watchedOf(config, path, around), config, events);
    case 'image-socket':
      return ok(await listenForPictures({ ...config, path: path(config.path) }, around.clock, events));
    case 'point-cloud-directory': {
      const sensor = { sensor: config.sensor, georeferenced: config.frame === 'georeferenced' };
      return watchPointClouds(watchedOf(config, path, around), sensor, events);
    }
  }
}

const paceOf = (times: number | undefined, clock: Clock): Pace | undefined =>
  times === undefined ? undefined : createPace(times, clock);

function watchedOf(
  { path: named, after, pollMs }: Extract<SourceConfig, { readonly after: string }>,
  path: PathOf,
  { seenFiles }: SourceSurroundings,
) {
  const directory = path(named);
  return { directory, after, pollMs, seen: after === 'leave' ? seenFiles?.(directory) : undefined };
}

function readBus(
  { dbcFile, mappingFile, intervalMs }: Extract<SourceConfig, { readonly kind: 'candump-file' | 'socketcan' }>,
  path: PathOf,
): Result<TranslatorSettings, Fault> {
  const bus = openBus(path(dbcFile), path(mappingFile));
  return bus.ok ? ok({ ...bus.value, intervalMs }) : bus;
}

function openBroker(
  { url, topics, clientId, username, ...files }: Extract<SourceConfig, { readonly kind: 'mqtt' }>,
  path: PathOf,
  events: FrameSourceEvents,
): Opened {
  const texts = readTexts(
    {
      authority: files.authorityFile,
      certificate: files.certificateFile,
      key: files.keyFile,
      password: files.passwordFile,
    },
    path,
  );
  if (!texts.ok) return texts;
  const password = texts.value.password?.trimEnd();
  return ok(subscribeToBroker({ url, topics, clientId, username, ...texts.value, password }, events));
}

async function openKuksa(
  { databroker, paths, intervalMs, ...files }: Extract<SourceConfig, { readonly kind: 'kuksa' }>,
  path: PathOf,
  clock: Clock,
  events: FrameSourceEvents,
): Promise<Opened> {
  const texts = readTexts(
    {
      authority: files.authorityFile,
      certificate: files.certificateFile,
      key: files.keyFile,
      token: files.tokenFile,
    },
    path,
  );
  if (!texts.ok) return texts;
  const { token, ...tls } = texts.value;
  const address = databroker.replace(/^https?:\/\//, '');
  const settings = { address, paths, intervalMs, token: token?.trim(), clock };
  return subscribeToKuksa(databroker.startsWith('https:') ? { ...settings, tls } : settings, events);
}
