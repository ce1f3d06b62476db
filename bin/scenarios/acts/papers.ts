import { createHash } from 'node:crypto';
import { treeHash } from '../../../cloud/datasets/tree-hash.ts';
import type { TransferOutcome } from '../../../cloud/transfer/export-gate.ts';
import type { Fault } from '../../../proto/words/fault.ts';
import type { Result } from '../../../proto/words/result.ts';
import { civilDateOf, DAY_MS, HOUR_MS, type Instant, startOfDay, toIso } from '../../../proto/words/time.ts';
import { RECIPIENT_ID } from '../../up/tour.ts';
import { type Border, type BorderSetting, OFFICER, openBorder, type Tree } from '../border.ts';
import { inWords } from '../outcome-words.ts';
import type { World } from '../world.ts';

/** Plays at the border of a cloud that is installed for it. */
export async function atTheBorder(
  world: World,
  setting: BorderSetting,
  play: (border: Border) => Promise<void>,
): Promise<void> {
  const border = await openBorder(world, setting);
  try {
    world.advance(nextMorning(world));
    border.enter('processor', { ...PROFILE, ciio: setting.ciio ?? 'no' });
    await play(border);
    world.set('in-outbox', border.outbox().filter((name) => !name.includes('.')).length);
    world.set('operations-logged', border.logged('operations').length);
  } finally {
    await border.close();
  }
}

/** When offices open, in Shanghai. */
const nextMorning = ({ clock }: World): Instant =>
  (startOfDay(civilDateOf(clock.now())) + OFFICE_HOUR * HOUR_MS) as Instant;
const OFFICE_HOUR = 9;

/** Who may do what at the processor of every scenario. */
const PROFILE = {
  ...{ id: 'example-motor', name: 'Example Motor (fictional)', department: 'Data Security' },
  securityOfficer: { name: 'A. Officer', contact: 'ext. 100' },
  authorities: [
    authority(OFFICER, 'p-1', 'request', 'approve'),
    authority('approver', 'p-2', 'approve'),
    authority('second-approver', 'p-3', 'approve'),
    authority('counsel', 'p-4', 'sign-off'),
    authority('integrator', 'p-5', 'request', 'approve'),
  ],
};

function authority(account: string, person: string, ...may: string[]) {
  return { account, person, may, since: '2026-01-01' };
}

/** Nothing in the files that a person would have to settle. */
export const NOTHING_IN_IT = {
  ...{ personal: 'absent', sensitive: 'absent', geographic: 'absent', coordinates: 'absent' },
  ...{ important: 'absent', core: 'absent', stateSecret: 'absent' },
} as const;

/** `permitted under exemption-9`, `withheld`, or the code of a fault; a withheld one also says by which rules. */
export function outcomeOf(world: World, asked: Result<TransferOutcome, Fault>): string {
  if (!asked.ok) return asked.fault.code;
  const { state, verdict } = asked.value;
  const rules = verdict.rules.map(({ id }) => id);
  if (verdict.decision === 'withhold') {
    const missing = verdict.missing.map(({ what }) => what);
    world.set('because', [...new Set([...rules, ...missing])].join(' '));
    const titles = (language: 'en' | 'zh') => [...new Set(verdict.missing.map(({ title }) => title[language]))];
    world.tell(`the gate withholds; missing: ${titles('en').join('; ')}`, `不予出境；尚缺：${titles('zh').join('；')}`);
    return state;
  }
  const outcome = `${state} under ${verdict.under}`;
  const by = rules.join(', ');
  world.tell(`the gate: ${inWords(outcome, 'en')} (${by})`, `裁定：${inWords(outcome, 'zh')}（${by}）`);
  return outcome;
}

export const sha256Of = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex');

/** The hash a tree is filed and imported under. */
export function treeHashOf(tree: Tree): string {
  return treeHash(
    Object.entries(tree)
      .map(([path, text]) => ({ path, bytes: Buffer.byteLength(text), sha256: sha256Of(text) }))
      .sort((a, b) => (a.path < b.path ? -1 : 1)),
  );
}

/** What an authority gives for what it took in, an hour ago. */
export function receiptOf({ clock }: World, authorityName: string, number: string) {
  return { number, at: toIso((clock.now() - HOUR_MS) as Instant), authority: authorityName };
}

/** People take their time between one act and the next. */
export function breathe({ advance, clock }: World, minutes = 10): void {
  advance((clock.now() + minutes * 60_000) as Instant);
}

/** Lets so many days go by. */
export function wait({ advance, clock }: World, days: number): void {
  advance((clock.now() + days * DAY_MS) as Instant);
}

export const ABROAD = [RECIPIENT_ID];
