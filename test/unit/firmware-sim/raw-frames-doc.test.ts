import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { frameLine } from '../../../firmware-sim/frame-line.ts';
import { recogniseHeader } from '../../../firmware-sim/trace-format.ts';
import type { RawFrame } from '../../../proto/words/raw-frame.ts';
import { instant } from './run-virtually.ts';

const DOC = readFileSync(new URL('../../../docs/raw-frames.md', import.meta.url), 'utf8');

test('docs/raw-frames.md has an example of each kind, written as the simulator writes it', () => {
  const examples = [...DOC.matchAll(/```json\n(.*\n)```/g)].map(([, line]) => line ?? '');
  const frames = examples.map((line) => JSON.parse(line) as RawFrame & { readonly at: unknown });
  expect(frames.map(({ kind }) => kind)).toEqual(['fix', 'signals', 'image', 'clock']);
  for (const [index, frame] of frames.entries()) {
    expect(frameLine({ ...frame, at: instant(String(frame.at)) })).toBe(examples[index]);
  }
});

test('docs/raw-frames.md lists the headers that are recognised', () => {
  const headers = [...DOC.matchAll(/^\| `([a-z_,]+)` \|/gm)]
    .map(([, header]) => header?.split(',') ?? [])
    .filter((cells) => cells.length > 1);
  expect(headers).toHaveLength(4);
  for (const header of headers) expect(recogniseHeader(header)).toBeDefined();
});
