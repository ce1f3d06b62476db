import { bilingual } from '../../proto/words/fault.ts';
import { type CivilDate, civilDateOf } from '../../proto/words/time.ts';
import { INCIDENT_LEVELS } from '../rules/incident-levels.table.ts';
import type { EntryBody, Objection } from './kind.ts';
import { momentOf } from './words.ts';

/** Mildest first. */
const LEVELS = ['general', 'larger', 'major', 'especially-major'] as const;

/** A figure from which on an incident is of a level at least. */
export interface IncidentLevelRow {
  readonly id: string;
  readonly from: CivilDate;
  readonly level: (typeof LEVELS)[number];
  /** Persons, and yuan; each reached by the number itself. */
  readonly atLeast: Readonly<Partial<Record<'persons' | 'sensitivePersons' | 'lossCny', number>>>;
  readonly citation: { readonly instrument: string; readonly article: string; readonly articleZh: string };
  readonly confidence: 'official';
}

/**
 * A level below what the figures of the incident make it contradicts them: the clocks of the graver level would not run. An
 * incident that nobody has graded runs them all, and a figure that nobody knows makes nothing graver.
 */
export function levelByFigures(body: EntryBody): readonly Objection[] {
  const stated = LEVELS.indexOf(body['level'] as (typeof LEVELS)[number]);
  if (stated < 0) return [];
  const known = civilDateOf(momentOf(String(body['knownAt'])));
  const reached = INCIDENT_LEVELS.filter(({ from, level }) => from <= known && LEVELS.indexOf(level) > stated).flatMap(
    (row) =>
      Object.entries(row.atLeast)
        .filter(([key, figure]) => Number(body[key] ?? 0) >= figure)
        .map(([key, figure]) => ({ ...row, key, figure })),
  );
  const gravest = reached.toSorted((a, b) => LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level))[0];
  if (gravest === undefined) return [];
  const { id, level, key, figure, citation } = gravest;
  const least = figure.toLocaleString('en');
  const problem = bilingual(
    `\`level\` is \`${level}\` at least, since \`${key}\` reaches ${least} (${id}: ${citation.instrument} ${citation.article})`,
    `\`${key}\` 达到 ${least}，\`level\` 至少为 \`${level}\`（${id}：${citation.instrument} ${citation.articleZh}）`,
  );
  return [{ key: 'level', problem }];
}
