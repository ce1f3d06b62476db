import { createHash } from 'node:crypto';
import type { PersonBooks } from '../registers/record-persons.ts';
import type { CloudLogs } from './open-logs.ts';
import type { CloudStores } from './open-stores.ts';

/** The digest is over the links in their own order, so that whoever holds the list can show it was this one. */
export function personBooks(
  {
    stores,
    logs,
  }: {
    readonly stores: Pick<CloudStores, 'persons'>;
    readonly logs: Pick<CloudLogs, 'operations'>;
  },
  alert: PersonBooks['alert'],
): PersonBooks {
  return {
    alert,
    operations: logs.operations,
    links: stores.persons,
    digestOf: (links) => {
      const hash = createHash('sha256');
      for (const { vehicle, person, role } of links) hash.update(vehicle).update(person).update(role).update('\0');
      return hash.digest('hex');
    },
  };
}
