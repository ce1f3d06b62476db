import { expect, test } from 'vitest';
import { createCut } from '../../../../cloud/exporter/cut.ts';
import { exporterFault } from '../../../../cloud/exporter/exporter-fault.ts';

test('the first reason stays the reason', () => {
  const cut = createCut();
  expect(cut.reason()).toBeUndefined();
  expect(cut.signal.aborted).toBe(false);
  cut.cut(exporterFault('EMERGENCY_STOP'));
  cut.cut(exporterFault('SHUTDOWN'));
  expect(cut.reason()?.code).toBe('EMERGENCY_STOP');
  expect(cut.signal.aborted).toBe(true);
});
