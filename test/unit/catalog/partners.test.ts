// What the loader says of partner files with faults, word for word.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkOrganisations, readPartners } from '../../../src/catalog/partners.ts';
import { holding, replaced, tell } from '../../support/definition-files.ts';

const goodFeed = `kind: feed
id: a-feed
name: A Feed
organisation: a-practice
port: 2600
http: { clients: [one] }
tls: { key-file: key.pem, cert-file: cert.pem, ca-file: ca.pem, client-certificate: required, names: [feed.example] }
applications: [ADT]
facilities: [GH]
processing-ids: [P]
zone: America/New_York
facility-zones: { GH-DENVER: America/Denver }
charset: 8859/1
authority: { uri: "https://feed.example/mrn", name: A Feed }
authorities: { GH: { uri: "urn:oid:1.2.3", name: GH } }
panel: all
`;

const goodClient = `kind: client
id: a-client
name: A Client
organisation: a-practice
client-id: one
keys: local
scopes: [system/*.rs]
`;

describe('the file of a feed', () => {
  it('without faults is read as it stands', () => {
    const { feeds, problems } = readPartners(holding('a-feed.yaml', goodFeed));
    expect(problems).toEqual([]);
    expect(feeds).toEqual([
      {
        kind: 'feed',
        id: 'a-feed',
        name: 'A Feed',
        organisation: 'a-practice',
        port: 2600,
        http: { clients: ['one'] },
        tls: {
          keyFile: 'key.pem',
          certFile: 'cert.pem',
          caFile: 'ca.pem',
          clientCertificate: 'required',
          names: ['feed.example'],
        },
        applications: ['ADT'],
        facilities: ['GH'],
        processingIds: ['P'],
        panel: 'all',
        dialect: {
          partner: 'a-feed',
          timeZone: 'America/New_York',
          facilityZones: { 'GH-DENVER': 'America/Denver' },
          charset: '8859/1',
          defaultAuthority: { uri: 'https://feed.example/mrn', name: 'A Feed' },
          authorities: { GH: { uri: 'urn:oid:1.2.3', name: 'GH' } },
          visitAuthority: { uri: 'https://feed.example/mrn/visit', name: 'A Feed' },
        },
      },
    ]);
  });

  it('may give facilities an authority of their own', () => {
    const lines = 'facility-authorities: { GH-DENVER: { uri: "https://denver.example/mrn", name: Denver } }\n';
    const { feeds, problems } = readPartners(holding('a-feed.yaml', goodFeed + lines));
    expect(tell(problems)).toEqual([]);
    expect(feeds[0]?.dialect.facilityAuthorities).toEqual({
      'GH-DENVER': { uri: 'https://denver.example/mrn', name: 'Denver' },
    });
    const wrong = replaced(goodFeed + lines, 'https://denver.example/mrn', 'Denver');
    expect(tell(readPartners(holding('a-feed.yaml', wrong)).problems)).toEqual([
      'partners/a-feed.yaml:17: "Denver" is not a URI at facility-authorities.GH-DENVER.uri; write it like https://hospital.example/mrn or urn:oid:2.16…',
    ]);
  });

  it.each([
    ['kind: feed', 'kind: fed', ':1: unknown kind of partner "fed" at kind; known: feed, client'],
    ['id: a-feed', 'id: b-feed', ':2: the id "b-feed" is not the name of its file at id; write a-feed'],
    ['port: 2600', 'port: 65536', ':5: 65536 is not a port at port; write a number up to 65535'],
    [
      'port: 2600',
      'prot: 2600',
      ':5: unknown key "prot"; known keys: kind, id, organisation, name, processing-ids, panel, zone, authority, port, http, tls, applications, facilities, facility-zones, facility-authorities, charset, namesakes, authorities, visit-authority, batch, folder, heartbeat, identifier-types, fields, events, codes, acknowledge, observation, mode, trailing-zeros, clock',
    ],
    [
      'ca-file',
      'cafile',
      ':7: unknown key "cafile" at tls; known keys: key-file, cert-file, client-certificate, ca-file, names',
    ],
    ['required', 'maybe', ':7: unknown rule "maybe" at tls.client-certificate; known: required, optional'],
    ['[ADT]', '[]', ':8: the list is empty at applications; name at least one, or leave the key out'],
    ['[P]', '[X]', ':10: unknown processing id "X" at processing-ids[0]; known: P, T, D'],
    [
      'zone: America/New_York',
      'zone: EDT5',
      ':11: unknown time zone "EDT5" at zone; write an IANA name such as America/New_York',
    ],
    [
      'America/Denver',
      'Denver',
      ':12: unknown time zone "Denver" at facility-zones.GH-DENVER; write an IANA name such as America/New_York',
    ],
    [
      '8859/1',
      'latin',
      ':13: unknown character set "latin" at charset; write one of HL7 table 0211, such as UNICODE UTF-8 or 8859/1',
    ],
    [
      '"https://feed.example/mrn"',
      'feed mrn',
      ':14: "feed mrn" is not a URI at authority.uri; write it like https://hospital.example/mrn or urn:oid:2.16…',
    ],
    ['panel: all', 'panel: some', ':16: unknown panel "some" at panel; known: all, roster'],
  ])('with %j written as %j says so', (piece, replacement, expected) => {
    const { feeds, problems } = readPartners(holding('a-feed.yaml', replaced(goodFeed, piece, replacement)));
    expect(feeds).toEqual([]);
    expect(tell(problems)).toEqual([`partners/a-feed.yaml${expected}`]);
  });
});

describe('the file of a client', () => {
  it('without faults is read as it stands', () => {
    expect(readPartners(holding('a-client.yaml', goodClient))).toMatchObject({
      problems: [],
      feeds: [],
      clients: [{ kind: 'client', id: 'a-client', clientId: 'one', scopes: ['system/*.rs'], keys: 'local' }],
    });
  });

  it.each([
    ['{ jwks-url: "https://ehr.example/jwks" }', { jwksUrl: 'https://ehr.example/jwks' }],
    [
      '{ jwks: { keys: [{ kty: EC, crv: P-384, x: a, y: b }] } }',
      { jwks: { keys: [{ kty: 'EC', crv: 'P-384', x: 'a', y: 'b' }] } },
    ],
  ])('may have its keys as %s', (keys, expected) => {
    const { clients } = readPartners(holding('a-client.yaml', replaced(goodClient, 'keys: local', `keys: ${keys}`)));
    expect(clients[0]?.keys).toEqual(expected);
  });

  it.each([
    ['kind: client', 'type: client', ':1: missing key "kind"; write kind: feed or kind: client'],
    [
      'keys: local',
      'keys: mine',
      ':6: these are no keys at keys; write keys: local, or a mapping with jwks or jwks-url',
    ],
    [
      'keys: local',
      'keys: { jwks-url: "http://ehr.example" }',
      ':6: "http://ehr.example" is not an https address at keys.jwks-url; write it like https://ehr.example/jwks',
    ],
    ['keys: local', 'keys: { jwks: { keys: [] } }', ':6: the key set is empty at keys.jwks; write at least one JWK'],
    [
      'keys: local',
      'keys: { jwks: { keys: [{ kty: oct }] } }',
      ':6: this is no public key at keys.jwks.keys[0]; write a JWK of kty RSA or EC',
    ],
    [
      'keys: local',
      'keys: { jwks: { keys: [{ kty: EC, d: x }] } }',
      ':6: this key holds its secret at keys.jwks.keys[0]; write the public part alone',
    ],
    [
      'system/*.rs',
      'user/*.rs',
      ':7: "user/*.rs" is no system scope at scopes[0]; write it like system/Task.rs or system/*.cruds',
    ],
    [
      'system/*.rs',
      'system/*.sr',
      ':7: "system/*.sr" is no system scope at scopes[0]; write it like system/Task.rs or system/*.cruds',
    ],
  ])('with %j written as %j says so', (piece, replacement, expected) => {
    const { clients, problems } = readPartners(holding('a-client.yaml', replaced(goodClient, piece, replacement)));
    expect(clients).toEqual([]);
    expect(tell(problems)).toEqual([`partners/a-client.yaml${expected}`]);
  });
});

describe('partners together', () => {
  const both = (one: string, other: string, id: string) => {
    const folder = holding(`${/^id: (.*)$/m.exec(one)?.[1]}.yaml`, one);
    writeFileSync(join(folder, `${id}.yaml`), other.replace(/^id: .*$/m, `id: ${id}`));
    return readPartners(folder);
  };

  const oneClient = goodFeed;
  const goodOther = goodFeed.replace('clients: [one]', 'clients: [two]');
  const shared = 'partners: the port 2600 is shared by a-feed, b-feed at port; ';

  it('have ports of their own; one feed may leave it to the settings', () => {
    const plain = (text: string) => text.replace(/^tls: .*\n/m, '');
    const right = 'give each feed a port of its own, or each tls with client-certificate: required and names';
    expect(tell(both(plain(goodFeed), plain(goodOther), 'b-feed').problems)).toEqual([shared + right]);
    const without = replaced(goodFeed, 'port: 2600\n', '');
    expect(both(without, goodOther, 'b-feed').problems).toEqual([]);
    expect(tell(both(plain(without), plain(goodOther).replace('port: 2600\n', ''), 'b-feed').problems)).toEqual([
      `partners: the port of the settings is shared by a-feed, b-feed at port; ${right}`,
    ]);
  });

  it('may share a port where the names of their certificates tell them apart', () => {
    const other = goodOther.replace('names: [feed.example]', 'names: [other.example]');
    expect(both(goodFeed, other, 'b-feed').problems).toEqual([]);
    expect(tell(both(goodFeed, goodOther, 'b-feed').problems)).toEqual([
      `${shared}name "feed.example" for one of them only`,
    ]);
    expect(tell(both(goodFeed, other.replace('key.pem', 'other.pem'), 'b-feed').problems)).toEqual([
      `${shared}write the same key-file, cert-file and ca-file for all of them: a port has one certificate`,
    ]);
    expect(tell(both(goodFeed, other.replace('required', 'optional'), 'b-feed').problems)).toEqual([
      `${shared}give each feed a port of its own, or each tls with client-certificate: required and names`,
    ]);
  });

  it('have HTTP clients of their own: a client belongs to one feed', () => {
    const other = oneClient.replace('port: 2600', 'port: 2601');
    expect(tell(both(goodFeed, other, 'b-feed').problems)).toEqual([
      'partners: the client "one" posts for a-feed, b-feed at http.clients; give each feed a client of its own',
    ]);
  });

  it.each([
    ['in', 'in', 'the same'],
    ['gh/in', 'gh/in/done', 'one inside the other'],
    ['gh', 'gh/in', 'one inside the other'],
    ['gh/in/failed', 'gh/in', 'one inside the other'],
  ])('have drop folders of their own: %s and %s are not', (one, other, how) => {
    const dropping = (text: string, path: string) => `${text}folder: { path: ${path} }\n`;
    const otherFeed = goodOther.replace('port: 2600', 'port: 2601');
    expect(tell(both(dropping(goodFeed, one), dropping(otherFeed, other), 'b-feed').problems)).toEqual([
      `partners: the drop folders of a-feed and b-feed are ${how}: "${one}", "${other}" at folder.path; give each feed a folder of its own, in no other's`,
    ]);
    for (const apart of [`${one}-2`, `x/${other}`])
      expect(both(dropping(goodFeed, one), dropping(otherFeed, apart), 'b-feed').problems).toEqual([]);
  });

  it('have client ids of their own', () => {
    expect(tell(both(goodClient, goodClient, 'b-client').problems)).toEqual([
      'partners: the client id "one" is shared by a-client, b-client at client-id; give each client an id of its own',
    ]);
  });

  it('belong to organisations that there are', () => {
    const partners = both(goodFeed, goodClient, 'a-client');
    expect(tell(checkOrganisations(partners, []))).toEqual([
      'partners/a-feed.yaml: unknown organisation "a-practice" at organisation; known: ',
      'partners/a-client.yaml: unknown organisation "a-practice" at organisation; known: ',
    ]);
  });

  it('need not be there at all', () => {
    expect(readPartners('no/such/folder')).toEqual({ feeds: [], clients: [], problems: [] });
  });
});
