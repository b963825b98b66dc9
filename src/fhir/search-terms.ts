// One search parameter with its modifier and value as a condition (FHIR R4 search.html#modifiers, #token, #reference,
// #escaping). Whatever is not understood is refused: a condition that were dropped would widen the answer.

import { Fault } from '../base/fault.ts';
import { isResourceId, parseReference } from './reference.ts';
import { parseDateTest, utc, type WallClock } from './search-date.ts';
import { isResourceType, type ResourceType, type SearchParam } from './search-params.ts';
import { type Criterion, searchLimit } from './search-query.ts';
import { codeEntry } from './search-values.ts';

export interface SearchContext {
  /** Our FHIR base, without a slash at the end; absolute references below it are ours. */
  readonly base: string;
  readonly now: number;
  /** The practice's clock, for dates without an offset. */
  readonly clock: WallClock;
}

export const badValue = (name: string, why: string): Fault =>
  new Fault('fhir.parameter-value', { detail: `${name.slice(0, 64)}: ${why}` });
export const unknownParameter = (name: string, why: string): Fault =>
  new Fault('fhir.parameter-unknown', { detail: `${name.slice(0, 64)}: ${why}` });

/** Splits at the separators that no backslash precedes; the parts keep their escapes. */
function split(text: string, separator: ',' | '|'): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === separator) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

/** Without the escapes of search values. */
const plainText = (text: string): string => (text.includes('\\') ? text.replace(/\\([,|$\\])/g, '$1') : text);

/** The alternatives of a value; an empty one is refused, not dropped. */
export function alternatives(name: string, value: string): string[] {
  const parts = split(value, ',');
  if (parts.some((part) => part === '')) throw badValue(name, 'a value is empty');
  if (parts.length > searchLimit.values) throw badValue(name, `more than ${searchLimit.values} values`);
  if (parts.some((part) => part.length > searchLimit.valueLength)) throw badValue(name, 'a value is too long');
  return parts;
}

interface Token {
  /** Undefined: any system. Empty: none. */
  readonly system: string | undefined;
  readonly code: string;
}

function token(name: string, text: string): Token {
  const parts = split(text, '|').map(plainText);
  if (parts.length === 1) return { system: undefined, code: parts[0] ?? '' };
  const [system = '', code = ''] = parts;
  if (parts.length > 2 || (system === '' && code === ''))
    throw badValue(name, 'the form is code, system|code, |code or system|');
  return { system, code };
}

/** What a reference value points at here: `Type/id` texts; none where it points elsewhere. */
function references(name: string, text: string, targets: readonly ResourceType[], context: SearchContext): string[] {
  const value = plainText(text);
  if (isResourceId(value)) return targets.map((type) => `${type}/${value}`);
  const target = parseReference(value, context.base);
  if (target?.version !== undefined) throw badValue(name, 'a reference in a search names no version');
  if (target !== undefined) return targets.some((type) => type === target.type) ? [`${target.type}/${target.id}`] : [];
  if (/^(?:https?:\/\/|urn:)[^\s]+$/.test(value)) return [];
  throw badValue(name, 'the form is id, Type/id or an absolute URL');
}

function missing(param: SearchParam, value: string): Criterion {
  const { name, match } = param;
  if (value !== 'true' && value !== 'false') throw badValue(`${name}:missing`, 'true or false');
  const is = value === 'true';
  switch (match.by) {
    case 'status':
      return { by: 'missing', column: 'status', missing: is };
    case 'period':
      return { by: 'missing', column: 'period', missing: is };
    case 'link':
    case 'reference':
      return { by: 'missing', column: match.column, missing: is };
    case 'instant':
      if (match.column === 'due_at') return { by: 'missing', column: 'due_at', missing: is };
      throw unknownParameter(`${name}:missing`, 'modifier not supported');
    case 'id':
    case 'identifier':
    case 'codes':
    case 'target':
    case 'uri':
      throw unknownParameter(`${name}:missing`, 'modifier not supported');
  }
}

export function readCriterion(
  param: SearchParam,
  modifier: string | undefined,
  value: string,
  context: SearchContext,
): Criterion {
  const { name, match } = param;
  if (modifier === 'missing') return missing(param, value);
  const values = alternatives(name, value);
  const not = modifier === 'not';
  const typed = modifier !== undefined && isResourceType(modifier) ? modifier : undefined;
  const tokens = match.by === 'status' || match.by === 'codes';
  const refers = match.by === 'link' || match.by === 'reference' || match.by === 'target';
  if (modifier !== undefined && !(not && tokens) && !(typed !== undefined && refers)) {
    throw unknownParameter(`${name}:${modifier}`, 'modifier not supported');
  }
  switch (match.by) {
    case 'id': {
      const ids = values.map(plainText);
      if (!ids.every(isResourceId)) throw badValue(name, 'not a resource id');
      return { by: 'id', ids };
    }
    case 'identifier': {
      const pairs = values.map((text) => token(name, text));
      if (pairs.some(({ code }) => code === ''))
        throw badValue(name, 'an identifier is searched by value, or system|value');
      return { by: 'identifier', tokens: pairs.map(({ system, code }) => ({ system, value: code })) };
    }
    case 'status': {
      const pairs = values.map((text) => token(name, text));
      if (pairs.some(({ code }) => code === '')) throw badValue(name, 'a code is missing');
      const ours = pairs.filter(({ system = '' }) => system === '' || system === match.system);
      return { by: 'status', values: ours.map(({ code }) => code), not };
    }
    case 'codes': {
      const pairs = values.map((text) => token(name, text));
      return {
        by: 'codes',
        entries: pairs.map(({ system, code }) => codeEntry(name, system === undefined ? code : `${system}|${code}`)),
        not,
      };
    }
    case 'uri':
      return { by: 'codes', entries: values.map((text) => codeEntry(name, plainText(text))), not: false };
    case 'link':
    case 'reference':
    case 'target': {
      const targets = typed === undefined ? match.targets : match.targets.filter((type) => type === typed);
      if (targets.length === 0) throw unknownParameter(`${name}:${typed}`, 'no such target');
      const found = values.flatMap((text) => references(name, text, targets, context));
      if (match.by === 'target')
        return { by: 'codes', entries: found.map((text) => codeEntry(name, text)), not: false };
      const link = match.by === 'link';
      return {
        by: 'column',
        column: match.column,
        values: link ? found.map((text) => text.slice(text.indexOf('/') + 1)) : found,
      };
    }
    case 'instant':
    case 'period': {
      if (values.length > searchLimit.dates) throw badValue(name, `more than ${searchLimit.dates} dates`);
      const clock = match.by === 'period' && match.days ? utc : context.clock;
      const tests = values.map((text) => {
        const test = parseDateTest(text, context.now, clock);
        if (test === undefined) throw badValue(name, 'not a date, or not a known prefix');
        return test;
      });
      return { by: 'date', column: match.by === 'period' ? 'period' : match.column, tests };
    }
  }
}
