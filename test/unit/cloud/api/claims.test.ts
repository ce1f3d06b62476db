import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { askCloud } from '../../../../bin/up/request.ts';
import { fileParcelsDirectory } from '../../../../cloud/adapters/file-parcels-directory.ts';
import { openArchive } from '../../../../cloud/adapters/open-archive.ts';
import { transferRoutes } from '../../../../cloud/api/transfer-routes.ts';
import { importFiles } from '../../../../cloud/building/import-files.ts';
import { buildFileParcel } from '../../../../cloud/datasets/build-file-parcel.ts';
import type { FileParcel } from '../../../../cloud/datasets/file-kinds.table.ts';
import { treeHash } from '../../../../cloud/datasets/tree-hash.ts';
import { filedFor } from '../../../../cloud/filed-for.ts';
import { entryOfFiles } from '../../../../cloud/registers/entry-of-files.ts';
import { standingSignOffs } from '../../../../cloud/registers/signed-readings.ts';
import { SHIPPED_RULES } from '../../../../cloud/rules/shipped-rules.ts';
import { FILE_PARCELS_DIRECTORY } from '../../../../cloud/store-names.ts';
import { openTransferDesk } from '../../../../cloud/transfer-desk.ts';
import { assert, ok } from '../../../../proto/words/result.ts';
import { civilDateOf, type Instant } from '../../../../proto/words/time.ts';
import { onSocket } from '../../../support/cloud/api/ask-route.ts';
import { recipient, scratchGate } from '../../../support/cloud/gate.ts';
import { scratchRegisters } from '../../../support/cloud/registers/scratch.ts';

const SOURCE = 'int brake(void) { return 1; }\n';
const NOW = Date.parse('2026-11-25T10:00:00+08:00') as Instant;
const absent = 'absent';
const contents = {
  personal: absent,
  sensitive: absent,
  geographic: absent,
  coordinates: absent,
  important: 'present',
  core: absent,
  stateSecret: absent,
};

/** A cloud with the source of one package on file with the authority, imported, behind its local API. */
async function cloud() {
  const shelf = scratchRegisters();
  const sha256 = createHash('sha256').update(SOURCE).digest('hex');
  const tree = treeHash([{ path: 'brake.c', bytes: SOURCE.length, sha256 }]);
  expect(shelf.add('ota-campaign')).toBe('fine');
  const filed = { number: 'S-1', at: '2026-11-24T09:00:00+08:00', authority: 'SAMR' };
  const hashes = { sourceTreeSha256: tree, filedSha256: tree };
  const filing = { ...hashes, state: 'draft', submittedOn: '2026-11-20', filed, recipients: ['lab'], contents };
  expect(shelf.add('source-filing', filing)).toBe('fine');
  for (const state of ['submitted', 'filed']) expect(shelf.replace('source-filing', { ...filing, state })).toBe('fine');

  const files = new Map<string, FileParcel>();
  const gate = scratchGate({
    clock: { now: () => NOW },
    legalBasis: 'not-applicable',
    onFile: [],
    signedOff: () => {
      const matrix = [{ account: 'counsel', person: 'p-9', may: ['sign-off'], since: '2026-01-01' }];
      return standingSignOffs({ registers: shelf.registers, documents: shelf.documents, matrix }, civilDateOf(NOW));
    },
    dataset: (id) => files.get(id),
    filed: (request, at, hand) =>
      filedFor(request, {
        ...{
          at,
          hand,
          processor: { id: 'maker', name: 'Maker', ciio: 'no' },
          own: shelf.registers,
          rules: SHIPPED_RULES,
          over: [],
        },
        reads: { registers: shelf.registers, documents: shelf.documents },
      }),
  });
  const stores = gate.at('stores');
  mkdirSync(stores);
  Object.assign(gate.parts, {
    build: (request: { dataset: FileParcel }, transferId: string, of: never, at: Instant) =>
      buildFileParcel(
        {
          transferId,
          at,
          contents: of,
          recipientId: 'lab',
          purpose: 'recall',
          digests: { rules: 'r', catalogue: 'c' },
          findings: 'unknown',
          dataset: request.dataset,
        },
        {
          files: fileParcelsDirectory(join(stores, FILE_PARCELS_DIRECTORY)),
          open: openArchive,
          border: gate.parts.border,
        },
      ),
  });
  const entry = shelf.registers.find('source-filing', 'L-1');
  const covering = entry && entryOfFiles(entry);
  assert(covering !== undefined, 'the filing covers files');
  const source = gate.at('source');
  mkdirSync(source);
  const bring = async (id: string, text: string) => {
    writeFileSync(join(source, 'brake.c'), text);
    const of = {
      id,
      title: 'Brake',
      kind: 'ota-source' as const,
      purposes: ['recall'],
      entry: covering,
      importedAt: '2026-11-24T10:00:00Z',
    };
    const imported = await importFiles(source, of, stores);
    files.set(id, {
      kind: 'files',
      id,
      title: 'Brake',
      purposes: ['recall'],
      fileKind: 'ota-source',
      entry: covering.id,
    });
    return imported.ok ? 'imported' : imported.fault.code;
  };
  const socket = gate.at('api.sock');
  // Of a matrix without keys.
  await onSocket(
    socket,
    transferRoutes(
      gate.parts,
      openTransferDesk({ gate: gate.parts, progressOf: () => ({ step: 'waiting', share: 0 }) }),
    ),
    () => ok(undefined),
  );
  const ask = async (claims?: readonly number[]) => {
    const body = {
      dataset: 'brake',
      recipient: recipient.id,
      purpose: 'recall',
      requestedBy: 'alice',
      ...(claims && { claims }),
    };
    const answer = await askCloud(socket, 'POST', '/v1/transfers', body);
    const { state, verdict } = answer.body as { state?: string; verdict?: { under?: string } };
    return [answer.status, state, verdict?.under];
  };
  return { ...shelf, ...gate, ask, bring, filing };
}

test('source code on file goes out under a claim of exemption 9, from request to permit, and nothing else does', async () => {
  const { ask, bring, log, add, attach, replace, filing, withdraw, parts } = await cloud();
  Object.assign(parts, { recipients: [{ ...recipient, purposes: ['recall'] }] });
  // Another tree than was filed is not even imported.
  expect(await bring('other', `${SOURCE} `)).toBe('FILE_HASH_DIFFERS');
  expect(await bring('brake', SOURCE)).toBe('imported');

  expect(await ask()).toEqual([200, 'withheld', undefined]);
  expect(await ask([7])).toEqual([200, 'withheld', undefined]);
  // It is important data by itself, so that the exemption covers it only by a signed reading (C3).
  expect(await ask([9])).toEqual([200, 'withheld', undefined]);
  expect(add('sign-off', { reading: 'C3' })).toBe('fine');
  expect(attach('sign-off', 'S-1', 'dc'.repeat(32))).toBe('fine');
  expect(await ask()).toEqual([200, 'withheld', undefined]);
  expect(await ask([9])).toEqual([200, 'permitted', 'exemption-9']);
  const permit = log.findLast(({ kind }) => kind === 'permit');
  expect(permit?.document).toMatchObject({ issue: 'on-verdict' });
  const documents = [{ kind: 'exemption-9-evidence', id: 'source-filing/L-1' }];
  expect(permit?.document).toMatchObject({ archive: { documents } });
  expect(parts.border.isCleared(String(permit?.transferId))).toBe(true);

  const onOtherPapers = async (changes: object) => {
    expect(replace('source-filing', { ...filing, state: 'filed', ...changes })).toBe('fine');
    return (await ask([9]))[1];
  };
  const late = { ...filing.filed, at: '2026-11-25T10:00:00+08:00' };
  expect(await onOtherPapers({ recipients: ['somebody-else'] })).toBe('withheld');
  expect(await onOtherPapers({ filed: late })).toBe('withheld');
  expect(await onOtherPapers({ filedSha256: 'ab'.repeat(32) })).toBe('withheld');
  expect(await onOtherPapers({})).toBe('permitted');
  expect(replace('ota-campaign', { purpose: 'feature' })).toBe('fine');
  expect((await ask([9]))[1]).toBe('withheld');
  withdraw('ota-campaign', 'O-1');
  expect((await ask([9]))[1]).toBe('withheld');
});
