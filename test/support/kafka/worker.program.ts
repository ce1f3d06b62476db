import { join } from 'node:path';
import { fileZoneKeys } from '../../../cloud/adapters/file-zone-keys.ts';
import { sqliteDeviceRegister } from '../../../cloud/adapters/sqlite-device-register.ts';
import { openClassifier, openRecordLog } from '../../../cloud/composition/open-record-log.ts';
import type { KafkaConfig } from '../../../cloud/config/record-log-config.ts';
import { DEVICE_REGISTER_FILE } from '../../../cloud/store-names.ts';
import { NOW } from '../cloud/batches.ts';

/** What a worker of its own process is told on its command line, as JSON. */
export interface WorkerOrder {
  readonly directory: string;
  readonly config: KafkaConfig;
}

// A worker as `tongguan cloud --role classify` runs it, with a clock that stands still. It leaves when its input ends.
const { directory, config } = JSON.parse(process.argv[2] ?? '') as WorkerOrder;
const log = openRecordLog(config, (relative) => join(directory, relative));
if (!log.ok) throw new Error(log.fault.problem.en);
const register = sqliteDeviceRegister(join(directory, DEVICE_REGISTER_FILE));
const zoneKeys = fileZoneKeys(join(directory, 'keys'), []);
const member = await openClassifier(
  log.value,
  { register, zoneKeys, sessionMs: 6_000 },
  { clock: { now: () => NOW }, fault: ({ code, problem }) => process.stderr.write(`${code} ${problem.en}\n`) },
);
if (!member.ok) throw new Error(member.fault.problem.en);
process.stdout.write('ready\n');
process.stdin.resume();
process.stdin.once('end', async () => {
  await member.value.stop();
  register.close();
});
