import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cloudYaml } from '../../../../bin/up/configs.ts';
import { layoutOf } from '../../../../bin/up/layout.ts';
import { askCloud } from '../../../../bin/up/request.ts';
import { replaceDirectory } from '../../../../cloud/adapters/replace-directory.ts';
import { updateCampaignFiles } from '../../../../cloud/adapters/update-campaign-files.ts';
import { type UpdateRoutesParts, updateRoutes } from '../../../../cloud/api/update-routes.ts';
import { otaBuildCommand } from '../../../../cloud/cli/ota-build.command.ts';
import { otaCampaignCommand } from '../../../../cloud/cli/ota-campaign.command.ts';
import { otaHaltCommand } from '../../../../cloud/cli/ota-halt.command.ts';
import { otaStatusCommand } from '../../../../cloud/cli/ota-status.command.ts';
import type { RegisterEntry } from '../../../../cloud/registers/kind.ts';
import { recordChange } from '../../../../cloud/registers/record-change.ts';
import { createUpdateDistribution } from '../../../../cloud/updates/distribution.ts';
import type { CivilDate } from '../../../../proto/words/time.ts';
import { askRoute, onSocket } from '../../../support/cloud/api/ask-route.ts';
import { DEVICES, ENTRY, IMAGE, NOW, PACKAGE, UPDATE_KEYS } from '../../../support/cloud/campaigns.ts';
import { BODIES } from '../../../support/cloud/registers/entries.ts';
import { scratchRegisters } from '../../../support/cloud/registers/scratch.ts';
import { tempDirectory } from '../../../support/edge/temp-directory.ts';

const EXAMPLE = 'docs/examples/ota-campaign.yaml';
const HASH = /^[0-9a-f]{64}$/;

const routesOf = ({
  standings,
}: UpdateRoutesParts['updates'] | { standings: UpdateRoutesParts['updates']['standings'] }) => {
  const { operations, store } = scratchRegisters();
  return updateRoutes({ updates: { standings, look: () => undefined }, books: { operations, store } });
};

/** An image, its source tree, vehicles and key on disk, and the three commands over them. */
function desk() {
  const directory = tempDirectory();
  const at = (name: string): string => join(directory, name);
  mkdirSync(at('source'));
  writeFileSync(at('source/main.c'), 'int main(void) { return 0; }\n');
  writeFileSync(at('brake.bin'), IMAGE);
  writeFileSync(at('update.key'), UPDATE_KEYS.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(at('devices.txt'), `${DEVICES.join('\n')}\n${DEVICES[0]}\n`);
  const told: { out: string[]; err: string[] } = { out: [], err: [] };
  const io = {
    environment: {},
    out: (line: string) => void told.out.push(line),
    err: (line: string) => void told.err.push(line),
    write: writeFileSync,
    replaceDirectory,
  };
  const [keyFile, image, out] = [at('update.key'), at('brake.bin'), at('brake.package')];
  const facts = { ecu: 'brake', version: 4, label: '1.4.0', source: at('source'), json: true };
  const given = { packageFile: out, vehicles: at('devices.txt'), out: at('updates'), json: true };
  return {
    ...{ at, told },
    said: () => JSON.parse(told.out.at(-1) ?? '{}') as Readonly<Record<string, unknown>>,
    build: (change = {}) => otaBuildCommand({ ...facts, image, keyFile, out, ...change }, io),
    campaign: (change = {}) => otaCampaignCommand({ file: EXAMPLE, image, keyFile, ...given, ...change }, io),
  };
}

test('the example becomes a campaign for each vehicle of the list, under the hashes that are registered and filed', () => {
  const { at, said, build, campaign, told } = desk();
  expect(build()).toBe(0);
  const built = said();
  expect(built).toMatchObject({ ecu: 'brake', version: 4, label: '1.4.0', bytes: IMAGE.length });
  expect(built['packageSha256']).toBe(Buffer.from(PACKAGE.imageSha256).toString('hex'));
  expect(built['sourceTreeSha256']).toMatch(HASH);
  expect(campaign()).toBe(0);
  const made = said();
  expect(made).toMatchObject({ id: 'O-2026-1', vehicles: DEVICES.length });
  const read = updateCampaignFiles(at('updates'), UPDATE_KEYS.publicKey, (name) => expect.unreachable(name)).list();
  expect(read).toMatchObject([
    {
      campaignSha256: made['campaignSha256'],
      vehicles: DEVICES.length,
      campaign: { windowFromMinute: 60, windowUntilMinute: 300, chargeMinPercent: 40 },
    },
  ]);
  expect(DEVICES.filter((device) => read[0]?.offerFor(device) === undefined)).toEqual([]);
  // Written anew with fewer vehicles it keeps its name, which reports have.
  writeFileSync(at('devices.txt'), `${DEVICES[0]}\n`);
  expect([campaign(), said()['campaignSha256']]).toEqual([0, made['campaignSha256']]);
  expect(told.err).toEqual([]);
});

test.each([
  ['a source tree with nothing in it', 'UPDATE_NOT_BUILT', 1, { source: 'nothing' }],
  ['a key that is none', 'UPDATE_NOT_BUILT', 1, { keyFile: 'brake.bin' }],
  ['a version that is no whole number', 'usage', 2, { version: 1.5 }],
])('build refuses %s', (_, word, status, change) => {
  const { at, build, told } = desk();
  mkdirSync(at('nothing'));
  const inPlace = Object.fromEntries(
    Object.entries(change).map(([key, of]) => [key, typeof of === 'string' ? at(of) : of]),
  );
  expect([build(inPlace), told.out]).toEqual([status, []]);
  expect(told.err.join('\n')).toContain(word);
});

test.each([
  ['another image than that of the package', 'other.bin', { image: 'other.bin' }, 1],
  ['a line that is no device id', 'line 2', { vehicles: 'other.txt' }, 1],
  ['a file with a key that is not one', 'CONFIG_INVALID', { file: 'other.yaml' }, 2],
])('campaign refuses %s, and writes nothing', (_, word, change, status) => {
  const { at, build, campaign, told } = desk();
  build();
  told.out.length = 0;
  writeFileSync(at('other.bin'), 'x');
  writeFileSync(at('other.txt'), `${DEVICES[0]}\nLSVAA2180E2100001\n`);
  writeFileSync(at('other.yaml'), 'id: O-1\nforce: true\n');
  const inPlace = Object.fromEntries(Object.entries(change).map(([key, name]) => [key, at(name)]));
  expect([campaign(inPlace), told.out]).toEqual([status, []]);
  expect(told.err.join('\n')).toContain(word === 'other.bin' ? 'the image is not the one' : word);
  expect(updateCampaignFiles(at('updates'), UPDATE_KEYS.publicKey, () => undefined).list()).toEqual([]);
});

test('status says what holds a campaign back and exits 3, and how far vehicles are once nothing does', async () => {
  const { at, build, campaign } = desk();
  build();
  campaign();
  const layout = layoutOf(at('up'));
  mkdirSync(join(layout.config('cloud.yaml'), '..'), { recursive: true });
  writeFileSync(layout.config('cloud.yaml'), cloudYaml(layout, 1, NOW));
  let entry: RegisterEntry | undefined;
  const distribution = createUpdateDistribution({
    campaigns: updateCampaignFiles(at('updates'), UPDATE_KEYS.publicKey, (name) => expect.unreachable(name)),
    ...{ find: () => entry, clock: { now: () => NOW }, filingDueOn: () => '2026-12-03' as CivilDate },
    register: {
      standing: () => undefined,
      counts: () => [
        { state: 'failed', reason: 'bytes-differ', vehicles: 1 },
        { state: 'installed', reason: 'none', vehicles: 2 },
      ],
    },
  });
  const status = async (json = false) => {
    distribution.look();
    const out: string[] = [];
    const io = {
      ...{ environment: {}, out: (line: string) => void out.push(line), err: expect.unreachable },
      ask: async (_socket: string, method: string, path: string) => {
        const { status: code, body } = askRoute(routesOf(distribution), method, path);
        return { status: code, body: body as Readonly<Record<string, unknown>> };
      },
    };
    const args = { config: layout.config('cloud.yaml'), json, language: 'en' } as const;
    return { exit: await otaStatusCommand(args, io), out };
  };
  const waiting = await status();
  expect([waiting.exit, waiting.out[0]]).toEqual([
    3,
    'O-2026-1  brake 4 (1.4.0)  4 vehicle(s)  held back: not-registered',
  ]);
  entry = { ...ENTRY, id: 'O-2026-1' } as RegisterEntry;
  expect(await status()).toEqual({
    exit: 0,
    out: [
      'O-2026-1  brake 4 (1.4.0)  4 vehicle(s)  offered',
      '  failed (bytes-differ)  1',
      '  installed  2',
      '  not heard of  1',
    ],
  });
  const { exit, out } = await status(true);
  expect([exit, JSON.parse(out[0] ?? '')]).toMatchObject([0, { campaigns: [{ id: 'O-2026-1', heldBackBy: [] }] }]);
});

test('a campaign is stopped by one person with a reason, told to vehicles at once, and goes on when it is started', async () => {
  const { at, build, campaign } = desk();
  build();
  campaign();
  const layout = layoutOf(at('up'));
  mkdirSync(join(layout.config('cloud.yaml'), '..'), { recursive: true });
  mkdirSync(layout.sockets, { recursive: true });
  writeFileSync(layout.config('cloud.yaml'), cloudYaml(layout, 1, NOW));
  const { operations, store, log } = scratchRegisters();
  const books = { operations, store };
  const body = { ...BODIES['ota-campaign'], ...ENTRY.body, id: 'O-2026-1' };
  expect(recordChange({ act: 'add', kind: 'ota-campaign', body }, 'carl', books)).toMatchObject({ ok: true });
  const distribution = createUpdateDistribution({
    campaigns: updateCampaignFiles(at('updates'), UPDATE_KEYS.publicKey, (name) => expect.unreachable(name)),
    ...{ clock: { now: () => NOW }, filingDueOn: () => '2026-12-03' as CivilDate },
    find: (id) => store.find('ota-campaign', id),
    register: { standing: () => undefined, counts: () => [] },
  });
  distribution.look();
  const told: boolean[] = [];
  const look = (): void => void told.push(distribution.look());
  await onSocket(layout.apiSocket, updateRoutes({ updates: { ...distribution, look }, books }));
  const out: string[] = [];
  const err: string[] = [];
  const io = {
    ...{ environment: {}, ask: askCloud },
    ...{ out: (line: string) => void out.push(line), err: (line: string) => void err.push(line) },
  };
  const args = { config: layout.config('cloud.yaml'), json: false, language: 'en', id: 'O-2026-1' } as const;
  expect(distribution.stopsFor({ device: DEVICES[0] as never, number: 1 as never })).toEqual([]);
  expect(await otaHaltCommand({ ...args, by: 'frieda', reason: 'two units are dark' }, io)).toBe(0);
  expect([out, told]).toEqual([['O-2026-1  held back: stopped'], [true]]);
  expect(distribution.stopsFor({ device: DEVICES[0] as never, number: 1 as never })).toHaveLength(1);
  expect(log.at(-1)).toMatchObject({
    actor: 'frieda',
    document: { after: { body: { stopped: 'two units are dark' } } },
  });
  expect(await otaHaltCommand({ ...args, by: 'frieda', reason: 'again' }, io)).toBe(1);
  expect(err.join()).toContain('UPDATE_CAMPAIGN_SAME');
  expect(await otaHaltCommand({ ...args, by: 'carl' }, io)).toBe(0);
  expect([out.at(-1), told.at(-1)]).toEqual(['O-2026-1  offered', true]);
  expect(store.find('ota-campaign', 'O-2026-1')?.body).toEqual(body);
  expect(await otaHaltCommand({ ...args, id: 'O-9', by: 'carl' }, io)).not.toBe(0);
});
