import { sourceTreeOf } from '../../../firmware-sim/tcu/firmware.ts';
import { civilDateOf, toIso } from '../../../proto/words/time.ts';
import type { Tree } from '../border.ts';
import type { World } from '../world.ts';
import { ABROAD, atTheBorder, NOTHING_IN_IT, outcomeOf, receiptOf, treeHashOf, wait } from './papers.ts';
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
    const as = {
      id: 'brake-source',
      kind: 'ota-source',
      purpose: 'recall',
      register: 'source-filing',
      entry: 'L-1',
    } as const;
    world.tell(`before the filing: ${await border.bring(tree, as)}`, '备案之前无法导入');
    border.enter('source-filing', { ...draft, state: 'submitted', submittedOn });
    wait(world, 2);
    const filed = receiptOf(world, 'SAMR', 'SAMR-1');
    const onFile = { ...draft, submittedOn, filed, filedSha256: hash, state: 'filed' };
    border.enter('source-filing', onFile);
    world.tell('the source code is on file', '源代码已备案');
    const ask = async () =>
      outcomeOf(world, await border.ask({ dataset: 'brake-source', purpose: 'recall', claims: [9] }));
    const other = { ...tree, 'src/brake.c': `${tree['src/brake.c']}/* more */\n` };
    world.set('outcome-other-tree', await border.bring(other, { ...as, id: 'other-source' }));
    world.tell(`as it was filed: ${await border.bring(tree, as)}`, '与备案一致，导入成功');
    // It is important data by itself: the exemption covers it only by a reading that counsel signed (C3).
    world.set('outcome-before', await ask());
    signReading(world, border);
    world.set('outcome', await ask());
    border.enter('source-filing', { ...onFile, filedSha256: 'ab'.repeat(32) });
    world.tell('the filing turns out to be of another tree', '备案内容与导入不符');
    world.set('outcome-after', await ask());
    border.enter('source-filing', { ...onFile, state: 'superseded' });
    world.set('outcome-superseded', await ask());
  });
}

function signReading(world: World, border: Parameters<Parameters<typeof atTheBorder>[2]>[0]): void {
  const memo = 'Memorandum on the reading of exemptions 7 to 9.\n';
  const on = toIso(world.clock.now()).slice(0, 10);
  border.enter('sign-off', {
    ...{ id: 'S-1', reading: 'C3', on, until: '2027-10-31', by: 'counsel', documentSha256: border.hashOf(memo) },
    basis: 'memorandum 7',
  });
  border.attach('sign-off', 'S-1', memo);
  world.tell('counsel signs for the reading', '法务签署解释意见');
}
