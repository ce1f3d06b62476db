import { expect, test } from 'vitest';
import { GATE_CASES } from '../../../support/cloud/gate-cases.ts';

// Unknown, absent, thrown and late at the one door: nothing is cleared, and nobody is counted. That each of these would see its
// protection missing is shown by test/switched-off/gate.test.ts.
test.each(GATE_CASES.map((one) => [one.name, one] as const))('%s', async (_, { ask, holds }) => {
  await expect(ask().then(holds)).resolves.toBeUndefined();
});
