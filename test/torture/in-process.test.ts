// The hostile feed against the service below its edges: whatever the order of arrival, the end state is the model's.

import type { CarePlan, Encounter, Patient, Task } from 'fhir/r4.js';
import { expect, it } from 'vitest';
import { compare, type Difference, type Resources } from '../../scripts/torture/compare.ts';
import { playTorture } from '../../scripts/torture/play.ts';
import { aSite, type TestSite } from '../support/site.ts';

const at = Date.parse('2026-11-22T15:00:00Z');
const patients = 60;
/** Rare things often enough for so few people. */
const rates = { moved: 0.05, similar: 0.05, swapped: 0.06, 'account-renamed': 0.1, 'merge-by-move': 0.4 };

async function resourcesOf(site: TestSite): Promise<Resources> {
  return {
    patients: await site.resources<Patient>('Patient'),
    encounters: await site.resources<Encounter>('Encounter'),
    plans: await site.resources<CarePlan>('CarePlan'),
    tasks: await site.resources<Task>('Task'),
  };
}

const told = (differences: readonly Difference[]): string[] =>
  differences.map(({ tells, person }) => `${tells} (${person.traits.join(', ')})\n${person.story().join('\n')}`);

it.each([1, 2, 3, 4])('ends as the model says, seed %i', { timeout: 60_000 }, async (seed) => {
  const site = await aSite({ now: new Date(at).toISOString() });
  const feed = playTorture({ seed, patients, at, rates });
  const replies = await Promise.all(feed.messages.map(({ bytes }) => site.send(bytes)));
  const strange = replies.filter(([reply = 'none'], index) => {
    const isAccepted = /[\r\n]MSA.(?:AA|CA)/.test(reply);
    return isAccepted === (feed.messages[index]?.fate === 'refused');
  });
  expect(strange).toEqual([]);
  await site.work();
  const resources = await resourcesOf(site);
  const { looks, differences } = compare(feed.expected, resources);
  expect(told(differences)).toEqual([]);
  expect(looks.get('tasks: status')?.looks).toBeGreaterThan(50);
  await site.close();

  // The comparison can fail: a task that is lost, doubled or not withdrawn is noticed.
  const [task] = resources.tasks as [Task];
  const open = resources.tasks.find(({ status }) => status === 'ready') as Task;
  const lost = { ...resources, tasks: resources.tasks.filter((one) => one !== task) };
  expect(compare(feed.expected, lost).differences.map(({ kind }) => kind)).toEqual(['tasks: each once']);
  const doubled = { ...resources, tasks: [...resources.tasks, { ...task, id: 'another' }] };
  expect(compare(feed.expected, doubled).differences.map(({ kind }) => kind)).toContain('tasks: each once');
  const failed = resources.tasks.map((one): Task => (one === open ? { ...one, status: 'failed' } : one));
  expect(compare(feed.expected, { ...resources, tasks: failed }).differences.map(({ kind }) => kind)).toEqual([
    'tasks: status',
  ]);
});
