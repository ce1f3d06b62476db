import { explain } from '../../cloud/transfer/explain.ts';
import type { Verdict } from '../../cloud/transfer/verdict.ts';
import { type Fault, renderFault } from '../../proto/words/fault.ts';
import type { ApiAnswer } from './request.ts';

/** What became of a request, for a person to read. */
export function explainAnswer(dataset: string, answer: ApiAnswer): readonly string[] {
  const { verdict, fault, transferId } = answer.body as { verdict?: Verdict; fault?: Fault; transferId?: string };
  if (fault !== undefined) return renderFault('transfer', fault).split('\n');
  if (verdict === undefined) return [`transfer of ${dataset}: the cloud answered with status ${answer.status}`];
  return [`transfer ${transferId} of ${dataset}:`, ...explain(verdict, 'en')];
}

/** The same in one line, for the live view. */
export function summariseAnswer(dataset: string, answer: ApiAnswer): string {
  const { verdict, fault } = answer.body as { verdict?: Verdict; fault?: Fault };
  if (verdict === undefined) return `${dataset}: ${fault?.problem.en ?? `status ${answer.status}`}`;
  const rules = [...new Set(verdict.rules.map(({ id }) => id))].join(', ');
  if (verdict.decision === 'permit') return `${dataset}: cleared under ${verdict.under} (${rules})`;
  return `${dataset}: WITHHELD by ${rules}; ${verdict.missing.length} things missing, told in full at the end`;
}
