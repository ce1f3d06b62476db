import type { FunctionalComponent } from 'vue';
import type { DecidingRule, Missing, Verdict } from '../api/verdict.ts';
import { labelled, named, say, spoken, t } from '../words/language.ts';
import { citeText } from './cite.tsx';
import { Facts } from './facts.tsx';
import { Panel } from './panel.tsx';
import { StateTag } from './state-tag.tsx';

/** A verdict as who asks has to be able to explain it: rules with their articles, what is missing, and what it rests on. */
export const VerdictPanel: FunctionalComponent<{ readonly verdict: Verdict }> = ({ verdict }) => {
  const { decision, because, under, standsUntil, missing, rules, notes, reliedOn = [] } = verdict;
  return (
    <Panel title={t('verdict.title')}>
      <Facts
        facts={[
          [t('verdict.decision'), <StateTag state={decision} />],
          because === undefined
            ? [t('verdict.under'), named('route', under ?? '')]
            : [t('verdict.because'), named('because', because)],
          ...(standsUntil === undefined ? [] : [[t('verdict.until'), standsUntil] as const]),
          ...reliedOn.map(
            ({ kind, id, until }) => [named('paper', kind), `${id}, ${t('verdict.valid')} ${until}`] as const,
          ),
        ]}
      />
      {missing.length === 0 ? null : (
        <div>
          <h3>{t('verdict.missing')}</h3>
          <ol class="missing">{missing.map(missingItem)}</ol>
        </div>
      )}
      <h3>{t('verdict.rules')}</h3>
      <ul class="rules">{rules.map(ruleItem)}</ul>
      {notes.length === 0 ? null : (
        <details>
          <summary>{`${t('verdict.notes')} (${notes.length})`}</summary>
          <ul class="rules">
            {notes.map(({ id, text, citation }) => (
              <li>
                <span class="cite">{`${citeText(citation)} · ${id}`}</span>
                <p>{say(text)}</p>
              </li>
            ))}
          </ul>
        </details>
      )}
      <p class="quiet digest">{`${t('verdict.facts')} ${verdict.factsDigest}`}</p>
      <p class="quiet digest">{`${t('verdict.law')} ${verdict.rulesDigest}`}</p>
    </Panel>
  );
};
VerdictPanel.props = ['verdict'];

/** What is missing is a task: what, and how it is got. */
const missingItem = ({ title, remedy, rules }: Missing) => (
  <li>
    <strong>{say(title)}</strong>
    <p>{say(remedy)}</p>
    <span class="cite">{labelled('verdict.of-rules', rules.join(', '))}</span>
  </li>
);

/** That of the page first. The other stands below it: a reason is quoted to authorities at home and to counsel abroad. */
const ruleItem = ({ id, concern, outcome, citation, reason }: DecidingRule) => (
  <li>
    <span class="cite">{`${named('concern', concern)} · ${citeText(citation)} · ${id}`}</span>
    {outcome === 'unknown' ? <span class="tag tag-wait">{t('verdict.unknown')}</span> : null}
    <p lang={spoken() === 'zh' ? 'zh-CN' : 'en'}>{say(reason)}</p>
    <p class="quiet" lang={spoken() === 'zh' ? 'en' : 'zh-CN'}>
      {spoken() === 'zh' ? reason.en : reason.zh}
    </p>
  </li>
);
