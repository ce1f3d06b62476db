import { describe, expect, test } from 'vitest';
import { decodeGb } from '../../cloud/terminals/gb32960/view.ts';
import type { Fields } from '../../cloud/terminals/value.ts';
import { registerTerminal } from '../support/cloud/terminal-run.ts';
import { areSamplesThere, gbStream } from '../support/cloud/terminal-samples.ts';
import { readingsIn, serveScratch, zonesOf } from '../support/cloud/terminal-zones.ts';

describe('the stream of a real car', () => {
  test.skipIf(!areSamplesThere)(
    'lies with every position in the geographic zone and none elsewhere (needs ../shared/data)',
    async () => {
      const { directory, stores, dial, close, terminals, setClock } = await serveScratch([], '');
      setClock(Date.UTC(2026, 2, 1));
      const frames = gbStream();
      const views = frames.map((frame) => decodeGb(frame)).flatMap((view) => (view.ok ? [view.value] : []));
      const vin = views[0]?.vin ?? '';
      registerTerminal(stores, vin, String(views[0]?.body['iccid']));
      const positions = views.flatMap(({ body }) =>
        (Array.isArray(body['items']) ? (body['items'] as readonly Fields[]) : []).filter(
          ({ item }) => item === 'position',
        ),
      );
      const terminal = dial();
      const all = Buffer.concat(frames);
      for (let from = 0; from < all.length; from += 1_460) terminal.send(all.subarray(from, from + 1_460));
      await expect.poll(() => terminals.status().frames).toEqual({ stored: frames.length });
      await close();
      const zones = zonesOf(directory);
      const places = readingsIn(zones['geographic']?.records ?? []);
      for (const name of ['longitude', 'latitude'] as const)
        expect(
          places
            .filter(({ path }) => path === `gb32960.position.${name}`)
            .map(({ value }) => value)
            .sort(),
        ).toEqual(positions.map((one) => one[name]).sort());
      for (const name of ['general', 'personal', 'important'] as const) {
        const readings = readingsIn(zones[name]?.records ?? []);
        expect(readings.filter(({ path }) => /position|frame/.test(path))).toEqual([]);
        const values = new Set(readings.map(({ value }) => value));
        for (const { longitude, latitude } of positions) {
          expect(values.has(longitude as number)).toBe(false);
          expect(values.has(latitude as number)).toBe(false);
        }
      }
      expect(zones['quarantine']?.payloads).toEqual([]);
    },
  );
});
