import type { LoadedConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import type { RegisterApiParts } from '../api/register-routes.ts';
import { createPermitWatch } from '../approvals/permit-watch.ts';
import type { CloudConfig } from '../config/config.ts';
import { contentsOf } from '../datasets/contents.ts';
import { changedInBy } from '../filed-for.ts';
import { heldByRegisters } from '../held-by-registers.ts';
import { raiseAlert } from '../raise-alert.ts';
import { REGISTER_TITLES } from '../registers/kind-titles.table.ts';
import { REGISTER_LOG_KIND, replayRegisters, viewOf } from '../registers/record-change.ts';
import { registersAsLogged } from '../registers-as-logged.ts';
import type { ExportGateParts } from '../transfer/export-gate.ts';
import { resumeTransfers } from '../transfer/settle-transfers.ts';
import { openAccess } from './open-access.ts';
import { openEmergency, openEmergencyState } from './open-emergency.ts';
import { openGate } from './open-gate.ts';
import { calendarsOn, type OpenLaw } from './open-law.ts';
import { attempt, type OpenCloud } from './upkeep.ts';

/** Gate, registers and the emergency stop, each brought to where the logs say it is. */
export function openExports(
  loaded: LoadedConfig<CloudConfig>,
  { stores, logs, law }: OpenCloud & { readonly law: OpenLaw },
  around: RoleSurroundings & { readonly draw: (bytes: number) => string },
) {
  const state = openEmergencyState(loaded);
  const alert = (document: Readonly<Record<string, unknown>>): void => raiseAlert(logs, around, document);
  const { clock, draw } = around;
  const { operations } = logs;
  const changes = (from: number) => operations.entriesOfKind(REGISTER_LOG_KIND, from);
  const { differing, following } = registersAsLogged(changes, stores.registers, KINDS, () => operations.head().size);
  replayRegisters(following, stores.registers);
  const held = heldByRegisters(differing, alert);
  const stopped = (): string | undefined => state.stopped() ?? held();
  const gate = openGate(loaded, { stores, logs, law, stopped, alert }, clock, draw);
  resumeTransfers(gate);
  const lookAtPermits = permitWatch(gate, { stores, logs }, around, held);
  const registers = registersOf({ stores, logs, law, gate }, around, lookAtPermits);
  // Nor does anybody resume by an authority matrix that the log does not have.
  const asLogged = { ...gate, matrix: () => (held() === undefined ? gate.matrix() : undefined) };
  const stop = openEmergency(loaded, state, { gate: asLogged, logs, registers }, around);
  attempt(stop.look, around);
  const find = (kind: string, id: string) => stores.registers.find(kind, id);
  const access = openAccess(loaded, find, { clock, operations: logs.operations, alert });
  return { gate, registers, lookAtPermits, stop, access };
}

const KINDS = Object.keys(REGISTER_TITLES);

/** What a crash left open is brought on its way, or to its end, before anybody can ask for anything. */
function permitWatch(
  gate: ExportGateParts,
  { stores, logs }: OpenCloud,
  around: RoleSurroundings,
  held: () => string | undefined,
): () => void {
  const registersAt = (): number => stores.registers.appliedTo();
  const onRevoked = (alert: Readonly<Record<string, unknown>>): void => raiseAlert(logs, around, alert);
  const look = createPermitWatch({ gate, registersAt, onFault: around.fault, onRevoked });
  attempt(look, around);
  return () => {
    held();
    look();
  };
}

function registersOf(
  { stores, logs, law, gate }: OpenCloud & { readonly law: OpenLaw; readonly gate: ExportGateParts },
  around: RoleSurroundings,
  onChange: () => void,
): RegisterApiParts {
  const { clock } = around;
  const store = { ...stores.registers };
  store.apply = (entry, logIndex) => {
    stores.registers.apply(entry, logIndex);
    // What rested on it falls with it; a fault here is no fault of the change.
    attempt(onChange, around);
  };
  const kindsOf = (id: string) => {
    const dataset = gate.dataset(id);
    return dataset === undefined ? undefined : contentsOf(dataset).kinds;
  };
  const changedIn = changedInBy(viewOf(stores.registers), law.law.verdicts, kindsOf);
  return {
    books: { operations: logs.operations, store },
    documents: stores.documents,
    agenda: {
      rows: law.law.duties.deadlines,
      annual: law.law.duties.annual,
      // Looked up each time: a calendar of the operator's may begin while the cloud runs.
      get calendars() {
        return calendarsOn(law, clock.now());
      },
      changedIn,
    },
    clock,
  };
}
