import { sourceTreeOf } from '../../../firmware-sim/tcu/firmware.ts';
import { civilDateOf, toIso } from '../../../proto/words/time.ts';
import type { Tree } from '../border.ts';
import type { World } from '../world.ts';
import { ABROAD, atTheBorder, breathe, NOTHING_IN_IT, outcomeOf, receiptOf, treeHashOf, wait } from './papers.ts';
import { ECU, playCampaign } from './recall-campaign.ts';

/** From a defect that is found to source code on its way, and what does not go. */
export async function recall(world: World): Promise<void> {
  await atTheBorder(world, { purposes: ['recall'] }, async (border) => {
    const tree: Tree = sourceTreeOf(world.seed, ECU, 4);
    const hash = treeHashOf(tree);
    world.tell('a defect of the brake controller is found, and a recall begins', '发现制动控制器缺陷，启动召回');
    const { id: campaign, ...defect } = await playCampaign(world, border, hash);
    const submittedOn = civilDateOf(world.clock.now());
    const draft = {
      ...{ id: 'L-1', campaign, ecu: ECU, sourceTreeSha256: hash, ...defect, state: 'draft' },
      ...{ recipients: ABROAD, contents: { ...NOTHING_IN_IT, important: 'present' } },
    };
    border.enter('source-filing', draft);
    const as = { ...AS_SOURCE, id: 'brake-source' };
    wait(world, 0.3);
    const early = await border.bring(tree, as);
    world.tell(
      `the source code of the new version is to go to the supplier abroad; before its filing it cannot be imported: ${early}`,
      `新版本源代码拟提供给境外供应商；备案之前无法导入：${early}`,
    );
    border.enter('source-filing', { ...draft, state: 'submitted', submittedOn });
    wait(world, 2);
    const filed = receiptOf(world, 'SAMR', 'SAMR-1');
    const onFile = { ...draft, submittedOn, filed, filedSha256: hash, state: 'filed' };
    border.enter('source-filing', onFile);
    world.tell('two days later the source code is on file', '两天后源代码已备案');
    const ask = async () =>
      outcomeOf(world, await border.ask({ dataset: 'brake-source', purpose: 'recall', claims: [9] }));
    const other = { ...tree, 'src/brake.c': `${tree['src/brake.c']}/* more */\n` };
    const refused = await border.bring(other, { ...as, id: 'other-source' });
    world.set('outcome-other-tree', refused);
    breathe(world);
    world.tell(`a tree with one more line is not imported: ${refused}`, `多出一行的源代码无法导入：${refused}`);
    await border.bring(tree, as);
    breathe(world);
    world.tell('the tree as it was filed is imported, and asked for', '与备案一致的源代码已导入并提出申请');
    // It is important data by itself: the exemption covers it only by a reading that counsel signed (C3).
    world.set('outcome-before', await ask());
    breathe(world, 60);
    signReading(world, border);
    world.set('outcome', await ask());
    border.enter('source-filing', { ...onFile, filedSha256: 'ab'.repeat(32) });
    breathe(world);
    world.tell('the filing turns out to be of another tree', '备案内容与导入不符');
    world.set('outcome-after', await ask());
    border.enter('source-filing', { ...onFile, state: 'superseded' });
    breathe(world);
    world.tell('the filing is superseded by another', '该备案被新的备案取代');
    world.set('outcome-superseded', await ask());
  });
}

const AS_SOURCE = { kind: 'ota-source', purpose: 'recall', register: 'source-filing', entry: 'L-1' } as const;

function signReading(world: World, border: Parameters<Parameters<typeof atTheBorder>[2]>[0]): void {
  const memo = 'Memorandum on the reading of exemptions 7 to 9.\n';
  const on = toIso(world.clock.now()).slice(0, 10);
  border.enter('sign-off', {
    ...{ id: 'S-1', reading: 'C3', on, until: '2027-10-31', by: 'counsel', documentSha256: border.hashOf(memo) },
    basis: 'memorandum 7',
  });
  border.attach('sign-off', 'S-1', memo);
  world.tell(
    'counsel signs for the reading that important data may go under this exemption',
    '法务签署意见：重要数据可依本项豁免出境',
  );
}
