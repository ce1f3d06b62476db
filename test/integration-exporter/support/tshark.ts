import { execFileSync, spawnSync } from 'node:child_process';

/** Version of Debian's tshark, or undefined where it is not installed. */
export const TSHARK: string | undefined = (() => {
  const asked = spawnSync('tshark', ['--version'], { encoding: 'utf8' });
  return asked.status === 0 ? /TShark \(Wireshark\) ([\d.]+)/.exec(asked.stdout)?.[1] : undefined;
})();

const FIELDS = [
  'tcp.stream',
  'frame.time_epoch',
  'frame.len',
  'tcp.len',
  'tcp.srcport',
  'tcp.flags',
  'tcp.analysis.flags',
  'tcp.checksum.status',
  'ip.checksum.status',
  'ipv6.src',
  'http.request.method',
  'http.request.uri',
  'http.response.code',
  'http.file_data',
  'frame.comment',
] as const;

export type Dissected = Readonly<Record<(typeof FIELDS)[number], string>>;

/** One row of tshark's own `-z conv,tcp`. `A` is the side that it names first. */
export interface Conversation {
  readonly a: string;
  readonly b: string;
  readonly framesToA: number;
  readonly framesToB: number;
  readonly bytesToA: string;
  readonly bytesToB: string;
  readonly frames: number;
  readonly startSeconds: number;
  readonly durationSeconds: number;
}

/** What tshark makes of a file with nothing else beside it: every packet, and its own statistics. */
export function dissect(file: string): {
  readonly packets: readonly Dissected[];
  readonly conversations: readonly Conversation[];
} {
  const checks = ['tcp.check_checksum:TRUE', 'ip.check_checksum:TRUE'].flatMap((one) => ['-o', one]);
  const fields = FIELDS.flatMap((one) => ['-e', one]);
  const args = ['-n', '-r', file, ...checks, '-T', 'fields', '-E', 'separator=/t', '-E', 'aggregator=|', ...fields];
  const printed = execFileSync('tshark', [...args, '-z', 'conv,tcp'], {
    encoding: 'utf8',
    maxBuffer: 500_000_000,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [rows = '', statistics = ''] = printed.split(/^=+$/m);
  const packets = rows
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const cells = line.split('\t');
      return Object.fromEntries(FIELDS.map((name, at) => [name, cells[at] ?? ''])) as Dissected;
    });
  return { packets, conversations: statistics.split('\n').flatMap(conversationOf) };
}

const COUNTED = String.raw`(\d+)\s+([\d,.]+ \S+)`;
const ROW = new RegExp(
  String.raw`^(\S+)\s+<->\s+(\S+)\s+${COUNTED}\s+${COUNTED}\s+${COUNTED}\s+([\d.]+)\s+([\d.]+)\s*$`,
);

function conversationOf(line: string): readonly Conversation[] {
  const found = ROW.exec(line);
  if (found === null) return [];
  const [, a = '', b = '', framesToA, bytesToA = '', framesToB, bytesToB = '', frames, , start, duration] = found;
  return [
    {
      ...{ a, b, bytesToA, bytesToB },
      framesToA: Number(framesToA),
      framesToB: Number(framesToB),
      frames: Number(frames),
      startSeconds: Number(start),
      durationSeconds: Number(duration),
    },
  ];
}
