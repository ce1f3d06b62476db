import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { filesBelow, ROOT, read, SOURCES } from './sources.ts';

const DOCUMENTS = filesBelow('').filter((path) => path.endsWith('.md'));

describe('commands', () => {
  const commands = [...new Set(DOCUMENTS.flatMap((path) => commandsIn(read(path)).map((line) => line)))];

  test.each(commands)('`%s` is one', (line) => {
    const words = line.split(/\s+/);
    const verbs = words
      .slice(1, words.findIndex((word) => !/^[a-z]+(?:-to-[a-z]+)?$/.test(word)) >>> 0)
      .filter((word) => word !== '');
    const { text, verb } = helpOf(verbs);
    const flags = words.filter((word) => /^--[a-z]/.test(word)).map((word) => word.split('=')[0] ?? word);
    expect(verb).not.toBe('');
    expect(flags.filter((flag) => flag !== '--help' && flag !== '--version' && !text.includes(flag))).toEqual([]);
  });

  test.each(commands)('`%s` has all that it needs', (line) => {
    const words = line.split(/\s+/).slice(1);
    const needed = demandedBy(words);
    const given = words.map((word) => word.split('=')[0] ?? word);
    // The help of a command, and what it prints instead of doing something, need nothing.
    if (given.some((word) => ['--help', '--schema'].includes(word))) return;
    expect(needed.filter((flag) => !given.includes(flag))).toEqual([]);
    if (SIGNED.test(line)) expect(given).toContain('--key');
  });

  test.each([
    ['docs/examples/facts-battery-statistics.yaml', 0],
    ['docs/examples/facts-tracks.yaml', 3],
  ])('the verdict on %s is the one the README speaks of', (facts, status) => {
    const asked = spawnSync(process.execPath, [`${ROOT}bin/tongguan`, 'decide', `${ROOT}${facts}`, '--json']);
    expect(asked.status).toBe(status);
  });

  const marked = DOCUMENTS.flatMap((path) =>
    [...read(path).matchAll(/<!-- runs -->\s+(```sh\n[\s\S]*?```)/g)].flatMap(([, fence = '']) =>
      commandsIn(fence).map((line) => [path, line] as const),
    ),
  );

  test.each(marked)('of %s runs: `%s`', (_, line) => {
    const [, ...words] = line.split(/\s+/);
    const ran = spawnSync(process.execPath, [`${ROOT}bin/tongguan`, ...words], { cwd: ROOT, encoding: 'utf8' });
    expect([ran.status, ran.stderr]).toEqual([0, '']);
    expect(ran.stdout).not.toBe('');
  });

  const inOrder = DOCUMENTS.map((path) => [path, fencesInOrder(read(path))] as const).filter(
    ([, fences]) => fences.length > 0,
  );

  test('pages whose fences run in order are in both languages', () => {
    const names = inOrder.map(([path]) => path);
    expect(names.length).toBeGreaterThanOrEqual(2);
    const others = names.map((path) =>
      path.replace(/^docs\/(zh\/)?/, (_, zh) => (zh === undefined ? 'docs/zh/' : 'docs/')),
    );
    expect(others.filter((path) => !names.includes(path))).toEqual([]);
  });

  test.each(inOrder)('fences of %s run in order, in a directory of their own', (_, fences) => {
    const directory = mkdtempSync(join(tmpdir(), 'docs-'));
    try {
      symlinkSync(`${ROOT}docs`, join(directory, 'docs'));
      const ran = spawnSync('sh', ['-ec', fences.join('\n')], {
        cwd: directory,
        encoding: 'utf8',
        env: { ...process.env, PATH: `${ROOT}bin:${process.env['PATH']}` },
      });
      expect([ran.status, ran.stderr.includes('error:')]).toEqual([0, false]);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });

  test('the README names the main ones', () => {
    const named = new Set(commandsIn(read('README.md')).map((line) => line.split(' ')[1]));
    expect(['up', 'log', 'decide'].filter((verb) => !named.has(verb))).toEqual([]);
  });

  test('every target of make that a document names is one of the Makefile', () => {
    const targets = [...read('Makefile').matchAll(/^([a-z-]+):/gm)].map(([, target]) => target);
    const named = DOCUMENTS.flatMap((path) =>
      [...read(path).matchAll(/`make ([a-z-]+)|```(?:sh|bash)\n(?:[^`]*\n)?make ([a-z-]+)/g)].map(
        ([, inline, fenced]) => ({
          path,
          target: inline ?? fenced,
        }),
      ),
    );
    expect(named.filter(({ target }) => !targets.includes(target))).toEqual([]);
  });

  test('every command that a remedy names is one', () => {
    const named = SOURCES.flatMap((path) =>
      [...read(path).matchAll(/\\?`tongguan ((?:[a-z]+(?:-to-[a-z]+)? ?)+)/g)].map(([, verbs = '']) => ({
        path,
        verbs: verbs.trim(),
      })),
    );
    const wrong = named.filter(({ verbs }) => helpOf(verbs.split(' ')).verb !== verbs);
    expect(wrong).toEqual([]);
  });
});

/** Shell fences that say of themselves that they run, one after another, where the documents are. */
function fencesInOrder(text: string): readonly string[] {
  return [...text.matchAll(/<!-- runs in order -->\s+```sh\n([\s\S]*?)```/g)].map(([, body = '']) => body);
}

/** Lines of shell fences that begin with the command. */
function commandsIn(text: string): readonly string[] {
  return [...text.matchAll(/```(?:sh|bash|console)\n([\s\S]*?)```/g)]
    .flatMap(([, body = '']) => body.replace(/\\\n\s*/g, ' ').split('\n'))
    .map((line) =>
      line
        .replace(/^\$ /, '')
        .replace(/^\.\/bin\/tongguan/, 'tongguan')
        .replace(/\s+(?:#|[|>&]).*$/, '')
        .trim(),
    )
    .filter((line) => line.startsWith('tongguan '));
}

/** The word of a person, which counts over the socket where it is signed (docs/accounts.md). */
const SIGNED =
  /^tongguan (?:transfer (?:approve|reject)|register \S+ confirm|emergency resume|audit (?:run|sign)|alert (?:own|acknowledge|close)) /;

/** Flags without which the command that the words name does nothing. */
function demandedBy(words: readonly string[]): readonly string[] {
  let command = root;
  for (const word of words) {
    const next = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
    if (next === undefined) break;
    command = next;
  }
  return command.options.filter(({ mandatory }) => mandatory).map(({ long }) => long);
}

interface Help {
  /** The words that were a command, and not an argument of one. */
  readonly verb: string;
  readonly text: string;
}

const helps = new Map<string, Help>();

/** As far as these tests ask it; a command of the compiled program. */
interface CompiledCommand {
  readonly commands: readonly CompiledCommand[];
  readonly name: () => string;
  readonly aliases: () => readonly string[];
  readonly options: readonly { readonly long: string; readonly mandatory: boolean }[];
  readonly configureOutput: (to: { readonly writeOut: (text: string) => void }) => CompiledCommand;
  readonly outputHelp: () => void;
}

// Compiled: a process for each of a hundred commands takes minutes, and what is compiled is what people run.
const compiled = `${ROOT}dist/bin/program.js`;
const { program } = (await import(/* @vite-ignore */ compiled)) as { readonly program: () => CompiledCommand };
const root = program();

/** Help of the longest command that the words begin with, of the compiled program. */
function helpOf(words: readonly string[]): Help {
  const name = words.join(' ');
  const known = helps.get(name);
  if (known !== undefined) return known;
  let command = root;
  const verb: string[] = [];
  for (const word of words) {
    const next = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
    if (next === undefined) break;
    command = next;
    verb.push(word);
  }
  let text = '';
  command.configureOutput({ writeOut: (more) => (text += more) }).outputHelp();
  // What reads its own words is asked for its own help.
  if (text.replace(/\s+/g, ' ').includes(`(tongguan ${verb.join(' ')} --help)`)) return ownHelp(verb.join(' '));
  const help = { verb: verb.join(' '), text };
  helps.set(name, help);
  return help;
}

function ownHelp(verb: string): Help {
  const asked = spawnSync(process.execPath, [`${ROOT}bin/tongguan`, ...verb.split(' '), '--help'], {
    encoding: 'utf8',
  });
  return { verb, text: `${asked.stdout}${asked.stderr}` };
}
