import { expect, test } from 'vitest';
import { readPreview } from '../../../../console/models/read-preview.ts';

const made = {
  policy: { id: 'fleet', version: 3, preset: 'strict' },
  malformed: 0,
  frames: [{ raw: { kind: 'fix', latitude: 31 }, leaves: [], removed: { position: 1 } }],
  lines: [{ what: 'fix', known: 1, leaves: 0 }],
  removed: { position: 1 },
};

test('of a preview only its counts are kept: where the vehicle was is let go', () => {
  const read = readPreview(JSON.stringify(made));
  expect(read).toEqual({ policy: made.policy, lines: made.lines, removed: made.removed });
});

test.each(['', '{', '{}', '[]', 'null', '{"lines":[]}'])('`%s` is no preview', (text) => {
  expect(readPreview(text)).toBeUndefined();
});
