// What a process holds in memory, and of an emulated one whose it is: QEMU keeps a translation of every piece of code that ran and
// tables beside it, and runs the program's own pages among its own. Only the program's are there on a vehicle.
import { readFileSync } from 'node:fs';

const HEAD = /^([0-9a-f]+)-[0-9a-f]+ (\S+) \S+ \S+ (\d+) *(.*)$/;
const EMULATOR = /\/qemu-[^/]+$/;
/** Where the kernel puts mappings that nobody asked to have elsewhere. QEMU 7.2 and V8 ask for the program's to be below. */
const ABOVE_THE_PROGRAM = 0x7000_0000_0000n;

/**
 * @param {number} pid - of a process that this user may look into
 * @returns {{ peakMib: number, totalMib: number, programMib: number, translationsMib: number, emulatorMib: number }} MiB that are
 *   resident: `peakMib` at most so far; `programMib` without the emulator; `emulatorMib` is its code and tables. Outside of an
 *   emulator everything is the program's.
 * @throws an error when there is no such process any more
 */
export function residentOf(pid) {
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (peak === undefined) throw new Error(`${pid} has ended`);
  const areas = areasOf(readFileSync(`/proc/${pid}/smaps`, 'utf8'));
  const isEmulated = areas.some(({ name }) => EMULATOR.test(name));
  const kb = { program: 0, translations: 0, emulator: 0 };
  for (const area of areas) kb[isEmulated ? ownerOf(area) : 'program'] += area.residentKb;
  return {
    peakMib: Number(peak) / 1_024,
    totalMib: (kb.program + kb.translations + kb.emulator) / 1_024,
    programMib: kb.program / 1_024,
    translationsMib: kb.translations / 1_024,
    emulatorMib: kb.emulator / 1_024,
  };
}

function areasOf(smaps) {
  const areas = [];
  for (const line of smaps.split('\n')) {
    const [, start, rights, inode, name] = HEAD.exec(line) ?? [];
    if (start !== undefined) areas.push({ start: BigInt(`0x${start}`), rights, inode, name, residentKb: 0 });
    else if (line.startsWith('Rss:')) areas.at(-1).residentKb = Number(line.slice(4).trim().split(' ')[0]);
  }
  return areas;
}

/** QEMU never maps what a program may execute as executable: what is, and is no file's, is what it translated. */
function ownerOf({ start, rights, inode, name }) {
  if (EMULATOR.test(name) || name === '[heap]') return 'emulator';
  if (inode === '0' && rights.includes('x') && start >= ABOVE_THE_PROGRAM)
    return name === '' ? 'translations' : 'emulator';
  return start >= ABOVE_THE_PROGRAM ? 'emulator' : 'program';
}
