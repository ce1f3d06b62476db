import { existsSync, statSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import type { z } from 'zod';
import { checkOperatorFiles } from '../../cloud/composition/check-operator-files.ts';
import { CloudConfig } from '../../cloud/config/config.ts';
import { ExporterConfigSchema } from '../../cloud/exporter/config.ts';
import { ReceiverConfigSchema } from '../../cloud/exporter/receiver/config.ts';
import { EdgeConfig } from '../../edge/config.ts';
import { type LoadedConfig, readConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { bilingual } from '../../proto/words/fault.ts';
import type { Instant } from '../../proto/words/time.ts';
import { checkBorderPair } from './border-pair.ts';
import { checkDatabase } from './database.ts';
import { checkEndpoint } from './endpoints.ts';
import { checkCertificate, checkSecret } from './files.ts';
import { type Finding, good, ill } from './finding.ts';
import { checkMachine, type Machine } from './machine.ts';
import { checkCaptures, checkDirectory, checkLog, checkPort } from './places.ts';
import { checkRecordLog } from './record-log.ts';
import { type Subjects, subjectsOfCloud, subjectsOfEdge, subjectsOfExporter, subjectsOfReceiver } from './subjects.ts';

/** Configuration files by role; a role without one is not looked at. */
export interface Patients {
  readonly cloud?: string;
  readonly exporter?: string;
  readonly receiver?: string;
  readonly edge?: string;
}

export interface DoctorParts extends Pick<RoleSurroundings, 'environment'> {
  readonly machine: Machine;
  readonly now: Instant;
  /** Addresses of a name; nobody is asked where it is left out. */
  readonly resolve?: (name: string) => Promise<readonly string[]>;
}

/** Files of `tongguan up` below its data directory; an empty start has no recipient. */
export function patientsOf(data: string): Patients {
  const receiver = join(data, 'config', 'receiver.yaml');
  return {
    cloud: join(data, 'config', 'cloud.yaml'),
    exporter: join(data, 'config', 'exporter.yaml'),
    ...(existsSync(receiver) && { receiver }),
  };
}

/** Looks at the machine and at all that the files name; starts, changes and sends nothing. */
export async function examine(patients: Patients, parts: DoctorParts): Promise<readonly Finding[]> {
  const found: Finding[] = [...checkMachine(parts.machine)];
  const load = <T>(schema: z.ZodType<T>, role: keyof Patients): LoadedConfig<T> | undefined =>
    loadRole(schema, role, patients[role], parts, found);
  const cloud = load(CloudConfig, 'cloud');
  const exporter = load(ExporterConfigSchema, 'exporter');
  const receiver = load(ReceiverConfigSchema, 'receiver');
  const edge = load(EdgeConfig, 'edge');
  const mainland = cloud?.config.access?.mainland ?? [];
  const look = async (role: keyof Patients, subjects: Subjects | undefined): Promise<void> => {
    const own = await examineSubjects(subjects, mainland, parts);
    found.push(...own.map((finding) => ({ ...finding, about: `${role} ${finding.about}`.trimEnd() })));
  };
  await look('cloud', cloud && subjectsOfCloud(cloud.config, cloud.path));
  if (cloud !== undefined) {
    for (const { problem, remedy } of checkOperatorFiles(cloud))
      found.push(ill('bad', 'config', 'cloud', problem, remedy));
    found.push(...(await checkRecordLog(cloud)));
    found.push(...(await checkDatabase(cloud, { now: () => parts.now })));
  }
  await look('exporter', exporter && subjectsOfExporter(exporter.config, exporter.path));
  await look('receiver', receiver && subjectsOfReceiver(receiver.config, receiver.path));
  await look('edge', edge && subjectsOfEdge(edge.config, edge.path));
  if (cloud !== undefined && exporter !== undefined) found.push(...checkBorderPair(cloud, exporter));
  return found;
}

function loadRole<T>(
  schema: z.ZodType<T>,
  role: keyof Patients,
  file: string | undefined,
  { environment }: DoctorParts,
  found: Finding[],
): LoadedConfig<T> | undefined {
  if (file === undefined) return undefined;
  const loaded = readConfig(schema, file, role, environment);
  if (loaded.ok) {
    found.push(good('config', role, bilingual(`\`${file}\` is good`, `\`${file}\` 无误`)));
    return loaded.value;
  }
  for (const { problem, remedy } of loaded.fault) found.push(ill('bad', 'config', role, problem, remedy));
  return undefined;
}

async function examineSubjects(
  subjects: Subjects | undefined,
  mainland: readonly string[],
  { now, resolve }: DoctorParts,
): Promise<readonly Finding[]> {
  if (subjects === undefined) return [];
  const running = await Promise.all(subjects.sockets.map(({ file }) => answers(file)));
  const isRunning = running.includes(true);
  const sockets = subjects.sockets.map(({ key }) =>
    good('socket', key, isRunning ? bilingual('it runs', '正在运行') : bilingual('it does not run', '未运行')),
  );
  return [
    ...sockets,
    ...subjects.secrets.map(checkSecret),
    ...subjects.certificates.flatMap((one) => checkCertificate(one, now)),
    ...subjects.directories.flatMap(checkDirectory),
    ...(await Promise.all(subjects.listens.map((one) => checkPort(one, isRunning || subjects.sockets.length === 0)))),
    ...subjects.logs.map(checkLog),
    ...(subjects.captures === undefined ? [] : [checkCaptures(subjects.captures)]),
    ...(await Promise.all(subjects.endpoints.map((one) => checkEndpoint(one, mainland, resolve)))),
  ];
}

/** How long a socket is given to answer, milliseconds. */
const ANSWER_MS_MAX = 2_000;

function answers(socket: string): Promise<boolean> {
  if (statSync(socket, { throwIfNoEntry: false }) === undefined) return Promise.resolve(false);
  return new Promise((resolve) => {
    const connection = createConnection(socket);
    const end = (answer: boolean): void => {
      connection.destroy();
      resolve(answer);
    };
    connection.once('connect', () => end(true));
    connection.once('error', () => end(false));
    connection.setTimeout(ANSWER_MS_MAX, () => end(false));
  });
}
