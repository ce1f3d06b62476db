import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { borderDirectory } from '../../cloud/adapters/border-directory.ts';
import { sqliteTransferRegister } from '../../cloud/adapters/sqlite-transfer-register.ts';
import type { OpenLog } from '../../cloud/log/open-log.ts';
import type { TransferRegister } from '../../cloud/ports/transfer-register.ts';
import type { ExportGateParts } from '../../cloud/transfer/export-gate.ts';
import { canonicalJson } from '../../proto/words/canonical-json.ts';
import { bilingual } from '../../proto/words/fault.ts';
import { fail, ok } from '../../proto/words/result.ts';
import type { Disk } from './disk.ts';
import type { World } from './world.ts';

const REGISTER = 'transfers.sqlite';
const ENTRIES = 'log/entries.log';
const WRITES = [
  ...(['add', 'wait', 'hold', 'permit', 'withhold', 'close'] as const),
  ...(['addApproval', 'dropApproval', 'revoke'] as const),
];

export interface DeskStores extends Pick<ExportGateParts, 'operations' | 'transfers' | 'border'> {
  /** The register without the disk that may be full. */
  readonly register: TransferRegister;
}

/** What a process of the desk writes to, each write of which may be its last. */
export function deskStores(
  world: World,
  { disk, log, findings }: { readonly disk: Disk; readonly log: OpenLog; readonly findings: string[] },
): DeskStores {
  /** The disk told of an error, and at times after it had done what was asked. */
  const fullOrDone = (work: () => unknown) => {
    if (world.happens(150)) work();
    return fail({
      code: 'LOG_UNAVAILABLE',
      problem: bilingual('full', '满'),
      remedy: bilingual('-', '-'),
      retry: 'later',
    });
  };
  const register = sqliteTransferRegister(disk.at(REGISTER));
  const own = disk.mortal(log, ENTRIES, ['append'], fullOrDone);
  const border = borderDirectory(disk.at('border'));
  const answering = disk.mortal(border, 'border', ['stageBytes', 'clear', 'revoke'], fullOrDone);
  return {
    register,
    transfers: disk.mortal(register, REGISTER, WRITES),
    border: disk.mortal(answering, 'border', ['discard', 'settle'], () => undefined),
    operations: {
      append: (entries) => {
        // As long as the mark of a stop lies in its place no permit comes to be.
        const permit = entries.find(({ kind }) => kind === 'permit');
        if (permit !== undefined && existsSync(disk.at('border/emergency-stop')))
          findings.push(`${permit.transferId} was permitted while exports were stopped`);
        return own.append(entries);
      },
    },
  };
}

/** A parcel of one file that holds the id of its transfer, after a while. */
export function smallBuild(
  world: World,
  border: ExportGateParts['border'],
  personsOf: (transferId: string) => readonly Uint8Array[],
): ExportGateParts['build'] {
  return async (_request, transferId) => {
    const rows = border.stageBytes(transferId, 'rows.jsonl', Buffer.from(transferId));
    if (!rows.ok) return rows;
    const manifest = Buffer.from(canonicalJson({ transferId, files: [rows.value] }));
    const parcel = border.stageBytes(transferId, 'manifest.json', manifest);
    if (!parcel.ok) return parcel;
    const persons = personsOf(transferId);
    await new Promise<void>((done) => void world.later(world.between(10, 20_000), done));
    const manifestSha256 = createHash('sha256').update(manifest).digest();
    return ok({ manifestSha256, rows: 1, bytes: 2, persons, families: [] });
  };
}

/** After a start: parcels in staging of transfers that are over. Nobody looks for them any more, and they hold what nobody may have. */
export function leftInStaging({ border, transfers }: Pick<ExportGateParts, 'border' | 'transfers'>): readonly string[] {
  const over: readonly string[] = ['withheld', 'delivered', 'refused', 'failed', 'rejected', 'lapsed', 'revoked'];
  return border
    .staged()
    .filter((transferId) => over.includes(transfers.find(transferId)?.state ?? ''))
    .map((transferId) => `the parcel of ${transferId} was left in staging, and it is over`);
}
