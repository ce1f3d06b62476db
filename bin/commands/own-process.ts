import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { EXIT } from '../../proto/config/role.ts';
import { renderFault } from '../../proto/words/fault.ts';
import { processSurroundings } from '../role-process.ts';
import type { ExporterProgram } from '../up/children.ts';

/** The exporter runs as a process of its own, under the rights that its configuration comes to. @param program - left out, the one of this checkout */
export async function exporterProcess(configPath: string, program?: ExporterProgram): Promise<number> {
  const { err } = processSurroundings('exporter');
  const { parseExporterConfig } = await import('../../cloud/exporter/config.ts');
  const { exporterArguments } = await import('../up/children.ts');
  try {
    const parsed = parseExporterConfig(configPath, readFileSync(configPath, 'utf8'));
    if (parsed.ok) return await asOwnProcess(exporterArguments(configPath, program));
    for (const fault of parsed.fault) err(renderFault('exporter', fault));
  } catch {
    err(
      `exporter: error: \`${configPath}\` cannot be read [CONFIG_UNREADABLE]\nexporter: hint: check the path and its rights`,
    );
  }
  return EXIT.usage;
}

export async function asOwnProcess(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [...args], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  child.on('message', (status) => {
    if (process.connected) process.send?.(status, () => undefined);
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill('SIGTERM'));
  // Whoever started this one is gone; nothing is left behind.
  process.on('disconnect', () => child.kill('SIGTERM'));
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? EXIT.fault;
}
