import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { watchPointClouds } from '../../../../edge/sources/point-cloud-source.ts';
import { kittiFile, lasFile } from '../../../support/edge/point-files.ts';
import { recordSource } from '../../../support/edge/source-recorder.ts';
import { tempDirectory } from '../../../support/edge/temp-directory.ts';

test.each([
  [false, [false, true]],
  [true, [true, true]],
])(
  'files become clouds; where they are said to be georeferenced: %s, they are: %j',
  async (georeferenced, expected) => {
    const directory = tempDirectory();
    writeFileSync(join(directory, '1.bin'), kittiFile([[1, 2, 3]]));
    writeFileSync(join(directory, '2.las'), lasFile([[1, 2, 3]], { projection: 'record' }));
    writeFileSync(join(directory, '3.ply'), 'no cloud');
    const { seen, events } = recordSource();
    const opened = watchPointClouds(
      { directory, after: 'leave', pollMs: 10 },
      { sensor: 'roof', georeferenced },
      events,
    );
    if (!opened.ok) throw new Error(opened.fault.code);
    onTestFinished(() => opened.value.close());
    await vi.waitFor(() => expect(seen.malformed).toBe(1), 20_000);
    expect(seen.frames.map((frame) => frame.kind === 'point-cloud' && frame.georeferenced)).toEqual(expected);
    expect(seen.frames[0]).toMatchObject({ kind: 'point-cloud', sensor: 'roof', points: Float64Array.of(1, 2, 3) });
  },
);
