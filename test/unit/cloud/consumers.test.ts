import { expect, test } from 'vitest';
import { addressList } from '../../../cloud/access/cidr.ts';
import { judgeConsumers, replicatorTopics } from '../../../cloud/consumers.ts';

const consumer = (host: string) => ({ group: 'g', client: 'c', host, topics: [] });

test('a consumer is domestic by the ranges that were configured, and foreign where nobody can tell', () => {
  const { has } = addressList(['10.20.0.0/16', '2001:db8::/32']);
  const hosts = ['10.20.1.2', '10.21.1.2', '::ffff:10.20.9.9', '2001:db8::5', '', 'broker.example', '203.0.113.7'];
  expect(
    judgeConsumers(hosts.map(consumer), has)
      .filter(({ isDomestic }) => isDomestic)
      .map(({ host }) => host),
  ).toEqual(['10.20.1.2', '::ffff:10.20.9.9', '2001:db8::5']);
});

test('without ranges everybody is foreign', () => {
  expect(judgeConsumers([consumer('127.0.0.1')], addressList([]).has).map(({ isDomestic }) => isDomestic)).toEqual([
    false,
  ]);
});

test('a replicator shows by the topics it makes', () => {
  const topics = [
    'tongguan.raw',
    'mm2-offset-syncs.eu.internal',
    'eu.checkpoints.internal',
    'heartbeats',
    'my.heartbeats',
  ];
  expect(replicatorTopics(topics)).toEqual(['mm2-offset-syncs.eu.internal', 'eu.checkpoints.internal', 'heartbeats']);
});
