import { addressList } from '../../../cloud/access/cidr.ts';
import { mayRead } from '../../../cloud/access/may-read.ts';
import { approveTransfer } from '../../../cloud/approvals/approve.ts';
import type { Fault } from '../../../proto/words/fault.ts';
import { civilDateOf } from '../../../proto/words/time.ts';
import { DATASETS, PURPOSE } from '../../up/tour.ts';
import type { Border } from '../border.ts';
import type { World } from '../world.ts';
import { atTheBorder, breathe, outcomeOf } from './papers.ts';
import { sendValues } from './people.ts';

const THIEF = 'integrator';
const [STATISTICS, TRACKS] = DATASETS;

/** Whoever holds the account may ask; nothing that it asks for by itself goes out, and each attempt is on record. */
export async function stolenAccount(world: World): Promise<void> {
  await atTheBorder(world, { issue: world.isOff('four-eyes') ? 'on-verdict' : 'on-approval' }, async (border) => {
    sendValues(world, border);
    await attempt(world, border);
    const refused = border.logged('operations').filter(({ kind }) => kind === 'approval-refused').length;
    world.add('refusals', refused);
    world.set('alerts', border.logged('alerts').length);
  });
}

async function attempt(world: World, border: Border): Promise<void> {
  world.tell(
    'somebody has the account of an integrator, and asks for the tracks of the fleet',
    '有人盗用集成商账户，申请车队轨迹',
  );
  const tracks = await border.ask({ dataset: TRACKS.id, purpose: PURPOSE, by: THIEF });
  world.set('outcome', outcomeOf(world, tracks));
  breathe(world);
  world.tell('then for battery statistics, which the account may ask for', '再申请该账户有权申请的电池统计');
  const asked = await border.ask({ dataset: STATISTICS.id, purpose: PURPOSE, by: THIEF });
  world.set('outcome-own', outcomeOf(world, asked));
  if (asked.ok) {
    const { transferId } = asked.value;
    const own = approveTransfer({ transferId, by: THIEF }, border.gate);
    tellTried(world, 'it approves its own request', '审批自己的申请', own.ok ? undefined : own.fault);
    const stranger = approveTransfer({ transferId, by: 'nobody-known' }, border.gate);
    tellTried(
      world,
      'it approves under a name that nobody has',
      '以不存在的名义审批',
      stranger.ok ? undefined : stranger.fault,
    );
  }
  const unknown = await border.ask({ dataset: STATISTICS.id, purpose: PURPOSE, by: 'integrator-2' });
  tellTried(world, 'it asks under a name of its own making', '以虚构账户申请', unknown.ok ? undefined : unknown.fault);
  readFromAbroad(world);
}

/** What it tried, and why it was not let. */
function tellTried(world: World, en: string, zh: string, fault: Fault | undefined): void {
  breathe(world, 1);
  const told = fault === undefined ? { en: 'taken', zh: '被接受' } : fault.problem;
  const code = fault?.code ?? 'OK';
  world.tell(`${en}: ${told.en} (${code})`, `${zh}：${told.zh}（${code}）`);
}

const READINGS_ZH = { zones: '分区数据', logs: '日志', datasets: '数据集' } as const;

/** Every reading, from an address beyond the mainland list. */
function readFromAbroad(world: World): void {
  const on = civilDateOf(world.clock.now());
  const principal = {
    ...{ id: THIEF, person: 'p-5', employer: { name: 'Integrator (fictional)', country: 'CN' }, resident: 'CN' },
    ...{ reads: ['status', 'zones'] as ('status' | 'zones')[], validFrom: on, validUntil: on },
  };
  const facts = {
    principals: () => [principal],
    accountOf: () => undefined,
    mainland: addressList(['10.0.0.0/8']),
    on,
  };
  for (const reading of ['zones', 'logs', 'datasets'] as const) {
    const read = mayRead(reading, { via: 'network', address: '203.0.113.9', account: THIEF }, facts);
    if (read.access === 'refused') world.add('refusals', 1);
    const [en, zh] =
      read.access === 'refused' ? [`refused (${read.because})`, `拒绝（${read.because}）`] : ['granted', '允许'];
    breathe(world, 1);
    world.tell(`it reads ${reading} from an address abroad: ${en}`, `从境外地址读取${READINGS_ZH[reading]}：${zh}`);
  }
}
