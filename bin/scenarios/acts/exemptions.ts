import { HOUR_MS, type Instant, toIso } from '../../../proto/words/time.ts';
import type { Border } from '../border.ts';
import type { World } from '../world.ts';
import { ABROAD, atTheBorder, breathe, NOTHING_IN_IT, outcomeOf, receiptOf, treeHashOf, wait } from './papers.ts';

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
    world.tell(
      'an overflow in the gateway of the vehicles is found; the supplier abroad could mend it',
      '发现车辆网关溢出漏洞，境外供应商可以修复',
    );
    wait(world, 1);
    const reported = { ...found, receipt: receiptOf(world, 'NVDB', 'NVDB-1') };
    border.enter('vulnerability', reported);
    world.tell(
      'a day later it is reported to the platform of the ministry, and the report is imported under its entry',
      '次日已向工信部平台报送，报告随登记导入',
    );
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
    breathe(world);
    world.tell('asked for with a receipt that is dated an hour ahead', '以日期晚一小时的回执提出申请');
    world.set('outcome-before', await ask());
    border.enter('vulnerability', reported);
    breathe(world);
    world.tell('asked for with the receipt as the platform gave it', '以平台出具的回执提出申请');
    world.set('outcome', await ask());
    border.enter('vulnerability', { ...reported, reportedDatasets: ['ab'.repeat(32)] });
    breathe(world);
    world.tell('the entry is made to name another report than was imported', '登记内容改指另一份报告');
    world.set('outcome-changed-tree', await ask());
    border.enter('vulnerability', { ...reported, fixingRecipients: [] });
    breathe(world);
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
      ...{ criticalInfrastructure: 'no', persons: 0, sensitivePersons: 0 },
      ...{ systems: ['cloud'], impact: 'logs were read' },
      ...{ measures: 'token revoked', reports, reportedDatasets: [treeHashOf(tree)], handlingRecipients: ABROAD },
      contents: NOTHING_IN_IT,
    };
    const ask = async () =>
      outcomeOf(world, await border.ask({ dataset: 'traces', purpose: 'incident-handling', claims: [8] }));
    border.enter('incident', incident);
    world.tell(
      'an access token was stolen and logs were read; a day later the incident is graded and reported to the ministry and the regulator of the sector',
      '访问令牌被盗、日志被读取；次日事件已定级，并向工信部与行业主管部门报告',
    );
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
    breathe(world);
    world.tell(
      'its traces are asked for, with a receipt of the ministry that is dated an hour ahead',
      '申请提供事件痕迹，而工信部回执日期晚一小时',
    );
    world.set('outcome-before', await ask());
    border.enter('incident', incident);
    breathe(world);
    world.tell('asked for with both receipts as they were given', '以两份实际回执提出申请');
    world.set('outcome', await ask());
    border.enter('incident', { ...incident, level: 'ungraded' });
    breathe(world);
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
    world.tell(
      'a test fleet in Germany sent what it collected; a simulation here made results of it',
      '德国测试车队传入数据，在境内完成仿真并得出结果',
    );
    const as = { id: 'results', kind: 'document', purpose: 'simulation', register: 'transit', entry: 'X-1' } as const;
    const other = { 'results.csv': `${tree['results.csv']}2,home\n` };
    const refused = await border.bring(other, { ...as, id: 'other' });
    world.set('outcome-other-tree', refused);
    breathe(world);
    world.tell(
      `results with a line of home in them are not imported: ${refused}`,
      `混有境内数据行的结果无法导入：${refused}`,
    );
    await border.bring(tree, as);
    breathe(world);
    world.tell('the results as they were registered are imported, and asked for', '与登记一致的结果已导入并提出申请');
    const ask = async () =>
      outcomeOf(world, await border.ask({ dataset: 'results', purpose: 'simulation', claims: [1] }));
    world.set('outcome', await ask());
    border.enter('transit', { ...passage, domesticSources: 'yes' });
    breathe(world);
    world.tell('something of the mainland went into it after all', '其中混入了境内数据');
    world.set('outcome-after', await ask());
    await afterwards(border, world, passage);
  });
}

/** An entry that names another tree than was imported shows nothing of what is asked for. */
async function afterwards(border: Border, world: World, passage: { readonly id: string }): Promise<void> {
  border.enter('transit', { ...passage, outboundSha256: 'ab'.repeat(32) });
  breathe(world);
  world.tell('the entry is made to name another tree than was imported', '登记内容改指另一组文件');
  const asked = await border.ask({ dataset: 'results', purpose: 'simulation', claims: [1] });
  world.set('outcome-changed-tree', outcomeOf(world, asked));
}
