import type { Fault } from '../../proto/words/fault.ts';
import { advanceResume } from './resume-exports.ts';
import { type EmergencyParts, keepStop, recordOf } from './stop-exports.ts';

/**
 * Looks after the stop: takes note of a mark that was written past the cloud, brings steps to their end that a crash or a
 * full disk left open, puts back a mark that somebody took away, and lifts what two persons have resumed.
 */
export function createEmergencyWatch(parts: EmergencyParts, onFault: (fault: Fault) => void): () => void {
  return () => {
    const noticed = recordOf(parts);
    if (noticed === undefined) return;
    const isLifting = noticed.isLifting;
    const { record, faults } = isLifting ? { record: noticed, faults: [] } : keepStop(noticed, parts);
    for (const fault of faults) onFault(fault);
    if (record.approvals.length === 0 && !isLifting) return;
    const advanced = advanceResume(record, parts);
    if (!advanced.ok) onFault(advanced.fault);
  };
}
