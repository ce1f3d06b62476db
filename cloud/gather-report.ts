import { createPrivateKey, createPublicKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadedConfig } from '../proto/config/read-config.ts';
import type { Fault } from '../proto/words/fault.ts';
import { assert, fail, ok, type Result } from '../proto/words/result.ts';
import type { CivilDate, Clock } from '../proto/words/time.ts';
import { documentFiles } from './adapters/document-files.ts';
import { postgresRegisters, postgresTransferRegister } from './adapters/postgres-stores.ts';
import { sqliteRegisters } from './adapters/sqlite-registers.ts';
import { sqliteTransferRegister } from './adapters/sqlite-transfer-register.ts';
import { openCatalogue } from './composition/open-catalogue.ts';
import { importedFiles } from './composition/open-stores.ts';
import type { CloudConfig } from './config/config.ts';
import { openPostgres } from './database/open-postgres.ts';
import { contentsOf } from './datasets/contents.ts';
import { readLeaves } from './log/read-leaves.ts';
import { verifyLog } from './log/verify.ts';
import type { NoteProgress } from './ports/progress.ts';
import type { RegisterStore } from './ports/register-store.ts';
import { onFileEntries } from './registers/on-file-entries.ts';
import { viewOf } from './registers/record-change.ts';
import type { ReportFacts, ReportKind, ReportPeriod } from './report/report-facts.ts';
import { type LoggedVerdict, transfersOfLog } from './report/transfers-of-log.ts';
import { REGISTERS_FILE } from './store-names.ts';

/**
 * Gathers what a report is made of, from the configuration, the register of transfers and the log of operations, which is
 * verified first: a report rests on nothing that somebody changed. It opens no zone.
 *
 * @param note - told how much of the log was verified
 * @throws Error when a file is missing or cannot be read
 */
export function gatherReport(
  loaded: LoadedConfig<CloudConfig>,
  kind: ReportKind,
  period: ReportPeriod,
  madeOn: CivilDate,
  clock: Clock,
  note: NoteProgress = () => undefined,
): Result<ReportFacts, Fault> {
  const { config, path } = loaded;
  const catalogue = openCatalogue(loaded);
  if (!catalogue.ok) return fail(firstOf(catalogue.fault));
  const directory = join(path(config.log.directory), 'operations');
  const publicKey = createPublicKey(createPrivateKey(readFileSync(path(config.log.signingKeyFile))));
  note({ step: 'logs', share: 0 });
  const seen = (entries: number, size: number): void => note({ step: 'logs', share: entries / size });
  const head = verifyLog({ directory, origin: `${config.log.origin}/operations`, publicKey, seen });
  if (!head.ok) return fail(firstOf(head.fault));
  note({ step: 'gathering', share: 0 });
  const stores = path(config.stores.directory);
  const database = openPostgres(loaded, clock);
  if (!database.ok) return database;
  const register =
    database.value === undefined
      ? sqliteTransferRegister(existing(join(stores, 'transfers.sqlite')))
      : postgresTransferRegister(database.value.session);
  const registers =
    database.value === undefined
      ? sqliteRegisters(existing(join(stores, REGISTERS_FILE)))
      : postgresRegisters(database.value.session);
  try {
    const years = yearsOf(period).map((year) => ({
      year,
      plain: register.project({ year, kind: 'plain', persons: [] }).before,
      sensitive: register.project({ year, kind: 'sensitive', persons: [] }).before,
    }));
    const transfers = transfersOfLog(register.list(), verdictsOf(directory, head.value.size), period);
    const log = { entries: head.value.size, root: Buffer.from(head.value.rootHash).toString('hex') };
    return ok({ kind, period, madeOn, ...ofConfig(config, stores, registers), transfers, years, log });
  } finally {
    registers.close();
    register.shut();
    database.value?.close();
  }
}

function firstOf(faults: readonly Fault[]): Fault {
  const [fault] = faults;
  assert(fault !== undefined, 'what failed has a fault');
  return fault;
}

/** Documents on file: those of the configuration, and those of the registers that are still whole. */
function documentsOf(config: CloudConfig, stores: string, registers: RegisterStore): OfConfig['onFile'] {
  const held = onFileEntries(viewOf(registers), documentFiles(join(stores, 'documents')));
  return [...config.onFile, ...held].map((one) => ({
    kind: one.kind,
    id: one.id,
    validFrom: one.validFrom,
    validUntil: one.validUntil,
    filed: 'filing' in one ? ('number' in one.filing ? one.filing.number : one.filing.state) : undefined,
  }));
}

/** A path mistyped is an error, and not an empty register. */
function existing(file: string): string {
  if (!existsSync(file)) throw new Error('a register of the store directory does not exist');
  return file;
}

function verdictsOf(directory: string, size: number): ReadonlyMap<string, LoggedVerdict> {
  const verdicts = new Map<string, LoggedVerdict>();
  for (const { leaf } of readLeaves(directory, size)) {
    if (leaf.kind !== 'verdict') continue;
    verdicts.set(leaf.transferId, JSON.parse(Buffer.from(leaf.document).toString('utf8')) as LoggedVerdict);
  }
  return verdicts;
}

function yearsOf({ from, until }: ReportPeriod): readonly number[] {
  const [first, last] = [Number(from.slice(0, 4)), Number(until.slice(0, 4))];
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

type OfConfig = Pick<ReportFacts, 'processor' | 'legalBasis' | 'recipients' | 'onFile' | 'datasets'>;

function ofConfig(config: CloudConfig, stores: string, registers: RegisterStore): OfConfig {
  const files = importedFiles(stores).map(({ id, title, purposes, kind: fileKind, entry }) => ({
    kind: 'files' as const,
    id,
    title,
    purposes,
    fileKind,
    entry: entry.id,
  }));
  return {
    processor: config.processor,
    legalBasis: config.legalBasis,
    recipients: config.recipients,
    onFile: documentsOf(config, stores, registers),
    datasets: [...config.datasets, ...files].map((one) => {
      const { classes, isUnsettled } = contentsOf(one);
      return { id: one.id, title: one.title, kind: one.kind, classes: isUnsettled ? ['unknown'] : [...classes].sort() };
    }),
  };
}
