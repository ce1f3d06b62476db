import { defineComponent, type Ref, ref, type ShallowRef, shallowRef } from 'vue';
import type { Fault } from '../../proto/words/fault.ts';
import { sendFile } from '../api/client.ts';
import { type JobProgress, type JobUnderWay, untilDone } from '../api/jobs.ts';
import { bytesText, countText, queryText } from '../words/format.ts';
import { named, t } from '../words/language.ts';
import { Act } from './act.tsx';
import { Facts } from './facts.tsx';
import { FaultNotice } from './notices.tsx';
import { Panel } from './panel.tsx';
import { ProgressBar } from './progress-bar.tsx';
import { Choice, TextInput } from './text-input.tsx';

const KINDS = ['ota-source', 'incident-evidence', 'vulnerability-report', 'document'] as const;
/** One body of the API; what is larger is imported by the command. */
const FILE_BYTES_MAX = 67_108_864;

interface Imported {
  readonly id: string;
  readonly treeSha256: string;
  readonly files: number;
  readonly bytes: number;
}

/** Files for an exemption: sent, looked through in the cloud, held against what was filed, and then a dataset. */
export const FileImportPanel = defineComponent(() => {
  const [kind, entry, id, purpose] = [ref<string>('ota-source'), ref(''), ref(''), ref('')];
  const takesApart = ref(true);
  const file = shallowRef<File>();
  const progress = shallowRef<JobProgress>();
  const fault = shallowRef<Fault>();
  const imported = shallowRef<Imported>();
  const isWhole = (): boolean =>
    [entry, id, purpose].every(({ value }) => value.trim() !== '') && file.value !== undefined;
  const send = async (): Promise<void> => {
    const chosen = file.value;
    if (chosen === undefined) return;
    [fault.value, imported.value, progress.value] = [undefined, undefined, { step: 'sending', share: 0 }];
    const said = { kind: kind.value, entry: entry.value.trim(), id: id.value.trim(), purpose: purpose.value.trim() };
    const query = queryText({
      ...said,
      name: chosen.name,
      takeApart: String(takesApart.value && isArchive(chosen.name)),
    });
    const first = await sendFile<Imported | JobUnderWay>(`/datasets/import?${query}`, chosen, (share) => {
      progress.value = { step: 'sending', share };
    });
    const answer = await untilDone<Imported>(first, '/dataset-imports', (now) => {
      progress.value = now;
    });
    progress.value = undefined;
    if (answer?.ok === true) imported.value = answer.value;
    else fault.value = answer?.fault;
  };
  const isLarge = (): boolean => (file.value?.size ?? 0) > FILE_BYTES_MAX;
  return () => (
    <Panel title={t('files.title')} note={t('files.note')}>
      <div class="form-row">
        {kindChoice(kind)}
        <TextInput id="files-entry" label={t('files.entry')} of={entry} hint={t('files.entry-hint')} />
        <TextInput id="files-id" label={t('files.id')} of={id} hint={t('files.id-hint')} />
        <TextInput id="files-purpose" label={t('transfers.purpose')} of={purpose} hint={t('files.purpose-hint')} />
      </div>
      <div class="toolbar">
        {fileInput(file)}
        {apartMark(takesApart)}
        <Act
          text={t('files.send')}
          tone="primary"
          disabled={!isWhole() || isLarge() || progress.value !== undefined}
          act={send}
        />
      </div>
      <FaultNotice fault={fault.value} />
      <div aria-live="polite">
        {progress.value === undefined ? null : (
          <ProgressBar label={named('import-step', progress.value.step)} share={progress.value.share} />
        )}
        {imported.value === undefined ? null : importedFacts(imported.value)}
      </div>
    </Panel>
  );
});

const kindChoice = (of: Ref<string>) => (
  <Choice
    id="files-kind"
    label={t('files.kind')}
    of={of}
    options={KINDS.map((one) => ({ value: one, text: named('file-kind', one) }))}
  />
);

const fileInput = (of: ShallowRef<File | undefined>) => (
  <>
    <label class="plain file">
      {t('import.choose')}
      <input
        type="file"
        id="files-file"
        onChange={(event: Event) => {
          [of.value] = (event.target as HTMLInputElement).files ?? [];
        }}
      />
    </label>
    {of.value === undefined ? null : chosenText(of.value)}
  </>
);

const chosenText = ({ name, size }: File) => (
  <span class={size > FILE_BYTES_MAX ? 'wrong' : 'quiet'} role="status">
    {[name, bytesText(size), ...(size > FILE_BYTES_MAX ? [t('files.too-large')] : [])].join(' · ')}
  </span>
);

const apartMark = (of: Ref<boolean>) => (
  <label class="mark-line">
    <input
      type="checkbox"
      id="files-apart"
      checked={of.value}
      onChange={() => {
        of.value = !of.value;
      }}
    />
    {t('files.take-apart')}
  </label>
);

const isArchive = (name: string): boolean => /\.(?:zip|tar|tar\.gz|tgz)$/i.test(name);

const importedFacts = ({ id, treeSha256, files, bytes }: Imported) => (
  <Facts
    facts={[
      [t('files.imported'), id],
      [t('inspection.file'), `${countText(files)} ${t('inspection.files')} · ${bytesText(bytes)}`],
      [t('files.tree'), <span class="path">{treeSha256}</span>],
    ]}
  />
);
