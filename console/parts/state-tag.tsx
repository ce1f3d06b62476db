import type { FunctionalComponent } from 'vue';
import { named } from '../words/language.ts';

const TONES: Readonly<Record<string, string>> = {
  ...{ permit: 'good', delivered: 'good', permitted: 'good', trusted: 'good', closed: 'good', signed: 'good' },
  ...{
    withhold: 'bad',
    withheld: 'bad',
    refused: 'bad',
    rejected: 'bad',
    failed: 'bad',
    revoked: 'bad',
    barred: 'bad',
  },
  ...{
    standing: 'good',
    ready: 'good',
    whole: 'good',
    done: 'good',
    changed: 'bad',
    absent: 'bad',
    'awaiting-confirmation': 'wait',
  },
  ...{ filed: 'good', granted: 'good', active: 'good', run: 'wait', due: 'wait', invited: 'wait', submitted: 'wait' },
  ...{ draft: 'wait', 'alert-open': 'bad', acknowledged: 'wait', 'not-begun': 'bad', disabled: 'bad' },
  ...{ overdue: 'bad', high: 'bad', critical: 'bad' },
  ...{ 'awaiting-approval': 'wait', requested: 'wait', watched: 'wait', lapsed: 'wait', open: 'wait', medium: 'wait' },
};

/** A state as a word on a tone; the tone says nothing that the word does not. */
export const StateTag: FunctionalComponent<{ readonly state: string }> = ({ state }) => (
  <span class={`tag tag-${TONES[state] ?? 'plain'}`}>{named('state', state)}</span>
);
StateTag.props = ['state'];
