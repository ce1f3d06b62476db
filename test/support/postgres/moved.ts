import type { PublishedFamily } from '../../../cloud/ports/publications.ts';
import type { TransferRegister } from '../../../cloud/ports/transfer-register.ts';
import type { CivilDate } from '../../../proto/words/time.ts';
import { of } from '../../contract/transfer-register.contract.ts';

export const FAMILY: PublishedFamily = {
  ...{ signal: 'Vehicle.Speed', from: '2026-01-01' as CivilDate, until: '2026-01-31' as CivilDate, shape: 'one' },
  ...{ modelsDigest: 'm', cells: [{ model: 'é', vehicles: 12, mean: 0.1 + 0.2 }] },
};

/** All that a register of transfers says. */
export const seen = (register: TransferRegister) => ({
  rows: register.list(),
  persons: register.project(of([3, 4, 5])),
  held: register.held('d')?.persons.map((digest) => Buffer.from(digest).toString('hex')),
  totals: register.totals(2026, 'plain'),
  tallies: register.tallies().toSorted((a, b) => a.state.localeCompare(b.state)),
  counts: register.counts(),
  counted: register.counted(),
  volumes: register.volumes(2026),
});
