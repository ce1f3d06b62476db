import type { FunctionalComponent } from 'vue';
import type { Step } from '../models/transfer-steps.ts';
import { named, t } from '../words/language.ts';
import { Moment } from './moment.tsx';
import { Empty } from './notices.tsx';
import { ProofCheck } from './proof-check.tsx';

/** Steps as the logs have them, oldest first; each can be checked against its log, and its document opened. */
export const StepList: FunctionalComponent<{ readonly steps: readonly Step[] }> = ({ steps }) =>
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
          <ProofCheck log={log} index={entry.index} />
          <details>
            <summary>{t('transfer.document')}</summary>
            <pre class="document">{JSON.stringify(entry.document, null, 2)}</pre>
          </details>
        </li>
      ))}
    </ol>
  );
StepList.props = ['steps'];
