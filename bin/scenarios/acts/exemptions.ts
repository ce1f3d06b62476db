import { HOUR_MS, type Instant, toIso } from '../../../proto/words/time.ts';
import type { Border } from '../border.ts';
import type { World } from '../world.ts';
import { ABROAD, atTheBorder, NOTHING_IN_IT, outcomeOf, receiptOf, treeHashOf, wait } from './papers.ts';

/** A vulnerability: withheld until the platform of the ministry has it, permitted to whoever mends it, and to nobody else. */
export async function vulnerability(world: World): Promise<void> {
  await atTheBorder(world, { purposes: ['repair'] }, async (border) => {
    const tree = { 'report.txt': `# Overflow in the gateway\n\nseed ${world.seed}\n` };
    const found = {
      ...{ id: 'V-1', title: 'Overflow in the gateway', identifiers: ['OWN-1'], severity: 'high' },
      ...{ knownAt: toIso((world.clock.now() - 2 * HOUR_MS) as Instant), platform: 'nvdb' },
      ...{ reportedDatasets: [treeHashOf(tree)], fixingRecipients: ABROAD, contents: NOTHING_IN_IT },
    };
    border.enter('vulnerability', found);
    world.tell('a vulnerability is found', '发现漏洞');
    wait(world, 1);
    const reported = { ...found, receipt: receiptOf(world, 'NVDB', 'NVDB-1') };
    border.enter('vulnerability', reported);
    world.tell('it is reported to the platform', '已向平台报送');
    const as = {
      id: 'overflow',
      kind: 'vulnerability-report',
      purpose: 'repair',
      register: 'vulnerability',
      entry: 'V-1',
    } as const;
    await border.bring(tree, as);
    const ask = async () => outcomeOf(world, await border.ask({ dataset: 'overflow', purpose: 'repair', claims: [7] }));
    const late = { ...reported.receipt, at: toIso((world.clock.now() + HOUR_MS) as Instant) };
    border.enter('vulnerability', { ...reported, receipt: late });
    world.set('outcome-before', await ask());
    border.enter('vulnerability', reported);
    world.set('outcome', await ask());
    border.enter('vulnerability', { ...reported, reportedDatasets: ['ab'.repeat(32)] });
    world.set('outcome-changed-tree', await ask());
    border.enter('vulnerability', { ...reported, fixingRecipients: [] });
    world.tell('the recipient no longer takes part in the fix', '接收方不再参与修复');
    world.set('outcome-after', await ask());
  });
}

/** A breach: withheld until it is graded and both authorities know. */
export async function breachOfData(world: World): Promise<void> {
  await atTheBorder(world, { purposes: ['incident-handling'] }, async (border) => {
    const tree = { 'access.log': `probe of ${world.seed}\n`.repeat(3) };
    const knownAt = toIso((world.clock.now() - HOUR_MS) as Instant);
    wait(world, 1);
    const reports = [report(world, 'miit', 'R-1'), report(world, 'sector-regulator', 'R-2')];
    const incident = {
      ...{ id: 'I-1', title: 'Stolen access token', kind: 'data', occurredAt: knownAt, knownAt, level: 'larger' },
      ...{
        criticalInfrastructure: 'no',
        persons: 0,
        sensitivePersons: 0,
        systems: ['cloud'],
        impact: 'logs were read',
      },
      ...{ measures: 'token revoked', reports, reportedDatasets: [treeHashOf(tree)], handlingRecipients: ABROAD },
      contents: NOTHING_IN_IT,
    };
    const ask = async () =>
      outcomeOf(world, await border.ask({ dataset: 'traces', purpose: 'incident-handling', claims: [8] }));
    border.enter('incident', incident);
    world.tell('the breach is graded and reported', '事件已定级并报告');
    const as = {
      id: 'traces',
      kind: 'incident-evidence',
      purpose: 'incident-handling',
      register: 'incident',
      entry: 'I-1',
    } as const;
    await border.bring(tree, as);
    const pending = toIso((world.clock.now() + HOUR_MS) as Instant);
    const unreported = [
      { ...report(world, 'miit', 'R-1'), receipt: { ...receiptOf(world, 'MIIT', 'R-1'), at: pending } },
      reports[1],
    ];
    border.enter('incident', { ...incident, reports: unreported });
    world.set('outcome-before', await ask());
    border.enter('incident', incident);
    world.set('outcome', await ask());
    border.enter('incident', { ...incident, level: 'ungraded' });
    world.tell('the grading is taken back', '撤回定级');
    world.set('outcome-after', await ask());
  });
}

const report = (world: World, to: string, number: string) => ({
  to,
  receipt: receiptOf(world, to.toUpperCase(), number),
});

/** What came from abroad goes back as it was registered; another tree is not even imported, and a drop of home bars it. */
export async function transit(world: World): Promise<void> {
  await atTheBorder(world, { purposes: ['simulation'] }, async (border) => {
    const tree = { 'results.csv': `run,mean\n${world.seed},1\n` };
    const passage = {
      ...{ id: 'X-1', origin: 'DE', receivedAt: toIso((world.clock.now() - 24 * HOUR_MS) as Instant) },
      ...{ inboundManifestSha256: '1a'.repeat(32), outboundSha256: treeHashOf(tree), domesticSources: 'no' },
      ...{ lineage: 'run 12 of the simulation, section 3', validUntil: '2027-06-30', recipients: ABROAD },
      contents: NOTHING_IN_IT,
    };
    border.enter('transit', passage);
    world.tell('a foreign test fleet sends what it collected', '境外测试车队传入数据');
    const as = { id: 'results', kind: 'document', purpose: 'simulation', register: 'transit', entry: 'X-1' } as const;
    const other = { 'results.csv': `${tree['results.csv']}2,home\n` };
    world.set('outcome-other-tree', await border.bring(other, { ...as, id: 'other' }));
    await border.bring(tree, as);
    const ask = async () =>
      outcomeOf(world, await border.ask({ dataset: 'results', purpose: 'simulation', claims: [1] }));
    world.set('outcome', await ask());
    border.enter('transit', { ...passage, domesticSources: 'yes' });
    world.tell('something of the mainland went into it after all', '其中混入了境内数据');
    world.set('outcome-after', await ask());
    await afterwards(border, world, passage);
  });
}

/** An entry that names another tree than was imported shows nothing of what is asked for. */
async function afterwards(border: Border, world: World, passage: { readonly id: string }): Promise<void> {
  border.enter('transit', { ...passage, outboundSha256: 'ab'.repeat(32) });
  const asked = await border.ask({ dataset: 'results', purpose: 'simulation', claims: [1] });
  world.set('outcome-changed-tree', outcomeOf(world, asked));
}
