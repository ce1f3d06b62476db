import { expect, test } from 'vitest';
import { documentFor } from '../../../../cloud/monitoring/document.ts';
import { canonicalJson } from '../../../../proto/words/canonical-json.ts';

const entry = (kind: string, document: object) => ({ kind, document: Buffer.from(canonicalJson(document)) });
const lookers = [{ looksInto: (kind: string) => kind === 'verdict' }];

test('documents are read of kinds that somebody looks into, and of whatever changes permissions', () => {
  const changes = { operation: { permissionChange: true }, of: 'x' };
  const none = { operation: { permissionChange: false }, of: '"permissionChange":true' };
  expect(documentFor(entry('verdict', none), lookers)).toEqual(none);
  expect(documentFor(entry('data-read', changes), lookers)).toEqual(changes);
  expect(documentFor(entry('data-read', none), lookers)).toEqual({});
});
