import { join } from 'node:path';
import type { LoadedConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { type Fault, renderFault } from '../../proto/words/fault.ts';
import { ok, type Result } from '../../proto/words/result.ts';
import { toIso } from '../../proto/words/time.ts';
import { stopMarkFiles } from '../adapters/stop-mark-files.ts';
import { stopMemoryFile } from '../adapters/stop-memory-file.ts';
import type { EmergencyRoutesParts } from '../api/emergency-routes.ts';
import type { RegisterApiParts } from '../api/register-routes.ts';
import { revokeAll } from '../approvals/permit-watch.ts';
import type { CloudConfig } from '../config/config.ts';
import { createEmergencyWatch } from '../emergency/emergency-watch.ts';
import { INCIDENT_REGISTER, incidentOf } from '../emergency/incident.ts';
import type { EmergencyParts, LoggedAct } from '../emergency/stop-exports.ts';
import { stopInForce } from '../emergency/stop-note.ts';
import type { StopReportFacts } from '../emergency/stop-report.ts';
import type { OpenLog } from '../log/open-log.ts';
import type { StopMark, StopMemory, StopNote } from '../ports/emergency.ts';
import { agendaOf } from '../registers/agenda.ts';
import { recordChange } from '../registers/record-change.ts';
import type { ExportGateParts } from '../transfer/export-gate.ts';
import type { CloudLogs } from './open-logs.ts';

/** File of the stop in force, among the stores. */
const STOP_FILE = 'emergency-stop.json';

/** Where a stop stands; opened before the gate, which asks it. */
export interface EmergencyState {
  readonly mark: StopMark;
  readonly memory: StopMemory;
  readonly stopped: () => string | undefined;
}

export function openEmergencyState({ config, path }: LoadedConfig<CloudConfig>): EmergencyState {
  const mark = stopMarkFiles(path(config.border.directory));
  const memory = stopMemoryFile(join(path(config.stores.directory), STOP_FILE));
  return { mark, memory, stopped: () => stopInForce({ mark, memory }) };
}

export interface OpenEmergency extends EmergencyRoutesParts {
  /** Looks after the stop in force. */
  readonly look: () => void;
}

/** Puts stop and resumption together from the gate, the logs and the registers. */
export function openEmergency(
  { config }: LoadedConfig<CloudConfig>,
  state: EmergencyState,
  {
    gate,
    logs,
    registers,
  }: { readonly gate: ExportGateParts; readonly logs: CloudLogs; readonly registers: RegisterApiParts },
  around: RoleSurroundings & { readonly draw: (bytes: number) => string },
): OpenEmergency {
  const { clock, draw, fault } = around;
  const { store } = registers.books;
  const parts: EmergencyParts = {
    clock,
    draw,
    mark: state.mark,
    memory: state.memory,
    operations: logs.operations,
    alerts: { append: (entries) => told(entries, logs.alerts, around) },
    entryAt: (index) => entryAt(logs.operations, index),
    matrix: gate.matrix,
    permitted: () => gate.transfers.inState('permitted').map(({ transferId }) => transferId),
    revokePermits: () => revokeAll('emergency-stop', { gate, onFault: fault }),
    enterIncident: (note) => enterIncident(note, config.processor.ciio, registers),
  };
  const clocks = (): StopReportFacts['clocks'] => {
    const record = state.memory.load();
    const entry = typeof record === 'object' ? store.find(INCIDENT_REGISTER, record.note.id) : undefined;
    if (entry === undefined) return [];
    return agendaOf([entry], registers.agenda, clock.now()).filter(({ kind }) => kind === INCIDENT_REGISTER);
  };
  return {
    parts,
    look: createEmergencyWatch(parts, fault),
    reportFacts: (record) => ({
      record,
      processor: config.processor,
      madeAt: toIso(clock.now()),
      transfers: record.permitted.flatMap((id) => gate.transfers.find(id) ?? []),
      clocks: clocks(),
    }),
  };
}

/** Alerts of a stop are told to the operator as well, and are not held back however many others there are. */
function told(
  entries: Parameters<OpenLog['append']>[0],
  alerts: OpenLog,
  around: RoleSurroundings,
): ReturnType<OpenLog['append']> {
  for (const { document } of entries) {
    const { code } = document as { readonly code?: unknown };
    around.err(`cloud: alert: ${String(code)} at ${toIso(around.clock.now())}`);
  }
  const logged = alerts.append(entries);
  if (!logged.ok) around.err(renderFault('cloud', logged.fault));
  return logged;
}

function entryAt(log: OpenLog, index: number): LoggedAct | undefined {
  const read = log.read(index);
  if (!read.ok) return undefined;
  const { kind, actor, document } = read.value;
  return { kind, actor, document: JSON.parse(Buffer.from(document).toString('utf8')) as LoggedAct['document'] };
}

function enterIncident(
  note: StopNote,
  ciio: 'yes' | 'no' | 'unknown',
  { books }: RegisterApiParts,
): Result<void, Fault> {
  if (books.store.find(INCIDENT_REGISTER, note.id) !== undefined) return ok(undefined);
  const wish = { act: 'add', kind: INCIDENT_REGISTER, body: incidentOf(note, ciio) } as const;
  const recorded = recordChange(wish, 'cloud', books);
  const [fault] = recorded.ok ? [] : recorded.fault;
  return fault === undefined ? ok(undefined) : { ok: false, fault };
}
