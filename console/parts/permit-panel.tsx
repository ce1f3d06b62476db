import type { FunctionalComponent } from 'vue';
import type { LogEntry } from '../api/log-entries.ts';
import type { Verdict } from '../api/verdict.ts';
import { type PermitText, readPermit } from '../models/read-permit.ts';
import { countText } from '../words/format.ts';
import { named, t } from '../words/language.ts';
import { citeText } from './cite.tsx';
import { Facts } from './facts.tsx';
import { Moment } from './moment.tsx';
import { nameOf } from './named.tsx';
import { Empty } from './notices.tsx';
import { Panel } from './panel.tsx';
import type { Cell } from './table.tsx';

interface PermitPanelProps {
  /** The entry of the log; absent while nothing may leave. */
  readonly entry: LogEntry | undefined;
  readonly verdict: Verdict | undefined;
}

type Fact = readonly [string, Cell];

/** A permit as people read one: what, to whom, until when, under which article, on which conditions, under which key. The document is folded below it. */
export const PermitPanel: FunctionalComponent<PermitPanelProps> = ({ entry, verdict }) => {
  const permit = readPermit(entry?.document['envelope']);
  return (
    <Panel title={t('transfer.permit')} note={permit === undefined ? undefined : t('permit.note')}>
      {entry === undefined ? (
        <Empty text={t('transfer.no-permit')} />
      ) : (
        <>
          {permit === undefined ? null : <Facts facts={[...whatOf(permit), ...underOf(verdict), ...keysOf(permit)]} />}
          <details>
            <summary>{t('permit.document')}</summary>
            <pre class="document">{JSON.stringify(entry.document, null, 2)}</pre>
          </details>
        </>
      )}
    </Panel>
  );
};
PermitPanel.props = ['entry', 'verdict'];

const whatOf = ({ datasetId, recipientId, purpose, persons, endpoint, notBefore, expiresAt }: PermitText): Fact[] => [
  [t('transfers.dataset'), nameOf('dataset', datasetId)],
  [t('transfers.recipient'), nameOf('recipient', recipientId)],
  [t('permit.endpoint'), <span class="path">{endpoint}</span>],
  [t('transfers.purpose'), nameOf('purpose', purpose)],
  [t('transfers.persons'), `${countText(persons)} ${t('unit.persons')}`],
  [t('permit.from'), <Moment at={notBefore} />],
  [t('permit.until'), <Moment at={expiresAt} />],
];

/** The route and the articles that decided, and what the permit falls with. */
function underOf(verdict: Verdict | undefined): Fact[] {
  if (verdict === undefined) return [];
  const { under, rules, reliedOn = [], standsUntil } = verdict;
  const papers = reliedOn.map(
    ({ kind, id, until }) => `${named('paper', kind)} ${id} (${t('verdict.valid')} ${until})`,
  );
  return [
    [t('verdict.under'), named('route', under ?? '–')],
    [t('permit.articles'), list(rules.map(({ citation }) => citeText(citation)))],
    [t('permit.conditions'), list([t('permit.once'), ...papers])],
    ...(standsUntil === undefined ? [] : [[t('verdict.until'), standsUntil] as const]),
  ];
}

const keysOf = ({ keyId, sealedTo, recipientCertificateSha256, manifestSha256 }: PermitText): Fact[] => [
  [t('permit.key'), hash(keyId)],
  [t('permit.sealed'), sealedTo === 'none' || sealedTo === '' ? t('permit.unsealed') : hash(sealedTo)],
  [t('permit.certificate'), hash(recipientCertificateSha256)],
  [t('permit.manifest'), hash(manifestSha256)],
];

const hash = (text: string): Cell => <span class="path">{text}</span>;

const list = (texts: readonly string[]): Cell => (
  <ul class="plain-list">
    {[...new Set(texts)].map((text) => (
      <li>{text}</li>
    ))}
  </ul>
);
