/** Where a configuration lets the agent connect to. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Depth of a configuration; it comes from YAML and is validated, and has no more. */
const DEPTH_MAX = 12;

/** Every `scheme://host:port` among the values of a configuration, wherever it stands. */
export function endpointsOf(config: unknown, depth = 0): readonly Endpoint[] {
  if (depth > DEPTH_MAX) return [];
  if (typeof config === 'string') return parseEndpoint(config);
  if (typeof config !== 'object' || config === null) return [];
  return Object.values(config).flatMap((value) => endpointsOf(value, depth + 1));
}

function parseEndpoint(text: string): readonly Endpoint[] {
  const found = /^[a-z][a-z0-9+.-]*:\/\/(?:\[([0-9a-f:]+)\]|([^/:\s]+)):(\d{1,5})(?:\/|$)/i.exec(text);
  const host = found?.[1] ?? found?.[2];
  return host === undefined ? [] : [{ host, port: Number(found?.[3]) }];
}
