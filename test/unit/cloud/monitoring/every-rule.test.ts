import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import type { NewEntry } from '../../../../cloud/log/open-log.ts';
import { MONITORING_RULES, type RuleId } from '../../../../cloud/monitoring/rules.table.ts';
import { DAY_MS, HOUR_MS, type Instant } from '../../../../proto/words/time.ts';
import { createAuthority } from '../../../support/cloud/certificates.ts';
import { monitoredLogs, NO_COUNTS } from '../../../support/cloud/monitored-logs.ts';
import { until } from '../../../support/cloud/until.ts';

type World = ReturnType<typeof monitoredLogs>;
type Cloud = ReturnType<World['start']>;

const entry = (kind: string, transferId = 't-1', document: object = {}, actor = 'cloud'): NewEntry => ({
  ...{ kind, transferId, actor, document },
});
const times = (count: number, make: (at: number) => NewEntry | readonly NewEntry[]): readonly NewEntry[] =>
  Array.from({ length: count }, (_, at) => make(at)).flat();
const lab = { recipientId: 'lab', endpoint: 'https://lab.example:443' };
const permit = (id: string) => entry('permit', id);
const intent = (id: string, document: object = lab) => entry('intent', id, document, 'exporter');
const opened = (id: string) => entry('connection-open', id, { destinationIp: '198.51.100.7' }, 'exporter');
const carried = (id: string, dataVolumeBytes: number) => entry('connection', id, { dataVolumeBytes }, 'exporter');
const verdict = (id: string, decision: string) =>
  entry('verdict', id, { requestedBy: 'anna', verdict: { decision } }, 'anna');
const frames = (framesAdmitted: number, framesQuarantined: number) => ({
  ...{ ...NO_COUNTS, framesAdmitted, framesQuarantined },
});

interface Case {
  /** Whom the alert is about. */
  readonly subject: string;
  /** What happens, by the ways that it comes in by; told of the cloud that runs then where that is another. */
  readonly happens: (cloud: Cloud, world: World) => Cloud | undefined;
}

const later = ({ to, now }: World, ms: number): void => void to((now() + ms) as Instant);

/** One case a rule: the compiler wants each. */
const CASES: Readonly<Record<RuleId, Case>> = {
  DESTINATION_UNKNOWN: {
    subject: 'stranger',
    happens: (cloud, { traffic }) => {
      cloud.logs.operations.append([permit('t-1')]);
      traffic.append([intent('t-1', { ...lab, recipientId: 'stranger' })]);
      cloud.look(NO_COUNTS);
      return undefined;
    },
  },
  VOLUME_UNUSUAL: {
    subject: 'lab',
    happens: (cloud, { traffic }) => {
      cloud.logs.operations.append([permit('t-1')]);
      traffic.append([intent('t-1'), ...times(10, () => carried('t-1', 1_000)), carried('t-1', 5_001)]);
      cloud.look(NO_COUNTS);
      return undefined;
    },
  },
  HOUR_UNUSUAL: {
    subject: 'lab',
    happens: (cloud, world) => {
      cloud.logs.operations.append([permit('t-1')]);
      world.traffic.append([intent('t-1'), ...times(10, () => opened('t-1'))]);
      later(world, 2 * HOUR_MS);
      world.traffic.append([opened('t-1')]);
      cloud.look(NO_COUNTS);
      return undefined;
    },
  },
  STRANGERS_REFUSED: {
    subject: 'pull',
    happens: (cloud, { traffic }) => {
      traffic.append(times(2, () => entry('strangers-refused', '', { connections: 51 })));
      cloud.look(NO_COUNTS);
      return undefined;
    },
  },
  WITHHELD_REPEATED: {
    subject: 'anna',
    happens: ({ logs }) => void logs.operations.append(times(3, (at) => verdict(`t-${at}`, 'withhold'))),
  },
  PAIR_ALWAYS_SAME: {
    subject: 'anna',
    happens: ({ logs }) => {
      const approved = (id: string) => ['bo', 'cai'].map((by) => entry('approval', id, {}, by));
      const whole = (at: number) => [verdict(`t-${at}`, 'permit'), ...approved(`t-${at}`), permit(`t-${at}`)];
      return void logs.operations.append(times(10, whole));
    },
  },
  SELF_APPROVAL_TRIED: {
    subject: 'anna',
    happens: ({ logs }) =>
      void logs.operations.append([entry('approval-refused', 't-1', { code: 'APPROVAL_OWN_REQUEST' }, 'anna')]),
  },
  PERMISSION_THEN_EXPORT: {
    subject: 'anna',
    happens: ({ logs }) => {
      const change = entry('account', '', { act: 'roles', account: 'bo' }, 'anna');
      return void logs.operations.append([change, verdict('t-1', 'permit'), permit('t-1')]);
    },
  },
  DEVICE_VIN_MISMATCH: {
    subject: 'd-1',
    happens: ({ logs }) =>
      void logs.alerts.append(times(3, () => entry('alert', '', { code: 'VIN_MISMATCH', device: 'd-1' }))),
  },
  DEVICE_POLICY_STALE: {
    subject: 'fleet',
    happens: ({ logs }) =>
      void logs.alerts.append(
        times(10, (at) => entry('alert', '', { code: 'POLICY_NOT_IN_FORCE', device: `d-${at}` })),
      ),
  },
  QUARANTINE_RATE: {
    subject: 'fleet',
    happens: (cloud, world) => {
      cloud.look(frames(1_000, 0));
      later(world, HOUR_MS);
      cloud.look(frames(1_095, 5));
      return undefined;
    },
  },
  THRESHOLD_NEAR: {
    subject: '2026-plain-100000-80',
    happens: (cloud) => void cloud.look({ ...NO_COUNTS, persons: { plain: 80_000, sensitive: 0 } }),
  },
  LOG_TAMPERED: {
    subject: 'traffic',
    happens: (cloud, { directory, traffic }) => {
      const checkpoint = join(directory, 'traffic/checkpoint');
      const before = readFileSync(checkpoint);
      cloud.logs.operations.append([permit('t-1')]);
      traffic.append([intent('t-1')]);
      cloud.look(NO_COUNTS);
      writeFileSync(checkpoint, before);
      cloud.look(NO_COUNTS);
      return undefined;
    },
  },
  CLOCK_SET_BACK: {
    subject: 'operations',
    happens: ({ logs }, world) => {
      logs.operations.append([entry('data-read')]);
      later(world, -301_000);
      return void logs.operations.append([entry('data-read')]);
    },
  },
  CONFIGURATION_CHANGED: {
    subject: 'configuration',
    happens: (cloud, { directory, start }) => {
      for (const log of Object.values(cloud.logs)) log.close();
      mkdirSync(join(directory, 'keys'));
      writeFileSync(join(directory, 'keys/personal.pub'), 'a key of somebody');
      return start();
    },
  },
  SENT_WITHOUT_PERMIT: {
    subject: 't-1',
    happens: (cloud, { traffic }) => {
      traffic.append([intent('t-1')]);
      cloud.look(NO_COUNTS);
      return undefined;
    },
  },
  AUDIT_OVERDUE: {
    subject: '2026-03',
    happens: (cloud, world) => {
      cloud.logs.operations.append([entry('data-read')]);
      later(world, 32 * DAY_MS);
      cloud.look(NO_COUNTS);
      return undefined;
    },
  },
};

interface Told {
  readonly id: string;
  readonly code: string;
  readonly state: string;
}

/** What came to the webhook and to the collector. */
const heard: { readonly webhook: Told[]; readonly syslog: Told[] } = { webhook: [], syslog: [] };
const udp = createSocket('udp4').on('message', (message) => {
  const [, code = '', id = '', state = ''] = / - (\w+) \[.* id="(.*?)" state="(.*?)"/.exec(` ${message}`) ?? [];
  heard.syslog.push({ id, code, state });
});
let [https, authority] = [createServer(), ''];

beforeAll(async () => {
  const own = await createAuthority('alerts');
  const { certificate: cert, key } = await own.issue('localhost', 'server');
  authority = own.certificate;
  https = createServer({ cert, key, minVersion: 'TLSv1.3' }, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    heard.webhook.push(JSON.parse(Buffer.concat(chunks).toString()) as Told);
    response.end();
  });
  await new Promise<void>((resolve) => https.listen(0, '127.0.0.1', resolve));
  await new Promise<void>((resolve) => udp.bind(0, '127.0.0.1', resolve));
});

afterAll(() => {
  udp.close();
  https.close();
});

beforeEach(() => {
  heard.webhook.length = 0;
  heard.syslog.length = 0;
});

/** Monitoring that tells both. */
function watchedWorld(): World {
  const { port } = https.address() as AddressInfo;
  const files = { authorityFile: 'authority.pem', keyFile: 'webhook.key' };
  const world = monitoredLogs({
    webhook: { url: `https://localhost:${port}/alerts`, address: '127.0.0.1', ...files },
    syslog: { transport: 'udp', address: '127.0.0.1', port: udp.address().port },
  });
  writeFileSync(join(world.directory, files.authorityFile), authority);
  writeFileSync(join(world.directory, files.keyFile), randomBytes(32));
  return world;
}

const ofRules = (alerts: ReturnType<Cloud['alerts']>) =>
  alerts.filter(({ code }) => MONITORING_RULES.some(({ id }) => id === code));

test.each(MONITORING_RULES)(
  '$id: an alert with owner, state and trail, told once a way, and there after a restart',
  async ({ id, severity }) => {
    const world = watchedWorld();
    const { subject, happens } = CASES[id];
    const first = world.start();
    const cloud = happens(first, world) ?? first;
    for (const one of [first, cloud]) onTestFinished(one.close);

    const [alert, ...more] = ofRules(cloud.alerts());
    expect(more).toEqual([]);
    expect(alert).toMatchObject({ code: id, subject, severity, state: 'open', owner: '' });
    const act = (body: object) => cloud.ask('POST', '/v1/alerts/acts', { id: alert?.id, by: 'bo', ...body }).status;
    expect(act({ act: 'own', owner: 'dora' })).toBe(200);
    expect(act({ act: 'close', reason: 'looked at, and dealt with' })).toBe(200);
    expect(ofRules(cloud.alerts())[0]).toMatchObject({
      ...{ state: 'closed', owner: 'dora' },
      acts: [
        { act: 'raised', by: 'cloud' },
        { act: 'owned', by: 'bo', detail: 'dora' },
        { act: 'closed', by: 'bo', detail: 'looked at, and dealt with' },
      ],
    });

    // Both ways tell in order: once the end was told, all before it was.
    const toldOf = (told: readonly Told[]) => told.filter((one) => one.id === alert?.id).map(({ state }) => state);
    await until(() => Object.values(heard).every((told) => toldOf(told).includes('closed')));
    for (const log of Object.values(cloud.logs)) log.close();
    const again = world.start();
    onTestFinished(again.close);
    expect(ofRules(again.alerts())[0]).toMatchObject({ id: alert?.id, code: id, state: 'closed', owner: 'dora' });
    const states = ['open', 'acknowledged', 'closed'];
    expect([toldOf(heard.webhook), toldOf(heard.syslog)]).toEqual([states, states]);
  },
);
