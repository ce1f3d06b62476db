import { setFlagsFromString } from 'node:v8';
import { readConfig } from '../proto/config/read-config.ts';
import { EXIT, REPORT_INTERVAL_MS, type RoleSurroundings } from '../proto/config/role.ts';
import { bilingual, causeText, type Fault, renderFault } from '../proto/words/fault.ts';
import { startSelfCheck } from './adapters/self-check.ts';
import { spoolLine } from './capacity.ts';
import { EdgeConfig } from './config.ts';
import { readIdentity } from './identity.ts';
import { type AgentSurroundings, type RunningAgent, runAgent } from './run-agent.ts';
import { endpointsOf } from './self-check/endpoints.ts';
import { parseSeconds } from './self-check/parse-duration.ts';
import { addUp, type FleetStatus } from './status.ts';

/** Agents one process may run; more than one is for simulated fleets. */
const AGENTS_MAX = 2_000;

/** How often the state of the spool is told. */
const SPOOL_TOLD_MS = 600_000;

/** After a source that ends, so long is waited for the cloud to take what is spooled. */
const DRAIN_MS_MAX = 60_000;

/**
 * `tongguan edge --config FILE...`: runs one agent a file until asked to stop, or until its standard input has ended and
 * the cloud has everything.
 *
 * @param sealTo - directory to write batches into instead of sending them
 * @returns exit status: 0 stopped, 1 a fault, 2 a configuration that is wrong
 */
export async function runEdge(
  configFiles: readonly string[],
  around: RoleSurroundings,
  sealTo?: string,
): Promise<number> {
  if (configFiles.length === 0 || configFiles.length > AGENTS_MAX) {
    around.err(`usage: tongguan edge --config FILE... (1 to ${AGENTS_MAX} files)`);
    return EXIT.usage;
  }
  if (configFiles.length === 1) keepSmall();
  const agents: RunningAgent[] = [];
  const status = (): FleetStatus => addUp(agents.map((agent) => agent.status()));
  let sourceEnded = false;
  const stop = async (exit: number): Promise<number> => {
    for (const agent of agents) await agent.stop();
    return exit;
  };
  const onEnd = (): void => {
    sourceEnded = true;
  };
  for (const file of configFiles) {
    const started = await startOne(file, { ...around, onFault: around.fault, onEnd, sealTo }, around);
    if (typeof started === 'number') return stop(started);
    agents.push(started);
  }
  around.err(`edge: ${agents.length} agent(s) running`);
  await untilOver(status, () => sourceEnded, around);
  for (const agent of agents) agent.flush();
  around.report(status());
  return stop(EXIT.done);
}

/**
 * `tongguan edge --config FILE --self-check TIME`: runs the agents so long and watches whom this process connects to. The report
 * is one JSON object on standard output.
 *
 * @param sealTo - as `runEdge` has it: batches are then written and not sent
 * @returns exit status: 0 nobody but configured endpoints, 1 somebody else or a fault, 2 usage
 */
export async function runSelfCheck(
  configFiles: readonly string[],
  time: string,
  around: RoleSurroundings,
  sealTo?: string,
): Promise<number> {
  const seconds = parseSeconds(time);
  if (seconds === undefined) {
    around.err('usage: --self-check takes a time such as 90s, 15m or 2h');
    return EXIT.usage;
  }
  const configs = configFiles.map((file) => readConfig(EdgeConfig, file, 'edge', around.environment));
  const check = await startSelfCheck(configs.flatMap((read) => (read.ok ? endpointsOf(read.value.config) : [])));
  const startedAt = around.clock.now();
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, seconds * 1_000);
  });
  const stopRequested = Promise.race([over, around.stopRequested]);
  const exit = await runEdge(configFiles, { ...around, stopRequested }, sealTo);
  clearTimeout(timer);
  const report = check.report((around.clock.now() - startedAt) / 1_000);
  check.stop();
  around.out(JSON.stringify(report));
  return exit === EXIT.done && !report.ok ? EXIT.fault : exit;
}

/**
 * A TCU has little memory and one vehicle little to do. The space for new objects stays at the size it starts with, instead
 * of growing to three times 16 MB under a burst; garbage is collected more often for it (docs/adr/0017).
 */
function keepSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--optimize-for-size');
}

/** Reports until asked to stop, or until the source has ended and the cloud has everything. */
function untilOver(status: () => FleetStatus, hasEnded: () => boolean, around: RoleSurroundings): Promise<void> {
  let endedAt: number | undefined;
  const tell = spoolTeller(around);
  return new Promise((resolve) => {
    const finish = (): void => {
      clearInterval(timer);
      resolve();
    };
    const timer = setInterval(() => {
      const now = status();
      around.report(now);
      tell(now);
      if (!hasEnded()) return;
      endedAt ??= around.clock.now();
      if (now.framesWaiting === 0 || around.clock.now() - endedAt >= DRAIN_MS_MAX) finish();
    }, REPORT_INTERVAL_MS);
    void around.stopRequested.then(finish);
  });
}

/** Tells the operator now and then what waits in the spool and how long it would last. */
function spoolTeller(around: RoleSurroundings): (status: FleetStatus) => void {
  let toldAt = around.clock.now();
  return ({ framesWaiting, spoolBytes, offlineDays }) => {
    if (Math.abs(around.clock.now() - toldAt) < SPOOL_TOLD_MS) return;
    toldAt = around.clock.now();
    around.err(`edge: ${spoolLine(framesWaiting, spoolBytes, offlineDays)}`);
  };
}

async function startOne(
  file: string,
  surroundings: AgentSurroundings,
  around: RoleSurroundings,
): Promise<RunningAgent | number> {
  const loaded = readConfig(EdgeConfig, file, 'edge', around.environment);
  if (!loaded.ok) {
    for (const fault of loaded.fault) around.err(renderFault('edge', fault));
    return EXIT.usage;
  }
  const identity = readIdentity(loaded.value, around.clock);
  if (!identity.ok) {
    around.err(renderFault('edge', identity.fault));
    return EXIT.usage;
  }
  try {
    const running = await runAgent(loaded.value, identity.value, surroundings);
    if (running.ok) return running.value;
    around.err(renderFault('edge', running.fault));
    return EXIT.usage;
  } catch (cause) {
    around.err(renderFault('edge', startFault(causeText(cause))));
    return EXIT.fault;
  }
}

function startFault(cause: string): Fault {
  return {
    code: 'AGENT_NOT_STARTED',
    problem: bilingual(`the agent could not start: ${cause}`, `终端代理无法启动：${cause}`),
    remedy: bilingual(
      'check that the directories of `spool.file` and of the sockets of `source` exist, are writable and have space',
      '请检查 `spool.file` 与 `source` 套接字所在目录是否存在、可写且有剩余空间',
    ),
    retry: 'after-remedy',
  };
}
