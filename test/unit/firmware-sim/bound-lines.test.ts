import { expect, test } from 'vitest';
import { boundLines } from '../../../firmware-sim/bound-lines.ts';

async function bounded(chunks: readonly string[], bytesMax: number): Promise<string> {
  async function* source() {
    for (const chunk of chunks) yield Buffer.from(chunk);
  }
  const kept: Uint8Array[] = [];
  for await (const chunk of boundLines(source(), bytesMax)) kept.push(chunk);
  return Buffer.concat(kept).toString();
}

test.each([
  ['lines at the limit pass', ['abcd\nabc\n'], 'abcd\nabc\n'],
  ['a longer line is cut, its end and the next line stay', ['abcdefg\nxy\n'], 'abcd\nxy\n'],
  ['a line is measured across chunks', ['ab', 'cd', 'ef\nx', 'y\n'], 'abcd\nxy\n'],
  ['a file without line ends is one line', ['aaaaaaaa', 'aaaaaaaa'], 'aaaa'],
  ['several lines of one chunk are cut', ['abcde\nabcde\nab\nabcdef'], 'abcd\nabcd\nab\nabcd'],
  ['nothing stays nothing', [], ''],
])('%s', async (_, chunks, expected) => {
  expect(await bounded(chunks, 4)).toBe(expected);
});
