import type { Figures } from '../ports/telemetry.ts';
import type { CloudStatus } from '../status.ts';

/** Figures for Prometheus and for collectors of telemetry: counts of the status, with no label that names a device or a person. */
export function figuresOf(status: CloudStatus): Figures {
  const { logs, transfers, zones, trust } = status;
  return {
    vehicle_connections: { help: 'vehicles that are connected', of: status.connections },
    devices: { help: 'registered devices', of: status.devices },
    devices_distrusted: { help: 'devices that are believed less', of: trust },
    frames_admitted: { help: 'frames ever admitted', of: status.framesAdmitted },
    frames_duplicate: { help: 'frames that came again', of: status.duplicates },
    frames_quarantined: { help: 'frames ever refused', of: status.quarantined },
    frames_dropped_by_vehicles: { help: 'frames that vehicles say they dropped', of: status.framesDroppedByVehicles },
    zone_records: { help: 'records by zone', of: zones },
    transfers: { help: 'transfers by what became of them', of: transfers },
    log_entries: { help: 'entries of each log', of: { operations: logs.operations.size, alerts: logs.alerts.size } },
  };
}
