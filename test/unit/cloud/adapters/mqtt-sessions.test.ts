import type { Client } from 'aedes';
import { describe, expect, test } from 'vitest';
import { createMqttSessions } from '../../../../cloud/adapters/mqtt-sessions.ts';
import { testDevice } from '../../../support/cloud/devices.ts';

const first = testDevice(1).registered;
const second = testDevice(2).registered;

/** Sessions only tell clients apart. */
const client = (): Client => ({}) as Client;

describe('createMqttSessions', () => {
  test('counts connections in all and of each device', () => {
    const sessions = createMqttSessions();
    const [a, b, c] = [client(), client(), client()];
    sessions.open(a, first);
    sessions.open(b, first);
    sessions.open(c, second);
    expect([
      sessions.connections(),
      sessions.connectionsOf(first.device),
      sessions.connectionsOf(second.device),
    ]).toEqual([3, 2, 1]);
    sessions.close(a);
    sessions.close(a);
    expect([sessions.connections(), sessions.connectionsOf(first.device)]).toEqual([2, 1]);
    sessions.close(b);
    sessions.close(c);
    expect([
      sessions.connections(),
      sessions.connectionsOf(first.device),
      sessions.connectionsOf(second.device),
    ]).toEqual([0, 0, 0]);
  });

  test('only connections that asked hear, and none after it is closed', () => {
    const sessions = createMqttSessions();
    const [a, b] = [client(), client()];
    sessions.open(a, first);
    sessions.open(b, first);
    expect([...sessions.listeners(first.device)]).toEqual([]);
    sessions.listen(b);
    expect([...sessions.listeners(first.device)]).toEqual([b]);
    expect([...sessions.listeners(second.device)]).toEqual([]);
    sessions.listen(a);
    sessions.stopListening(b);
    expect([...sessions.listeners(first.device)]).toEqual([a]);
    sessions.listen(b);
    sessions.close(a);
    sessions.close(b);
    expect([...sessions.listeners(first.device)]).toEqual([]);
  });

  test('a client nobody opened has no device, and cannot listen', () => {
    const sessions = createMqttSessions();
    const stranger = client();
    sessions.listen(stranger);
    sessions.stopListening(stranger);
    sessions.close(stranger);
    expect(sessions.deviceOf(stranger)).toBeUndefined();
    expect(sessions.connections()).toBe(0);
  });
});
