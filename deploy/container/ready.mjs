// Asks the cloud in this container whether it is ready, for a health check: `node ready.mjs https://127.0.0.1:8443/readyz`. Over loopback it is ourselves who
// answer, so whose certificate it is does not matter.
import { get } from 'node:https';

const ANSWER_MS_MAX = 3_000;
const [url] = process.argv.slice(2);
const asked = get(url, { rejectUnauthorized: false, timeout: ANSWER_MS_MAX }, ({ statusCode }) => {
  process.exit(statusCode === 200 ? 0 : 1);
});
asked.on('timeout', () => asked.destroy());
asked.on('error', () => process.exit(1));
