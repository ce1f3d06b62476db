import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ExporterFault, errorCode, exporterFault, isSystemError } from './exporter-fault.ts';
import { STOP_NAME } from './outbox.ts';

/** The cloud's stop lies beside the outbox, under this name; nothing in it is read. */
const STOP_BESIDE_OUTBOX = 'emergency-stop';

/** How often marks are looked for while something is sent, whatever the pause between looks at the outbox. */
export const STOP_LOOK_MS = 100;

/** Where a stop may lie: in the outbox, which is all that some installations share, and beside it. */
export function stopMarks(outbox: string): readonly string[] {
  return [join(outbox, STOP_NAME), stopBeside(outbox)];
}

export const stopBeside = (outbox: string): string => join(dirname(outbox), STOP_BESIDE_OUTBOX);

/** Asked before a connection, a request and every piece of a file. Where nobody can look, a stop is in force. */
export function checkStop(outbox: string): ExporterFault | undefined {
  return stopMarks(outbox).some(isThere) ? exporterFault('EMERGENCY_STOP') : undefined;
}

/** Looks time and again, since a recipient that reads nothing keeps a transfer from coming to its next question. */
export function watchForStop(outbox: string, onStop: (reason: ExporterFault) => void): { readonly end: () => void } {
  const timer = setInterval(() => {
    const reason = checkStop(outbox);
    if (reason !== undefined) onStop(reason);
  }, STOP_LOOK_MS);
  return { end: () => clearInterval(timer) };
}

function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    return errorCode(cause) !== 'ENOENT';
  }
}
