import { bilingual, causeText, type Fault } from './fault.ts';

/** An address that was to be listened on. */
export interface ListenAddress {
  /** Key of the configuration that has the port, such as `console.port`. */
  readonly key: string;
  readonly host: string;
  readonly port: number;
}

/** @param cause - the system's error; one whose code is unknown here is told as it is */
export function portUnavailable({ key, host, port }: ListenAddress, cause: unknown): Fault<'PORT_UNAVAILABLE'> {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const why: Why = Object.hasOwn(WHY, code) ? WHY[code as keyof typeof WHY] : OTHER;
  const said = code === '' ? causeText(cause) : code;
  const [en, zh] = why.problem;
  const [remedyEn, remedyZh] = why.remedy(key, port);
  return {
    code: 'PORT_UNAVAILABLE',
    problem: bilingual(
      `cannot listen on \`${host}:${port}\` (\`${key}\`): ${en} (${said})`,
      `无法监听 \`${host}:${port}\`（\`${key}\`）：${zh}（${said}）`,
    ),
    remedy: bilingual(remedyEn, remedyZh),
    retry: 'after-remedy',
  };
}

interface Why {
  readonly problem: readonly [string, string];
  readonly remedy: (key: string, port: number) => readonly [string, string];
}

const WHY = {
  EADDRINUSE: {
    problem: ['another process holds the port', '端口已被其他进程占用'],
    remedy: (key, port) => [
      `\`ss -ltnup 'sport = :${port}'\`, as root, names who holds it: end it, or set \`${key}\` to another port and tell whoever connects`,
      `以 root 运行 \`ss -ltnup 'sport = :${port}'\` 可查出占用者：请停止该进程，或将 \`${key}\` 改为其他端口并告知连接方`,
    ],
  },
  EACCES: {
    problem: ['this account may not use the port', '当前账户无权使用该端口'],
    remedy: (key) => [
      `set \`${key}\` to 1024 or higher; a lower one takes \`AmbientCapabilities=CAP_NET_BIND_SERVICE\` in the unit of the service`,
      `请将 \`${key}\` 设为 1024 以上；较低端口须在服务单元中设置 \`AmbientCapabilities=CAP_NET_BIND_SERVICE\``,
    ],
  },
  EADDRNOTAVAIL: {
    problem: ['no interface of this machine has the address', '本机网卡均无该地址'],
    remedy: (key) => [
      `correct the address beside \`${key}\`: \`ip addr\` lists those of this machine`,
      `请更正 \`${key}\` 同级的地址：\`ip addr\` 可列出本机地址`,
    ],
  },
} as const satisfies Readonly<Record<string, Why>>;

const OTHER: Why = {
  problem: ['the system refuses it', '系统拒绝'],
  remedy: (key) => [`correct \`${key}\` and the address beside it`, `请更正 \`${key}\` 及其同级的地址`],
};
