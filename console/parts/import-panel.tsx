import { defineComponent, ref, shallowRef } from 'vue';
import type { Fault } from '../../proto/words/fault.ts';
import { ask } from '../api/client.ts';
import { follow } from '../api/follow.ts';
import { faultsOf, type Job, type JobProgress, type JobUnderWay, untilDone } from '../api/jobs.ts';
import { type ReadImport, readImport } from '../models/import-file.ts';
import { countText } from '../words/format.ts';
import { named, t } from '../words/language.ts';
import { Act } from './act.tsx';
import { FaultNotice } from './notices.tsx';
import { Panel } from './panel.tsx';
import { ProgressBar } from './progress-bar.tsx';
import { Choice } from './text-input.tsx';

const PATH = '/register-imports';
/** Faults that are shown; the first of them say what is wrong with the file. */
const FAULTS_SHOWN_MAX = 20;

interface Taken {
  readonly entries: readonly object[];
}

/** Many entries of a register from a file: all of them or none, with a bar while it takes its time. */
export const ImportPanel = defineComponent(
  (props: { readonly kind: string; readonly taken: () => Promise<unknown> }) => {
    const act = ref('add');
    const file = shallowRef<{ readonly name: string; readonly read: ReadImport }>();
    const progress = shallowRef<JobProgress>();
    const faults = shallowRef<readonly Fault[]>([]);
    const done = ref<number>();
    // One that was begun before the page was opened goes on, and is looked after here.
    const going = follow<{ readonly jobs: readonly Job<Taken>[] }>(() => PATH);
    const underWay = (): JobUnderWay | undefined =>
      going.value.value?.jobs.find((one): one is JobUnderWay => one.state === 'under-way');
    const choose = async (event: Event): Promise<void> => {
      const [chosen] = (event.target as HTMLInputElement).files ?? [];
      [faults.value, done.value] = [[], undefined];
      file.value = chosen && { name: chosen.name, read: readImport(await chosen.text()) };
    };
    const lookAfter = async (first: Parameters<typeof untilDone<Taken>>[0]): Promise<void> => {
      const answer = await untilDone<Taken>(first, PATH, (now) => {
        progress.value = now;
      });
      progress.value = undefined;
      faults.value = answer === undefined || answer.ok ? [] : faultsOf(answer.fault);
      done.value = answer?.ok === true ? answer.value.entries.length : undefined;
      await Promise.all([props.taken(), going.reload()]);
    };
    const send = async (): Promise<void> => {
      const read = file.value?.read;
      if (read === undefined || 'wrong' in read) return;
      const first = ask<Taken | JobUnderWay>('POST', `/registers/${props.kind}/import`, {
        act: act.value,
        bodies: read.bodies,
      });
      progress.value = { step: 'sending', share: 0 };
      await lookAfter(await first);
    };
    const end = async (): Promise<void> => {
      const job = underWay()?.job;
      if (job !== undefined) await ask('DELETE', `${PATH}/${job}`);
      await going.reload();
    };
    return () => (
      <Panel title={t('import.title')} note={t('import.note')}>
        <div class="form-row">
          <Choice
            id="import-act"
            label={t('import.act')}
            of={act}
            options={['add', 'replace'].map((one) => ({ value: one, text: named('import-act', one) }))}
          />
        </div>
        <div class="toolbar">
          <label class="plain file">
            {t('import.choose')}
            <input type="file" id="import-file" accept=".json,application/json" onChange={choose} />
          </label>
          {file.value === undefined ? null : chosenText(file.value)}
          <Act
            text={t('import.send')}
            tone="primary"
            disabled={file.value === undefined || 'wrong' in file.value.read || progress.value !== undefined}
            act={send}
          />
        </div>
        <div aria-live="polite">
          {progress.value === undefined ? null : (
            <ProgressBar label={named('import-step', progress.value.step)} share={progress.value.share} />
          )}
          {progress.value === undefined && underWay() !== undefined
            ? earlier(underWay(), () => lookAfter({ ok: true, value: underWay() as JobUnderWay }), end)
            : null}
          {done.value === undefined ? null : <p class="told-good">{`${t('import.done')} ${countText(done.value)}`}</p>}
        </div>
        {faults.value.slice(0, FAULTS_SHOWN_MAX).map((fault) => (
          <FaultNotice fault={fault} />
        ))}
        {faults.value.length > FAULTS_SHOWN_MAX ? (
          <p class="quiet">{`${t('import.more-faults')} ${countText(faults.value.length - FAULTS_SHOWN_MAX)}`}</p>
        ) : null}
      </Panel>
    );
  },
  { props: ['kind', 'taken'] },
);

const chosenText = ({ name, read }: { readonly name: string; readonly read: ReadImport }) => (
  <span class={'wrong' in read ? 'wrong' : 'quiet'} role="status">
    {'wrong' in read
      ? `${name}: ${named('import-wrong', read.wrong)}`
      : `${name} · ${countText(read.bodies.length)} ${t('import.rows')}`}
  </span>
);

/** An import of before this page was opened. */
const earlier = (job: JobUnderWay | undefined, look: () => Promise<void>, end: () => Promise<void>) => (
  <div class="toolbar">
    <ProgressBar label={`${t('import.earlier')} ${named('import-step', job?.step ?? '')}`} share={job?.share} />
    <Act text={t('import.look')} act={look} />
    <Act text={t('inspection.end')} act={end} />
  </div>
);
