import type { CivilDate } from '../../proto/words/time.ts';
import type { IncidentLevelRow } from '../registers/incident-level.ts';

const day = (text: string) => text as CivilDate;
const CAC = { instrument: 'CAC-INC-2025', article: 'annex', articleZh: '附件' };
const MIIT = { instrument: 'MIIT-DATA-2024', article: 'annex 1', articleZh: '附件1' };

/**
 * From what on an incident is of a level at least; the number itself counts as reached. `persons`: whose personal information leaked.
 * `lossCny`: direct economic loss, yuan. An incident is of the gravest level that any row makes it.
 */
// biome-ignore format: one row a line
export const INCIDENT_LEVELS: readonly IncidentLevelRow[] = [
  { id: 'INC-2', from: day('2025-11-01'), level: 'larger',           atLeast: { persons: 1_000_000,   lossCny: 5_000_000 },   citation: CAC, confidence: 'official' },
  { id: 'INC-2', from: day('2025-11-01'), level: 'major',            atLeast: { persons: 10_000_000,  lossCny: 20_000_000 },  citation: CAC, confidence: 'official' },
  { id: 'INC-2', from: day('2025-11-01'), level: 'especially-major', atLeast: { persons: 100_000_000, lossCny: 100_000_000 }, citation: CAC, confidence: 'official' },
  { id: 'INC-4', from: day('2024-11-01'), level: 'larger',           atLeast: { persons: 1_000_000,   sensitivePersons: 100_000,    lossCny: 50_000_000 },    citation: MIIT, confidence: 'official' },
  { id: 'INC-4', from: day('2024-11-01'), level: 'major',            atLeast: { persons: 10_000_000,  sensitivePersons: 1_000_000,  lossCny: 100_000_000 },   citation: MIIT, confidence: 'official' },
  { id: 'INC-4', from: day('2024-11-01'), level: 'especially-major', atLeast: { persons: 100_000_000, sensitivePersons: 10_000_000, lossCny: 1_000_000_000 }, citation: MIIT, confidence: 'official' },
];
