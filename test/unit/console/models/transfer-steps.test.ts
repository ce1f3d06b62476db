import { expect, test } from 'vitest';
import type { LogEntry } from '../../../../console/api/log-entries.ts';
import { permitOf, stepsOf, verdictOf } from '../../../../console/models/transfer-steps.ts';
import { wishOf } from '../../../../console/models/transfer-wish.ts';

const entry = (index: number, kind: string, second: number, document: LogEntry['document'] = {}): LogEntry => ({
  ...{ index, kind, transferId: 't', actor: 'a', document },
  recordedAt: `2026-11-22T00:00:0${second}.000Z`,
});
const verdict = (decision: string) => ({ verdict: { decision, rules: [] } });

const steps = stepsOf({
  logs: [
    {
      log: 'operations',
      entries: [entry(1, 'verdict', 1, verdict('withhold')), entry(5, 'verdict', 4, verdict('permit'))],
    },
    { log: 'traffic', entries: [entry(0, 'intent', 3)] },
  ],
});

test('steps of all logs stand in the order of their time', () => {
  expect(steps.map(({ log, entry: { index } }) => `${log} ${index}`)).toEqual([
    'operations 1',
    'traffic 0',
    'operations 5',
  ]);
});

test('the last verdict stands; what is no verdict is none', () => {
  expect(verdictOf(steps)?.decision).toBe('permit');
  const odd = stepsOf({
    logs: [{ log: 'operations', entries: [entry(1, 'verdict', 1, { verdict: { decision: 'maybe' } })] }],
  });
  expect(verdictOf(odd)).toBeUndefined();
  expect(permitOf(steps)).toBeUndefined();
});

test('a purpose can be chosen where dataset and recipient both have it', () => {
  const dataset = { id: 'd', title: 'D', kind: 'k', purposes: ['both', 'own'] };
  const recipient = { id: 'r', name: 'R', country: 'DE', endpoint: 'https://r', purposes: ['both', 'theirs'] };
  const chosen = { dataset: 'd', recipient: 'r', purpose: 'own' };
  expect(wishOf(chosen, [dataset], [recipient])).toMatchObject({ purposes: ['both'], isWhole: false });
  expect(wishOf({ ...chosen, purpose: 'both' }, [dataset], [recipient]).isWhole).toBe(true);
  expect(wishOf({ ...chosen, recipient: 'x', purpose: 'both' }, [dataset], [recipient]).isWhole).toBe(false);
});
