import { expect, test } from 'vitest';
import { createPolicyDistribution } from '../../../cloud/policy-distribution.ts';
import { POLICY_KEY, signedBundle, withWrongSignature } from '../../support/edge/policies.ts';

function distributionOf(first: Uint8Array | undefined) {
  const [sent, faults]: [Uint8Array[], string[]] = [[], []];
  let onDisk = first;
  const distribution = createPolicyDistribution({
    readFile: () => onDisk,
    key: POLICY_KEY,
    send: (bundle) => void sent.push(bundle),
    onFault: ({ code }) => void faults.push(code),
  });
  distribution.look();
  const putFile = (bytes: Uint8Array | undefined): void => {
    onDisk = bytes;
    distribution.look();
  };
  return { distribution, sent, faults, putFile };
}

test('sends what the policy key signed, once, and a higher version after it', () => {
  const [one, two] = [signedBundle({ version: 1 }), signedBundle({ version: 2 })];
  const { distribution, sent, faults, putFile } = distributionOf(one);
  distribution.look();
  expect([sent, distribution.current()]).toEqual([[one], one]);
  putFile(two);
  expect([sent, distribution.current(), faults]).toEqual([[one, two], two, []]);
});

test.each([
  ['unsigned', withWrongSignature(signedBundle({ version: 9 }))],
  ['no bundle', Buffer.from('hello')],
  ['no newer', signedBundle({ version: 2, allowedPaths: [] })],
])('does not send what is %s; vehicles keep what they were told', (_, bytes) => {
  const good = signedBundle({ version: 2 });
  const { distribution, sent, faults, putFile } = distributionOf(good);
  putFile(bytes);
  expect([sent, distribution.current(), faults]).toEqual([[good], good, ['POLICY_NOT_SENT']]);
});

test('a file that is gone takes nothing back: a vehicle cannot unlearn a version', () => {
  const good = signedBundle({ version: 2 });
  const { distribution, putFile, faults } = distributionOf(good);
  putFile(undefined);
  expect([distribution.current(), faults]).toEqual([good, []]);
});

test('without a file nothing is sent', () => {
  const { distribution, sent, faults } = distributionOf(undefined);
  expect([distribution.current(), sent, faults]).toEqual([undefined, [], []]);
});

test('a bundle is known before any vehicle is told it, and is not told where it cannot be made known', () => {
  const order: string[] = [];
  let isFull = true;
  const distribution = createPolicyDistribution({
    readFile: () => signedBundle({ version: 1 }),
    key: POLICY_KEY,
    keep: () => {
      if (isFull) throw new Error('disk full');
      order.push('kept');
    },
    send: () => void order.push('sent'),
    onFault: () => undefined,
  });
  expect(() => distribution.look()).toThrow('disk full');
  expect(distribution.current()).toBeUndefined();
  isFull = false;
  distribution.look();
  expect(order).toEqual(['kept', 'sent']);
});

test('bundles that vehicles were delivered with are known and not told; a missing or unsigned one is told once', () => {
  const [kept, sent, faults]: [Uint8Array[], Uint8Array[], string[]] = [[], [], []];
  const good = signedBundle({ version: 1 });
  let third: Uint8Array | undefined;
  const distribution = createPolicyDistribution({
    readFile: () => undefined,
    readDelivered: () => [good, withWrongSignature(good), third],
    key: POLICY_KEY,
    keep: (bundle) => void kept.push(bundle),
    send: (bundle) => void sent.push(bundle),
    onFault: ({ code }) => void faults.push(code),
  });
  distribution.look();
  distribution.look();
  expect([kept, sent, faults]).toEqual([[good], [], ['POLICY_NOT_KNOWN', 'POLICY_NOT_KNOWN']]);
  third = signedBundle({ version: 2 });
  distribution.look();
  expect(kept).toEqual([good, third]);
});
