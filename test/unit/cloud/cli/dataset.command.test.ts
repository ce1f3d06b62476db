import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { datasetCheckCommand } from '../../../../cloud/cli/dataset.command.ts';
import { contentsOf } from '../../../../cloud/datasets/contents.ts';
import { DatasetDefinition } from '../../../../cloud/datasets/definition.ts';
import { ok } from '../../../../proto/words/result.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';

const NAMED = { id: 'one', title: 'One', purposes: ['why'] };
const GOOD = { ...NAMED, kind: 'vehicle-day-statistics', signals: ['Vehicle.Speed'] };
const POOLED = {
  ...NAMED,
  kind: 'aggregates',
  signals: ['Vehicle.Speed'],
  period: 'day',
  byModel: false,
  totals: false,
};

async function ask(definition: object, isExplained = false, language: 'en' | 'zh' = 'en') {
  const file = join(scratchDirectory(), 'dataset.yaml');
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(definition));
  const [out, err]: [string[], string[]] = [[], []];
  const io = {
    environment: {},
    out: (line: string) => out.push(line),
    err: (line: string) => err.push(line),
    // A definition of its own asks nobody.
    access: () => expect.fail('asked'),
    imports: () => [],
    openCatalogue: () => ok(undefined),
  };
  return {
    status: await datasetCheckCommand({ file, json: false, language }, io, isExplained),
    out: out.join('\n'),
    err: err.join('\n'),
  };
}

describe('dataset check and explain', () => {
  test('say what it would contain, and because of which row', async () => {
    expect(await ask(GOOD)).toMatchObject({ status: 0, out: 'one: would contain personal' });
    expect((await ask(GOOD, true)).out).toMatch(/Vehicle\.Speed: personal, because .+ \(T44464-A\.2\)/);
    expect((await ask(POOLED, true)).out).toContain('vehicles in a cell, at least: 20');
    expect((await ask(GOOD, true, 'zh')).out).toContain('将包含');
  });

  test.each(['Vehicle.CurrentLocation.Latitude', 'Vehicle.TraveledDistance', 'Vehicle.Cabin.NobodyKnows'])(
    '%s is barred, in rows and in aggregates',
    async (path) => {
      for (const definition of [GOOD, POOLED]) {
        const { status, out } = await ask({ ...definition, signals: ['Vehicle.Speed', path] });
        expect(status).toBe(3);
        expect(out).toContain(`${path}: barred, because`);
        // Pooling makes nothing milder as long as something is barred.
        const parsed = DatasetDefinition.parse({ ...definition, signals: ['Vehicle.Speed', path] });
        expect(contentsOf(parsed).classes.has('personal')).toBe(true);
      }
    },
  );

  test.each([
    ['a word that is none', { ...GOOD, grain: 'second' }],
    ['a purpose that is missing', { ...GOOD, purposes: [] }],
    ['a filter that is none', { ...GOOD, filters: { city: 'Shanghai' } }],
    ['days the wrong way round', { ...GOOD, filters: { from: '2026-02-02', until: '2026-02-01' } }],
    ['a day that does not exist', { ...GOOD, filters: { from: '2026-02-30' } }],
    ['an hour as a period', { ...POOLED, period: 'hour' }],
  ])('%s is a mistake', async (_, definition) => {
    expect(await ask(definition)).toMatchObject({ status: 2, out: '' });
  });
});
