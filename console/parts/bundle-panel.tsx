import { defineComponent, type Ref, ref, shallowRef } from 'vue';
import type { Fault } from '../../proto/words/fault.ts';
import type { Bundle } from '../api/bundles.ts';
import { ask } from '../api/client.ts';
import { follow } from '../api/follow.ts';
import { typedDay } from '../models/typed-time.ts';
import { hasRole } from '../session.ts';
import { bytesText, countText, dayText, momentText } from '../words/format.ts';
import { named, t } from '../words/language.ts';
import { Act } from './act.tsx';
import { DayInput } from './day-input.tsx';
import { Empty, FaultNotice } from './notices.tsx';
import { Panel } from './panel.tsx';
import { ProgressBar } from './progress-bar.tsx';
import { StateTag } from './state-tag.tsx';
import { Table } from './table.tsx';
import { TextInput } from './text-input.tsx';

const LOOK_MS = 1_000;

/** Kinds of bundle: where each is asked for, and under which key they are listed. */
const KINDS = {
  inspection: { path: '/inspections', list: 'inspections' },
  logs: { path: '/log-bundles', list: 'bundles' },
  captures: { path: '/capture-bundles', list: 'bundles' },
} as const;
export type BundleKind = keyof typeof KINDS;

/** Fields of each kind on the page; `captures` are those of the search beside it. */
const PREFIX = { inspection: 'inspection', logs: 'logs', captures: 'segments' } as const satisfies Record<
  BundleKind,
  string
>;

/** What is chosen of a bundle before it is asked for. */
interface Choice {
  readonly from: Ref<string>;
  readonly until: Ref<string>;
  readonly cidr: Ref<string>;
  readonly reason: Ref<string>;
}

/** Bundles of one kind: asked for by a time, made by the cloud beside its other work, fetched, and gone after a day. */
export const BundlePanel = defineComponent(
  ({ kind }: { readonly kind: BundleKind }) => {
    const choice: Choice = { from: ref(''), until: ref(''), cidr: ref(''), reason: ref('') };
    const { path, list } = KINDS[kind];
    const refusal = shallowRef<Fault>();
    const { value, fault, reload } = follow<Readonly<Record<string, readonly Bundle[]>>>(() => path, LOOK_MS);
    const act = async (method: 'POST' | 'DELETE', at: string, body?: object): Promise<void> => {
      const answer = await ask<object>(method, at, body);
      refusal.value = answer.ok ? undefined : answer.fault;
      await reload();
    };
    const begin = (): Promise<void> => act('POST', path, wishOf(kind, chosenOf(choice)));
    const remove = (id: string): Promise<void> => act('DELETE', `${path}/${id}`);
    return () => (
      <Panel title={named('bundle-title', kind)} note={named('bundle-note', kind)}>
        {choiceRow(kind, choice)}
        <div class="toolbar">
          <Act
            text={named('bundle-act', kind)}
            tone="primary"
            disabled={!isWhole(kind, chosenOf(choice))}
            act={begin}
          />
        </div>
        <FaultNotice fault={refusal.value ?? fault.value} />
        <div aria-live="polite">{listed(kind, value.value?.[list], remove)}</div>
      </Panel>
    );
  },
  { props: ['kind'] },
);

/** Who else than an auditor looks at the page is not offered what they would be refused. */
export const mayInspect = (): boolean => hasRole(['auditor']);

const choiceRow = (kind: BundleKind, { from, until, cidr, reason }: Choice) => (
  <div class="form-row">
    <DayInput id={`${PREFIX[kind]}-from`} label={t('inspection.from')} of={from} />
    <DayInput id={`${PREFIX[kind]}-until`} label={t('inspection.until')} of={until} />
    {kind === 'captures' ? (
      <>
        <TextInput id="segments-cidr" label={t('audit.cidr')} of={cidr} hint="203.0.113.0/24" required={false} />
        <TextInput id="segments-reason" label={t('bundle.reason')} of={reason} hint={t('bundle.reason-hint')} />
      </>
    ) : null}
  </div>
);

/** What was typed, as days; an empty word where it is none. */
interface Chosen {
  readonly from: string;
  readonly until: string;
  readonly cidr: string;
  readonly reason: string;
}

const chosenOf = ({ from, until, cidr, reason }: Choice): Chosen => ({
  from: typedDay(from.value) ?? '',
  until: typedDay(until.value) ?? '',
  cidr: cidr.value.trim(),
  reason: reason.value.trim(),
});

function isWhole(kind: BundleKind, { from, until, reason }: Chosen): boolean {
  return from !== '' && from <= until && (kind !== 'captures' || reason !== '');
}

/** Days of Asia/Shanghai, whole ones. */
function wishOf(kind: BundleKind, { from, until, cidr, reason }: Chosen): object {
  if (kind !== 'captures') return { from, until };
  const time = { from: `${from}T00:00:00+08:00`, to: `${until}T23:59:59.999+08:00` };
  return { ...time, ...(cidr !== '' && { cidr }), reason };
}

function listed(kind: BundleKind, bundles: readonly Bundle[] | undefined, remove: (id: string) => Promise<void>) {
  if (bundles === undefined) return null;
  return bundles.length === 0 ? <Empty text={named('bundle-empty', kind)} /> : bundleTable(kind, bundles, remove);
}

const bundleTable = (kind: BundleKind, bundles: readonly Bundle[], remove: (id: string) => Promise<void>) => (
  <Table
    label={named('bundle-title', kind)}
    columns={[
      { title: t('inspection.period') },
      { title: t('inspection.by') },
      { title: t('transfers.state') },
      { title: t('inspection.file'), isProse: true },
      { title: t('filings.next') },
    ]}
    rows={bundles.map((one) => [
      `${daysOf(one)}${one.cidr === undefined ? '' : ` · ${one.cidr}`}`,
      one.by,
      <StateTag state={one.state} />,
      fileOf(kind, one),
      <Act text={t(one.state === 'under-way' ? 'inspection.end' : 'inspection.remove')} act={() => remove(one.id)} />,
    ])}
  />
);

const daysOf = ({ from, until, to }: Bundle): string =>
  until === undefined ? `${dayText(from)} – ${dayText(to ?? from)}` : `${from} – ${until}`;

function fileOf(kind: BundleKind, one: Bundle) {
  if (one.state === 'under-way') return <ProgressBar label={named('bundle-step', one.step)} share={one.share} />;
  if (one.state === 'failed') return <FaultNotice fault={one.fault} />;
  return (
    <div class="stack-tight">
      <a href={`/api/v1${KINDS[kind].path}/${one.id}/bundle`} download>
        {`${kind}-${daysOf(one).replace(' – ', '-')}.zip`}
      </a>
      <span class="quiet">
        {`${bytesText(one.bytes)} · ${countText(one.files)} ${t('inspection.files')} · ${t('inspection.kept')} ${momentText(one.keptUntil)}`}
      </span>
      <span class="path">{`SHA-256 ${one.sha256}`}</span>
    </div>
  );
}
