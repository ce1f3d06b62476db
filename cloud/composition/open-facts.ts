import { civilDateOf } from '../../proto/words/time.ts';
import { matrixOf } from '../approvals/matrix.ts';
import type { JudgedBy } from '../building/classify-dataset.ts';
import type { CloudConfig } from '../config/config.ts';
import { allBehind, personsBehind } from '../counting/persons-behind.ts';
import { filedFor } from '../filed-for.ts';
import { createJoins } from '../join-transfers.ts';
import { personDigest } from '../partition/recipient-tag.ts';
import type { RegisterLook } from '../ports/register-store.ts';
import { groupCounts, groupOfRecipient } from '../registers/group-counts.ts';
import { memberParts } from '../registers/member-exports.ts';
import { viewFor, viewOf } from '../registers/record-change.ts';
import { standingSignOffs } from '../registers/signed-readings.ts';
import type { FactSources } from '../transfer/fact-sources.ts';
import type { OpenLaw } from './open-law.ts';
import type { CloudStores } from './open-stores.ts';

/** What the gate takes from registers, links and earlier transfers. */
export function factSources(
  processor: CloudConfig['processor'],
  {
    stores,
    law,
    judged,
    key,
    withoutConsent,
  }: {
    readonly stores: CloudStores;
    readonly law: OpenLaw;
    readonly judged: Pick<JudgedBy, 'aggregates' | 'stated'>;
    readonly key: Uint8Array;
    readonly withoutConsent: (purpose: string) => readonly number[];
  },
): FactSources {
  const registers = viewOf(stores.registers);
  const reads = (look: RegisterLook) => {
    const seen = viewOf(look);
    return { registers: seen, documents: stores.documents, matrix: matrixOf(seen.find('processor', processor.id)) };
  };
  const personsOf: FactSources['personsOf'] = (vins) =>
    personsBehind(
      vins.map((vin) => personDigest(key, vin)),
      stores.persons.of,
    );
  const overFor = (purpose: string) => {
    const vins = withoutConsent(purpose).flatMap((device) => stores.register.vinOf(device)?.reveal() ?? []);
    const vehicles = vins.map((vin) => personDigest(key, vin));
    return allBehind(vehicles, stores.persons);
  };
  return {
    personsOf,
    groupCounts: (year) => groupCounts(viewOf(stores.registers.look()), processor.id, year),
    countScope: (on) =>
      law.exemptUncountedFrom !== undefined && law.exemptUncountedFrom <= on ? 'outside-exemptions' : 'all',
    filed: (request, at, hand) => {
      const { dataset, recipient, purpose } = request;
      const look = stores.registers.look();
      const own = viewFor(look, { dataset: dataset.id, recipient: recipient.id, purpose });
      const over = overFor(purpose);
      return filedFor(request, { at, hand, processor, reads: reads(look), own, rules: law.law.verdicts, over });
    },
    signedOff: (at) => standingSignOffs(reads(stores.registers.look()), civilDateOf(at)),
    joins: createJoins({
      store: stores.parts,
      transfers: stores.transfers,
      groupOf: (id) => groupOfRecipient(id, registers),
      judged,
      members: (year) => memberParts(registers, processor.id, year),
    }),
  };
}
