import { defineComponent, ref, shallowRef } from 'vue';
import type { Bilingual, Fault } from '../../proto/words/fault.ts';
import { bilingual } from '../../proto/words/fault.ts';
import { ask } from '../api/client.ts';
import { named, say, t } from '../words/language.ts';
import { Act } from './act.tsx';
import { shortCiteText } from './cite.tsx';
import { Facts } from './facts.tsx';
import { Field } from './field.tsx';
import { FaultNotice } from './notices.tsx';
import { Panel } from './panel.tsx';
import { Table } from './table.tsx';

interface Classified {
  readonly record: { readonly classes: readonly string[]; readonly items: readonly string[] };
  readonly classification: {
    readonly important: string;
    readonly sensitive: string;
    readonly reasons: readonly {
      readonly class: string;
      readonly from: string;
      readonly reason: Bilingual;
      readonly cite: string;
    }[];
  };
}

/** One record, pasted as a line of JSON; what it is and why. It is kept nowhere. */
export const ClassifyPanel = defineComponent(() => {
  const line = ref('{"kind":"signals","at":"2026-11-22T08:00:00Z","signals":{"Vehicle.Speed":50}}');
  const found = shallowRef<Classified>();
  const fault = shallowRef<Fault>();
  const classify = async (): Promise<void> => {
    const record = parsed(line.value);
    found.value = undefined;
    if (record === undefined) {
      fault.value = noJson();
      return;
    }
    const answer = await ask<Classified>('POST', '/classifications', { record });
    fault.value = answer.ok ? undefined : answer.fault;
    if (answer.ok) found.value = answer.value;
  };
  return () => (
    <Panel title={t('classify.title')} note={t('classify.note')}>
      <Field id="record" label={t('classify.record')}>
        <textarea
          id="record"
          class="input"
          rows={4}
          spellcheck={false}
          value={line.value}
          onInput={(event: Event) => {
            line.value = (event.target as HTMLTextAreaElement).value;
          }}
        />
      </Field>
      <div class="toolbar">
        <Act text={t('classify.act')} tone="primary" act={classify} />
      </div>
      <FaultNotice fault={fault.value} />
      <div aria-live="polite">{found.value === undefined ? null : classified(found.value)}</div>
    </Panel>
  );
});

const classified = ({ record, classification: { important, sensitive, reasons } }: Classified) => (
  <div class="stack">
    <Facts
      facts={[
        [t('catalogue.class'), record.classes.map((one) => named('class', one)).join(', ')],
        [t('classify.important'), named('presence', important)],
        [t('classify.sensitive'), named('presence', sensitive)],
        [t('classify.items'), record.items.join(', ') || '–'],
      ]}
    />
    <Table
      label={t('classify.title')}
      columns={[
        { title: t('classify.from') },
        { title: t('catalogue.class') },
        { title: t('catalogue.reason'), isProse: true },
        { title: t('catalogue.cite'), isProse: true },
      ]}
      rows={reasons.map(({ class: name, from, reason, cite }) => [
        <span class="path">{from}</span>,
        named('class', name),
        say(reason),
        shortCiteText(cite),
      ])}
    />
  </div>
);

function parsed(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const noJson = (): Fault => ({
  code: 'CLASSIFY_LINE',
  problem: bilingual('that is no object in JSON', '该内容不是 JSON 对象'),
  remedy: bilingual('paste one line as docs/classification.md has it', '请粘贴一行符合 docs/classification.md 的记录'),
  retry: 'after-remedy',
});
