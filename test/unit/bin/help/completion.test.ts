import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandTree } from '../../../../bin/help/command-tree.ts';
import { completionScript, SHELLS } from '../../../../bin/help/completion.ts';
import { program } from '../../../../bin/program.ts';

const tree = commandTree(program(new URL('../../../../package.json', import.meta.url)));

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
