import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createBorder, putParcel } from './support/border.ts';
import { compile } from './support/compiled.ts';
import { writeExporterConfig, writeReceiverConfig } from './support/configs.ts';
import { restrictions, spawnReceiver } from './support/processes.ts';
import { returned } from './support/running.ts';
test('rss', { timeout: 240_000 }, async () => {
  const c = compile();
  const border = await createBorder();
  const receiver = await spawnReceiver(c, writeReceiverConfig(border));
  const endpoint = `https://127.0.0.1:${receiver.port}`;
  const path = writeExporterConfig(border, endpoint);
  const e = spawn(process.execPath, [...restrictions(c, path), c.exporter, '--config', path], { stdio: 'ignore' });
  const hwm = () => /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${e.pid}/status`, 'utf8'))?.[1];
  await new Promise((r) => setTimeout(r, 3000));
  let out = `before ${hwm()}`;
  for (const n of [1, 2, 3]) {
    putParcel(border, { id: `t-${n}`, endpoint, files: { 'b.bin': Buffer.alloc(300_000_000) } });
    const t = Date.now();
    await returned(border, `t-${n}`);
    out += ` ${hwm()} kB ${Date.now() - t} ms;`;
  }
  writeFileSync('/tmp/exp/rss.txt', `${out}\n`);
  expect(1).toBe(1);
  e.kill('SIGTERM'); await receiver.stop(); c.remove(); border.remove();
});
