import { statfsSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { stillness } from './test/run/still.ts';
import { PROTECTIONS } from './test/switched-off/gate.table.ts';
import { GUARDS } from './test/switched-off/guards.table.ts';
import { switchable } from './test/switched-off/switches.ts';

/** What installs something once for its process or looks at all that its process is connected to, and what fills the machine with processes of its own. */
const APART = [
  'test/unit/cloud/composition/open-catalogue.test.ts',
  'test/unit/edge/main.test.ts',
  'test/e2e/**/*.test.ts',
];

/** Over code in which protections can be switched off; nothing else may run over it. */
const SWITCHED_OFF = ['test/switched-off/gate.test.ts'];
const GUARDED = ['test/switched-off/guards.test.ts'];

/**
 * Stores of tests in memory, where there is room: thousands of them are opened, and each flush waits for the disk. A
 * process that is killed loses no more there than on a disk, and no test takes the power away.
 */
const MEMORY = '/dev/shm';
const MEMORY_BYTES_MIN = 4e9;

function scratch(): Readonly<Record<string, string>> {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= MEMORY_BYTES_MIN ? { TMPDIR: MEMORY } : {};
  } catch {
    return {};
  }
}

const common = {
  pool: 'forks',
  maxWorkers: 2,
  testTimeout: 120_000,
  hookTimeout: 180_000,
  env: scratch(),
} as const;

export default defineConfig({
  test: {
    maxWorkers: 2,
    reporters: ['default', stillness()],
    projects: [
      { test: { ...common, name: 'apart', include: APART } },
      // They share their modules: nothing in them outlives a test, and loading them anew costs more than they do.
      {
        test: {
          ...common,
          name: 'shared',
          include: ['test/**/*.test.ts'],
          exclude: [...APART, ...SWITCHED_OFF, ...GUARDED],
          isolate: false,
        },
      },
      { plugins: [switchable(PROTECTIONS)], test: { ...common, name: 'switched-off', include: SWITCHED_OFF } },
      { plugins: [switchable(GUARDS.flatMap(({ places }) => places))], test: { ...common, name: 'guarded', include: GUARDED } },
    ],
  },
});
