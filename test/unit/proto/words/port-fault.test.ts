import { expect, test } from 'vitest';
import { portUnavailable } from '../../../../proto/words/port-fault.ts';

const AT = { key: 'console.port', host: '127.0.0.1', port: 443 };
const systemError = (code: string) => Object.assign(new Error(`listen ${code}`), { code });

test.each([
  ['EADDRINUSE', 'sport = :443', '已被其他进程占用'],
  ['EACCES', 'CAP_NET_BIND_SERVICE', '无权使用'],
  ['EADDRNOTAVAIL', 'ip addr', '均无该地址'],
  ['EAFNOSUPPORT', 'correct', '系统拒绝'],
])('%s is told with the key of the port and what to do', (code, remedy, zh) => {
  const fault = portUnavailable(AT, systemError(code));
  expect(fault.problem.en).toContain('`127.0.0.1:443` (`console.port`)');
  expect(fault.problem.en).toContain(code);
  expect(fault.remedy.en).toContain(remedy);
  expect(fault.remedy.en).toContain('console.port');
  expect(fault.problem.zh).toContain(zh);
});
