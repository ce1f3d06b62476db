import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { cloudYamlOf, exporterYaml } from '../../../bin/up/configs.ts';
import { layoutOf } from '../../../bin/up/layout.ts';
import { TOUR_DATASETS } from '../../../bin/up/tour.ts';
import { APPROVERS, REQUESTER, tourEntries, VISITOR } from '../../../bin/up/tour-registers.ts';
import { matrixKey } from '../../../cloud/approvals/signed-act.ts';
import { CloudConfig } from '../../../cloud/config/config.ts';
import { contentsOf } from '../../../cloud/datasets/contents.ts';
import { DatasetDefinition } from '../../../cloud/datasets/definition.ts';
import { ExporterConfigSchema } from '../../../cloud/exporter/config.ts';
import { registerKind } from '../../../cloud/registers/kinds.table.ts';
import type { Instant } from '../../../proto/words/time.ts';

const NOW = Date.UTC(2026, 10, 22) as Instant;
const KEY = matrixKey(generateKeyPairSync('ed25519').publicKey);
const entries = tourEntries(NOW, 'ab'.repeat(32), () => KEY);

describe('the registers of the tour', () => {
  test.each(entries.map(({ kind, body }) => [kind, body] as const))('%s has the form of its kind', (kind, body) => {
    const parsed = registerKind(kind)?.schema.safeParse(body);
    expect(parsed?.error?.issues ?? []).toEqual([]);
    expect(parsed?.success).toBe(true);
  });

  test('assess every kind of field that a dataset of the tour holds: nothing is due that is no news', () => {
    const assessed = entries.find(({ kind }) => kind === 'pipia')?.body['kinds'];
    const held = TOUR_DATASETS.flatMap((one) => [...contentsOf(DatasetDefinition.parse(one)).kinds]);
    expect(held.filter((kind) => !(assessed as readonly string[]).includes(kind))).toEqual([]);
  });

  test('let the visitor be one of the two who approve, and nobody be two of them', () => {
    const rows = entries.find(({ kind }) => kind === 'processor')?.body['authorities'];
    const authorities = rows as readonly { account: string; person: string; may: readonly string[] }[];
    const approving = authorities.filter(({ may }) => may.includes('approve')).map(({ account }) => account);
    expect(approving.sort()).toEqual([VISITOR, ...APPROVERS].sort());
    expect(approving).not.toContain(REQUESTER);
    expect(new Set(authorities.map(({ person }) => person)).size).toBe(authorities.length);
  });
});

describe('configurations of `up`', () => {
  const layout = layoutOf('/nowhere');
  const cloudOf = (kind: 'plain' | 'tour' | 'empty') =>
    CloudConfig.parse(parse(cloudYamlOf(kind, layout, { recipient: 1, console: 2, mqtt: 0 }, NOW)));

  test('of the tour: nothing goes abroad that two persons have not approved', () => {
    const { permits, datasets } = cloudOf('tour');
    expect([permits.issue, datasets.map(({ id }) => id)]).toEqual(['on-approval', TOUR_DATASETS.map(({ id }) => id)]);
  });

  test('of an empty start: nobody abroad, nothing to ask for, nothing taken for granted', () => {
    const { permits, recipients, datasets, onFile, legalBasis, processor, console: http } = cloudOf('empty');
    expect([permits.issue, recipients, datasets, onFile, legalBasis]).toEqual(['on-approval', [], [], [], 'unknown']);
    expect([processor.ciio, http?.secondFactor]).toEqual(['unknown', 'required']);
    expect(ExporterConfigSchema.parse(parse(exporterYaml(layout, undefined))).recipients).toEqual([]);
  });
});
