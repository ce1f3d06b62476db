import type { Zone } from '../proto/words/data-class.ts';
import type { OpenIngress, TerminalStatuses } from './composition/open-ingress.ts';
import type { CloudLogs } from './composition/open-logs.ts';
import type { CloudStores } from './composition/open-stores.ts';
import type { SampleStatus } from './ingest/picture-sample.ts';

import type { CellTotals } from './ports/cell-counts.ts';
import type { TrustState } from './ports/device-register.ts';
import type { FallenEvidence } from './ports/zone-store.ts';

/** What the cloud reports of itself; counts and no content. */
export interface CloudStatus {
  readonly role: 'cloud';
  /** Port that vehicles connect to. */
  readonly port: number;
  readonly connections: number;
  readonly devices: number;
  readonly framesAdmitted: number;
  readonly duplicates: number;
  /** Frames ever refused, and of these the ones that a device had signed. */
  readonly quarantined: number;
  readonly quarantinedSealed: number;
  readonly quarantine: { readonly bytes: number; readonly fallen: readonly FallenEvidence[] };
  /** Cells of days under `strict-map`, which are counted and not kept. */
  readonly cells: CellTotals;
  /** Devices that are not trusted. */
  readonly trust: Readonly<Record<Exclude<TrustState, 'trusted'>, number>>;
  readonly recheck: RecheckStatus;
  readonly framesDroppedByVehicles: number;
  /** Absent where no port for terminals is configured. */
  readonly terminals?: TerminalStatuses;
  /** Records by zone; a frame whose content belongs to two zones has a record in each. */
  readonly zones: Readonly<Record<Zone, number>>;
  readonly transfers: { readonly cleared: number; readonly withheld: number; readonly delivered: number };
  readonly logs: Readonly<Record<'operations' | 'alerts', { readonly size: number; readonly root: string }>>;
}

/** What is held against what vehicles send beside itself. */
export interface RecheckStatus {
  /** `not-checked`: no policy is configured, so no batch is held against one. */
  readonly policy: 'checked' | 'not-checked';
  readonly policiesKnown: number;
  /** What the cloud's own detector made of redacted pictures. */
  readonly pictures: SampleStatus;
}

export function statusOf(
  stores: CloudStores,
  logs: CloudLogs,
  ingress: OpenIngress,
  recheck: Omit<RecheckStatus, 'policiesKnown'>,
): CloudStatus {
  const { framesAdmitted, duplicates, framesDroppedByVehicles } = stores.ledger.totals();
  const { general, personal, geographic, important } = stores.zones;
  const head = (log: CloudLogs['operations']) => {
    const { size, rootHash } = log.head();
    return { size, root: Buffer.from(rootHash).toString('hex') };
  };
  return {
    role: 'cloud',
    port: ingress.port,
    connections: ingress.connections(),
    devices: stores.register.count(),
    framesAdmitted,
    duplicates,
    quarantined: stores.quarantine.count(),
    quarantinedSealed: stores.quarantine.sealedCount(),
    quarantine: { bytes: stores.quarantine.held().bytes, fallen: stores.quarantine.fallen() },
    cells: stores.cells.totals(),
    trust: stores.register.distrusted(),
    recheck: { ...recheck, policiesKnown: stores.policies.count() },
    framesDroppedByVehicles,
    ...(ingress.terminals && { terminals: ingress.terminals() }),
    zones: {
      general: general.count(),
      personal: personal.count(),
      geographic: geographic.count(),
      important: important.count(),
      quarantine: stores.quarantine.held().frames,
    },
    transfers: stores.transfers.counts(),
    logs: { operations: head(logs.operations), alerts: head(logs.alerts) },
  };
}
