// The listeners that partner files ask for: one for each port; feeds on one port by the names of their certificates.

import { expect, test } from 'vitest';
import type { FeedPartner } from '../../../src/catalog/partner.ts';
import { listenersOf, portsByPartner } from '../../../src/service/listeners.ts';

const config = { host: '127.0.0.1', mllpPort: 2575 };
const feed = (id: string, port?: number, names?: readonly string[]): FeedPartner => ({
  kind: 'feed',
  id,
  organisation: 'a-practice',
  name: id,
  processingIds: ['P'],
  panel: 'all',
  dialect: {} as FeedPartner['dialect'],
  ...(port !== undefined && { port }),
  ...(names && {
    tls: {
      keyFile: 'test/fixtures/tls/server.key',
      certFile: 'test/fixtures/tls/server.crt',
      caFile: 'test/fixtures/tls/authority.crt',
      clientCertificate: 'required',
      names,
    },
  }),
});

test('feeds on one port share a listener; a name says which of them speaks', () => {
  const feeds = [
    feed('hill', 2601, ['hill.example']),
    feed('own'),
    feed('lake', 2601, ['lake.example', 'spare.example']),
  ];
  const listeners = listenersOf(feeds, config);
  expect(listeners.map(({ port, partner, partnerOf }) => ({ port, partner, names: [...(partnerOf ?? [])] }))).toEqual([
    {
      port: 2601,
      partner: 'hill+lake',
      names: [
        ['hill.example', 'hill'],
        ['lake.example', 'lake'],
        ['spare.example', 'lake'],
      ],
    },
    { port: 2575, partner: 'own', names: [] },
  ]);
  expect(listeners[0]?.tls?.requireClientCertificate).toBe(true);
  expect(portsByPartner(feeds, listeners, [40_001, 40_002], config)).toEqual({
    hill: 40_001,
    own: 40_002,
    lake: 40_001,
  });
});

test('a feed alone on its port is the only one who can speak there', () => {
  expect(listenersOf([feed('hill', 2601, ['hill.example'])], config)[0]?.partnerOf).toBeUndefined();
});
