import { expect, test } from 'vitest';
import { isKindId } from '../../../../../cloud/catalogue/catalogue.ts';
import { classifyGbLine, classifyJtLine } from '../../../../../cloud/terminals/ingress/classify-line.ts';
import { areSamplesThere, gbStream, jtSamples } from '../../../../support/cloud/terminal-samples.ts';

test('what is no frame is none, and a heartbeat is silent', () => {
  expect(classifyGbLine('zz')).toBeUndefined();
  expect(classifyJtLine('7e00')).toBeUndefined();
  expect(classifyGbLine('232307fe4c54475445535430303030303030303031010000b0')).toBe('silent');
});

test.skipIf(!areSamplesThere)('real frames are of kinds that the catalogue has (needs ../shared/data)', () => {
  const read = [
    ...gbStream().map((frame) => classifyGbLine(frame.toString('hex'))),
    ...jtSamples().map(({ hex }) => classifyJtLine(hex)),
  ].flatMap((one) => (typeof one === 'object' ? [one] : []));
  expect(read.length).toBeGreaterThan(246);
  expect(read.flatMap(({ kinds }) => kinds).filter((kind) => !isKindId(kind))).toEqual([]);
  expect(read.filter(({ kinds }) => kinds.includes('gb32960.position.latitude')).length).toBe(242);
});
