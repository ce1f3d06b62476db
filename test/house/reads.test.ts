import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { COMMAND_READS, type FileCommand } from '../../bin/commands/reads.table.ts';
import { program } from '../../bin/program.ts';
import { REGISTER_TITLES } from '../../cloud/registers/kind-titles.table.ts';
import { READINGS } from '../../cloud/registers/kinds/principals.ts';
import type { Instant } from '../../proto/words/time.ts';
import { installedCloud } from '../support/cloud/installed-cloud.ts';

const MANIFEST = new URL('../../package.json', import.meta.url);

/** Does something, and has commands below it as well. */
const ACTS_ITSELF: readonly string[] = ['sim'];

/** Words of every command that does something, the kinds of registers as `*`. */
function commandsOf(command: Command, words: readonly string[] = []): readonly string[] {
  const own = command.commands.flatMap((one) => commandsOf(one, [...words, wordOf(one.name(), words)]));
  return command.commands.length === 0 || ACTS_ITSELF.includes(words.join(' ')) ? [words.join(' '), ...own] : own;
}

const wordOf = (name: string, before: readonly string[]): string =>
  before.join() === 'register' && Object.hasOwn(REGISTER_TITLES, name) ? '*' : name;

test('every command says what it reads, and no row is of a command that is none', () => {
  expect([...new Set(commandsOf(program(MANIFEST)))].sort()).toEqual(Object.keys(COMMAND_READS).sort());
});

/** Arguments with which a command would read, if it were let. */
const ARGUMENTS: Readonly<
  Record<FileCommand, (at: { config: string; data: string; out: string }) => readonly string[]>
> = {
  'register device list': ({ config }) => ['--config', config],
  'dataset list': ({ config }) => ['--config', config],
  'dataset check': ({ config }) => ['--config', config],
  'dataset explain': ({ config }) => ['--config', config],
  'dataset import': ({ config, data }) => [
    ...[data, '--config', config, '--kind', 'ota-source', '--entry', 'filing-1'],
    ...['--id', 'sent', '--purpose', 'p'],
  ],
  'zone read': ({ config }) => ['--config', config, '--zone', 'personal', '--reason', 'r'],
  'backup create': ({ config, out }) => [out, '--config', config],
  'backup restore': ({ config, out, data }) => [data, '--to', out, '--config', config],
  'log prove': ({ data, out }) => ['--data', data, '--log', 'operations', '--index', '0', '--out', out],
  'log bundle': ({ data, out }) => ['--data', data, '--out', out],
  'traffic list': ({ config, data }) => ['--config', config, '--captures', data],
  'traffic export': ({ config, data, out }) => [
    ...['--config', config, '--captures', data, '--key', join(data, 'k')],
    ...['--out', out, '--reason', 'r'],
  ],
  report: ({ config, out }) => ['annual', '--config', config, '--period', '2026', '--out', `${out}.md`],
};

const FILE_COMMANDS = Object.keys(ARGUMENTS) as readonly FileCommand[];

describe('a command that reads files of the cloud or the border', () => {
  const said: { out: string[]; err: string[] } = { out: [], err: [] };
  const streams = [
    [process.stdout, 'out', process.stdout.write],
    [process.stderr, 'err', process.stderr.write],
  ] as const;
  beforeEach(() => {
    said.out = [];
    said.err = [];
    for (const [stream, name] of streams) stream.write = (text: unknown) => said[name].push(String(text)) > 0;
  });
  afterEach(() => {
    for (const [stream, , write] of streams) stream.write = write;
    process.exitCode = undefined;
  });

  test.each(FILE_COMMANDS.flatMap((command) => (['DE', 'nobody'] as const).map((who) => [command, who] as const)))(
    '`%s` by somebody of %s: nothing comes out, exit status 3',
    async (command, who) => {
      const uid = process.getuid?.() ?? 0;
      const { config, layout } = installedCloud(Date.now() as Instant, {
        recipients: [],
        access: {
          accounts: who === 'nobody' ? [] : [{ uid, account: 'lab' }],
          principals: [
            {
              id: 'lab',
              person: 'p-9',
              employer: { name: 'Lab', country: 'DE' },
              resident: 'CN',
              reads: READINGS,
              validFrom: '2000-01-01',
              validUntil: '2099-12-31',
            },
          ],
        },
      });
      withKeys(layout);
      const out = join(layout.root, 'out');
      const args = ARGUMENTS[command]({ config, data: layout.root, out });
      await program(MANIFEST).parseAsync(['node', 'tongguan', ...command.split(' '), ...args]);
      const refused = who === 'nobody' ? 'ACCESS_UNKNOWN' : 'ACCESS_OVERSEAS';
      expect([process.exitCode, said.out]).toEqual([3, []]);
      expect(said.err.join('')).toContain(refused);
      expect([existsSync(out), existsSync(`${out}.md`)]).toEqual([false, false]);
    },
  );
});

/** Keys that a command looks for before it knows of any log. */
function withKeys({ cloud, exporter }: ReturnType<typeof installedCloud>['layout']): void {
  mkdirSync(exporter(''), { recursive: true });
  for (const file of [cloud('permit.key'), exporter('log.pub')]) copyFileSync(cloud('log.key'), file);
}
