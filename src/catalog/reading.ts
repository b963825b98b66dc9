// Reading YAML 1.2 files of profiles/ and mappings/ so that every fault is told with its file, line and place.
// Readers go on after a fault with an empty value; whoever called them discards what has problems.

import { readFileSync } from 'node:fs';
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Scalar } from 'yaml';
import { type LocalDate, localDate } from '../base/instant.ts';
import { isDay } from '../base/time.ts';

export interface Problem {
  readonly file: string;
  readonly line?: number;
  /** Path within the file, `open.if.all[2]`; empty for the file as a whole. */
  readonly place: string;
  readonly says: string;
  /** What would be right. */
  readonly right: string;
}

/** One line: `protocols/x/protocol.yaml:12: unknown fact "patient.agee" at open.if.all[2]; known facts: …`. */
export function tellProblem(problem: Problem): string {
  const line = problem.line === undefined ? '' : `:${problem.line}`;
  const place = problem.place === '' ? '' : ` at ${problem.place}`;
  return `${problem.file}${line}: ${problem.says}${place}; ${problem.right}`;
}

/** A value somewhere in a file. */
export interface Field {
  readonly place: string;
  /** A node of the YAML tree; `undefined` where a fault has been told already and nothing more is to be said. */
  readonly node: unknown;
  readonly source: Source;
}

interface Source {
  readonly file: string;
  readonly lines: LineCounter;
  readonly problems: Problem[];
}

/** Opens a file; `file` is its name in problems. A syntax error or a key given twice is a problem and gives nothing. */
export function openYaml(path: string, file: string, problems: Problem[]): Field | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    problems.push({ file, place: '', says: 'the file cannot be read', right: 'it must exist and be readable' });
    return undefined;
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { version: '1.2', lineCounter: lines, prettyErrors: false });
  const faults = [...document.errors, ...document.warnings];
  for (const fault of faults) {
    const line = lines.linePos(fault.pos[0]).line;
    problems.push({ file, line, place: '', says: `not readable YAML: ${fault.message}`, right: 'mend the syntax' });
  }
  if (faults.length > 0) return undefined;
  return { place: '', node: document.contents, source: { file, lines, problems } };
}

export function report(field: Field, says: string, right: string): void {
  if (field.node !== undefined) field.source.problems.push({ ...whereIs(field), says, right });
}

/** File, line and place of a field. */
export function whereIs(field: Field): Pick<Problem, 'file' | 'line' | 'place'> {
  const start = (field.node as { range?: readonly number[] } | null | undefined)?.range?.[0];
  const line = start === undefined ? {} : { line: field.source.lines.linePos(start).line };
  return { file: field.source.file, ...line, place: field.place };
}

/** Whether a mapping has a key: for files where one key decides what the others are. */
export function has(field: Field, key: string): boolean {
  return isMap(field.node) && field.node.has(key);
}

type Fields<Required extends string, Optional extends string> = { readonly [Key in Required]: Field } & {
  readonly [Key in Optional]?: Field;
};

/** A mapping with the keys given and no others: a misspelt key is an error. */
export function record<Required extends string, Optional extends string = never>(
  field: Field,
  required: readonly Required[],
  optional: readonly Optional[] = [],
): Fields<Required, Optional> {
  const known: readonly string[] = [...required, ...optional];
  const found: Record<string, Field> = {};
  for (const [key, value] of entries(field)) {
    if (known.includes(key)) found[key] = value;
    else report({ ...value, place: field.place }, `unknown key "${key}"`, `known keys: ${known.join(', ')}`);
  }
  const isMapping = isMap(field.node);
  for (const key of required.filter((each) => found[each] === undefined)) {
    if (isMapping) report(field, `missing key "${key}"`, `needed keys: ${required.join(', ')}`);
    found[key] = { place: within(field, key), node: undefined, source: field.source };
  }
  return found as Fields<Required, Optional>;
}

/** The pairs of a mapping, in the file's order. */
export function entries(field: Field): (readonly [string, Field])[] {
  if (!isMap(field.node)) {
    report(field, `expected a mapping, found ${kindOf(field)}`, 'write key: value');
    return [];
  }
  const pairs: (readonly [string, Field])[] = [];
  for (const pair of field.node.items) {
    const key = isScalar(pair.key) ? (pair.key as Scalar) : undefined;
    if (key === undefined) report(field, 'a key that is not text', 'write key: value');
    else {
      const name = typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
      pairs.push([name, { place: within(field, name), node: pair.value, source: field.source }]);
    }
  }
  return pairs;
}

export function list(field: Field): Field[] {
  if (!isSeq(field.node)) {
    report(field, `expected a list, found ${kindOf(field)}`, 'write [a, b] or one "- " line for each');
    return [];
  }
  return field.node.items.map((node, index) => ({ place: `${field.place}[${index}]`, node, source: field.source }));
}

/** Text. A number or yes-no word without quotes fails: `01` would lose its zero. */
export function text(field: Field): string {
  const value = scalarOf(field);
  if (typeof value === 'string') {
    if (value.trim() === '') report(field, 'the text is empty', 'write something or leave the key out');
    return value;
  }
  const source = isScalar(field.node) ? field.node.source : undefined;
  const right = value === undefined || value === null ? 'write text' : `quote it: "${source}"`;
  report(field, `expected text, found ${kindOf(field)}`, right);
  return '';
}

/** A name that other files use: `care-coordinator`. */
export function identifier(field: Field): string {
  const value = text(field);
  if (value !== '' && !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(value)) {
    report(field, `"${value}" is not an id`, 'write lower-case letters and digits with single hyphens');
  }
  return value;
}

export function wholeNumber(field: Field, least: number): number {
  const value = scalarOf(field);
  if (typeof value === 'number' && Number.isInteger(value) && value >= least) return value;
  report(field, `expected a whole number, found ${kindOf(field)}`, `write a number from ${least} on, without quotes`);
  return least;
}

export function real(field: Field): number {
  const value = scalarOf(field);
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  report(field, `expected a number, found ${kindOf(field)}`, 'write a number, without quotes');
  return 0;
}

export function flag(field: Field): boolean {
  const value = scalarOf(field);
  if (typeof value === 'boolean') return value;
  report(field, `expected true or false, found ${kindOf(field)}`, 'write true or false, without quotes');
  return false;
}

/** One of a closed list; `what` names it in the singular, `role`. */
export function oneOf<Value extends string>(field: Field, values: readonly Value[], what: string): Value {
  const value = text(field);
  if (value !== '' && !values.includes(value as Value)) {
    report(field, `unknown ${what} "${value}"`, `known: ${values.join(', ')}`);
  }
  return value as Value;
}

export function day(field: Field): LocalDate {
  const value = text(field);
  if (value !== '' && !isDay(value)) report(field, `"${value}" is not a day`, 'write it like 2026-11-20');
  return localDate(value);
}

/** What stands more than once. */
export function repeated(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}

function scalarOf(field: Field): unknown {
  return isScalar(field.node) ? field.node.value : undefined;
}

function kindOf(field: Field): string {
  if (isMap(field.node)) return 'a mapping';
  if (isSeq(field.node)) return 'a list';
  if (!isScalar(field.node)) return field.node === null ? 'nothing' : 'an alias';
  const { value, source } = field.node;
  if (value === null) return 'nothing';
  return typeof value === 'string' ? `"${value}"` : `the ${typeof value} ${source ?? String(value)}`;
}

const within = (field: Field, key: string): string => (field.place === '' ? key : `${field.place}.${key}`);
