#!/usr/bin/env node
// Control units that exist in a file only, for trying out campaigns (docs/ota.md). An integrator's program does the same over diagnostics.
// usage: ecu-program.mjs MEMORY.json VERB ECU [ARGUMENT...]
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

const [memory, verb, ecu, ...rest] = process.argv.slice(2);
const all = existsSync(memory) ? JSON.parse(readFileSync(memory, 'utf8')) : {};
const unit = all[ecu] ?? { slots: [1, 0], running: 0, confirmed: 0 };
const other = 1 - unit.running;
const isConfirmed = unit.running === unit.confirmed;

/** Each gives what changes, or false for no. */
const verbs = {
  status: () => {
    process.stdout.write(`${unit.slots[unit.running]} ${isConfirmed ? 'confirmed' : 'trial'}\n`);
    return {};
  },
  // A display would show it, and ask.
  announce: () => {
    process.stderr.write(`${ecu} ${rest.join(' ')}\n`);
    return {};
  },
  // The slot that a trial goes back to is not for writing.
  write: () => isConfirmed && readFileSync(rest[0]).length > 0 && { slots: unit.slots.with(other, Number(rest[1])) },
  start: () => isConfirmed && unit.slots[other] > 0 && { running: other },
  check: () => unit.slots[unit.running] > 0 && {},
  confirm: () => ({ confirmed: unit.running }),
  revert: () => ({ running: unit.confirmed }),
};
const change = verbs[verb]?.() ?? false;
if (change === false) process.exit(1);
writeFileSync(`${memory}.new`, JSON.stringify({ ...all, [ecu]: { ...unit, ...change } }));
renameSync(`${memory}.new`, memory);
