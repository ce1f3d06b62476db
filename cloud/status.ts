import type { Zone } from '../proto/words/data-class.ts';
import type { MqttIngress } from './adapters/embedded-mqtt.ts';
import type { CloudLogs } from './open-logs.ts';
import type { CloudStores } from './open-stores.ts';

/** What the cloud reports of itself; counts and no content. */
export interface CloudStatus {
  readonly role: 'cloud';
  /** Port that vehicles connect to. */
  readonly port: number;
  readonly connections: number;
  readonly devices: number;
  readonly framesAdmitted: number;
  readonly duplicates: number;
  readonly quarantined: number;
  readonly framesDroppedByVehicles: number;
  /** Records by zone; a frame whose content belongs to two zones has a record in each. */
  readonly zones: Readonly<Record<Zone, number>>;
  readonly transfers: { readonly cleared: number; readonly withheld: number; readonly delivered: number };
  readonly logs: Readonly<Record<'operations' | 'alerts', { readonly size: number; readonly root: string }>>;
}

export function statusOf(stores: CloudStores, logs: CloudLogs, ingress: MqttIngress): CloudStatus {
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
    framesDroppedByVehicles,
    zones: {
      general: general.count(),
      personal: personal.count(),
      geographic: geographic.count(),
      important: important.count(),
      quarantine: stores.quarantine.count(),
    },
    transfers: stores.transfers.counts(),
    logs: { operations: head(logs.operations), alerts: head(logs.alerts) },
  };
}
