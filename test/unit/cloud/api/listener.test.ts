import { request as plainRequest } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ConsoleWorld, consoleWorld } from '../../../support/cloud/api/console-world.ts';

/** Proxies connect from here; any address of 127.0.0.0/8 may be bound on Linux. */
const PROXY = '127.0.0.2';
const ABROAD = '203.0.113.9';

describe('a listener with TLS behind a proxy', () => {
  let world: ConsoleWorld;
  let port: number;
  const ends: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    const tls = { certificateFile: '../cloud/server.pem', keyFile: '../cloud/server.key' };
    world = await consoleWorld({ tls, trustedProxies: [`${PROXY}/32`] }, (end) => void ends.push(end));
    await world.server.listen({ host: '0.0.0.0', port: 0 });
    port = (world.server.server.address() as AddressInfo).port;
  });
  afterAll(async () => {
    for (const end of ends) await end();
  });

  interface Seen {
    readonly status: number;
    readonly code: string | undefined;
    readonly headers: Readonly<Record<string, unknown>>;
  }

  /** Asks for what anybody at home may see, over a connection of its own. */
  const ask = (from: { localAddress?: string; forwarded?: string } = {}): Promise<Seen> =>
    new Promise((resolve, reject) => {
      const { localAddress = '127.0.0.1', forwarded } = from;
      const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
      const at = { host: '127.0.0.1', port, path: '/api/v1/setup', agent: false as const };
      // The authority was thrown away when the world was made; the name is looked at below.
      request({ ...at, localAddress, headers, rejectUnauthorized: false }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (more: string) => (text += more));
        answer.on('end', () => {
          const { code } = JSON.parse(text) as { code?: string };
          resolve({ status: answer.statusCode ?? 0, code, headers: answer.headers });
        });
      })
        .on('error', reject)
        .end();
    });

  test('speaks TLS 1.2 or newer under its certificate, and nothing else', async () => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
    await new Promise((resolve) => socket.once('secureConnect', resolve));
    expect([socket.getProtocol(), socket.getPeerCertificate().subject.CN]).toEqual(['TLSv1.3', 'tongguan-cloud']);
    socket.destroy();
    const old = connect({
      host: '127.0.0.1',
      port,
      rejectUnauthorized: false,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
    });
    await expect(
      new Promise((resolve, reject) => old.once('secureConnect', resolve).once('error', reject)),
    ).rejects.toThrow();
    const inClear = new Promise((resolve, reject) => {
      plainRequest({ host: '127.0.0.1', port, path: '/api/v1/setup', agent: false }, resolve).on('error', reject).end();
    });
    await expect(inClear).rejects.toThrow();
    const { status, headers } = await ask();
    expect([status, headers['strict-transport-security']]).toEqual([200, expect.stringContaining('max-age=')]);
  });

  test('believes X-Forwarded-For of its proxies alone, and of a chain the nearest', async () => {
    const seen = async (localAddress: string, forwarded: string) => (await ask({ localAddress, forwarded })).status;
    // Nobody makes a foreigner of somebody at home by a header, nor the other way round.
    expect(await seen('127.0.0.1', ABROAD)).toBe(200);
    expect(await seen(PROXY, '127.0.0.9')).toBe(200);
    expect(await seen(PROXY, ABROAD)).toBe(403);
    expect(await seen(PROXY, `127.0.0.9, ${ABROAD}`)).toBe(403);
    expect(await seen(PROXY, `${ABROAD}, 127.0.0.9`)).toBe(200);
    expect(await seen(PROXY, 'nobody')).not.toBe(200);
  });
});
