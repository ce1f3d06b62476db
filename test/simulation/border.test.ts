import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { bindLaw } from '../../cloud/rules/law-book.ts';
import { SHIPPED_PARTS } from '../../cloud/rules/shipped-rules.ts';
import type { Instant } from '../../proto/words/time.ts';
import { definedDataset, recipient, scratchGate } from '../support/cloud/gate.ts';
import { memoryBase } from '../support/cloud/stores.ts';
import { STATISTICS } from '../support/datasets/parcels.ts';
import {
  auditFindings,
  countedOtherwise,
  overTheThreshold,
  permittedWithoutFourEyes,
  sentWithoutPermit,
} from './checkers/permitted.ts';
import { createDesk } from './desk.ts';
import { CUTS } from './disk.ts';
import { seedsFrom } from './seeds.ts';
import { createWorld } from './world.ts';

const SEEDS = 10;

/** The law with its figures made small, so that a simulation reaches them. */
const FEW = 30;
const SMALL_LAW = bindLaw({
  ...SHIPPED_PARTS,
  verdicts: {
    ...SHIPPED_PARTS.verdicts,
    rules: JSON.parse(
      JSON.stringify(SHIPPED_PARTS.verdicts.rules, (_, value: unknown) =>
        value === 100_000 ? FEW : value === 1_000_000 ? 10 * FEW : value,
      ),
    ),
  },
}).verdicts;

const scope = {
  validFrom: '2026-01-01',
  validUntil: '2028-01-01',
  recipients: ['lab'],
  datasets: ['one'],
  purposes: ['warranty'],
};
const ON_FILE = [
  { kind: 'notice' as const, id: 'n', ...scope },
  { kind: 'pipia' as const, id: 'p', ...scope },
];

/** Half an hour before the year ends in Shanghai. */
const START = Date.UTC(2026, 11, 31, 15, 30) as Instant;
const TROUBLE_MS = 3_600_000;
const YEARS = [2026, 2027];

describe('requests, approvals and permits while everything goes wrong', () => {
  const base = mkdtempSync(join(memoryBase(), 'tongguan-simulation-'));
  afterAll(() => rmSync(base, { recursive: true, force: true }));
  const logKey = generateKeyPairSync('ed25519').privateKey;

  const run = async (seed: number) => {
    const world = createWorld(seed, START);
    const dataset = definedDataset(STATISTICS);
    const gate = scratchGate({ rules: SMALL_LAW, onFile: ON_FILE }).parts;
    const directory = join(base, String(seed));
    const desk = createDesk({ world, directory, base: gate, dataset, recipient, logKey });
    const again = (work: () => void, from: number, to: number): void => {
      world.later(world.between(from, to), () => {
        if (world.now() >= START + TROUBLE_MS) return;
        work();
        again(work, from, to);
      });
    };
    again(desk.ask, 10_000, 240_000);
    again(desk.decide, 1_000, 40_000);
    again(desk.changeRoles, 60_000, 900_000);
    again(() => desk.disk.cutAt(world.between(0, 25), world.chance.of(CUTS)), 60_000, 400_000);
    again(
      () => {
        desk.disk.fill(true);
        world.later(world.between(1_000, 30_000), () => desk.disk.fill(false));
      },
      300_000,
      1_200_000,
    );
    const looking = (): void => {
      desk.look();
      world.later(5_000, looking);
    };
    looking();
    await world.runWithPromises((START + TROUBLE_MS) as Instant);
    desk.disk.cutAt(Number.POSITIVE_INFINITY, 'before');
    desk.disk.fill(false);
    await world.runWithPromises((START + TROUBLE_MS + 4 * 3_600_000) as Instant);
    const findings = [
      ...desk.findings,
      ...sentWithoutPermit(desk),
      ...permittedWithoutFourEyes(desk),
      ...countedOtherwise(desk, YEARS),
      ...overTheThreshold(desk, FEW, YEARS),
      ...auditFindings(desk, SMALL_LAW),
    ];
    desk.close();
    rmSync(directory, { recursive: true });
    return { findings, sent: desk.sent.length, digest: world.digest(), story: world.story() };
  };

  test.each(seedsFrom(SEEDS))(
    'SEED=%i: nothing leaves without two persons, a permit on record and a place in the count',
    async (seed) => {
      const { findings, story, sent } = await run(seed);
      expect(findings, story.join('\n')).toEqual([]);
      expect(sent).toBeGreaterThan(0);
    },
  );

  test('a seed is one story', async () => {
    expect((await run(3)).digest).toBe((await run(3)).digest);
  });
});
