import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandTree } from '../../../../bin/help/command-tree.ts';
import { completionScript, SHELLS } from '../../../../bin/help/completion.ts';
import { program } from '../../../../bin/program.ts';

const tree = commandTree(program(new URL('../../../../package.json', import.meta.url)), {
  firstValues: { 'sim run': ['recall', 'tunnel'] },
});

describe('completion', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'completion-'));
    for (const shell of SHELLS) writeFileSync(join(directory, shell), completionScript(shell, tree));
    writeFileSync(join(directory, 'cloud.yaml'), '');
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  /** What bash would offer for the last of the words; all lines in one process. */
  function offered(lines: readonly (readonly string[])[]): readonly (readonly string[])[] {
    const asked = lines.map((words) => {
      const array = words.map((word) => `'${word}'`).join(' ');
      return `COMP_WORDS=(${array}); COMP_CWORD=${words.length - 1}; _tongguan; echo "\${COMPREPLY[*]}"`;
    });
    const ran = spawnSync('bash', ['-c', `source ./bash\n${asked.join('\n')}`], { cwd: directory, encoding: 'utf8' });
    return ran.stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ').filter((word) => word !== ''));
  }

  test('bash: commands, flags, languages and files, each where they fit', () => {
    const [top, below, kinds, verbs, device, flags, language, files, word] = offered([
      ['tongguan', 'do'],
      ['tongguan', 'log', 'ver'],
      ['tongguan', 'register', 'contr'],
      ['tongguan', 'register', 'contract', 'wi'],
      ['tongguan', 'register', 'device', 'im'],
      ['tongguan', 'decide', '--'],
      ['tongguan', 'decide', '--lang', ''],
      ['tongguan', 'doctor', '--cloud', 'cl'],
      ['tongguan', 'transfer', 'show', '--config', 'x', 'list'],
    ]);
    expect(top).toEqual(['doctor']);
    expect(below).toEqual(['verify']);
    expect(kinds).toEqual(['contract']);
    expect(verbs).toEqual(['withdraw']);
    expect(device).toEqual(['import']);
    expect(flags).toEqual(['--rules', '--schema', '--json', '--lang', '--help']);
    expect(language).toEqual(['en', 'zh']);
    expect(files).toEqual(['cloud.yaml']);
    expect(word).toBeUndefined();
  });

  const VALUES: readonly (readonly [line: string, offered: readonly string[]])[] = [
    ['completion ', ['bash', 'fish', 'zsh']],
    ['config check ', ['cloud', 'edge', 'exporter', 'receiver']],
    ['config check --json cl', ['cloud']],
    ['config check cloud cl', ['cloud.yaml']],
    ['config check cloud cloud.yaml ', []],
    ['config schema e', ['edge', 'exporter']],
    ['report c', ['contract']],
    ['report --out contract.docx c', ['contract']],
    ['report contract --lang ', ['both', 'en', 'zh']],
    ['decide --lang ', ['en', 'zh']],
    ['zone read --zone g', ['general', 'geographic']],
    ['sim run ', ['recall', 'tunnel']],
    ['sim run --seed 7 t', ['tunnel']],
    ['classify --format t', ['trace']],
    ['log prove --log ', ['alerts', 'operations', 'traffic']],
  ];

  test.each(VALUES)('bash offers after `tongguan %s` its values', (line, expected) => {
    const [found = []] = offered([['tongguan', ...line.split(' ')]]);
    expect([...found].sort()).toEqual(expected);
  });

  const isThere = (shell: string): boolean => spawnSync(shell, ['--version']).error === undefined;

  // Its own functions are those of an interactive shell: what they would be given is printed.
  const ZSH_STUBS = `
    compdef() { : }
    compadd() { [[ "$1" == -- ]] && shift; print -l -- "$@" }
    _describe() { print -l -- "\${(@)\${(P@)2}%%:*}" }
    _files() { print -l -- * }
    source ./zsh`;

  test.skipIf(!isThere('zsh')).each(VALUES)(
    'zsh offers after `tongguan %s` its values (needs zsh)',
    (line, expected) => {
      const words = ['tongguan', ...line.split(' ')];
      const array = words.map((word) => `'${word}'`).join(' ');
      const ask = `words=(${array}); CURRENT=${words.length}; PREFIX='${words.at(-1)}'; _tongguan`;
      const ran = spawnSync('zsh', ['-fc', `${ZSH_STUBS}\n${ask}`], { cwd: directory, encoding: 'utf8' });
      const begun = ran.stdout.split('\n').filter((word) => word !== '' && word.startsWith(words.at(-1) ?? ''));
      expect([begun.sort(), ran.stderr]).toEqual([expected, '']);
    },
  );

  test.skipIf(!isThere('fish'))('fish offers their values after all of them (needs fish)', () => {
    const asked = VALUES.map(([line]) => `complete -C 'tongguan ${line}' | string split -f1 \\t; echo ==`);
    const ran = spawnSync('fish', ['-c', `source ./fish\n${asked.join('\n')}`], { cwd: directory, encoding: 'utf8' });
    const found = ran.stdout.split('==\n').map((part) => part.split('\n').filter((word) => word !== ''));
    expect(VALUES.map(([line], at) => [line, [...(found[at] ?? [])].sort()])).toEqual(VALUES.map((one) => [...one]));
  });

  test.each(SHELLS)('%s: the script names every command once', (shell) => {
    const script = completionScript(shell, tree);
    for (const { name } of tree.commands) expect(script).toContain(name);
    expect(script.split('\n').filter((line) => line.includes("'register '*' add'"))).toHaveLength(
      shell === 'fish' ? 0 : 1,
    );
  });

  test.each(SHELLS.filter((shell) => shell !== 'fish'))('%s: nothing of a description runs', (shell) => {
    const hostile = {
      ...tree,
      commands: tree.commands.map((one) => ({ ...one, description: "it's $(touch oh) `no`" })),
    };
    const file = join(directory, `${shell}-hostile`);
    writeFileSync(file, completionScript(shell, hostile).replace(/^complete.*$|^if \[ "\$funcstack.*$/gm, ''));
    expect(spawnSync('bash', ['-n', file]).status === 0 || shell !== 'bash').toBe(true);
    spawnSync('bash', ['-c', `source ${file}; _tongguan_at ''`], { cwd: directory });
    expect(spawnSync('test', ['-e', join(directory, 'oh')]).status).toBe(1);
  });

  for (const shell of ['zsh', 'fish'] as const) {
    const isMissing = spawnSync(shell, ['--version']).error !== undefined;
    test.skipIf(isMissing)(`the script is one of ${shell} (needs ${shell})`, () => {
      expect(spawnSync(shell, ['-n', join(directory, shell)]).status).toBe(0);
    });
  }
});
