import { defineComponent, shallowRef } from 'vue';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { PREVIEW_CHARACTERS_MAX, readPreview, type VehiclePreview } from '../models/read-preview.ts';
import { countText } from '../words/format.ts';
import { named, t } from '../words/language.ts';
import { Facts } from './facts.tsx';
import { FaultNotice } from './notices.tsx';
import { Panel } from './panel.tsx';
import { Table } from './table.tsx';

/**
 * What a vehicle knew and what would leave it, from a file that was made beside the vehicle. The file is read here and sent
 * nowhere: what it holds may not leave the machine it is made on, and the cloud never had it.
 */
export const PreviewPanel = defineComponent(() => {
  const preview = shallowRef<VehiclePreview>();
  const fault = shallowRef<Fault>();
  const open = async (event: Event): Promise<void> => {
    const [file] = (event.target as HTMLInputElement).files ?? [];
    if (file === undefined) return;
    preview.value = file.size > PREVIEW_CHARACTERS_MAX ? undefined : readPreview(await file.text());
    fault.value = preview.value === undefined ? noPreview() : undefined;
  };
  return () => (
    <Panel title={t('preview.title')} note={t('preview.note')}>
      <FaultNotice fault={fault.value} />
      <p class="path">tongguan preview --source frames.ndjson --policy policy.bin --key policy.pub --json</p>
      <div class="toolbar">
        <label class="button file">
          {t('preview.open')}
          <input type="file" id="preview" accept="application/json,.json" onChange={open} />
        </label>
      </div>
      <div aria-live="polite">{preview.value === undefined ? null : shown(preview.value)}</div>
    </Panel>
  );
});

const shown = ({ policy, lines, removed }: VehiclePreview) => (
  <div class="stack">
    <Facts facts={[[t('fleet.policy'), `${policy.id} v${policy.version} (${policy.preset})`]]} />
    <Table
      label={t('preview.title')}
      columns={[
        { title: t('preview.what') },
        { title: t('preview.known'), isFigure: true },
        { title: t('preview.leaves'), isFigure: true },
      ]}
      rows={lines.map(({ what, known, leaves }) => [
        <span class="path">{what}</span>,
        countText(known),
        countText(leaves),
      ])}
    />
    <Table
      label={t('preview.stays')}
      columns={[{ title: t('preview.stays') }, { title: t('flow.count'), isFigure: true }]}
      rows={Object.entries(removed).map(([cause, count]) => [named('removed', cause), countText(count)])}
    />
  </div>
);

const noPreview = (): Fault => ({
  code: 'PREVIEW_FILE',
  problem: bilingual('this file is no preview, or is too large', '该文件不是预览结果，或文件过大'),
  remedy: bilingual('make one with `tongguan preview --json`', '请用 `tongguan preview --json` 生成'),
  retry: 'after-remedy',
});
