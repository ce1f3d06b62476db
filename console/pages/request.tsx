import { computed, defineComponent, onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue';
import { useRouter } from 'vue-router';
import type { Fault } from '../../proto/words/fault.ts';
import type { Dataset, Recipient } from '../api/answers.ts';
import { follow } from '../api/follow.ts';
import { titleOf } from '../api/titles.ts';
import { askTransfer, type Building } from '../api/transfer-request.ts';
import type { Preview } from '../api/verdict.ts';
import { askVerdict } from '../api/verdict-request.ts';
import { wishOf } from '../models/transfer-wish.ts';
import { Act } from '../parts/act.tsx';
import { ClaimMarks } from '../parts/claim-marks.tsx';
import { Facts } from '../parts/facts.tsx';
import { Empty, FaultNotice, Working } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProgressBar } from '../parts/progress-bar.tsx';
import { Choice } from '../parts/text-input.tsx';
import { VerdictPanel } from '../parts/verdict-panel.tsx';
import { bytesText, countText } from '../words/format.ts';
import { named, say, t } from '../words/language.ts';

/** A build costs something: who is still choosing does not ask for one. */
const CHOOSING_MS = 400;

/** Dataset, recipient, purpose, claims; what would be decided, before anybody asks; then the request itself. */
export const Request = defineComponent(() => {
  const router = useRouter();
  const sets = follow<{ readonly datasets: readonly Dataset[] }>(() => '/datasets');
  const ends = follow<{ readonly recipients: readonly Recipient[] }>(() => '/recipients');
  const [dataset, recipient, purpose] = [ref(''), ref(''), ref('')];
  const claims = ref<readonly number[]>([]);
  const preview = shallowRef<Preview>();
  const isLooking = ref(false);
  const building = shallowRef<Building>();
  const fault = shallowRef<Fault>();
  const datasets = computed(() => sets.value.value?.datasets ?? []);
  const recipients = computed(() => ends.value.value?.recipients ?? []);
  const wish = computed(() => {
    const chosen = { dataset: dataset.value, recipient: recipient.value, purpose: purpose.value };
    return wishOf(chosen, datasets.value, recipients.value);
  });
  const noteBuilding = (progress: Building): void => {
    building.value = progress;
  };
  const asked = () => ({ ...wish.value.chosen, ...(claims.value.length > 0 && { claims: claims.value }) });
  const look = async (): Promise<void> => {
    const body = asked();
    isLooking.value = true;
    const isWanted = (): boolean => isOpen && JSON.stringify(body) === JSON.stringify(asked());
    const answer = await askVerdict(body, noteBuilding, isWanted);
    if (answer === undefined) return;
    [isLooking.value, building.value] = [false, undefined];
    fault.value = answer.ok ? undefined : answer.fault;
    preview.value = answer.ok ? answer.value : undefined;
  };
  // What was decided about one wish says nothing about another; a whole one is weighed as soon as it stands.
  let pause: ReturnType<typeof setTimeout> | undefined;
  let isOpen = true;
  watch([dataset, recipient, purpose, claims], () => {
    [preview.value, fault.value, isLooking.value, building.value] = [undefined, undefined, false, undefined];
    clearTimeout(pause);
    if (wish.value.isWhole) pause = setTimeout(() => void look(), CHOOSING_MS);
  });
  onScopeDispose(() => {
    isOpen = false;
    clearTimeout(pause);
  });
  const send = async (): Promise<void> => {
    const answer = await askTransfer(asked(), noteBuilding);
    building.value = undefined;
    fault.value = answer.ok ? undefined : answer.fault;
    if (answer.ok) await router.push(`/transfers/${answer.value.transferId}`);
  };
  const isEmpty = (): boolean => sets.value.value?.datasets.length === 0;
  return () => (
    <div class="stack">
      <FaultNotice fault={sets.fault.value ?? ends.fault.value} />
      {isEmpty() ? <Empty text={t('request.empty')} /> : null}
      <Panel title={t('request.what')} note={t('request.note')}>
        <div class="form-row">
          {choice('dataset', dataset, datasetOptions(datasets.value))}
          {choice('recipient', recipient, recipientOptions(recipients.value))}
          {choice('purpose', purpose, purposeOptions(wish.value.purposes))}
        </div>
        <ClaimMarks of={claims} hrefOf={(register) => `/registers/${register}`} />
        {acts(wish.value.isWhole, preview.value !== undefined, look, send)}
      </Panel>
      <FaultNotice fault={fault.value} />
      {buildingOf(building.value)}
      {isLooking.value && building.value === undefined ? <Working text={t('request.working')} /> : null}
      <div aria-live="polite">{preview.value === undefined ? null : previewOf(preview.value)}</div>
    </div>
  );
});

/** What is asked for was looked at before. */
const acts = (isWhole: boolean, isSeen: boolean, look: () => Promise<void>, send: () => Promise<void>) => (
  <div class="toolbar">
    <Act text={t('request.look')} disabled={!isWhole} act={look} />
    <Act text={t('request.send')} tone="primary" disabled={!isWhole || !isSeen} act={send} />
  </div>
);

interface Option {
  readonly value: string;
  readonly text: string;
}

const datasetOptions = (datasets: readonly Dataset[]): readonly Option[] =>
  datasets.map(({ id, title }) => ({ value: id, text: title === id ? id : `${say(title)} (${id})` }));

const recipientOptions = (recipients: readonly Recipient[]): readonly Option[] =>
  recipients.map(({ id, name, country }) => ({ value: id, text: `${say(name)} (${id}, ${country})` }));

const purposeOptions = (purposes: readonly string[]): readonly Option[] =>
  purposes.map((id) => ({ value: id, text: titleOf('purpose', id) }));

const choice = (id: 'dataset' | 'recipient' | 'purpose', of: Ref<string>, options: readonly Option[]) => (
  <Choice
    id={id}
    label={t(`transfers.${id}`)}
    of={of}
    hint={options.find(({ value }) => value === of.value)?.text}
    options={[{ value: '', text: t('request.choose') }, ...options]}
  />
);

const buildingOf = (building: Building | undefined) =>
  building && <ProgressBar label={named('build', building.step)} share={building.share} />;

const previewOf = ({ verdict, persons, rows, bytes, nearestWays }: Preview) => (
  <div class="stack">
    <Facts
      facts={[
        [t('transfers.persons'), `${countText(persons)} ${t('unit.persons')}`],
        [
          t('approvals.parcel'),
          rows === 0 && verdict.decision === 'withhold'
            ? t('request.not-built')
            : `${countText(rows)} ${t('approvals.rows')}, ${bytesText(bytes)}`,
        ],
      ]}
    />
    {verdict.decision === 'permit' ? null : (
      <Panel title={t('request.ways')}>
        {nearestWays.length === 0 ? (
          <p>{t('request.no-way')}</p>
        ) : (
          <ul class="rules">
            {nearestWays.map(({ text }) => (
              <li>{say(text)}</li>
            ))}
          </ul>
        )}
      </Panel>
    )}
    <VerdictPanel verdict={verdict} />
  </div>
);
