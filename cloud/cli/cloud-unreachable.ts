import { bilingual, type Fault } from '../../proto/words/fault.ts';

/** What a command says when the running cloud gives it no answer. */
export function cloudUnreachable(cause: string): Fault<'CLOUD_UNREACHABLE'> {
  return {
    code: 'CLOUD_UNREACHABLE',
    problem: bilingual(
      `the cloud does not answer on \`api.socket\`: ${cause}`,
      `云端在 \`api.socket\` 上无响应：${cause}`,
    ),
    remedy: bilingual('start `tongguan cloud` with the same configuration', '请使用同一配置启动 `tongguan cloud`'),
    retry: 'after-remedy',
  };
}
