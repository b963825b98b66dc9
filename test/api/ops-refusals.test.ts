// What no database takes is refused at the door of /ops with the name of what is wrong: control characters, halves of
// characters, numbers beyond a column, days before the calendar. None of it is our defect.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FeedPartner } from '../../src/catalog/partner.ts';
import { noTally } from '../../src/hl7/batch-tally.ts';
import { openItems } from '../../src/store/ops-items.ts';
import { aFhirServer, type FhirServer } from '../support/fhir-server.ts';
import { anOperator } from '../support/operator.ts';

const { partner: operator, client } = anOperator('here');
const hospital = {
  kind: 'feed',
  id: 'hospital',
  organisation: 'here',
  dialect: {
    partner: 'hospital',
    defaultAuthority: { uri: 'https://hospital.example/mrn', name: 'H' },
    authorities: {},
  },
} as unknown as FeedPartner;

let server: FhirServer;
beforeAll(async () => {
  server = await aFhirServer({ clients: [operator], feeds: [hospital] });
  await server.owner.query(
    `insert into intake_file (organisation, partner, source, name, tally, started_at, seen_at)
     values ('here', 'hospital', 'http', 'a.hl7', $1, now(), now())`,
    [JSON.stringify(noTally)],
  );
  await openItems(
    server.database('here'),
    [{ kind: 'quiet-feed', key: 'hospital', owner: 'nurse', details: {} }],
    server.now(),
  );
});
afterAll(() => server.close());

async function ask(path: string, body?: unknown): Promise<{ status: number; error?: string; detail?: string }> {
  const isJson = typeof body !== 'string';
  const response = await fetch(`${server.url}/ops${path}`, {
    headers: {
      authorization: `Bearer ${await server.token(client, 'system/*.rs')}`,
      'content-type': isJson ? 'application/json' : 'text/csv',
    },
    ...(body !== undefined && {
      method: 'POST',
      body: body instanceof Uint8Array || typeof body === 'string' ? body : JSON.stringify(body),
    }),
  });
  return { status: response.status, ...((await response.json()) as object) };
}

const person = { identifier: '1001', authority: 'hospital' };
const list = 'identifier\n1001\n';

test.each<[path: string, names: string, body?: unknown]>([
  // Parts of the path.
  ['/reviews/%00', 'id'],
  ['/reviews/a%0Ab', 'id'],
  ['/reviews/%00/decide', 'id', { outcome: 'new', by: 'ida' }],
  // Parameters.
  ['/reviews?after=%00', 'after'],
  ['/items?key=%00', 'key'],
  ['/items?kind=a%00', 'kind'],
  ['/files?partner=%00', 'partner'],
  ['/panel/members?identifier=%00', 'identifier'],
  ['/panel/members?identifier=1&authority=%7F', 'authority'],
  ['/panel/loads?source=%00', 'source', list],
  ['/panel/loads?source=a%0Ab', 'source', list],
  ['/messages?control-id=%00', 'control-id'],
  // Bodies.
  ['/panel/members/search', 'identifier', { identifier: '1\u0000' }],
  ['/panel/opt-outs', 'note', { ...person, note: 'a\u0000' }],
  ['/panel/opt-outs', 'note', { ...person, note: 'half \ud83d' }],
  ['/items/1/acknowledge', 'by', { by: '\u0000x' }],
  ['/items/1/close', 'note', { by: 'ida', note: '\u0000x' }],
  ['/items/1/assign', 'assigned', { assigned: 'i\u0000da' }],
  ['/reviews/1/decide', 'by', { outcome: 'new', by: '\u0000x' }],
  ['/reviews/1/decide', 'by', { outcome: 'new', by: 'ida\nben' }],
  ['/reviews/1/decide', 'note', { outcome: 'new', by: 'ida', note: '\udc00' }],
  ['/messages/1/park', 'reason', { reason: 'a\u0000' }],
  ['/messages/search', 'visit', { visit: '\u0000' }],
  ['/messages/replay', 'reason', { reason: 'two\nlines' }],
  // Numbers beyond the column.
  ['/files/1?after=3000000000', 'after'],
  ['/files/1?after=2147483648', 'after'],
  // Pages behind what is not there, states that are none.
  ['/reviews?after=nobody', 'after'],
  ['/files?state=lost', 'state'],
  // Days that no calendar has.
  ['/messages?from=2026-02-30', 'from'],
  ['/messages?to=2025-02-29T08:00:00Z', 'to'],
  ['/messages/search', 'to', { to: '2026-04-31T08:00-05:00' }],
  ['/messages/stats?from=2026-02-30', 'from'],
  ['/messages/replay', 'from', { from: '2026-02-30', 'dry-run': true }],
  ['/panel/loads?as-of=0000-01-01', 'as-of', list],
  ['/panel/loads?as-of=0001-01-01', 'as-of', list],
  ['/panel/opt-outs', 'from', { ...person, from: '0000-01-01' }],
  ['/panel/opt-outs', 'until', { ...person, until: '0000-12-31' }],
  ['/panel/opt-outs/withdraw', 'from', { ...person, from: '0001-01-01' }],
])('%j answers 400 and names %s', async (path, names, body) => {
  const answer = await ask(path, body);
  expect(answer).toMatchObject({ status: 400, error: 'ops.request-invalid' });
  expect(answer.detail).toMatch(new RegExp(`^${names}\\b`));
});

test('a body that is not UTF-8 is refused', async () => {
  const bytes = Buffer.from('{"identifier":"M\u00fcller"}', 'latin1');
  expect(await ask('/panel/members/search', bytes)).toMatchObject({
    status: 400,
    detail: 'send a JSON object in UTF-8',
  });
});

test('what a note needs stays: line ends, tabs, any script', async () => {
  const note = 'called twice,\r\n\tthen wrote 🏥 — Ærø';
  expect(await ask('/panel/opt-outs', { ...person, note })).toMatchObject({ status: 201, optOuts: [{ note }] });
  expect((await ask('/files/1?after=2147483647')).status).toBe(200);
  expect((await ask('/panel/opt-outs/withdraw', { ...person, from: '0001-01-02' })).status).toBe(200);
});

test('none of it was logged as a defect', () => {
  expect(server.lines.filter(({ event }) => event === 'operator request failed')).toEqual([]);
});
