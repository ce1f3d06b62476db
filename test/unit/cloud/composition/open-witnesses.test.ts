import { generateKeyPairSync } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { serveWitness } from '../../../../cloud/adapters/witness-server.ts';
import { logWitnessCommand } from '../../../../cloud/cli/log-witness.command.ts';
import { readWitnessed } from '../../../../cloud/cli/log-witnessed.ts';
import { openWitnesses } from '../../../../cloud/composition/open-witnesses.ts';
import type { CloudConfig } from '../../../../cloud/config/config.ts';
import { createLog, openLog } from '../../../../cloud/log/open-log.ts';
import { verifierKey } from '../../../../cloud/log/signed-note.ts';
import { verifyLog } from '../../../../cloud/log/verify.ts';
import type { Fault } from '../../../../proto/words/fault.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { createAuthority } from '../../../support/cloud/certificates.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';
import { cosignedAtOutside } from '../log/outside-witness.ts';

const { privateKey: signingKey, publicKey } = generateKeyPairSync('ed25519');
const pem = (key: typeof signingKey) => key.export({ type: 'pkcs8', format: 'pem' });

/** Two logs of a cloud, and a witness of them at a port of this machine. */
async function world() {
  const directory = scratchDirectory();
  const at = (name: string) => join(directory, name);
  const clock = { now: () => Date.now() as Instant };
  const names = ['operations', 'alerts'];
  const origins = names.map((name) => `t.example/${name}`);
  const places = names.map((name) => ({ name, directory: at(`log/${name}`), origin: `t.example/${name}`, publicKey }));
  mkdirSync(at('log'));
  for (const place of places) {
    const begun = createLog({ ...place, signingKey, clock });
    if (begun.ok) begun.value.close();
  }
  const append = (kind: string, name = 'operations') => {
    const log = openLog({ directory: at(`log/${name}`), origin: `t.example/${name}`, signingKey, clock });
    if (!log.ok) throw new Error(log.fault.code);
    log.value.append([{ kind, transferId: '', actor: 'cloud', document: {} }]);
    log.value.close();
  };
  const authority = await createAuthority('test');
  const { certificate, key } = await authority.issue('localhost', 'server');
  const files = { 'ca.crt': authority.certificate, 'tls.crt': certificate, 'tls.key': key, 'log.key': pem(signingKey) };
  for (const [name, text] of Object.entries(files)) writeFileSync(at(name), text);
  writeFileSync(at('w.key'), pem(generateKeyPairSync('ed25519').privateKey));
  const logs = origins.map((origin) => verifierKey(origin, publicKey));
  return { at, clock, append, logs, places, logDirectory: at('log') };
}

type World = Awaited<ReturnType<typeof world>>;

/** Runs the command until the test is over, or `stop` is called. */
async function startWitness({ at, clock, logs }: World, port = 0, initialise = true) {
  let stop = () => {};
  const stopRequested = new Promise<void>((resolve) => {
    stop = resolve;
  });
  onTestFinished(() => stop());
  const said: string[] = [];
  const args = { directory: at('w'), initialise, name: 'w.example/1', keyFile: at('w.key'), logs, host: '127.0.0.1' };
  const tls = { certificateFile: at('tls.crt'), tlsKeyFile: at('tls.key') };
  const io = { clock, out: (line: string) => said.push(line), err: (line: string) => said.push(line) };
  const status = logWitnessCommand(
    { ...args, ...tls, port, json: true },
    { ...io, stopRequested, serve: serveWitness },
  );
  await Promise.race([status, expect.poll(() => said.length).toBeGreaterThan(0)]);
  const told = JSON.parse(said[0]?.startsWith('{') === true ? said[0] : '{}') as { port: number; vkey: string };
  const stopped = () => {
    stop();
    return status;
  };
  return { ...told, said, status, stop: stopped };
}

function submitter({ at, clock }: World, { port, vkey }: { readonly port: number; readonly vkey: string }) {
  writeFileSync(at('w.vkey'), `${vkey}\n`);
  const witness = {
    url: `https://localhost:${port}/`,
    address: '127.0.0.1',
    authorityFile: 'ca.crt',
    keyFile: 'w.vkey',
  };
  const log = { directory: 'log', origin: 't.example', signingKeyFile: 'log.key', witnesses: [witness] };
  const faults: Fault[] = [];
  const alerts: Readonly<Record<string, unknown>>[] = [];
  let now = clock.now();
  const around = { clock: { now: () => now }, fault: (one: Fault) => faults.push(one) };
  const alert = (document: Readonly<Record<string, unknown>>) => alerts.push(document);
  const loaded = { config: { log } as unknown as CloudConfig, path: at };
  const open = () => openWitnesses(loaded as Parameters<typeof openWitnesses>[0], { ...around, alert });
  return { look: open().look, open, faults, alerts, pass: (ms: number) => (now = (now + ms) as Instant) };
}

const verified = ({ places, logDirectory }: World, vkey: string) => {
  const witnessed = readWitnessed([vkey], { logs: places, logDirectory });
  if (!witnessed.ok) throw new Error(witnessed.fault.code);
  const { heads, faults } = witnessed.value;
  const found = places.map((place) => {
    const keptHeads = heads.filter(({ log }) => log === place.name).map(({ head }) => head);
    const one = verifyLog({ ...place, keptHeads });
    return one.ok ? 'whole' : one.fault.map(({ problem }) => problem.en).join();
  });
  return { sizes: heads.map(({ head }) => head.size), faults: faults.map(({ code }) => code), found };
};

test('heads are cosigned by the command over TLS, kept, gone on with after restarts, and verified', async () => {
  const here = await world();
  const first = await startWitness(here);
  const { look, open, faults, alerts } = submitter(here, first);
  expect(verified(here, first.vkey).faults).toEqual(['LOG_NOT_WITNESSED', 'LOG_NOT_WITNESSED']);
  for (const kind of ['a', 'b', 'c']) here.append(kind);
  await look();
  expect(verified(here, first.vkey)).toEqual({ sizes: [3, 0], faults: [], found: ['whole', 'whole'] });
  const file = join(here.at('log/witness'), `operations-${first.vkey.split('+')[1]}.checkpoint`);
  expect(cosignedAtOutside(readFileSync(file, 'utf8'), first.vkey)).toBeGreaterThan(1_700_000_000);

  expect(await first.stop()).toBe(0);
  const again = await startWitness(here, first.port, false);
  here.append('d');
  await open().look();
  expect(verified(here, again.vkey)).toMatchObject({ sizes: [4, 0], found: ['whole', 'whole'] });
  expect([faults, alerts]).toEqual([[], []]);
});

test('a log that was put back, or written anew, is refused by the witness, alerted, and seen by verifying', async () => {
  const here = await world();
  const witness = await startWitness(here);
  const { look, alerts } = submitter(here, witness);
  here.append('a');
  await look();
  cpSync(here.at('log/operations'), here.at('earlier'), { recursive: true });
  here.append('b');
  await look();
  cpSync(here.at('earlier'), here.at('log/operations'), { recursive: true });
  await look();
  const found = { witness: 'w.example/1', because: 'witness-is-ahead' };
  expect(alerts).toEqual([{ code: 'LOG_TAMPERED', subject: 'operations', found }]);
  expect(verified(here, witness.vkey).found[0]).toContain('shorter than a tree head kept elsewhere');

  here.append('c');
  const other = submitter(here, witness);
  await other.look();
  expect(other.alerts).toMatchObject([{ code: 'LOG_TAMPERED', found: { because: 'another-root' } }]);
  here.append('d');
  const longer = submitter(here, witness);
  await longer.look();
  expect(longer.alerts).toMatchObject([{ code: 'LOG_TAMPERED', found: { because: 'not-an-extension' } }]);
  expect(verified(here, witness.vkey).found[0]).toContain('its past was rewritten');
});

test.each([
  ['another key of the log', 403, generateKeyPairSync('ed25519').publicKey, 't.example/'],
  ['other logs', 404, publicKey, 'other.example/'],
])(
  'a witness that knows %s answers %i: it is told as unanswered, and is nothing against the log',
  async (_, status, key, origin) => {
    const here = await world();
    const logs = ['operations', 'alerts'].map((name) => verifierKey(`${origin}${name}`, key));
    const witness = await startWitness({ ...here, logs });
    const { look, faults, alerts } = submitter(here, witness);
    here.append('a');
    await look();
    expect(faults.map(({ code, problem }) => `${code} ${problem.en}`)).toEqual(
      Array(2).fill(`WITNESS_UNANSWERED witness \`w.example/1\` did not cosign: status-${status}`),
    );
    expect(alerts).toEqual([]);
    expect(verified(here, witness.vkey).faults).toEqual(['LOG_NOT_WITNESSED', 'LOG_NOT_WITNESSED']);
  },
);

test('a witness that is gone stops nothing: it is told, asked less and less often, and goes on from where it was', async () => {
  const here = await world();
  const witness = await startWitness(here);
  const { look, faults, alerts, pass } = submitter(here, witness);
  await witness.stop();
  here.append('a');
  await look();
  expect(faults.map(({ code }) => code)).toEqual(['WITNESS_UNANSWERED', 'WITNESS_UNANSWERED']);
  await look();
  expect(faults).toHaveLength(2);
  pass(3_600_000);
  await startWitness(here, witness.port, false);
  await look();
  expect(verified(here, witness.vkey)).toMatchObject({ sizes: [1, 0], faults: [] });
  expect(alerts).toEqual([]);
});

test('a witness has its own directory: without what it cosigned it does not begin, nor over another', async () => {
  const here = await world();
  expect(await (await startWitness(here, 0, false)).status).toBe(2);
  await (await startWitness(here)).stop();
  expect(await (await startWitness(here, 0, true)).status).toBe(1);
  writeFileSync(here.at('w.key'), pem(generateKeyPairSync('ed25519').privateKey));
  const { said, status } = await startWitness(here, 0, false);
  expect(await status).toBe(2);
  expect(said.join()).toContain('WITNESS_STATE');
});
