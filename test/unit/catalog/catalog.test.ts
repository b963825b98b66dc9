// The catalogue as a whole: what is shipped can be read, and all problems are told at once.

import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Fault } from '../../../src/base/fault.ts';
import { readCatalog } from '../../../src/catalog/catalog.ts';
import { holding, replaced } from '../../support/definition-files.ts';

it('reads what is shipped', () => {
  const catalog = readCatalog({ profilesDir: 'profiles', mappingsDir: 'mappings' });
  expect([...catalog.organisations.keys()]).toEqual(['riverside-practice']);
  expect(catalog.feeds.map((feed) => [feed.id, feed.port, feed.panel])).toEqual([
    ['general-hospital', undefined, 'all'],
  ]);
  expect(catalog.clients.map((client) => [client.clientId, client.keys])).toEqual([['local', 'local']]);
  expect(catalog.protocols.map((protocol) => protocol.id)).toContain('transitional-care');
});

it('throws catalog.invalid with all problems, one a line', () => {
  const root = holding('mappings/x', '');
  cpSync('profiles', join(root, 'profiles'), { recursive: true });
  cpSync('mappings', join(root, 'mappings'), { recursive: true });
  const change = (file: string, piece: string, replacement: string) =>
    writeFileSync(join(root, file), replaced(readFileSync(join(root, file), 'utf8'), piece, replacement));
  change('profiles/partners/general-hospital.yaml', 'zone: America/New_York', 'zone: Springfield');
  change('profiles/partners/local-client.yaml', 'organisation: riverside-practice', 'organisation: lakeside-practice');
  change('mappings/hl7v2/adt.yaml', 'A01: admitted', 'A01: admited');
  change('mappings/codes/gender.csv', 'F,female', 'F,woman');
  try {
    readCatalog({ profilesDir: join(root, 'profiles'), mappingsDir: join(root, 'mappings') });
    expect.unreachable();
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(Fault);
    expect((thrown as Fault).code).toBe('catalog.invalid');
    expect((thrown as Fault).detail?.split('\n').map((line) => line.replace(/:\d+: /, ': ').slice(0, 70))).toEqual([
      'partners/general-hospital.yaml: unknown time zone "Springfield" at zone'.slice(0, 70),
      'partners/local-client.yaml: unknown organisation "lakeside-practice" a',
      'codes/gender.csv: unknown word "woman"; known: female, male, other, un',
      'hl7v2/adt.yaml: unknown effect "admited" at events.A01; known: pre-adm',
    ]);
  }
});
