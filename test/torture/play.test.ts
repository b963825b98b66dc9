// The generator of the hostile feed: the same seed gives the same feed, every disorder strikes, small worlds are cheap.

import { expect, it } from 'vitest';
import { playTorture } from '../../scripts/torture/play.ts';
import { type RateName, rateNames, readRates } from '../../scripts/torture/rates.ts';

const at = Date.parse('2026-11-22T15:00:00Z');
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const play = (seed: number, patients = 40) => playTorture({ seed, patients, at });

it('gives the same feed for the same seed, byte for byte, and another for another', () => {
  const texts = (seed: number) => play(seed).messages.map(({ bytes }) => textOf(bytes));
  expect(texts(7)).toEqual(texts(7));
  expect(texts(8)).not.toEqual(texts(7));
});

it('gives no two people the same family name and birth date', () => {
  const { expected } = playTorture({ seed: 3, patients: 1_000, at, rates: { similar: 0 } });
  const people = expected.map(({ family, birthDate }) => `${family} ${birthDate}`);
  expect(new Set(people).size).toBe(people.length);
});

it('begins every number with the prefix', () => {
  const { expected } = playTorture({ seed: 1, patients: 50, at, prefix: 'Q7' });
  const numbers = expected.flatMap((person) => [
    ...person.numbers.map(({ value }) => value),
    ...person.stays.map(({ visit }) => visit),
  ]);
  expect(numbers.filter((number) => !number.startsWith('Q7'))).toEqual([]);
});

it('lets every disorder of people strike that has a rate', () => {
  const struck = new Set<string>(play(5, 1_000).expected.flatMap(({ traits }) => traits));
  const rates = readRates([]);
  const ofPeople = rateNames.slice(0, rateNames.indexOf('delimiters')).filter((name) => rates[name] > 0);
  // Not noted on the person: a second person comes, or a single message is concerned.
  const unnoted: readonly RateName[] = ['same-number'];
  expect(ofPeople.filter((name) => !struck.has(name) && !unnoted.includes(name))).toEqual([]);
});

it('sends messages early, late and twice', () => {
  const { messages } = play(2, 300);
  const texts = messages.map(({ bytes }) => textOf(bytes));
  expect(new Set(texts).size).toBeLessThan(texts.length);
  const first = new Map<string, string>();
  for (const { bytes, event } of messages) {
    const visit = /\|(TV\d+)(?:\^\^\^GH\^VN)?\|/.exec(textOf(bytes))?.[1];
    if (visit !== undefined && !first.has(visit)) first.set(visit, event);
  }
  expect([...first.values()].filter((event) => event === 'A03').length).toBeGreaterThan(3);
});

it('makes a small world in well under two milliseconds', () => {
  for (let seed = 0; seed < 50; seed += 1) play(seed, 3);
  // Processor time: other test files may run beside this one.
  const before = process.cpuUsage();
  for (let seed = 0; seed < 200; seed += 1) play(seed, 3);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000 / 200).toBeLessThan(4);
});

it('refuses a rate it does not know, and says what would be right', () => {
  expect(() => readRates(['mergers=0.5'])).toThrow('--rate mergers=0.5 should be NAME=X');
  expect(() => readRates(['merged=2'])).toThrow('X from 0 to 1');
  expect(readRates(['all=0', 'merged=0.5'])).toMatchObject({ merged: 0.5, shuffled: 0 });
});
