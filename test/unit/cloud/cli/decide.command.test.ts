import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { type DecideArgs, decideCommand } from '../../../../cloud/cli/decide.command.ts';
import { factsInput } from '../../../support/transfer-facts.ts';

const EXAMPLES = new URL('../../../../docs/examples/', import.meta.url);

/** Runs the command on a file that holds `text`, or on an example of the documentation. */
async function run(source: { readonly text: string } | { readonly example: string }, args: Partial<DecideArgs> = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const io = {
    readFile: async (path: string) => ('text' in source ? source.text : readFile(new URL(path, EXAMPLES), 'utf8')),
    out: (line: string) => out.push(line),
    err: (line: string) => err.push(line),
  };
  const path = 'text' in source ? 'facts.yaml' : source.example;
  const status = await decideCommand({ path, json: false, language: 'en', ...args }, io);
  return { status, out, err };
}

const permitted = JSON.stringify(factsInput());
const withheld = JSON.stringify(factsInput({ onFile: [] }));

describe('tongguan decide', () => {
  test('the battery statistics of the documentation clear under exemption (5)', async () => {
    const { status, out, err } = await run({ example: 'facts-battery-statistics.yaml' }, { json: true });
    const verdict = JSON.parse(out.join(''));
    expect([status, out.length, err]).toEqual([0, 1, []]);
    expect(verdict).toMatchObject({ decision: 'permit', under: 'exemption-5', missing: [] });
    expect(verdict.rules.map(({ id }: { id: string }) => id)).toEqual([
      'EX-5',
      'PIPIA-1',
      'PIPL-39.consent',
      'PIPL-39.notice',
    ]);
  });

  test('the tracks of the documentation are withheld with their articles and all that is missing', async () => {
    const { status, out } = await run({ example: 'facts-tracks.yaml' }, { json: true });
    const verdict = JSON.parse(out.join(''));
    expect(status).toBe(3);
    expect(verdict).toMatchObject({ decision: 'withhold', route: 'contract-or-certification' });
    expect(
      verdict.rules.map(
        ({ id, citation }: { id: string; citation: { instrument: string; article: string } }) =>
          `${id}: ${citation.instrument} ${citation.article}`,
      ),
    ).toEqual([
      'GEO-7: G26 I(3) para. 1(1), Note 3',
      'GEO-8: M22 sending abroad',
      'GEO-9: G26 Note 9',
      'G26-I.3.B2: G26 I(3) para. 2(2), Notes 4-5',
      'PIPIA-1: PIPL art. 55(4), 56',
      'PIPL-39.consent: PIPL art. 39',
      'PIPL-39.notice: PIPL art. 39',
    ]);
    expect(verdict.missing).toHaveLength(6);
  });

  test('without --json it speaks to a person, in their language, and exits the same', async () => {
    const english = await run({ text: withheld });
    const chinese = await run({ text: withheld }, { language: 'zh' });
    expect([english.status, english.out[0]]).toEqual([3, 'WITHHOLD: a demand is not met (route: exemption (5))']);
    expect([chinese.status, chinese.out[0]]).toEqual([3, '暂不出境: 尚有要求未满足 (路径: 第（5）项豁免)']);
    expect((await run({ text: permitted })).status).toBe(0);
  });

  test('a faulty facts file is no verdict: every fault on stderr, nothing of a verdict on stdout, exit 2', async () => {
    const text = JSON.stringify({ ...factsInput(), manner: 'by post', surprise: 1 });
    const { status, out, err } = await run({ text });
    expect([status, out]).toEqual([2, []]);
    expect(err).toHaveLength(2);
    expect(err[0]).toMatch(/^tongguan: error: .*\[FACTS_SHAPE\]\ntongguan: hint: /);
    const json = await run({ text }, { json: true });
    expect(json.status).toBe(2);
    expect(Object.keys(JSON.parse(json.out.join('')))).toEqual(['faults']);
  });

  test('a file that cannot be read is a fault', async () => {
    const { status, out, err } = await run({ example: 'no-such-file.yaml' }, { language: 'zh' });
    expect([status, out]).toEqual([2, []]);
    expect(err[0]).toContain('[FACTS_UNREADABLE]');
    expect(err[0]).toContain('无法读取事实文件');
  });
});
