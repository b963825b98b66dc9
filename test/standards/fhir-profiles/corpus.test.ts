// What real feeds lead to: every resource and every past version that the message corpus leaves behind is valid FHIR R4
// and US Core 6.1.0, and every reference leads somewhere (test/fixtures/adt, sources in its SOURCES.md).

import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeIssues, validate } from '../../support/fhir-validator/validate.ts';
import { aSite, type TestSite } from '../../support/site.ts';

const folder = 'test/fixtures/adt';
let site: TestSite;
let bodies: { readonly key: string; readonly body: string; readonly current: boolean }[];

beforeAll(async () => {
  site = await aSite();
  for (const name of readdirSync(folder).sort()) {
    if (name.endsWith('.hl7')) await site.send(readFileSync(`${folder}/${name}`));
  }
  await site.work();
  const { rows } = await site.owner.query(
    `select type || '/' || id as key, body, true as current from resource
     union all select type || '/' || id, body, false from resource_history`,
  );
  bodies = rows;
});
afterAll(() => site.close());

describe('what the message corpus leads to', () => {
  test('there is something of each kind', () => {
    const types = new Set(bodies.map(({ key }) => key.split('/')[0]));
    expect([...types]).toEqual(expect.arrayContaining(['Patient', 'Encounter', 'CarePlan', 'Task', 'Provenance']));
    expect(bodies.length).toBeGreaterThan(500);
  });

  test('every version is valid', () => {
    const issues = new Map<string, string>();
    for (const { key, body } of bodies) {
      for (const line of describeIssues(validate(JSON.parse(body)))) issues.set(line.replace(/\[\d+\]/g, '[]'), key);
    }
    expect([...issues]).toEqual([]);
  });

  test('every reference leads to a resource', () => {
    const there = new Set(bodies.map(({ key }) => key));
    const lost = bodies
      .filter(({ current }) => current)
      .flatMap(({ key, body }) =>
        [...body.matchAll(/"reference":"([A-Za-z]+\/[^"/]+)/g)]
          .filter(([, reference]) => !there.has(reference!))
          .map(([, reference]) => `${key} → ${reference}`),
      );
    expect(lost).toEqual([]);
  });
});
