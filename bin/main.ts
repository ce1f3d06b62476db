import { EXIT } from '../proto/config/role.ts';
import { causeText } from '../proto/words/fault.ts';
import { program } from './program.ts';

try {
  await program().parseAsync(process.argv);
} catch (cause) {
  process.stderr.write(
    `tongguan: error: ${causeText(cause)} [BUG]\ntongguan: hint: please report this with the command you ran\n`,
  );
  process.exitCode = EXIT.fault;
}
// A role that has stopped is done, whatever a library still keeps open.
if (process.connected) process.disconnect();
