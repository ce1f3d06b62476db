import { describe, expect, test } from 'vitest';
import { type RulesListArgs, rulesListCommand } from '../../../../cloud/cli/rules.command.ts';

async function run(on: string, args: Partial<RulesListArgs> = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const io = { readFile: async () => '', out: (line: string) => out.push(line), err: (line: string) => err.push(line) };
  const status = await rulesListCommand({ on, json: false, language: 'en', ...args }, io);
  return { status, text: out.join('\n'), err };
}

describe('tongguan rules list', () => {
  test('lists the rows of a day with their conditions and articles', async () => {
    const { status, text } = await run('2026-11-21');
    expect(status).toBe(0);
    expect(text).toContain('when ciio is no and personal is present and persons >= 100000 and < 1000000');
    expect(text).toContain('(G26 I(3) para. 2(1), Notes 4-5)');
    expect(text).toContain('personsOfEitherKind > 100000');
    expect(text).toContain('recipientCountry in HK|MO|TW');
    expect(text).toContain('when processed.persons >= 10000000');
    expect(text).toContain('[reading D9: other]');
    expect(text).toMatch(/sha256 [0-9a-f]{64}$/);
  });

  test('lists no row of another day', async () => {
    const [before, first] = [await run('2026-02-02'), await run('2026-02-03')];
    expect(before.text).not.toContain('EX-5');
    expect(first.text).toContain('EX-5');
    expect((await run('2026-06-30')).text).toContain('C5 ');
    expect((await run('2026-07-01')).text).not.toContain('C5 ');
  });

  test('speaks Chinese, conditions too', async () => {
    const { text } = await run('2026-11-21', { language: 'zh' });
    for (const said of [
      '自当年1月1日起累计向境外提供100万人以上个人信息',
      '条件：数据处理者非关键信息基础设施运营者；且含个人信息；且当年累计个人信息人数100000 人以上、不满 1000000 人',
      '条件：出境方式为车辆直接传输',
      '条件：已备有个人信息出境标准合同',
      '条件：接收方所在国家或地区为香港或澳门或台湾',
      '条件：processed.persons 达 10000000 以上',
      '条件：始终适用',
      '[解读 D9: other]',
    ])
      expect(text).toContain(said);
    expect(text).not.toMatch(/ (?:when|test) |present|absent/);
  });

  test('as JSON it is one document with every row', async () => {
    const { status, text } = await run('2026-11-21', { json: true });
    const listed = JSON.parse(text);
    expect(status).toBe(0);
    expect(listed.on).toBe('2026-11-21');
    expect(listed.rules.find(({ id }: { id: string }) => id === 'G26-I.3.A2').when).toContainEqual({
      fact: 'persons',
      atLeast: 1_000_000,
    });
    expect(listed.onFile.length).toBeGreaterThan(20);
    expect(listed.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each(['', '2026-02-30', '21.11.2026', '1999-12-31'])('`%s` is not a day that the rules cover', async (on) => {
    const { status, text, err } = await run(on);
    expect([status, text]).toEqual([2, '']);
    expect(err[0]).toContain('[RULES_DATE]');
  });
});
