import type { Bilingual } from '../../proto/words/fault.ts';
import type { CivilDate } from '../../proto/words/time.ts';
import type { Citation, Confidence, DatedRow, RowStatus } from '../transfer/rule.ts';

/** A function of safe driving: source code of an upgrade that concerns one can be important data (item 25). */
export interface SafeDrivingFunction extends DatedRow {
  readonly title: Bilingual;
  readonly citation: Citation;
  readonly confidence: Confidence;
  readonly status: RowStatus;
}

const from = '2026-02-03' as CivilDate;

const draft = {
  from,
  citation: { instrument: 'D25', article: 'II(4), software upgrade', articleZh: '二（四）软件升级' },
  confidence: 'official-draft-2025',
  status: 'draft-2025',
} as const;

/** Two functions more stand in the final list; we know them from a summary only. */
const final = {
  from,
  citation: { instrument: 'G26', article: 'II(4), software upgrade', articleZh: '二（四）软件升级' },
  confidence: 'law-firm',
  status: 'final-2026',
} as const;

export const SAFE_DRIVING_FUNCTIONS: readonly SafeDrivingFunction[] = [
  { ...draft, id: 'start-drive', title: { en: 'start and drive', zh: '启动、驱动' } },
  { ...draft, id: 'loss-of-power', title: { en: 'loss of power', zh: '动力中断' } },
  { ...draft, id: 'emergency-braking', title: { en: 'emergency braking', zh: '紧急制动' } },
  { ...draft, id: 'cruise', title: { en: 'cruise control', zh: '巡航' } },
  { ...draft, id: 'lane-keeping', title: { en: 'lane keeping', zh: '车道保持' } },
  { ...final, id: 'charge-discharge', title: { en: 'charge and discharge control', zh: '充放电控制' } },
  { ...final, id: 'battery-temperature', title: { en: 'battery temperature control', zh: '电池温度控制' } },
];
