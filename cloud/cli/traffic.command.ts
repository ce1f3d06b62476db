import { readConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { type Fault, renderFault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { type Instant, parseInstant, toIso } from '../../proto/words/time.ts';
import type { AskToRead, GrantedReading, Wish } from '../ask-to-read.ts';
import { type AddressRange, parseCidr } from '../capture/address.ts';
import { type CaptureFault, captureFault } from '../capture/capture-fault.ts';
import type { ConnectionCapture } from '../capture/capture-record.ts';
import type { CapturePlaces, Captures, openCaptures } from '../composition/open-captures.ts';
import { CloudConfig } from '../config/config.ts';
import type { NoteProgress } from '../ports/progress.ts';
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
  /** cloud.yaml of the cloud in whose operations log the reading is entered. */
  readonly config: string;
  readonly json: boolean;
}

export interface TrafficExportArgs extends TrafficListArgs {
  /** PEM of the private key that captures are sealed to. */
  readonly keyFile: string;
  readonly out: string;
  readonly reason: string;
}

export interface TrafficIo extends Pick<RoleSurroundings, 'environment' | 'out' | 'err' | 'clock'> {
  readonly open: typeof openCaptures;
  readonly access: AskToRead;
}

/**
 * `tongguan traffic list --config cloud.yaml --captures DIR [--from T --to T --cidr RANGE --transfer ID]`: connections abroad that
 * were captured. It needs no key, for it tells no content.
 *
 * @returns 0 listed, 1 a fault, 2 the selection is none, 3 whoever runs it may not read here
 */
export function trafficListCommand(args: TrafficListArgs, io: TrafficIo): Promise<ExitStatus> {
  return withSelected(args, '', io, async (captures) => {
    if (args.json) io.out(JSON.stringify({ connections: captures.map(withoutChain) }));
    else for (const capture of captures) io.out(lineOf(capture));
    return EXIT.done;
  });
}

/**
 * `tongguan traffic export --config cloud.yaml --captures DIR --key FILE --out FILE --reason TEXT [selection]`: one pcapng file that
 * any reader decodes with no other file. It is entered in the operations log of the cloud before anything is opened, and again with
 * what came of it.
 *
 * @returns 0 exported, 1 a fault, 2 the selection is none, 3 there is nothing of the kind, or whoever runs it may not read here
 */
export function trafficExportCommand(
  args: TrafficExportArgs,
  io: TrafficIo & { readonly note?: NoteProgress },
): Promise<ExitStatus> {
  return withSelected(args, args.reason, io, async (captures, opened, granted) => {
    if (captures.length === 0) {
      io.err('traffic: nothing was captured that fits; no file was written');
      return EXIT.withheld;
    }
    const { keyFile, out } = args;
    const exported = opened.export({ captures, keyFile, out, ...(io.note && { note: io.note }) });
    const outcome = exported.ok ? { ...exported.value } : { fault: exported.fault.code };
    const ended = await granted.ended({ connections: captures.length, ...outcome });
    if (!exported.ok) return told(exported.fault, EXIT.fault, io);
    if (!ended.ok) return told(ended.fault, EXIT.fault, io);
    const { bytes, sha256 } = exported.value;
    const report = { out, connections: captures.length, bytes, sha256 };
    io.out(
      args.json
        ? JSON.stringify(report)
        : `${out}: ${captures.length} connection(s), ${bytes} bytes, SHA-256 ${sha256}`,
    );
    return EXIT.done;
  });
}

async function withSelected(
  args: TrafficListArgs,
  reason: string,
  io: TrafficIo,
  use: (captures: readonly ConnectionCapture[], opened: Captures, granted: GrantedReading) => Promise<ExitStatus>,
): Promise<ExitStatus> {
  const query = parseSelection(args, io.clock.now());
  if (!query.ok) return told(query.fault, EXIT.usage, io);
  const loaded = readConfig(CloudConfig, args.config, 'cloud', io.environment);
  if (!loaded.ok) {
    for (const fault of loaded.fault) told(fault, EXIT.usage, io);
    return EXIT.usage;
  }
  const granted = await io.access(loaded.value, wishOf(args, reason));
  if (!granted.ok) return told(granted.fault, EXIT.withheld, io);
  const opened = io.open(args);
  if (!opened.ok) return told(opened.fault, EXIT.fault, io);
  try {
    return await use([...opened.value.find(query.value)], opened.value, granted.value);
  } finally {
    opened.value.close();
  }
}

function wishOf({ from, to, cidr, transfer }: TrafficSelection, reason: string): Wish {
  const selection = { from: from ?? null, to: to ?? null, cidr: cidr ?? null, transfer: transfer ?? null };
  return { reason, detail: selection };
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
