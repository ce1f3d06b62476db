import { bilingual, type Fault } from '../proto/words/fault.ts';
import { SOCKET_PATH_BYTES_MAX } from './socket-link.ts';
import { STATE_FILE } from './state-file.ts';

export type SimFault = Fault<
  | 'SIM_START_IN_FUTURE'
  | 'SIM_STATE_OF_OTHER_FLEET'
  | 'SIM_SOCKET_PATH'
  | 'SIM_SOCKETS_ALONE'
  | 'SIM_SOCKET_UNREACHABLE'
>;

export function startInFuture(): SimFault {
  return {
    code: 'SIM_START_IN_FUTURE',
    problem: bilingual('start or end of the drives lies in the future', '行驶的起点或终点在未来'),
    remedy: bilingual('give --start and --until instants that have passed', '请为 --start 和 --until 指定已过去的时刻'),
    retry: 'after-remedy',
  };
}

export function stateOfOtherFleet(directory: string): SimFault {
  return {
    code: 'SIM_STATE_OF_OTHER_FLEET',
    problem: bilingual(
      `\`${directory}\` holds the \`${STATE_FILE}\` of another seed, start or set of traces`,
      `\`${directory}\` 中的 \`${STATE_FILE}\` 属于另一个种子、起点或轨迹集`,
    ),
    remedy: bilingual(
      'give the same --seed, --start and --traces as before, or another --state directory',
      '请使用与之前相同的 --seed、--start 和 --traces，或指定另一个 --state 目录',
    ),
    retry: 'after-remedy',
  };
}

export function socketPathTooLong(path: string): SimFault {
  return {
    code: 'SIM_SOCKET_PATH',
    problem: bilingual(
      `the socket path \`${path}\` is longer than ${SOCKET_PATH_BYTES_MAX} bytes`,
      `套接字路径 \`${path}\` 超过 ${SOCKET_PATH_BYTES_MAX} 字节`,
    ),
    remedy: bilingual('name a --sockets directory with a shorter path', '请指定路径更短的 --sockets 目录'),
    retry: 'after-remedy',
  };
}

export function socketsAlone(directory: string): SimFault {
  return {
    code: 'SIM_SOCKETS_ALONE',
    problem: bilingual(`no agent listens in \`${directory}\` yet`, `\`${directory}\` 中尚无边缘代理监听`),
    remedy: bilingual(
      'start agents whose `source.socket` is `NAME.sock` there; the drives go on and their frames wait',
      '请启动 `source.socket` 为该目录下 `名称.sock` 的边缘代理；行驶继续，数据帧将等待',
    ),
    retry: 'later',
  };
}

export function socketUnreachable(name: string): SimFault {
  return {
    code: 'SIM_SOCKET_UNREACHABLE',
    problem: bilingual(
      `nobody listened on the socket of \`${name}\` for hours`,
      `\`${name}\` 的套接字已数小时无人监听`,
    ),
    remedy: bilingual(
      'start the agent of that vehicle, then the simulator again',
      '请先启动该车辆的边缘代理，再重新启动模拟器',
    ),
    retry: 'after-remedy',
  };
}

export type UsageFault = Fault<'CLI_USAGE'>;

/** What commander says of a mistake, as a fault. */
export function usage(message: string): UsageFault {
  const problem =
    message
      .replace(/^error: /, '')
      .replace(/\.$/, '')
      .split('\n', 1)[0] ?? '';
  return {
    code: 'CLI_USAGE',
    problem: bilingual(problem, `参数有误：${problem}`),
    remedy: bilingual('run `tongguan sim --help`', '请运行 `tongguan sim --help` 查看用法'),
    retry: 'after-remedy',
  };
}
