import { expect, test } from 'vitest';
import { decodePermit, decodeSignedEnvelope } from '../../../../proto/codec/transfer-codec.ts';
import { approvalGate } from '../../../support/cloud/approval-gate.ts';

const [KEY, OTHER] = ['ab'.repeat(32), 'cd'.repeat(32)];

/** A gate whose parcels are sealed to what stands in `world.key` when they are built, as the builder does. */
function sealingGate() {
  const now = { key: KEY };
  const gate = approvalGate({ sealedTo: () => now.key });
  const { build } = gate.parts;
  Object.assign(gate.parts, {
    build: async (...args: Parameters<typeof build>) => {
      const built = await build(...args);
      return built.ok ? { ...built, value: { ...built.value, sealedTo: now.key } } : built;
    },
  });
  const permit = () => {
    const { document } = gate.log.findLast(({ kind }) => kind === 'permit') ?? {};
    const { envelope } = document as { envelope: string };
    const opened = decodeSignedEnvelope(Buffer.from(envelope, 'base64'));
    const decoded = opened.ok ? decodePermit(opened.value.body) : opened;
    return decoded.ok ? decoded.value : undefined;
  };
  return { ...gate, now, permit };
}

test('the permit names the key that the parcel was sealed to', async () => {
  const { ask, approve, permit } = sealingGate();
  await ask();
  for (const by of ['bob', 'carol']) approve(by);
  expect(permit()?.sealedTo).toBe(KEY);
});

test('where the key is not certain nothing is built, the verdict says so and it is alerted', async () => {
  const gate = sealingGate();
  gate.now.key = 'unknown';
  expect(await gate.ask()).toMatchObject({ ok: true, value: { state: 'withheld', verdict: { decision: 'withhold' } } });
  const { document } = gate.log.find(({ kind }) => kind === 'verdict') ?? {};
  expect(document).toMatchObject({ manifestSha256: null, facts: { recipient: { registered: 'unknown' } } });
  expect(gate.alerts).toContainEqual({ code: 'SEAL_KEY_UNSETTLED', transferId: 't1', recipientId: 'lab' });
  expect(gate.kinds()).not.toContain('permit');
});

test.each([
  ['is another by now', OTHER],
  ['waits for a second person', 'unknown'],
  ['is none any more', 'none'],
])('a parcel under a key that %s is not permitted, and a permit for it is revoked', async (_, key) => {
  const waiting = sealingGate();
  await waiting.ask();
  waiting.now.key = key;
  for (const by of ['bob', 'carol']) waiting.approve(by);
  waiting.look();
  expect(waiting.kinds()).not.toContain('permit');

  const permitted = sealingGate();
  await permitted.ask();
  for (const by of ['bob', 'carol']) permitted.approve(by);
  expect(permitted.state()).toBe('permitted');
  permitted.now.key = key;
  permitted.world.registersAt += 1;
  permitted.look();
  expect(permitted.state()).toBe('revoked');
  expect(permitted.alerts).toContainEqual(expect.objectContaining({ code: 'PERMIT_REVOKED' }));
});
