import { computed, defineComponent, type Ref, ref } from 'vue';
import { useRoute } from 'vue-router';
import { follow } from '../api/follow.ts';
import { DEVICE_STATES, fittingDevices, isDeviceNumber } from '../models/fitting-devices.ts';
import type { ToldSpool } from '../models/spool-texts.ts';
import { Act } from '../parts/act.tsx';
import { nowMs } from '../parts/clock.ts';
import { DevicePanel, spoolTexts } from '../parts/device-panel.tsx';
import { Facts } from '../parts/facts.tsx';
import { Empty, FaultNotice } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { PreviewPanel } from '../parts/preview-panel.tsx';
import { StateTag } from '../parts/state-tag.tsx';
import { Table } from '../parts/table.tsx';
import { Choice, TextInput } from '../parts/text-input.tsx';
import { bytesText, countText, momentText } from '../words/format.ts';
import { named, t } from '../words/language.ts';

interface Device {
  readonly device: string;
  readonly trust: string;
  readonly revoked: boolean;
  readonly lastSeen: string | null;
  readonly policy: { readonly id: string; readonly version: number } | null;
  readonly spool: ToldSpool | null;
}

/** The most that the cloud tells at once. */
const DEVICES_SHOWN = 500;

interface Page {
  readonly devices: readonly Device[];
  readonly next?: number;
}

interface Quarantine {
  readonly held: { readonly frames: number; readonly bytes: number };
  readonly everRefused: number;
  readonly signed: number;
  readonly reasons: Readonly<Record<string, number>>;
}

/**
 * Devices by their keyed numbers, never by VIN; how far each is believed, and what was refused. It is asked anew when somebody
 * wants it: each reading of devices is an entry of the log.
 */
export const Fleet = defineComponent(() => {
  const after = ref(0);
  const { value, fault, reload } = follow<Page>(() => `/devices?after=${after.value}&limit=${DEVICES_SHOWN}`);
  const quarantine = follow<Quarantine>(() => '/quarantine');
  const asked = useRoute().query['device'];
  const chosen = ref(typeof asked === 'string' && isDeviceNumber(asked) ? asked : undefined);
  const [sought, state] = [ref(''), ref('')];
  const fitting = computed(() => fittingDevices(value.value?.devices ?? [], sought.value, state.value, nowMs()));
  const open = (device: string): void => {
    chosen.value = device;
  };
  const turnTo = async (next: number): Promise<void> => {
    after.value = next;
    await reload();
  };
  return () => (
    <div class="stack">
      <FaultNotice fault={fault.value} />
      <Panel title={t('fleet.devices')} note={t('fleet.number-note')}>
        {value.value?.devices.length === 0 && after.value === 0 ? (
          <Empty text={t('fleet.empty')} />
        ) : (
          [soughtBy(sought, state, open), deviceTable(fitting.value, open)]
        )}
        <div class="toolbar">
          <Act text={t('word.reload')} act={reload} />
          {after.value === 0 ? null : (
            <button type="button" class="plain" onClick={() => void turnTo(0)}>
              {t('word.first')}
            </button>
          )}
          {value.value?.next === undefined ? null : (
            <button type="button" class="plain" onClick={() => void turnTo(value.value?.next ?? 0)}>
              {t('word.next')}
            </button>
          )}
        </div>
      </Panel>
      {chosen.value === undefined ? null : <DevicePanel key={chosen.value} device={chosen.value} acted={reload} />}
      <Panel title={t('fleet.quarantine')} note={t('fleet.quarantine-note')}>
        <FaultNotice fault={quarantine.fault.value} />
        {refusals(quarantine.value.value)}
      </Panel>
      <PreviewPanel />
    </div>
  );
});

/** Among the devices that are shown; one whose whole number is typed is opened wherever it stands. */
const soughtBy = (sought: Ref<string>, state: Ref<string>, open: (device: string) => void) => (
  <div class="form-row">
    <TextInput
      id="device"
      label={t('fleet.seek')}
      hint={t('fleet.seek-hint')}
      of={sought}
      type="search"
      required={false}
    />
    <Choice
      id="device-state"
      label={t('fleet.state')}
      of={state}
      options={[
        { value: '', text: t('transfers.all') },
        ...DEVICE_STATES.map((one) => ({ value: one, text: named('device-state', one) })),
      ]}
    />
    {isDeviceNumber(sought.value) ? (
      <button type="button" class="link" onClick={() => open(sought.value.trim().toLowerCase())}>
        {t('fleet.open')}
      </button>
    ) : null}
  </div>
);

const deviceTable = (devices: readonly Device[], open: (device: string) => void) => (
  <Table
    label={t('fleet.devices')}
    columns={[
      { title: t('fleet.device'), by: devices.map(({ device }) => device) },
      { title: t('fleet.trust'), by: devices.map(({ trust, revoked }) => (revoked ? 'revoked' : trust)) },
      { title: t('fleet.seen'), by: devices.map(({ lastSeen }) => lastSeen ?? '') },
      { title: t('fleet.policy'), by: devices.map(({ policy }) => (policy === null ? '' : policyText(policy))) },
      { title: t('fleet.spool'), by: devices.map(({ spool }) => spool?.eighths ?? -1) },
      { title: t('fleet.offline-days'), by: devices.map(({ spool }) => spool?.offlineDays?.from ?? -1) },
    ]}
    rows={devices.map(({ device, trust, revoked, lastSeen, policy, spool }) => [
      <button type="button" class="link path" onClick={() => open(device)}>
        {device}
      </button>,
      <StateTag state={revoked ? 'revoked' : trust} />,
      lastSeen === null ? t('fleet.never') : momentText(lastSeen),
      policy === null ? '–' : policyText(policy),
      ...spoolTexts(spool),
    ])}
  />
);

const policyText = ({ id, version }: { readonly id: string; readonly version: number }): string => `${id} v${version}`;

function refusals(quarantine: Quarantine | undefined) {
  const reasons = Object.entries(quarantine?.reasons ?? {});
  if (quarantine === undefined || reasons.length === 0) return <Empty text={t('fleet.quarantine-empty')} />;
  const { held, everRefused, signed } = quarantine;
  return (
    <div class="stack">
      <Facts
        facts={[
          [t('fleet.held'), `${countText(held.frames)} ${t('unit.frames')} (${bytesText(held.bytes)})`],
          [t('fleet.ever-refused'), `${countText(everRefused)} ${t('unit.frames')}`],
          [t('fleet.refused-signed'), `${countText(signed)} ${t('unit.frames')}`],
        ]}
      />
      <Table
        label={t('fleet.quarantine')}
        columns={[{ title: t('catalogue.reason') }, { title: t('flow.count'), isFigure: true }]}
        rows={reasons.map(([reason, count]) => [named('refused', reason), countText(count)])}
      />
    </div>
  );
}
