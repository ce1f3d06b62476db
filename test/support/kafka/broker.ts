import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';

/** Where `make integration` puts the broker's jars. */
const JARS = 'build/kafka/broker';

/** Why no test here can run, or undefined. Only `make integration` asks for them: a broker takes seconds and memory. */
export function whyNoKafka(): string | undefined {
  if (process.env['TONGGUAN_INTEGRATION'] !== '1') return 'run by `make integration`';
  if (!existsSync(`${JARS}/.fetched`)) return 'jars of Apache Kafka are missing: `make integration` fetches them';
  if (!existsSync('node_modules/node-rdkafka')) return 'node-rdkafka is missing: `make integration` builds it';
  const missing = [['java', '-version'] as const, ['kcat', '-V'] as const].find(
    ([program, ask]) => spawnSync(program, [ask]).error !== undefined,
  );
  return missing === undefined ? undefined : `${missing[0]} is missing`;
}

export interface TestBroker {
  /** host:port */
  readonly address: string;
  readonly port: number;
  readonly start: () => Promise<void>;
  /** SIGKILL. */
  readonly kill: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const STARTED_MS_MAX = 60_000;
const LOOK_EVERY_MS = 100;

/** A real broker that is its own controller (KRaft), in a directory of its own; not started yet. */
export async function testBroker(directory: string): Promise<TestBroker> {
  const [port, controllerPort] = [await freePort(), await freePort()];
  const properties = join(directory, 'server.properties');
  mkdirSync(directory, { recursive: true });
  writeFileSync(properties, settings({ directory: join(directory, 'log'), port, controllerPort }));
  java(['kafka.tools.StorageTool', 'format', '-t', 'AAAAAAAAQAGAAAAAAAAAAQ', '-c', properties]);
  let running: ChildProcess | undefined;
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    const ending = running;
    running = undefined;
    if (ending === undefined || ending.exitCode !== null) return;
    const ended = new Promise((resolve) => ending.once('exit', resolve));
    ending.kill(signal);
    await ended;
  };
  return {
    address: `127.0.0.1:${port}`,
    port,
    start: async () => {
      const out = openSync(join(directory, 'out.txt'), 'a');
      const started = spawn('java', [...JAVA, 'kafka.Kafka', properties], { stdio: ['ignore', out, out] });
      running = started;
      for (let waited = 0; !(await isServing(port)); waited += LOOK_EVERY_MS) {
        if (started.exitCode !== null || waited > STARTED_MS_MAX)
          throw new Error(`the broker did not start: ${directory}/out.txt`);
        await after(LOOK_EVERY_MS);
      }
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}

const JAVA = [
  '-Xmx384m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  '-cp',
  `${JARS}/*`,
];

function java(args: readonly string[]): void {
  const { status, stderr } = spawnSync('java', [...JAVA, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args[0]}: ${stderr}`);
}

/** Whoever sends and reads in this process goes on meanwhile. */
async function isServing(port: number): Promise<boolean> {
  const asking = spawn('kcat', ['-b', `127.0.0.1:${port}`, '-L', '-m', '1'], { stdio: 'ignore', timeout: 3_000 });
  const [status] = await once(asking, 'exit');
  return status === 0;
}

/** Values of all records of a topic that were committed, in the order of their partitions. @param address - host:port */
export function readTopic(address: string, topic: string): readonly Buffer[] {
  const { stdout, status, stderr } = spawnSync(
    'kcat',
    ['-C', '-e', '-q', '-b', address, '-t', topic, '-f', '%S\n%s', '-X', 'isolation.level=read_committed'],
    { maxBuffer: READ_BYTES_MAX },
  );
  if (status !== 0) throw new Error(String(stderr));
  const records: Buffer[] = [];
  for (let at = 0; at < stdout.length; ) {
    const line = stdout.indexOf(10, at);
    const end = line + 1 + Number(stdout.toString('latin1', at, line));
    records.push(stdout.subarray(line + 1, end));
    at = end;
  }
  return records;
}

const READ_BYTES_MAX = 256 * 1_048_576;

function settings({
  directory,
  port,
  controllerPort,
}: {
  readonly directory: string;
  readonly port: number;
  readonly controllerPort: number;
}): string {
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${controllerPort}`,
    `listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    `advertised.listeners=PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names=CONTROLLER',
    `log.dirs=${directory}`,
    'offsets.topic.replication.factor=1',
    'offsets.topic.num.partitions=4',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'transaction.state.log.num.partitions=4',
    'group.initial.rebalance.delay.ms=0',
    // A broker that was killed is let in again only when its old session is over (9 s unless told), and what a killed worker
    // left open is looked for every 10 s.
    'broker.session.timeout.ms=2000',
    'broker.heartbeat.interval.ms=500',
    'transaction.abort.timed.out.transaction.cleanup.interval.ms=1000',
    'auto.create.topics.enable=false',
    '',
  ].join('\n');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
