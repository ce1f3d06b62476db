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
  sentOtherwiseThanLogged,
  sentWithoutPermit,
} from './checkers/permitted.ts';
import { createDesk } from './desk.ts';
import { CUTS } from './disk.ts';
import { createExporter } from './exporter.ts';
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
const CALM_MS = 4 * 3_600_000;
const CALM_STEP_MS = 900_000;
const YEARS = [2026, 2027];
const RECIPIENTS = new Map([
  [
    recipient.id,
    {
      ...recipient,
      certificateSha256: Buffer.from(recipient.certificateSha256).toString('hex'),
      sealedTo: 'none',
      delivery: 'push' as const,
      authority: Buffer.alloc(0),
    },
  ],
]);

describe('requests, approvals and permits while everything goes wrong', () => {
  const base = mkdtempSync(join(memoryBase(), 'tongguan-simulation-'));
  afterAll(() => rmSync(base, { recursive: true, force: true }));
  const logKey = generateKeyPairSync('ed25519').privateKey;

  const run = async (seed: number) => {
    const world = createWorld(seed, START);
    const dataset = definedDataset(STATISTICS);
    const gate = scratchGate({ rules: SMALL_LAW, onFile: ON_FILE }).parts;
    const directory = join(base, String(seed));
    const desk = createDesk({ world, directory: join(directory, 'desk'), base: gate, dataset, recipient, logKey });
    const exporter = createExporter({
      ...{ world, logKey, permitKey: desk.permitKey, recipients: RECIPIENTS, directory: join(directory, 'exporter') },
      border: () => (desk.isUp() ? desk.disk.at('border') : undefined),
    });
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
    again(desk.withdraw, 200_000, 1_500_000);
    again(() => desk.disk.cutAt(world.between(0, 25), world.chance.of(CUTS)), 60_000, 400_000);
    again(
      () => {
        desk.disk.fill(true);
        world.later(world.between(1_000, 30_000), () => desk.disk.fill(false));
      },
      300_000,
      1_200_000,
    );
    again(() => exporter.disk.cutAt(world.between(0, 6), world.chance.of(CUTS)), 60_000, 400_000);
    again(exporter.disk.cut, 100_000, 900_000);
    again(
      () => {
        exporter.disk.fill(true);
        world.later(world.between(1_000, 30_000), () => exporter.disk.fill(false));
      },
      300_000,
      1_200_000,
    );
    let lookMs = 10_000;
    const looking = (): void => {
      desk.look();
      exporter.look();
      world.later(lookMs, looking);
    };
    looking();
    await world.runWithPromises((START + TROUBLE_MS) as Instant);
    for (const { disk } of [desk, exporter]) {
      disk.cutAt(Number.POSITIVE_INFINITY, 'before');
      disk.fill(false);
    }
    lookMs = 60_000;
    const isUnderWay = () => desk.transfers().inState('permitted').length > 0;
    // Who is down is up again within a minute; a permit ends within an hour.
    for (let calm = 0; calm < CALM_MS && (calm === 0 || isUnderWay()); calm += CALM_STEP_MS)
      await world.runWithPromises((world.now() + CALM_STEP_MS) as Instant);
    const findings = [
      ...desk.findings,
      ...exporter.findings,
      ...sentWithoutPermit(desk, exporter),
      ...sentOtherwiseThanLogged(exporter),
      ...permittedWithoutFourEyes(desk),
      ...countedOtherwise(desk, exporter, YEARS),
      ...overTheThreshold(desk, FEW, YEARS),
      ...auditFindings(desk, SMALL_LAW),
    ];
    const sent = new Set(exporter.left.map(({ transferId }) => transferId)).size;
    desk.close();
    exporter.close();
    rmSync(directory, { recursive: true });
    return { findings, sent, digest: world.digest(), story: world.story() };
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
