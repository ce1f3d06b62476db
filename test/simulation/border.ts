import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Requestable } from '../../cloud/datasets/contents.ts';
import { bindLaw } from '../../cloud/rules/law-book.ts';
import { SHIPPED_PARTS } from '../../cloud/rules/shipped-rules.ts';
import type { ExportGateParts } from '../../cloud/transfer/export-gate.ts';
import type { Instant } from '../../proto/words/time.ts';
import { chanceFrom } from '../support/cloud/chance.ts';
import { definedDataset, gateIn, recipient } from '../support/cloud/gate.ts';
import { openStores } from '../support/cloud/open-stores.ts';
import { STATISTICS } from '../support/datasets/parcels.ts';
import {
  auditFindings,
  countedOtherwise,
  deliveredToNobody,
  entriesOf,
  overTheThreshold,
  permittedWithoutFourEyes,
  resumedWithoutFourEyes,
  sentOtherwiseThanLogged,
  sentOutOfTime,
  sentWithoutPermit,
} from './checkers/permitted.ts';
import { createDesk, type Desk } from './desk.ts';
import { CUTS } from './disk.ts';
import { createExporter, type Exporter } from './exporter.ts';
import { wrongBy } from './machine-clock.ts';
import { type RecipientKeys, recipientKeys } from './recipient.ts';
import { createWorld, type World } from './world.ts';

/** The law with its figures made small, so that a simulation reaches them; at midnight in Shanghai they become others. */
const FEW = { 2026: 30, 2027: 20 };
const smaller = (rules: unknown, few: number) =>
  JSON.parse(
    JSON.stringify(rules, (_, value: unknown) => (value === 100_000 ? few : value === 1_000_000 ? 10 * few : value)),
  );
const isFigure = (rule: object): boolean => JSON.stringify(rule).includes('00000');
const { rules } = SHIPPED_PARTS.verdicts;
const SMALL_LAW = bindLaw({
  ...SHIPPED_PARTS,
  verdicts: {
    ...SHIPPED_PARTS.verdicts,
    rules: rules.flatMap((rule) =>
      rule.until !== undefined || !isFigure(rule)
        ? [rule]
        : [
            { ...smaller(rule, FEW[2026]), until: '2027-01-01' },
            { ...smaller(rule, FEW[2027]), from: '2027-01-01' },
          ],
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

/** Where the year ends in Shanghai: in the middle of the trouble. */
const TURN = Date.UTC(2026, 11, 31, 16);
/** How long things go wrong, and how many times as fast as on an ordinary day everything happens. */
const TROUBLES_MS = [120_000, 300_000, 600_000];
const PACES = [1, 4];
const ISSUES = ['on-approval', 'on-approval', 'on-verdict'] as const;
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

/** Whatever no seed changes: law, dataset, keys. Nothing is written to its stores. */
export interface BorderBase {
  readonly gate: ExportGateParts;
  readonly dataset: Requestable;
  readonly logKey: Parameters<typeof createDesk>[0]['logKey'];
  readonly recipientKeys: RecipientKeys;
  readonly close: () => void;
}

/** @param directory - holds it as long as seeds are run */
export function borderBase(directory: string): BorderBase {
  const [gate, stores] = ['gate', 'stores'].map((name) => join(directory, name)) as [string, string];
  for (const one of [gate, stores]) mkdirSync(one, { recursive: true });
  const opened = openStores(stores, []);
  const built = gateIn(gate, opened.aggregates, { rules: SMALL_LAW, onFile: ON_FILE });
  return {
    gate: built.parts,
    dataset: definedDataset(STATISTICS),
    logKey: generateKeyPairSync('ed25519').privateKey,
    recipientKeys: recipientKeys(),
    close: () => {
      built.transfers.shut();
      opened.close();
    },
  };
}

export interface BorderOutcome {
  readonly findings: readonly string[];
  /** Transfers of which something left. */
  readonly sent: number;
  readonly digest: string;
  readonly story: readonly string[];
}

/** Requests, approvals, permits and an exporter over the turn of a year, while everything goes wrong; then calm, then the books are checked. */
export async function runBorder(seed: number, directory: string, base: BorderBase): Promise<BorderOutcome> {
  const drawn = chanceFrom(seed);
  const [pace, troubleMs] = [drawn.of(PACES), drawn.of(TROUBLES_MS)];
  const start = TURN - troubleMs / 2;
  const world = createWorld(seed, start as Instant);
  const { gate, dataset, logKey } = base;
  const issue = drawn.of(ISSUES);
  const desk = createDesk({ world, directory: join(directory, 'desk'), base: gate, dataset, recipient, logKey, issue });
  const exporter = createExporter({
    ...{ world, logKey, permitKey: desk.permitKey, recipients: RECIPIENTS, directory: join(directory, 'exporter') },
    recipientKeys: base.recipientKeys,
    border: () => (desk.isUp() ? desk.disk.at('border') : undefined),
  });
  trouble(world, { desk, exporter, pace, until: start + troubleMs });
  let lookMs = 10_000;
  const looking = (): void => {
    desk.look();
    exporter.look();
    world.later(lookMs, looking);
  };
  looking();
  await world.runWithPromises((start + troubleMs) as Instant);
  for (const { disk } of [desk, exporter]) {
    disk.cutAt(Number.POSITIVE_INFINITY, 'before');
    disk.fill(false);
  }
  lookMs = 60_000;
  const isUnderWay = () => desk.isStopped() || desk.transfers().inState('permitted').length > 0;
  // Who is down is up again within a minute; a permit ends within an hour.
  for (let calm = 0; calm < CALM_MS && (calm === 0 || isUnderWay()); calm += CALM_STEP_MS) {
    world.later(CALM_STEP_MS / 2, () => void ['li-1', 'wang-1', 'zhao-1'].map((by) => desk.resume(by)));
    await world.runWithPromises((world.now() + CALM_STEP_MS) as Instant);
  }
  const findings = check(desk, exporter);
  const sent = new Set(exporter.left.map(({ transferId }) => transferId)).size;
  desk.close();
  exporter.close();
  return { findings, sent, digest: world.digest(), story: world.story() };
}

function check(desk: Desk, exporter: Exporter): readonly string[] {
  const entries = entriesOf(desk);
  return [
    ...desk.findings,
    ...exporter.findings,
    ...sentWithoutPermit(entries, exporter),
    ...sentOtherwiseThanLogged(exporter),
    ...sentOutOfTime(entries, exporter),
    ...deliveredToNobody(exporter),
    ...(desk.issue === 'on-approval' ? permittedWithoutFourEyes(entries) : []),
    ...resumedWithoutFourEyes(entries),
    ...countedOtherwise(entries, desk, exporter, YEARS),
    ...overTheThreshold(desk, FEW),
    ...auditFindings(entries, desk.permitKey, SMALL_LAW),
  ];
}

interface Trouble {
  readonly desk: Desk;
  readonly exporter: Exporter;
  /** How many times as fast as on an ordinary day. */
  readonly pace: number;
  readonly until: number;
}

/** Everybody goes on at their own pace, and something goes wrong every few minutes, until the trouble is over. */
function trouble(world: World, { desk, exporter, pace, until }: Trouble): void {
  const again = (work: () => void, from: number, to: number): void => {
    world.later(world.between(from / pace, to / pace), () => {
      if (world.now() >= until) return;
      work();
      again(work, from, to);
    });
  };
  // Not everything at once: what is stopped all the time is never seen to leave twice.
  const perhaps: typeof again = (...one) => {
    if (world.happens(450)) again(...one);
  };
  const full =
    ({ disk }: Desk | Exporter) =>
    (): void => {
      disk.fill(true);
      world.later(world.between(1_000, 30_000), () => disk.fill(false));
    };
  again(desk.ask, 10_000, 240_000);
  again(desk.decide, 1_000, 40_000);
  perhaps(desk.changeRoles, 60_000, 900_000);
  perhaps(desk.withdraw, 200_000, 1_500_000);
  perhaps(desk.stop, 200_000, 1_500_000);
  perhaps(() => desk.resume(), 20_000, 100_000);
  perhaps(desk.intrude, 30_000, 300_000);
  perhaps(() => desk.clock.set(wrongBy(world)), 100_000, 1_200_000);
  perhaps(() => exporter.clock.set(wrongBy(world)), 100_000, 1_200_000);
  perhaps(() => desk.disk.cutAt(world.between(0, 25), world.chance.of(CUTS)), 60_000, 400_000);
  perhaps(full(desk), 300_000, 1_200_000);
  perhaps(() => exporter.disk.cutAt(world.between(0, 6), world.chance.of(CUTS)), 60_000, 400_000);
  perhaps(exporter.disk.cut, 100_000, 900_000);
  perhaps(full(exporter), 300_000, 1_200_000);
}
