import type { KeyObject } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { updateCampaignFiles } from '../../cloud/adapters/update-campaign-files.ts';
import { importFiles } from '../../cloud/building/import-files.ts';
import { openExports } from '../../cloud/composition/open-exports.ts';
import { openLaw } from '../../cloud/composition/open-law.ts';
import { openLogs } from '../../cloud/composition/open-logs.ts';
import { type CloudStores, openStores } from '../../cloud/composition/open-stores.ts';
import { distributionOf } from '../../cloud/composition/open-updates.ts';
import { personBooks } from '../../cloud/composition/person-books.ts';
import { CloudConfig } from '../../cloud/config/config.ts';
import type { FileKind } from '../../cloud/datasets/file-kinds.table.ts';
import { openLog } from '../../cloud/log/open-log.ts';
import { linkedPersonDigest, personDigest } from '../../cloud/partition/recipient-tag.ts';
import { entryOfFiles } from '../../cloud/registers/entry-of-files.ts';
import { type RegisterBooks, recordChange } from '../../cloud/registers/record-change.ts';
import { recordPersons } from '../../cloud/registers/record-persons.ts';
import { type ExportGateParts, requestTransfer, type TransferOutcome } from '../../cloud/transfer/export-gate.ts';
import { bindRuleBook } from '../../cloud/transfer/rule-book.ts';
import type { UpdateDistribution } from '../../cloud/updates/distribution.ts';
import { createPrng } from '../../firmware-sim/prng.ts';
import { type LoadedConfig, readConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import type { Fault } from '../../proto/words/fault.ts';
import { assert, ok, type Result } from '../../proto/words/result.ts';
import type { Vin } from '../../proto/words/vin.ts';
import { type Layout, layoutOf } from '../up/layout.ts';
import { provision } from '../up/provision.ts';
import { RECIPIENT_ID } from '../up/tour.ts';
import { buildHere } from './build-here.ts';
import type { World } from './world.ts';

/** The cloud from its registers to its outbox, as `up` installs one, without listeners and in this process. */
export interface Border {
  readonly stores: CloudStores;
  readonly gate: ExportGateParts;
  /** Enters or replaces an entry of a register, through the operations log; it has to be taken. */
  readonly enter: (kind: string, body: { readonly id: string; readonly [key: string]: unknown }, by?: string) => void;
  /** A second person lets what waits in an entry stand. */
  readonly confirm: (kind: string, id: string, by: string) => void;
  /** Links persons to vehicles by the operator's pseudonyms; digests are made as `register person import` makes them. */
  readonly link: (links: readonly { readonly vin: Vin; readonly person: string }[]) => void;
  /** Lays a document beside an entry; gives its SHA-256. */
  readonly attach: (kind: string, id: string, text: string) => string;
  readonly hashOf: (text: string) => string;
  /** Imports a tree under a register entry; gives `imported` or the code of the fault. */
  readonly bring: (tree: Tree, as: Import) => Promise<string>;
  readonly ask: (asked: Asked) => Promise<Result<TransferOutcome, Fault>>;
  /** Offers campaigns of a directory as the cloud does. */
  readonly updatesFrom: (directory: string, key: KeyObject) => UpdateDistribution;
  /** Parcels that the exporter may send. */
  readonly outbox: () => readonly string[];
  /** Documents of one of the cloud's logs, in order. */
  readonly logged: (log: 'operations' | 'alerts') => readonly Logged[];
  readonly close: () => Promise<void>;
}

/** Paths and texts of a tree of files. */
export type Tree = Readonly<Record<string, string>>;

export interface Import {
  readonly id: string;
  readonly kind: FileKind;
  readonly purpose: string;
  readonly register: string;
  readonly entry: string;
}

export interface Asked {
  readonly dataset: string;
  readonly purpose: string;
  readonly by?: string;
  readonly claims?: readonly number[];
}

export interface Logged {
  readonly kind: string;
  readonly actor: string;
  readonly document: Readonly<Record<string, unknown>>;
}

/** What the operator of a scenario has written into cloud.yaml otherwise than `up` does. */
export interface BorderSetting {
  readonly issue?: 'on-verdict' | 'on-approval';
  readonly ciio?: 'yes' | 'no';
  /** Purposes that the recipient abroad is registered for, beside that of the tour. */
  readonly purposes?: readonly string[];
}

/** Who asks unless a scenario says otherwise. */
export const OFFICER = 'data-officer';

export async function openBorder(world: World, setting: BorderSetting): Promise<Border> {
  const layout = layoutOf(join(world.directory, 'cloud'));
  const { loaded, logs, law, stores } = await installed(world, layout, setting);
  const opened = { stores, logs, law };
  const exported = openExports(loaded, opened, surroundings(world));
  const here = buildHere(loaded, opened, world.clock);
  const build = built(world, here.build);
  const gate: ExportGateParts = { ...exported.gate, ...switchedOff(world, exported.gate), build };
  return {
    ...{ stores, gate, ...entries(stores, exported.registers.books) },
    link: linking(loaded, opened),
    bring: (tree, as) => bring(world, loaded, stores, tree, as),
    ask: (asked) => ask(asked, gate),
    updatesFrom: (directory, key) => updatesFrom(world, { directory, key, stores, law }),
    outbox: () => readdirSync(layout.border('outbox')),
    logged: (log) => [...logs[log].entries(0)].map(({ leaf }) => loggedOf(leaf)),
    close: async () => {
      here.close();
      await exported.gate.builder.stop();
      for (const open of [logs.operations, logs.alerts, stores]) open.close();
    },
  };
}

interface UpdatesFrom {
  readonly directory: string;
  readonly key: KeyObject;
  readonly stores: CloudStores;
  readonly law: Parameters<typeof distributionOf>[2];
}

/** Without `updates.filings` nobody asks the register whether a campaign is on file. */
function updatesFrom(world: World, { directory, key, stores, law }: UpdatesFrom): UpdateDistribution {
  const onUnusable = (name: string): void => world.tell(`${name} is no campaign`, `${name} 不是升级活动`);
  const campaigns = updateCampaignFiles(directory, key, onUnusable);
  return distributionOf(campaigns, stores, law, world, world.isOff('updates.filings') ? () => [] : undefined);
}

/** What `up` would leave behind for a cloud, opened. */
async function installed(world: World, layout: Layout, setting: BorderSetting) {
  await provision(layout, [], world.clock);
  const read = readConfig(CloudConfig, layout.config('cloud.yaml'), 'cloud', {});
  assert(read.ok, 'what `up` writes can be read');
  const loaded = { ...read.value, config: settled(read.value.config, setting) };
  const { config, path } = loaded;
  const logs = openLogs(config, path, world.clock, openLog);
  const law = openLaw(loaded);
  assert(logs.ok && law.ok, 'what `up` made can be opened');
  const { keys, vaults } = config.zones;
  const storeKeys = { directory: path(keys), vaults: path(vaults), read: ['personal'] as const, clock: world.clock };
  const stores = openStores(path(config.stores.directory), storeKeys);
  return { loaded, logs: logs.value, law: law.value, stores };
}

function entries(stores: CloudStores, books: RegisterBooks): Pick<Border, 'enter' | 'confirm' | 'attach' | 'hashOf'> {
  return {
    hashOf: (text) => stores.documents.keep(Buffer.from(text)),
    enter: (kind, body, by = OFFICER) => {
      const act = stores.registers.find(kind, body.id) === undefined ? 'add' : 'replace';
      const changed = recordChange({ act, kind, body }, by, books);
      assert(changed.ok, `an entry of a scenario is taken: ${kind}`);
    },
    confirm: (kind, id, by) => {
      const version = stores.registers.find(kind, id)?.version ?? 0;
      const confirmed = recordChange({ act: 'confirm', kind, id, version }, by, books);
      assert(confirmed.ok, `a change in a scenario is confirmed: ${kind}`);
    },
    attach: (kind, id, text) => {
      const sha256 = stores.documents.keep(Buffer.from(text));
      const attachment = { name: 'document.txt', sha256, bytes: Buffer.byteLength(text) };
      const changed = recordChange({ act: 'attach', kind, id, attachment }, OFFICER, books);
      assert(changed.ok, 'a document of a scenario is taken');
      return sha256;
    },
  };
}

function linking(
  { config, path }: LoadedConfig<CloudConfig>,
  opened: { readonly stores: CloudStores; readonly logs: Parameters<typeof personBooks>[0]['logs'] },
): Border['link'] {
  const key = readFileSync(path(config.pseudonyms.keyFile));
  return (links) => {
    const digests = links.map(({ vin, person }) => ({
      ...{ vehicle: personDigest(key, vin), person: linkedPersonDigest(key, person), role: 'driver' as const },
    }));
    const recorded = recordPersons(
      digests,
      OFFICER,
      personBooks(opened, () => undefined),
    );
    assert(recorded.ok, 'persons of a scenario are linked');
  };
}

function ask({ dataset, purpose, by = OFFICER, claims }: Asked, gate: ExportGateParts): ReturnType<Border['ask']> {
  const [asked, recipient] = [gate.dataset(dataset), gate.recipients.find(({ id }) => id === RECIPIENT_ID)];
  assert(asked !== undefined && recipient !== undefined, 'a scenario asks for what there is');
  const claimed = claims as Parameters<typeof requestTransfer>[0]['claims'];
  return requestTransfer({ dataset: asked, recipient, purpose, requestedBy: by, claims: claimed }, gate);
}

function loggedOf({ kind, actor, document }: { kind: string; actor: string; document: Uint8Array }): Logged {
  return { kind, actor, document: JSON.parse(Buffer.from(document).toString('utf8')) as Logged['document'] };
}

function settled(
  config: CloudConfig,
  { issue = 'on-verdict', ciio = 'no', purposes = [] }: BorderSetting,
): CloudConfig {
  const recipients = config.recipients.map((one) => ({ ...one, purposes: [...one.purposes, ...purposes] }));
  return { ...config, recipients, permits: { issue }, processor: { ...config.processor, ciio } };
}

function surroundings({ clock, seed, tell }: World): RoleSurroundings & { readonly draw: (bytes: number) => string } {
  const fault = ({ problem }: Fault) => tell(problem.en, problem.zh);
  const draws = createPrng(`${seed}/draws`);
  const draw = (bytes: number) => Array.from({ length: bytes * 2 }, () => draws.whole(0, 15).toString(16)).join('');
  const unused = { environment: {}, out: () => undefined, err: () => undefined, report: () => undefined };
  return { ...unused, clock, fault, draw } as unknown as ReturnType<typeof surroundings>;
}

/** Without `count` nobody is in any parcel. */
function built(world: World, build: ExportGateParts['build']): ExportGateParts['build'] {
  if (!world.isOff('count')) return build;
  return async (...of) => {
    const parcel = await build(...of);
    return parcel.ok ? ok({ ...parcel.value, persons: [] }) : parcel;
  };
}

/** Rows of rules that are switched off fall out of the book. */
function switchedOff(world: World, { rules }: ExportGateParts): Partial<ExportGateParts> {
  const isKept = ({ id }: { readonly id: string }): boolean => !world.isOff(id);
  const { tables } = rules;
  if ([...tables.rules, ...tables.onFile].every(isKept)) return {};
  const left = { rules: tables.rules.filter(isKept), onFile: tables.onFile.filter(isKept) };
  return { rules: bindRuleBook({ ...tables, ...left }) };
}

async function bring(
  world: World,
  { config, path }: LoadedConfig<CloudConfig>,
  stores: CloudStores,
  tree: Tree,
  { id, kind, purpose, register, entry }: Import,
): Promise<string> {
  const root = join(world.directory, 'trees', id);
  world.note(JSON.stringify(tree));
  for (const [name, text] of Object.entries(tree)) {
    mkdirSync(join(root, name, '..'), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  const covering = stores.registers.find(register, entry);
  const of = covering === undefined ? undefined : entryOfFiles(covering);
  if (of === undefined) return 'FILE_ENTRY_MISSING';
  const importedAt = new Date(world.clock.now()).toISOString();
  const request = { id, title: id, kind, purposes: [purpose], entry: of, importedAt };
  const imported = await importFiles(root, request, path(config.stores.directory));
  return imported.ok ? 'imported' : imported.fault.code;
}
