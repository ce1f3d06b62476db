import { expect, test } from 'vitest';
import { heldByRegisters } from '../../../cloud/held-by-registers.ts';

/** An entry that differs, and what was alerted of it. */
function scene() {
  let subject: string | undefined;
  const alerts: unknown[] = [];
  const held = heldByRegisters(
    () => subject,
    (document) => alerts.push(document),
  );
  const look = (now: string | undefined): string | undefined => {
    subject = now;
    return held();
  };
  return { look, alerts };
}

test('while an entry is not as logged exports are held, and are not when all are again', () => {
  const { look } = scene();
  expect([look(undefined), look('processor/a'), look('processor/a'), look(undefined)]).toEqual([
    ...[undefined, 'registers-changed', 'registers-changed', undefined],
  ]);
});

test('each entry is alerted once however often it is looked at, another by itself, and one that differs anew once more', () => {
  const { look, alerts } = scene();
  for (const subject of ['processor/a', 'processor/a', 'recipient/b', undefined, 'recipient/b', 'recipient/b'])
    look(subject);
  expect(alerts).toEqual(
    ['processor/a', 'recipient/b', 'recipient/b'].map((subject) => ({ code: 'REGISTERS_CHANGED', subject })),
  );
});

test('a comparison that throws permits nothing: whoever asks is not answered', () => {
  const held = heldByRegisters(
    () => {
      throw new Error('the file is locked');
    },
    () => expect.fail('nothing to tell'),
  );
  expect(held).toThrow('locked');
});
