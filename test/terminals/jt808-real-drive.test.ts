import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isFields } from '../../cloud/terminals/ingress/record-batch.ts';
import { readBetweenFlags, writeJtFrame } from '../../cloud/terminals/jt808/frame.ts';
import { decodeJt } from '../../cloud/terminals/jt808/view.ts';
import { type Fields, isList, type Value } from '../../cloud/terminals/value.ts';
import { is2019, jtBytes, PHONE } from '../support/cloud/jt-messages.ts';
import { serveJt } from '../support/cloud/jt-terminal.ts';
import { areSamplesThere, jtSamples } from '../support/cloud/terminal-samples.ts';
import { readingsIn, zonesOf } from '../support/cloud/terminal-zones.ts';
import { testVin } from '../support/cloud/vins.ts';

const VIN = testVin(1);
const TAXI = resolve('../shared/data/trajectories/tdrive_taxi_1.csv');

/** Positions of one taxi over a week, each once. */
function drive(): readonly Fields[] {
  const rows = new Set(readFileSync(TAXI, 'utf8').trim().split(/\r?\n/).slice(1));
  return [...rows].map((row) => {
    const [, time = '', longitude, latitude] = row.split(',');
    const still = { alarm: 0, status: 3, elevation: 50, speed: 0, direction: 0, extras: [] };
    return {
      ...still,
      latitude: Number(latitude),
      longitude: Number(longitude),
      at: `${time.replace(' ', 'T')}+08:00`,
    };
  });
}

const isPosition = (value: Value | undefined): value is Fields =>
  isFields(value) && typeof value['latitude'] === 'number';

/** Sends what a terminal has, 64 KiB at a time, and gives what lies in which zone when everything was answered. */
async function sendAll(messages: readonly Buffer[]) {
  const { dial, directory, close, setClock } = await serveJt(VIN);
  setClock(Date.UTC(2026, 2, 1));
  const terminal = dial();
  await terminal.enter();
  for (const message of messages) terminal.send(message);
  await terminal.answered(2 + messages.length);
  await close();
  return zonesOf(directory);
}

function expectOnlyInGeographic(zones: ReturnType<typeof zonesOf>, positions: readonly Fields[]): void {
  const places = readingsIn(zones['geographic']?.records ?? []);
  for (const name of ['longitude', 'latitude'] as const) {
    const values = places.filter(({ path }) => path === `jt808.${name}`).map(({ value }) => value);
    expect(values.sort()).toEqual(positions.map((one) => one[name]).sort());
  }
  for (const name of ['general', 'personal', 'important'] as const) {
    const readings = readingsIn(zones[name]?.records ?? []);
    expect(readings.filter(({ path }) => /tude|frame|time|\.speed|direction|elevation/.test(path))).toEqual([]);
    const values = new Set(readings.map(({ value }) => value));
    expect(positions.filter(({ longitude }) => values.has(longitude as number))).toEqual([]);
  }
  expect(zones['quarantine']?.payloads).toEqual([]);
}

describe.skipIf(!areSamplesThere)(
  'every position lies in the geographic zone, once, and in no other (needs ../shared/data)',
  () => {
    test('of a week of a taxi, sent one by one and again in batches', async () => {
      const positions = drive();
      const batches: Buffer[] = [];
      for (let from = 0; from < positions.length; from += 30) {
        const some = positions.slice(from, from + 30);
        batches.push(jtBytes('positions', { total: some.length, type: 1, positions: some }, 10_000 + from));
      }
      const single = positions.slice(0, 200).map((position, index) => jtBytes('location', position, 100 + index));
      expectOnlyInGeographic(await sendAll([...single, ...batches]), positions);
    });

    test('of the samples, sent by a terminal of ours', async () => {
      const messages: Buffer[] = [];
      const positions = new Map<string, Fields>();
      for (const { hex } of jtSamples()) {
        const view = decodeJt(Buffer.from(hex, 'hex'));
        if (!view.ok || !['location', 'positions'].includes(String(view.value.message)) || view.value.part) continue;
        const { body, checksum, length, fault } = view.value;
        const held = isList(body['positions']) ? body['positions'] : [body];
        const dated = held.filter((one) => isPosition(one) && typeof one['at'] === 'string');
        if (checksum !== 'good' || length !== 'good' || fault !== undefined || dated.length < held.length) continue;
        const frame = readBetweenFlags(Buffer.from(hex, 'hex').subarray(1, -1));
        if (!frame.ok) continue;
        const phone = frame.value.version === undefined ? PHONE : is2019.phone;
        const bytes = writeJtFrame({ ...frame.value, phone });
        if (bytes.ok) messages.push(bytes.value);
        for (const one of dated) positions.set(JSON.stringify(one), one as Fields);
      }
      expect(messages.length).toBeGreaterThan(10);
      expectOnlyInGeographic(await sendAll(messages), [...positions.values()]);
    });
  },
);
