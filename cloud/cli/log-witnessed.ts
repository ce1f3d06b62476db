import { existsSync, readFileSync } from 'node:fs';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { type Instant, toIso } from '../../proto/words/time.ts';
import type { TreeHead } from '../log/checkpoint.ts';
import { type CosignedFault, cosignedFile, readCosigned } from '../log/cosigned-files.ts';
import { COSIGNATURE, parseVerifierKey } from '../log/signed-note.ts';
import type { Installation } from './log-installation.ts';

/** What witnesses cosigned of the logs of an installation. */
export interface Witnessed {
  readonly heads: readonly {
    readonly log: string;
    readonly witness: string;
    readonly head: TreeHead;
    readonly seconds: number;
  }[];
  /** A log that a witness has not cosigned, or not with this key. */
  readonly faults: readonly Fault<'LOG_NOT_WITNESSED'>[];
}

/** Reads the checkpoints that each of these witnesses cosigned. Fault LOG_WITNESS for what is no verifier key of a witness. */
export function readWitnessed(
  named: readonly string[],
  { logs, logDirectory }: Pick<Installation, 'logs' | 'logDirectory'>,
): Result<Witnessed, Fault<'LOG_WITNESS'>> {
  const heads: Witnessed['heads'][number][] = [];
  const faults: Fault<'LOG_NOT_WITNESSED'>[] = [];
  for (const one of named) {
    const text = existsSync(one) ? readFileSync(one, 'utf8') : one;
    const witness = parseVerifierKey(text.trim(), COSIGNATURE);
    if (witness === undefined) return fail(noWitness());
    for (const log of logs) {
      const read = readCosigned(cosignedFile(logDirectory, log.name, witness), log, witness);
      if (read.ok) heads.push({ log: log.name, witness: witness.name, ...read.value });
      else faults.push(notWitnessed(log.name, witness.name, read.fault));
    }
  }
  return ok({ heads, faults });
}

/** For the report in JSON. */
export function toldOf({ heads }: Witnessed): readonly object[] {
  return heads.map(({ log, witness, head, seconds }) => ({
    ...{ log, witness, size: head.size, at: toIso((seconds * 1_000) as Instant) },
  }));
}

const noWitness = (): Fault<'LOG_WITNESS'> => ({
  code: 'LOG_WITNESS',
  problem: bilingual('what `--witness` names is no verifier key of a witness', '`--witness` 所指不是见证方的公钥'),
  remedy: bilingual(
    'name the line that `tongguan log witness` prints, or a file of it; the key of a log is another kind',
    '请指定 `tongguan log witness` 输出的公钥行或其文件；日志自身的公钥类型不同',
  ),
  retry: 'after-remedy',
});

function notWitnessed(log: string, witness: string, fault: CosignedFault): Fault<'LOG_NOT_WITNESSED'> {
  const why =
    fault === 'absent'
      ? bilingual('has cosigned nothing of it', '从未联署')
      : bilingual('did not sign what is kept of it', '所存联署无效');
  return {
    code: 'LOG_NOT_WITNESSED',
    problem: bilingual(
      `log \`${log}\`: witness \`${witness}\` ${why.en}`,
      `日志 \`${log}\`：见证方 \`${witness}\` ${why.zh}`,
    ),
    remedy: bilingual(
      'check `log.witnesses` and ask the witness for the checkpoint that it holds; hand that to `--head`',
      '请检查 `log.witnesses`，并向见证方索取其保存的检查点，用 `--head` 核对',
    ),
    retry: 'after-remedy',
  };
}
