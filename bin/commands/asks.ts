import type { AskToRead } from '../../cloud/ask-to-read.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { readerOf } from '../role-process.ts';
import { askCloud } from '../up/request.ts';
import { COMMAND_READS, type FileCommand } from './reads.table.ts';

/** A cloud that does not say within it that a reading is entered has not entered it. */
const LATE_MS = 10_000;

/** What a command that reads files has to ask first, as its row says. */
export async function asks(command: FileCommand, around: RoleSurroundings): Promise<AskToRead> {
  const { askToRead } = await import('../../cloud/ask-to-read.ts');
  const { reading } = COMMAND_READS[command];
  const ask = (socket: string, method: 'POST', path: string, body: object) =>
    askCloud(socket, method, path, body, LATE_MS);
  return askToRead({ ...readerOf(around), clock: around.clock, command, reading, ask });
}
