import { assert } from '../../proto/words/result.ts';
import { civilDateOf } from '../../proto/words/time.ts';
import { installedCatalogue } from '../catalogue/catalogue.ts';
import type { Sealings } from '../composition/open-sealing.ts';
import type { CloudConfig } from '../config/config.ts';
import { jsonDigest } from '../transfer/digest.ts';
import type { ExportGateParts } from '../transfer/export-gate.ts';
import { type RuleBook, rulesOn } from '../transfer/rule-book.ts';
import { classifyDataset, type JudgedBy } from './classify-dataset.ts';
import type { ParcelBuilder } from './parcel-builder.ts';

/** What the gate has built when a transfer is asked for. */
export function buildBy(
  builder: ParcelBuilder,
  { vehicleModels: models }: Pick<CloudConfig, 'vehicleModels'>,
  sealings: Pick<Sealings, 'orderFor'>,
  {
    rules,
    judged,
    withoutConsent,
  }: {
    readonly rules: RuleBook;
    readonly judged: Pick<JudgedBy, 'aggregates' | 'stated'>;
    /** Devices that are left out of what is sent for a purpose. */
    readonly withoutConsent: (purpose: string) => readonly number[];
  },
): ExportGateParts['build'] {
  const catalogue = jsonDigest(installedCatalogue().rows);
  return ({ dataset, recipient, purpose }, transferId, contents, at) => {
    assert(dataset.kind !== 'tracks', 'only a dataset with nothing barred is built');
    const digests = { rules: rulesOn(rules, civilDateOf(at)).digest, catalogue };
    // Who is in it is known only once it is built, so items that count persons are still unknown here.
    const { items } = classifyDataset({ ...contents, kind: dataset.kind }, at, { persons: 'unknown', ...judged });
    const findings = items.flatMap(({ clauses }) => clauses);
    const sealing = sealings.orderFor(recipient.id);
    const sealed = sealing === undefined ? {} : { sealing };
    const order = { ...sealed, transferId, at, contents, recipientId: recipient.id, purpose, digests, findings };
    return dataset.kind === 'files'
      ? builder.build({ grain: 'files', ...order, dataset })
      : builder.build({ grain: 'rows', ...order, dataset, models, withoutConsent: withoutConsent(purpose) });
  };
}
