// The figures by which people are compared (mappings/match/people.yaml): frequencies become weights here, log2(m / u).

import { join } from 'node:path';
import { likenessParts, type MatchRules } from '../domain/patient/likeness.ts';
import type { Level } from '../domain/patient/likeness-levels.ts';
import { plain } from '../domain/patient/person-words.ts';
import { type Field, list, openYaml, type Problem, real, record, report, text, wholeNumber } from './reading.ts';

const file = 'match/people.yaml';
const closeParts = new Set(['family', 'given', 'birth-date', 'address']);

export function readMatchRules(folder: string): { readonly rules: MatchRules; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const field = openYaml(join(folder, 'match', 'people.yaml'), file, problems);
  return { rules: field === undefined ? noRules : readRules(field), problems };
}

/** Nobody is like anybody: for a catalogue that is not used because it has problems. */
const noRules: MatchRules = {
  weights: Object.fromEntries(likenessParts.map((part) => [part, {}])) as MatchRules['weights'],
  reviewFrom: Number.POSITIVE_INFINITY,
  candidatesMax: 0,
  placeholders: new Set(),
  nicknames: new Map(),
};

function readRules(field: Field): MatchRules {
  const keys = record(field, ['levels', 'review-from', 'candidates-max', 'placeholders', 'nicknames']);
  const levels = record(keys.levels, likenessParts);
  return {
    weights: Object.fromEntries(
      likenessParts.map((part) => [part, readLevels(levels[part], closeParts.has(part))]),
    ) as MatchRules['weights'],
    reviewFrom: real(keys['review-from']),
    candidatesMax: wholeNumber(keys['candidates-max'], 1),
    placeholders: new Set(list(keys.placeholders).map((word) => plain(text(word)))),
    nicknames: readNicknames(keys.nicknames),
  };
}

function readLevels(field: Field, hasClose: boolean): Partial<Record<Level, number>> {
  const names: readonly Level[] = hasClose ? ['same', 'close', 'differs'] : ['same', 'differs'];
  const levels = record(field, names);
  return Object.fromEntries(names.map((level) => [level, readWeight(levels[level] as Field)]));
}

function readWeight(field: Field): number {
  const keys = record(field, ['m', 'u']);
  const [m, u] = [share(keys.m), share(keys.u)];
  return Math.log2(m / u);
}

function share(field: Field): number {
  const value = real(field);
  if (value > 0 && value < 1) return value;
  report(field, `${value} is not a frequency`, 'write a number between 0 and 1');
  return 0.5;
}

/** A name may stand in several lines: ALEX is short for two. */
function readNicknames(field: Field): Map<string, readonly string[]> {
  const names = new Map<string, readonly string[]>();
  for (const line of list(field)) {
    const forms = list(line).map((name) => plain(text(name)));
    for (const name of forms) names.set(name, [...(names.get(name) ?? []), ...forms]);
  }
  return names;
}
