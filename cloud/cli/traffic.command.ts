import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { causeText, type Fault, renderFault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { type Instant, parseInstant, toIso } from '../../proto/words/time.ts';
import { findVins } from '../../proto/words/vin.ts';
import { type AddressRange, parseCidr } from '../capture/address.ts';
import { type CaptureFault, captureFault } from '../capture/capture-fault.ts';
import type { ConnectionCapture } from '../capture/capture-record.ts';
import { type OpenLog, openLog } from '../log/open-log.ts';
import type { CapturePlaces, Captures, ExportedCaptures, openCaptures } from '../open-captures.ts';
import { EXIT, type ExitStatus } from './cli-io.ts';

/** Which traffic is meant; what is not said is not narrowed. */
export interface TrafficSelection {
  /** RFC 3339 with an offset. A connection is meant when it was under way at any moment from `from` to `to`. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Of the other side: one address, or a range of IPv4 or IPv6. */
  readonly cidr: string | undefined;
  readonly transfer: string | undefined;
}

export interface TrafficListArgs extends TrafficSelection, CapturePlaces {
  readonly json: boolean;
}

export interface TrafficExportArgs extends TrafficListArgs {
  /** PEM of the private key that captures are sealed to. */
  readonly keyFile: string;
  readonly out: string;
  readonly by: string;
  readonly reason: string;
  /** Log of the reader's own, begun with `tongguan log begin`. */
  readonly log: { readonly directory: string; readonly origin: string; readonly keyFile: string };
}

export interface TrafficIo extends Pick<RoleSurroundings, 'out' | 'err' | 'clock'> {
  readonly open: typeof openCaptures;
}

/**
 * `tongguan traffic list --captures DIR [--from T --to T --cidr RANGE --transfer ID]`: connections abroad that were captured. It needs
 * no key, for it tells no content.
 *
 * @returns 0 listed, 1 a fault, 2 the selection is none
 */
export function trafficListCommand(args: TrafficListArgs, io: TrafficIo): ExitStatus {
  return withSelected(args, io, (captures) => {
    if (args.json) io.out(JSON.stringify({ connections: captures.map(withoutChain) }));
    else for (const capture of captures) io.out(lineOf(capture));
    return EXIT.done;
  });
}

/**
 * `tongguan traffic export --captures DIR --key FILE --out FILE --by NAME --reason TEXT --log DIR ... [selection]`: one pcapng file that
 * any reader decodes with no other file. It is entered in the reader's log before anything is opened, and again with what came of it.
 *
 * @returns 0 exported, 1 a fault, 2 the selection is none, 3 there is nothing of the kind
 */
export function trafficExportCommand(args: TrafficExportArgs, io: TrafficIo): ExitStatus {
  return withSelected(args, io, (captures, opened) => {
    if (captures.length === 0) {
      io.err('traffic: nothing was captured that fits; no file was written');
      return EXIT.withheld;
    }
    const exported = exportLogged(args, captures, opened, io);
    if (!exported.ok) return told(exported.fault, EXIT.fault, io);
    const { bytes, sha256 } = exported.value;
    const report = { out: args.out, connections: captures.length, bytes, sha256 };
    io.out(
      args.json
        ? JSON.stringify(report)
        : `${args.out}: ${captures.length} connection(s), ${bytes} bytes, SHA-256 ${sha256}`,
    );
    return EXIT.done;
  });
}

function withSelected(
  args: TrafficListArgs,
  io: TrafficIo,
  use: (captures: readonly ConnectionCapture[], opened: Captures) => ExitStatus,
): ExitStatus {
  const query = parseSelection(args, io.clock.now());
  if (!query.ok) return told(query.fault, EXIT.usage, io);
  const opened = io.open(args);
  if (!opened.ok) return told(opened.fault, EXIT.fault, io);
  try {
    return use([...opened.value.find(query.value)], opened.value);
  } finally {
    opened.value.close();
  }
}

function parseSelection(
  { from, to, cidr, transfer }: TrafficSelection,
  now: Instant,
): Result<Parameters<Captures['find']>[0], CaptureFault> {
  const times = [from ?? toIso(0 as Instant), to ?? toIso(now)].map(parseInstant);
  const [first, last] = times;
  if (first?.ok !== true || last?.ok !== true)
    return fail(captureFault('TRAFFIC_SELECTION', `${from ?? ''} ${to ?? ''}`));
  const peers = cidr === undefined ? undefined : parseCidr(cidr);
  if (peers?.ok === false) return fail(captureFault('TRAFFIC_SELECTION', cidr ?? ''));
  const narrowed: { peers?: AddressRange; transferId?: string } = {};
  if (peers?.ok) narrowed.peers = peers.value;
  if (transfer !== undefined) narrowed.transferId = transfer;
  return ok({ from: first.value, to: last.value, ...narrowed });
}

/** No log, no export. */
function exportLogged(
  args: TrafficExportArgs,
  captures: readonly ConnectionCapture[],
  opened: Captures,
  io: TrafficIo,
): Result<ExportedCaptures, Fault> {
  const { by, reason, from, to, cidr, transfer, keyFile, out } = args;
  if (findVins(`${by} ${reason}`).length > 0) return fail(captureFault('TRAFFIC_EXPORT_UNLOGGED', 'a VIN'));
  const log = openReadersLog(args, io);
  if (!log.ok) return log;
  const enter = (kind: string, document: object) =>
    log.value.append([{ kind, transferId: transfer ?? '', actor: by, document }]);
  try {
    const connections = captures.map(({ connection }) => connection);
    const selection = { from: from ?? null, to: to ?? null, cidr: cidr ?? null, transfer: transfer ?? null };
    const intent = enter('traffic-export', { reason, selection, connections });
    if (!intent.ok) return intent;
    const exported = opened.export({ captures, keyFile, out });
    const outcome = exported.ok ? exported.value : { fault: exported.fault.code };
    const closed = enter('traffic-exported', { intent: intent.value.firstIndex, ...outcome });
    return closed.ok ? exported : closed;
  } finally {
    log.value.close();
  }
}

function openReadersLog({ log }: TrafficExportArgs, { clock }: TrafficIo): Result<OpenLog, Fault> {
  try {
    const { directory, origin, keyFile } = log;
    return openLog({ directory, origin, signingKey: createPrivateKey(readFileSync(keyFile)), clock });
  } catch (cause) {
    return fail(captureFault('TRAFFIC_EXPORT_UNLOGGED', causeText(cause)));
  }
}

function told(fault: Fault, status: ExitStatus, io: TrafficIo): ExitStatus {
  io.err(renderFault('traffic', fault));
  return status;
}

function withoutChain({ kind: _kind, previous: _previous, ...shown }: ConnectionCapture): object {
  return shown;
}

function lineOf(capture: ConnectionCapture): string {
  const { startMs, endMs, initiator, ownIp, ownPort, peerIp, peerPort, transferId, isWhole } = capture;
  const [source, destination] = initiator === 'own' ? [ownIp, peerIp] : [peerIp, ownIp];
  const [sourcePort, destinationPort] = initiator === 'own' ? [ownPort, peerPort] : [peerPort, ownPort];
  return [
    `${toIso(startMs as Instant)} +${endMs - startMs} ms`,
    `${source} ${sourcePort} > ${destination} ${destinationPort}`,
    `${capture.bytesSent} bytes out, ${capture.bytesReceived} in`,
    `${capture.packetsSent} packets out, ${capture.packetsReceived} in`,
    `${transferId}${isWhole ? '' : ' (broken off)'}`,
  ].join('  ');
}
