import type { CloudStatus } from '../../cloud/status.ts';
import { type FleetStatus, joinFleets } from '../../edge/status.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { type Child, type ChildOptions, startChild } from './child.ts';
import { type ExporterReport, type Summary, summarise } from './summary.ts';

const RECENT_LINES = 6;
const NEWS_LINES = 12;

/** The processes of one `up`, and what they and it have said. */
export interface Crew {
  readonly start: (start: Pick<ChildOptions, 'role' | 'args' | 'environment'>) => Child;
  readonly child: (role: string) => Child | undefined;
  readonly summary: () => Summary;
  /** What stays in view, and the last of the rest. */
  readonly recent: () => readonly string[];
  readonly say: (line: string) => void;
  /** Says what a person has to see, and keeps it in view. */
  readonly announce: (line: string) => void;
  /** Keeps what is to be told in full at the end. */
  readonly explain: (lines: readonly string[]) => void;
  readonly explained: () => readonly string[];
  readonly failure: () => Fault | undefined;
  /** What keeps the whole from going on; the first one counts. */
  readonly fail: (fault: Fault) => void;
  readonly expectEnds: () => void;
}

export function createCrew(around: RoleSurroundings): Crew {
  const children = new Map<string, Child>();
  const recent: string[] = [];
  const news: string[] = [];
  const explained: string[] = [];
  let failure: Fault | undefined;
  let endsAreExpected = false;
  const say = (line: string): void => {
    recent.push(line);
    if (recent.length > RECENT_LINES) recent.shift();
  };
  const announce = (line: string): void => {
    around.err(line);
    news.push(line);
    if (news.length > NEWS_LINES) news.shift();
  };
  return {
    start: (start) => {
      const child = startChild({
        ...start,
        onLine: (role, line) => {
          if (isNews(line)) announce(line);
          else say(line.startsWith(role) ? line : `${role}: ${line}`);
        },
        onEnd: (role, exit) => {
          if (!endsAreExpected && (exit !== 0 || role !== 'sim')) failure ??= roleEnded(role, exit);
        },
      });
      children.set(start.role, child);
      return child;
    },
    child: (role) => children.get(role),
    summary: () =>
      summarise({
        edge: fleetOf([...children.values()]),
        cloud: children.get('cloud')?.status() as CloudStatus | undefined,
        exporter: children.get('exporter')?.status() as ExporterReport | undefined,
      }),
    recent: () => [...news, ...recent],
    say,
    announce,
    explain: (lines) => {
      explained.push('', ...lines);
    },
    explained: () => explained,
    failure: () => failure,
    fail: (fault) => {
      failure ??= fault;
    },
    expectEnds: () => {
      endsAreExpected = true;
    },
  };
}

/** Undefined until an agent has reported. */
function fleetOf(children: readonly Child[]): FleetStatus | undefined {
  const reports = children.filter(({ role }) => EDGES.includes(role)).flatMap((one) => one.status() ?? []);
  return reports.length === 0 ? undefined : joinFleets(reports as readonly unknown[] as readonly FleetStatus[]);
}

/** Processes of agents: a few vehicles that are there at once, and the many. */
export const EDGES: readonly string[] = ['edge', 'edge-fleet'];

/** What a person has to see even where a terminal is drawn over. */
const isNews = (line: string): boolean => /error:|hint:|console: /.test(line) || line.startsWith('cloud: console at');

function roleEnded(role: string, exit: number): Fault<'ROLE_ENDED'> {
  return {
    code: 'ROLE_ENDED',
    problem: bilingual(`the ${role} ended by itself with status ${exit}`, `${role} 进程异常退出，状态 ${exit}`),
    remedy: bilingual(
      'read its message above, mend it and start again; nothing acknowledged is lost',
      '请查看上方信息，处理后重新启动；已确认的数据不会丢失',
    ),
    retry: 'after-remedy',
  };
}
