import type { FunctionalComponent } from 'vue';
import type { Capture } from '../api/answers.ts';
import { bytesText, countText, momentText } from '../words/format.ts';
import { t } from '../words/language.ts';
import { Table } from './table.tsx';

/** Connections that were captured; their content takes a key that is elsewhere. */
export const CaptureTable: FunctionalComponent<{ readonly captures: readonly Capture[] }> = ({ captures }) => (
  <Table
    label={t('transfer.captures')}
    columns={[
      { title: t('captures.start'), isProse: true, by: captures.map(({ startMs }) => startMs) },
      { title: t('captures.own'), isProse: true },
      { title: t('captures.peer'), isProse: true },
      { title: t('captures.sent'), isFigure: true, by: captures.map(({ bytesSent }) => bytesSent) },
      { title: t('captures.received'), isFigure: true, by: captures.map(({ bytesReceived }) => bytesReceived) },
      { title: t('captures.packets'), isFigure: true },
      { title: t('captures.whole') },
    ]}
    rows={captures.map((one) => [
      momentText(one.startMs),
      endText(one.ownIp, one.ownPort),
      endText(one.peerIp, one.peerPort),
      bytesText(one.bytesSent),
      bytesText(one.bytesReceived),
      countText(one.packetsSent + one.packetsReceived),
      t(one.isWhole ? 'word.yes' : 'word.no'),
    ])}
  />
);
CaptureTable.props = ['captures'];

const endText = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
