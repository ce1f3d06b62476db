import type { FunctionalComponent } from 'vue';
import type { LogEntry } from '../api/log-entries.ts';
import { registerTitleOf } from '../api/titles.ts';
import { summaryOf } from '../models/step-summary.ts';
import type { Step } from '../models/transfer-steps.ts';
import { named, say, t } from '../words/language.ts';
import { Moment } from './moment.tsx';
import { Empty } from './notices.tsx';
import { ProofCheck } from './proof-check.tsx';

interface StepListProps {
  readonly steps: readonly Step[];
  /** All are of one transfer, which need not be named at each. */
  readonly isOfOne?: boolean;
}

/** Steps as the logs have them, oldest first; each can be checked against its log, and its document opened. */
export const StepList: FunctionalComponent<StepListProps> = ({ steps, isOfOne = false }) =>
  steps.length === 0 ? (
    <Empty text={t('transfer.no-steps')} />
  ) : (
    <ol class="steps">
      {steps.map(({ log, entry }) => (
        <li key={`${log}/${entry.index}`}>
          <div class="list-head">
            <strong>{named('step', entry.kind)}</strong>
            <span class="cite">{`${named('log', log)} #${entry.index} · ${entry.actor}`}</span>
            <Moment at={entry.recordedAt} />
          </div>
          {summary(entry, isOfOne)}
          <ProofCheck log={log} index={entry.index} />
          <details>
            <summary>{t('transfer.document')}</summary>
            <pre class="document">{JSON.stringify(entry.document, null, 2)}</pre>
          </details>
        </li>
      ))}
    </ol>
  );
StepList.props = ['steps', 'isOfOne'];

/** What the entry is about, so that nobody has to open a document to find one. */
function summary(entry: LogEntry, isOfOne: boolean) {
  const { register, about, ended } = summaryOf(entry);
  const kind = register === undefined ? undefined : (registerTitleOf(register) ?? { en: register, zh: register });
  const texts = [kind && say(kind), about, isOfOne ? '' : entry.transferId, ended && named('state', ended)].filter(
    Boolean,
  );
  return texts.length === 0 ? null : <p class="quiet step-about">{texts.join(' · ')}</p>;
}
