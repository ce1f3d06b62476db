import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { z } from 'zod';
import { ExporterConfigSchema, parseExporterConfig, resolvePath } from '../../../../cloud/exporter/config.ts';

const recipient = {
  id: 'acme-de',
  endpoint: 'https://recipient.example:8443',
  certificateSha256: 'ab'.repeat(32),
  sealedTo: 'cd'.repeat(32),
  authorityFile: 'acme.crt',
};
const CONFIG = {
  border: { outbox: 'border/outbox', returns: 'border/returns' },
  log: { directory: 'traffic', origin: 'example.com/traffic', signingKeyFile: 'log.key' },
  permit: { publicKeyFile: 'permit.pub' },
  capture: { directory: 'captures', publicKeyFile: 'capture.pub', bytesMax: 1_000_000_000 },
  tls: { certificateFile: 'exporter.crt', keyFile: 'exporter.key' },
  recipients: [recipient],
};

const parse = (json: unknown) => parseExporterConfig('exporter.yaml', stringify(json));
const problems = (json: unknown) => {
  const parsed = parse(json);
  return parsed.ok ? [] : parsed.fault.map((fault) => fault.problem.en);
};

test('what must be named is enough, and what may be left out holds back', () => {
  const parsed = parse(CONFIG);
  expect(parsed).toMatchObject({
    ok: true,
    value: {
      capture: { segmentBytes: 67_108_864, lateMs: 5_000, sampleEvery: 1 },
      limits: { filesMax: 64, parcelBytesMax: 4_294_967_296, transfersAtOnceMax: 4 },
      retry: { attemptsPerRound: 5, pauseMs: 500, pauseMsMax: 30_000, roundPauseMs: 300_000 },
      pollMs: 500,
    },
  });
});

test.each(['border', 'log', 'permit', 'capture', 'tls', 'recipients'] as const)('`%s` has no default', (key) => {
  const { [key]: _, ...rest } = CONFIG;
  expect(problems(rest)).toEqual([expect.stringMatching(new RegExp(`^exporter.yaml: \`${key}\`: Invalid input`))]);
});

test('a key that is not known is a mistake at every level, and all mistakes are told at once', () => {
  const told = problems({
    ...CONFIG,
    sendAnyway: true,
    tls: { ...CONFIG.tls, insecure: true },
    recipients: [{ ...recipient, trust: true }],
    pollMs: 1,
  });
  expect(told).toHaveLength(4);
  for (const key of ['"sendAnyway"', '"insecure"', '"trust"', '`pollMs`']) expect(told.join('\n')).toContain(key);
});

test.each([
  'http://recipient.example',
  'https://recipient.example/',
  'https://user@recipient.example',
  'https://recipient.example?x=1',
  'https://recipient.example#x',
  'https://recipient.example:443',
  'https://RECIPIENT.example',
  'recipient.example',
])('`%s` is no endpoint: permits name it character for character', (endpoint) => {
  expect(problems({ ...CONFIG, recipients: [{ ...recipient, endpoint }] })).toHaveLength(1);
});

test.each(['https://recipient.example', 'https://10.0.0.1:8443/in/box', 'https://[::1]:8443'])(
  '`%s` is one',
  (endpoint) => {
    expect(problems({ ...CONFIG, recipients: [{ ...recipient, endpoint }] })).toEqual([]);
  },
);

test('a recipient stands once, and its certificate is named by a whole SHA-256', () => {
  expect(problems({ ...CONFIG, recipients: [recipient, { ...recipient }] })[0]).toContain('twice');
  const short = { ...recipient, certificateSha256: 'AB'.repeat(32) };
  expect(problems({ ...CONFIG, recipients: [short] })[0]).toContain('lower-case');
});

test('text that is no YAML, has a key twice, or is longer than a configuration can be, is a fault and no exception', () => {
  for (const yaml of ['{', 'a: 1\na: 2', 'a: &x 1\nb: *x', '#'.repeat(1_048_577)]) {
    const parsed = parseExporterConfig('exporter.yaml', yaml);
    expect(parsed).toMatchObject({
      ok: false,
      fault: [{ code: 'CONFIG_INVALID', remedy: { zh: expect.any(String) } }],
    });
  }
});

test('the schema can be published as JSON Schema', () => {
  const published = z.toJSONSchema(ExporterConfigSchema, { io: 'input' });
  expect(published).toMatchObject({
    additionalProperties: false,
    required: ['border', 'log', 'permit', 'capture', 'tls', 'recipients'],
  });
});

test('paths are taken from where the configuration lies', () => {
  expect(resolvePath('/etc/tongguan', 'keys/log.key')).toBe('/etc/tongguan/keys/log.key');
  expect(resolvePath('/etc/tongguan', '/var/lib/x')).toBe('/var/lib/x');
});
