import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openLaw } from '../../../../cloud/composition/open-law.ts';
import type { CloudConfig } from '../../../../cloud/config/config.ts';
import { keptRules } from '../../../../cloud/inspection/kept-rules.ts';
import { SHIPPED_LAW } from '../../../../cloud/rules/shipped-rules.ts';
import { rulesOn } from '../../../../cloud/transfer/rule-book.ts';
import type { CivilDate } from '../../../../proto/words/time.ts';

let place = '';
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'law-'));
  mkdirSync(join(place, 'log'));
});
afterEach(() => rmSync(place, { recursive: true }));

const text = readFileSync(new URL('../../../../docs/examples/rules-operator.yaml', import.meta.url), 'utf8');
const day = '2026-12-02' as CivilDate;

/** Only the two keys that the law is opened by. */
function open(rules: CloudConfig['rules']) {
  const config = { log: { directory: 'log' }, ...(rules === undefined ? {} : { rules }) } as CloudConfig;
  return openLaw({ config, path: (relative) => join(place, relative) });
}

describe('the law of an installation', () => {
  test('without a file it is the shipped one, and nothing is kept', () => {
    const opened = open(undefined);
    expect(opened.ok && opened.value.law).toBe(SHIPPED_LAW);
    expect(readdirSync(join(place, 'log'))).toEqual([]);
  });

  test('with a file, that file is kept under its hash, once, and its book is found again', () => {
    writeFileSync(join(place, 'own.yaml'), text);
    const [first, again] = [open({ operatorFile: 'own.yaml' }), open({ operatorFile: 'own.yaml' })];
    if (!first.ok || !again.ok) throw new Error('expected a law');
    const name = `${createHash('sha256').update(text).digest('hex')}.yaml`;
    expect(readdirSync(join(place, 'log', 'rules'))).toEqual([name]);
    const kept = keptRules(join(place, 'log'));
    expect(kept.faults).toEqual([]);
    const digests = kept.books.map((book) => rulesOn(book, day).digest);
    expect(digests).toContain(rulesOn(first.value.law.verdicts, day).digest);
    expect(digests).toContain(rulesOn(SHIPPED_LAW.verdicts, day).digest);
    expect(new Set(digests).size).toBe(2);
  });

  test('a file that was changed where it is kept is told, and no verdict is derived by it', () => {
    writeFileSync(join(place, 'own.yaml'), text);
    open({ operatorFile: 'own.yaml' });
    const [name = ''] = readdirSync(join(place, 'log', 'rules'));
    writeFileSync(join(place, 'log', 'rules', name), text.replace('50000', '40000'));
    const kept = keptRules(join(place, 'log'));
    expect(kept.books).toHaveLength(1);
    expect(kept.faults.map(({ code }) => code)).toEqual(['RULES_FILE_CHANGED']);
  });

  test('a faulty file is a fault and is not kept', () => {
    writeFileSync(join(place, 'own.yaml'), text.replace('atLeast: 50000', 'atLeast: 200000'));
    const opened = open({ operatorFile: 'own.yaml' });
    expect(opened.ok ? undefined : opened.fault.code).toBe('RULES_WEAKER');
    expect(open({ operatorFile: 'none.yaml' }).ok).toBe(false);
    expect(readdirSync(join(place, 'log'))).toEqual([]);
  });

  test('a switched reading of verdicts becomes a sign-off among the facts', () => {
    const legal = 'signOffs: [{ id: L-1, kind: legal, on: 2026-11-20, by: counsel, basis: opinion of the day }]';
    const readings =
      'readings: [{ reading: C3, position: other, signOff: L-1 }, { reading: D5, position: other, signOff: L-1 }]';
    writeFileSync(join(place, 'own.yaml'), `rules: 1\n${legal}\n${readings}\nrows: []\n`);
    const opened = open({ operatorFile: 'own.yaml' });
    expect(opened.ok && opened.value.signOffs).toEqual([{ id: 'L-1', reading: 'C3', on: '2026-11-20', by: 'counsel' }]);
  });
});
