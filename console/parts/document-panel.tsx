import { defineComponent, ref, shallowRef } from 'vue';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { sendFile, takeFile } from '../api/client.ts';
import type { RegisterEntry, ShownEntry } from '../api/registers.ts';
import { fileHash } from '../models/file-hash.ts';
import { bytesText, queryText } from '../words/format.ts';
import { t } from '../words/language.ts';
import { Empty, FaultNotice } from './notices.tsx';
import { saveFile } from './save-file.ts';
import { StateTag } from './state-tag.tsx';
import { Table } from './table.tsx';

type Documents = ShownEntry['documents'];

interface DocumentPanelProps {
  /** Of the entry, below the API's prefix. */
  readonly path: string;
  readonly documents: Documents;
  readonly mayAttach: boolean;
  readonly acted: () => Promise<unknown>;
}

/** Documents of an entry by their hash. What is sent and what is fetched is hashed in the browser, and has to be the same. */
export const DocumentPanel = defineComponent(
  (props: DocumentPanelProps) => {
    const fault = shallowRef<Fault>();
    const share = ref<number>();
    const hash = ref('');
    const attach = async (event: Event): Promise<void> => {
      const input = event.target as HTMLInputElement;
      const [file] = input.files ?? [];
      if (file === undefined) return;
      [share.value, fault.value, hash.value] = [0, undefined, await fileHash(await file.arrayBuffer())];
      const path = `${props.path}/documents?${queryText({ name: file.name })}`;
      const answer = await sendFile<{ readonly entry: RegisterEntry }>(path, file, (sent) => {
        share.value = sent;
      });
      share.value = undefined;
      input.value = '';
      const isKept = answer.ok && answer.value.entry.attachments.some(({ sha256 }) => sha256 === hash.value);
      fault.value = answer.ok ? (isKept ? undefined : otherBytes()) : answer.fault;
      await props.acted();
    };
    const fetchWhole = async (name: string, sha256: string): Promise<void> => {
      const answer = await takeFile(`${props.path}/documents/${sha256}`);
      fault.value = answer.ok ? undefined : answer.fault;
      if (!answer.ok) return;
      if ((await fileHash(answer.value)) === sha256) saveFile(name, answer.value);
      else fault.value = otherBytes();
    };
    return () => (
      <div class="stack">
        <h3>{t('registers.documents')}</h3>
        <FaultNotice fault={fault.value} />
        {props.documents.length === 0 ? (
          <Empty text={t(props.mayAttach ? 'registers.no-documents-yet' : 'registers.no-documents')} />
        ) : (
          documentTable(props.documents, fetchWhole)
        )}
        {props.mayAttach ? (
          <div class="toolbar">
            <label class="button file">
              {t('registers.attach')}
              <input type="file" id="document" disabled={share.value !== undefined} onChange={attach} />
            </label>
            {share.value === undefined ? null : (
              <progress max={1} value={share.value} aria-label={t('registers.attaching')} />
            )}
            {hash.value === '' ? null : <span class="path">{`SHA-256 ${hash.value}`}</span>}
          </div>
        ) : null}
      </div>
    );
  },
  { props: ['path', 'documents', 'mayAttach', 'acted'] },
);

const documentTable = (documents: Documents, fetchWhole: (name: string, sha256: string) => Promise<void>) => (
  <Table
    label={t('registers.documents')}
    columns={[
      { title: t('registers.document') },
      { title: t('transfers.state') },
      { title: t('registers.size'), isFigure: true },
      { title: 'SHA-256' },
    ]}
    rows={documents.map(({ name, sha256, bytes, state }) => [
      <button type="button" class="link" onClick={() => void fetchWhole(name, sha256)}>
        {name}
      </button>,
      <StateTag state={state} />,
      bytesText(bytes),
      <span class="path">{sha256}</span>,
    ])}
  />
);

const otherBytes = (): Fault => ({
  code: 'DOCUMENT_DIFFERS',
  problem: bilingual('the bytes do not have the hash that stands in the register', '文件字节与登记的哈希不符'),
  remedy: bilingual(
    'fetch or attach it again; then ask who keeps the store',
    '请重新下载或上传；仍不符请联系存储管理人员',
  ),
  retry: 'now',
});
