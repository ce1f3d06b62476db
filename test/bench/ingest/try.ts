import { INGEST_CASES } from './cases.ts';
import { makeFleet } from './fleet.ts';
import { startLoad } from './measure.ts';

const names = process.argv[2] ?? '16';
const does = (process.argv[3] ?? 'nothing,ingest').split(',');
const rounds = Number(process.argv[4] ?? 1);
const fleet = await makeFleet(200, Date.now());
for (const one of INGEST_CASES.filter(({ name }) => names.split(',').some((n) => name.startsWith(n)))) {
  const load = await startLoad(fleet, { ...one, startMs: Date.now() - 86400000 }, 'build/bench-data');
  process.stdout.write(`${one.name} payload=${load.payloadBytes} frame=${load.frameBytes}\n`);
  for (let r = 0; r < rounds; r += 1)
    for (const d of does) {
      const [what, kind] = d === 'plain' ? ['nothing', 'plain'] : d === 'bare' ? ['bare', 'plain'] : [d, 'batches'];
      const m = await load.measure({
        does: what as 'ingest',
        messages: kind as 'plain',
        warmUpMs: 1000,
        windowMs: Number(process.argv[5] ?? 3000),
      });
      process.stdout.write(
        `  ${d.padEnd(8)} frames/s=${(m.messagesPerSecond * one.framesPerMessage).toFixed(0)} msg/s=${m.messagesPerSecond.toFixed(0)} p50=${m.p50Ms.toFixed(1)} p99=${m.p99Ms.toFixed(1)} broker=${m.brokerCores.toFixed(2)} main=${m.brokerMainCores.toFixed(2)} load=${m.loadCores.toFixed(2)} us/frame=${(m.brokerUsPerMessage / one.framesPerMessage).toFixed(1)} rss=${m.residentMb.toFixed(0)} win=${m.windowMs.toFixed(0)} short=${m.isShort}\n`,
      );
    }
  load.end();
}
