import { combinedRoot } from '../../cloud/log/combined-root.ts';
import type { CloudStatus } from '../../cloud/status.ts';
import type { FleetStatus } from '../../edge/status.ts';

/** The statuses that `up` knows at a moment; a role that has not reported yet is absent. */
export interface Statuses {
  readonly edge: FleetStatus | undefined;
  readonly cloud: CloudStatus | undefined;
  readonly exporter: ExporterReport | undefined;
}

export interface ExporterReport {
  readonly delivered: number;
  readonly refused: number;
  readonly log: { readonly size: number; readonly rootHex: string };
}

/** What `up --json` prints; docs/up.md explains every key. */
export interface Summary {
  readonly vehicles: number;
  readonly framesSealed: number;
  readonly framesAdmitted: number;
  readonly duplicates: number;
  /** Sealed, and neither admitted, quarantined, still in a spool nor told as dropped. */
  readonly lost: number;
  readonly quarantined: number;
  readonly framesWaiting: number;
  /** Trip rows in their hold-back; sealed later. */
  readonly framesHeld: number;
  readonly removed: Readonly<Record<string, number>>;
  readonly zones: CloudStatus['zones'];
  readonly transfers: {
    readonly cleared: number;
    readonly withheld: number;
    readonly delivered: number;
    readonly refused: number;
  };
  readonly log: { readonly size: number; readonly root: string };
  readonly logs: Readonly<Record<string, { readonly size: number; readonly root: string }>>;
}

export function summarise({ edge, cloud, exporter }: Statuses): Summary {
  const sealed = edge?.framesSealed ?? 0;
  const waiting = edge?.framesWaiting ?? 0;
  const admitted = cloud?.framesAdmitted ?? 0;
  const quarantined = cloud?.quarantined ?? 0;
  const dropped = cloud?.framesDroppedByVehicles ?? 0;
  const logs = logsOf(cloud, exporter);
  return {
    vehicles: edge?.vehicles ?? 0,
    framesSealed: sealed,
    framesAdmitted: admitted,
    duplicates: cloud?.duplicates ?? 0,
    // What no agent sealed lies in quarantine too, and would otherwise hide as many that are lost.
    lost: Math.max(0, sealed - admitted - (cloud?.quarantinedSealed ?? 0) - waiting - dropped),
    quarantined,
    framesWaiting: waiting,
    framesHeld: edge?.framesHeld ?? 0,
    removed: edge?.removed ?? {},
    zones: cloud?.zones ?? NO_ZONES,
    transfers: { ...(cloud?.transfers ?? NO_TRANSFERS), refused: exporter?.refused ?? 0 },
    log: combine(logs),
    logs,
  };
}

const NO_ZONES = { general: 0, personal: 0, geographic: 0, important: 0, quarantine: 0 };
const NO_TRANSFERS = { cleared: 0, withheld: 0, delivered: 0 };

type Logs = Readonly<Record<string, { readonly size: number; readonly root: string }>>;

function logsOf(cloud: CloudStatus | undefined, exporter: ExporterReport | undefined): Logs {
  if (cloud === undefined || exporter === undefined) return {};
  return { ...cloud.logs, traffic: { size: exporter.log.size, root: exporter.log.rootHex } };
}

/** Size and root over all three logs, as `tongguan log verify` derives them again from disk. */
export function combine(logs: Logs): { readonly size: number; readonly root: string } {
  const heads = Object.entries(logs).map(([name, { root }]) => ({ name, rootHash: Buffer.from(root, 'hex') }));
  const size = Object.values(logs).reduce((total, log) => total + log.size, 0);
  return { size, root: Buffer.from(combinedRoot(heads)).toString('hex') };
}
