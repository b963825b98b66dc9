// All messages of the corpus (test/fixtures/adt, sources and licences in its SOURCES.md): each gets an answer and a
// fate; sent twice, or in any order, they end in the same state.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { essenceOf } from '../support/essence.ts';
import { aSite, type TestSite } from '../support/site.ts';

const folder = 'test/fixtures/adt';
const corpus = readdirSync(folder)
  .filter((name) => name.endsWith('.hl7'))
  .sort()
  .map((name) => ({ name, bytes: readFileSync(`${folder}/${name}`) }));

let sites: TestSite[] = [];
afterEach(async () => {
  for (const site of sites) await site.close();
  sites = [];
});

async function after(messages: readonly { readonly bytes: Uint8Array }[]): Promise<TestSite> {
  const site = await aSite();
  sites.push(site);
  for (const { bytes } of messages) expect(await site.send(bytes)).not.toBe('close');
  await site.work();
  return site;
}

/** Fisher-Yates with a small generator, so that a failing order can be had again. */
function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  const list = [...items];
  let state = seed;
  for (let at = list.length - 1; at > 0; at -= 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = state % (at + 1);
    [list[at], list[other]] = [list[other] as Item, list[at] as Item];
  }
  return list;
}

type Messages = typeof corpus;

/**
 * What is left when everybody is taken out whom a person must tell apart, in this order of arrival: one number for two
 * people, or one name and birth date at two houses, which the files of many projects have.
 */
async function undisputed(messages: Messages, order: (messages: Messages) => Messages): Promise<Messages> {
  const site = await after(order(messages));
  const { rows } = await site.owner.query<{ digest: string }>(
    `with disputed as (
       select jsonb_array_elements((r.subject -> 'identifiers')::jsonb) ->> 'value' as value from match_review r where r.record is null
       union select p.value from match_review r join patient_identifier p on p.patient = any (r.candidate_ids) where r.record is null
     )
     select encode(m.digest, 'base64') as digest from inbox i join message m on m.id = i.message
      where i.subject in (select value from disputed)`,
  );
  if (rows.length === 0) return messages;
  const out = new Set(rows.map(({ digest }) => digest));
  const left = messages.filter(({ bytes }) => !out.has(createHash('sha256').update(bytes).digest('base64')));
  return undisputed(left, order);
}

const fates = async (site: TestSite) =>
  (
    await site.owner.query(
      `select encode(m.digest, 'hex') as digest, i.state, i.reason from inbox i join message m on m.id = i.message order by 1`,
    )
  ).rows;

describe('the corpus', () => {
  it('holds 233 messages', () => expect(corpus).toHaveLength(233));

  it('is acknowledged and ends applied, ignored with a reason or parked with a reason', async () => {
    const site = await after(corpus);
    const { rows } = await site.owner.query('select state, reason from inbox');
    expect(rows).toHaveLength(new Set(corpus.map(({ bytes }) => bytes.toString('base64'))).size);
    for (const { state, reason } of rows) {
      expect(['applied', 'ignored', 'parked', 'waiting']).toContain(state);
      if (state !== 'applied') expect(reason).toBeTruthy();
      expect(reason ?? '').not.toMatch(/^defect/);
    }
  });

  it('sent twice ends as if sent once', async () => {
    const once = await after(corpus);
    const twice = await after([...corpus, ...corpus]);
    expect(await fates(twice)).toEqual(await fates(once));
    expect(await essenceOf(twice.owner, 'riverside-practice')).toEqual(
      await essenceOf(once.owner, 'riverside-practice'),
    );
  });

  it.each([11, 1_986, 424_242])('sent in random order (seed %i) ends in the same state', async (seed) => {
    const apart = await undisputed(corpus, (messages) => messages);
    expect(apart.length).toBeLessThan(corpus.length);
    const messages = await undisputed(apart, (left) => shuffled(left, seed));
    expect(messages.length).toBeGreaterThan(120);
    const inOrder = await after(messages);
    const reordered = await after(shuffled(messages, seed));
    expect(await fates(reordered)).toEqual(await fates(inOrder));
    expect(await essenceOf(reordered.owner, 'riverside-practice')).toEqual(
      await essenceOf(inOrder.owner, 'riverside-practice'),
    );
  });
});
