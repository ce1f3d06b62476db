import { type Bilingual, bilingual, type Fault } from '../../proto/words/fault.ts';

export type RulesFileCode =
  | 'RULES_FILE_TOO_LARGE'
  | 'RULES_FILE_SYNTAX'
  | 'RULES_FILE_SHAPE'
  | 'RULES_SIGN_OFF'
  | 'RULES_WEAKER'
  | 'RULES_PROHIBITION'
  | 'RULES_CONTRADICTION';

export type RulesFileFault = Fault<RulesFileCode>;

/** Where in the operator's file: the line, and the row or key by its place in the file. */
export interface Spot {
  readonly line: number;
  readonly name: string;
}

/** Names line and row, and repeats nothing of the file but ids, which cannot hold what must not be printed. */
export function rulesFault(code: RulesFileCode, spot: Spot, problem: Bilingual, remedy: Bilingual): RulesFileFault {
  const at =
    spot.line > 0 ? bilingual(`line ${spot.line}, \`${spot.name}\``, `第 ${spot.line} 行 \`${spot.name}\``) : undefined;
  return {
    code,
    problem: at === undefined ? problem : bilingual(`${at.en}: ${problem.en}`, `${at.zh}：${problem.zh}`),
    remedy,
    retry: 'after-remedy',
  };
}
