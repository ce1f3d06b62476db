import { expect, test } from 'vitest';
import { configPathOf } from '../../../../cloud/exporter/process-args.ts';

test.each([
  [['--config', 'exporter.yaml'], 'exporter.yaml'],
  [['--config=exporter.yaml'], 'exporter.yaml'],
  [[], undefined],
  [['exporter.yaml'], undefined],
  [['--config'], undefined],
  [['--config', 'a', '--force'], undefined],
])('%j names %s', (args, path) => {
  expect(configPathOf(args)).toBe(path);
});
