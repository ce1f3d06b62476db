import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { freemem, totalmem } from 'node:os';
import { loadSqlite } from '../../proto/config/load-sqlite.ts';
import { bilingual, causeText } from '../../proto/words/fault.ts';
import { type Instant, toIso } from '../../proto/words/time.ts';
import { type Finding, good, ill } from './finding.ts';

/** What of the machine is looked at; a test puts in another. */
export interface Machine {
  readonly nodeVersion: string;
  readonly now: Instant;
  readonly openFilesMax: number | undefined;
  readonly freeBytes: number;
  /** `yes` and `no` of the operating system; anything else is no answer. */
  readonly synchronised: string | undefined;
  /** @throws when the package does not load */
  readonly load: (name: 'sqlite' | '@node-rs/argon2' | 'sharp') => string;
}

export function thisMachine(now: Instant): Machine {
  const require = createRequire(import.meta.url);
  return {
    nodeVersion: process.versions.node,
    now,
    openFilesMax: openFilesMax(),
    freeBytes: availableBytes(),
    synchronised: timeSynchronised(),
    load: (name) => {
      if (name === 'sqlite') return sqliteVersion();
      require(name);
      return '';
    },
  };
}

const NODE_MIN = [20, 19] as const;
const OPEN_FILES_MIN = 4_096;
const FREE_BYTES_MIN = 512 * 1_048_576;
/** The day this check was written: a clock before it is wrong. */
const CLOCK_MIN = Date.UTC(2026, 0, 1);
/** Certificates of a fleet do not live so long; a clock after it is wrong too. */
const CLOCK_MAX = Date.UTC(2126, 0, 1);

export function checkMachine(machine: Machine): readonly Finding[] {
  return [node(machine), ...packages(machine), memory(machine), openFiles(machine), clock(machine), timeSync(machine)];
}

function node({ nodeVersion }: Machine): Finding {
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
  const isNew = major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1]);
  const says = bilingual(`Node ${nodeVersion}`, `Node 版本 ${nodeVersion}`);
  if (isNew) return good('node', '', says);
  return ill('bad', 'node', '', says, bilingual('install Node 20.19 or newer', '请安装 Node 20.19 或更新版本'));
}

function packages({ load }: Machine): readonly Finding[] {
  return PACKAGES.map(({ name, check, state, without }) => {
    try {
      const version = load(name);
      return good(check, name, bilingual(`works ${version}`.trim(), `可用 ${version}`.trim()));
    } catch (cause) {
      const says = bilingual(`does not load: ${causeText(cause)}`, `无法加载：${causeText(cause)}`);
      return ill(state, check, name, says, without);
    }
  });
}

const COMPILE = bilingual(
  'run `npm rebuild`; where no binary can be had it takes python3, make and a C++ compiler',
  '请运行 `npm rebuild`；没有预编译文件时需要 python3、make 和 C++ 编译器',
);

const PACKAGES = [
  { name: 'sqlite', check: 'sqlite', state: 'bad', without: COMPILE },
  { name: '@node-rs/argon2', check: 'argon2', state: 'bad', without: COMPILE },
  {
    name: 'sharp',
    check: 'sharp',
    state: 'warning',
    without: bilingual(
      'pictures are dropped until `npm install sharp` has worked; where none are collected, nothing is amiss',
      '在成功运行 `npm install sharp` 之前图片一律丢弃；不采集图片则无影响',
    ),
  },
] as const;

function memory({ freeBytes }: Machine): Finding {
  const megabytes = Math.floor(freeBytes / 1_048_576);
  const says = bilingual(`${megabytes} MiB to be had`, `可用 ${megabytes} MiB`);
  if (freeBytes >= FREE_BYTES_MIN) return good('memory', '', says);
  return ill(
    'warning',
    'memory',
    '',
    says,
    bilingual('docs/operating.md says what each role takes', '各进程所需内存见 docs/operating.md'),
  );
}

function openFiles({ openFilesMax: most }: Machine): Finding {
  const remedy = bilingual(
    'raise it (`ulimit -n`, `LimitNOFILE` of systemd): each vehicle holds a connection',
    '请提高上限（`ulimit -n` 或 systemd 的 `LimitNOFILE`）：每辆车占用一个连接',
  );
  if (most === undefined) return ill('unknown', 'open-files', '', NOT_SAID, remedy);
  const says = bilingual(`${most} files and connections at once`, `同时打开文件与连接数上限 ${most}`);
  return most >= OPEN_FILES_MIN ? good('open-files', '', says) : ill('warning', 'open-files', '', says, remedy);
}

function clock({ now }: Machine): Finding {
  const says = bilingual(`it is ${toIso(now)}`, `当前时间 ${toIso(now)}`);
  if (now >= CLOCK_MIN && now < CLOCK_MAX) return good('clock', '', says);
  return ill(
    'bad',
    'clock',
    '',
    says,
    bilingual(
      'set the clock: certificates, permits and the law go by it',
      '请校正时钟：证书、许可和法规时效均以此为准',
    ),
  );
}

function timeSync({ synchronised }: Machine): Finding {
  const remedy = bilingual(
    'run a time service (systemd-timesyncd, chrony) against a server in the mainland',
    '请启用时间同步服务（systemd-timesyncd 或 chrony），使用境内时间服务器',
  );
  if (synchronised === 'yes') return good('time-sync', '', bilingual('kept in step', '已同步'));
  if (synchronised === 'no') return ill('warning', 'time-sync', '', bilingual('not kept in step', '未同步'), remedy);
  return ill('unknown', 'time-sync', '', NOT_SAID, remedy);
}

const NOT_SAID = bilingual('this machine does not say', '本机未提供该信息');

function sqliteVersion(): string {
  const database = new (loadSqlite())(':memory:');
  const [row] = database.prepare('SELECT sqlite_version() AS version').all() as readonly { version: string }[];
  database.close();
  return row?.version ?? '';
}

function openFilesMax(): number | undefined {
  const [, soft] = /^Max open files\s+(\d+|unlimited)/m.exec(textOf('/proc/self/limits')) ?? [];
  if (soft === 'unlimited') return Number.MAX_SAFE_INTEGER;
  return soft === undefined ? undefined : Number(soft);
}

/** What can be had without swapping, where the kernel says it; free memory alone leaves out its caches. */
function availableBytes(): number {
  const [, kibibytes] = /^MemAvailable:\s+(\d+) kB/m.exec(textOf('/proc/meminfo')) ?? [];
  return kibibytes === undefined ? Math.min(freemem(), totalmem()) : Number(kibibytes) * 1_024;
}

/** How long the operating system is given to answer, milliseconds. */
const ANSWER_MS_MAX = 2_000;

function timeSynchronised(): string | undefined {
  const asked = spawnSync('timedatectl', ['show', '--property=NTPSynchronized', '--value'], {
    encoding: 'utf8',
    timeout: ANSWER_MS_MAX,
  });
  return asked.status === 0 ? asked.stdout.trim() : undefined;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
