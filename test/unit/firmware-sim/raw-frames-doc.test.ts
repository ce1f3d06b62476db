import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseRawFrame } from '../../../edge/sources/parse-raw-frame.ts';
import { frameLine } from '../../../firmware-sim/frame-line.ts';
import { recogniseHeader } from '../../../proto/traces/trace-format.ts';
import type { RawFix } from '../../../proto/words/raw-frame.ts';

const DOC = readFileSync(new URL('../../../docs/raw-frames.md', import.meta.url), 'utf8');

test('docs/raw-frames.md has an example of each kind, written as the simulator writes it', () => {
  const examples = [...DOC.matchAll(/```json\n(.*\n)```/g)].map(([, line]) => line ?? '');
  const frames = examples.map(parseRawFrame).filter((frame) => frame !== undefined);
  expect(frames.map(({ kind }) => kind)).toEqual(['fix', 'signals', 'image', 'point-cloud', 'objects', 'clock']);
  for (const [index, frame] of frames.entries()) {
    // Of a fix the agent keeps less than was written.
    const fix = JSON.parse(examples[index] ?? '') as RawFix;
    expect(frameLine(frame.kind === 'fix' ? { ...fix, at: frame.at } : frame)).toBe(examples[index]);
  }
});

test('docs/raw-frames.md lists the headers that are recognised', () => {
  const headers = [...DOC.matchAll(/^\| `([a-z_,]+)` \|/gm)]
    .map(([, header]) => header?.split(',') ?? [])
    .filter((cells) => cells.length > 1);
  expect(headers).toHaveLength(4);
  for (const header of headers) expect(recogniseHeader(header)).toBeDefined();
});
