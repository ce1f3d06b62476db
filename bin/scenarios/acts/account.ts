import { addressList } from '../../../cloud/access/cidr.ts';
import { mayRead } from '../../../cloud/access/may-read.ts';
import { approveTransfer } from '../../../cloud/approvals/approve.ts';
import { civilDateOf } from '../../../proto/words/time.ts';
import { DATASETS, PURPOSE } from '../../up/tour.ts';
import type { Border } from '../border.ts';
import type { World } from '../world.ts';
import { atTheBorder, outcomeOf } from './papers.ts';
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
  const tracks = await border.ask({ dataset: TRACKS.id, purpose: PURPOSE, by: THIEF });
  world.set('outcome', outcomeOf(world, tracks));
  const asked = await border.ask({ dataset: STATISTICS.id, purpose: PURPOSE, by: THIEF });
  world.set('outcome-own', outcomeOf(world, asked));
  if (asked.ok) {
    const { transferId } = asked.value;
    const own = approveTransfer({ transferId, by: THIEF }, border.gate);
    world.tell(`approves its own request: ${own.ok ? 'taken' : own.fault.code}`, '自批自请');
    const stranger = approveTransfer({ transferId, by: 'nobody-known' }, border.gate);
    world.tell(`approves under another name: ${stranger.ok ? 'taken' : stranger.fault.code}`, '冒用他人审批');
  }
  const unknown = await border.ask({ dataset: STATISTICS.id, purpose: PURPOSE, by: 'integrator-2' });
  world.tell(`asks under a name of its own making: ${outcomeOf(world, unknown)}`, '以虚构账户申请');
  readFromAbroad(world);
}

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
    world.tell(
      `reads ${reading} from abroad: ${read.access === 'refused' ? read.because : 'granted'}`,
      `从境外读取 ${reading}`,
    );
  }
}
