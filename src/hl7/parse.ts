// Reads an HL7 v2 message (v2.5.1 ch. 2.5 and 2.6): segments at once, fields only when asked for. An ADT message
// gives a dozen fields in some 10 µs; splitting everything up front costs seven times that.

import { contentStart, type Delimiters, readDelimiters } from './delimiters.ts';
import { unescapeText } from './escape.ts';
import { isSegment, splitLines } from './lines.ts';

/** `null` = sent as `""`, delete what is stored; `undefined` = not sent (v2.5.1 ch. 2.5.3). */
export type Value = string | null | undefined;

export interface Segment {
  readonly name: string;
  readonly raw: string;
  readonly delimiters: Delimiters;
  /** The field as it was sent, escapes and all; `undefined` past the last field. */
  field(number: number): string | undefined;
  /** How many repetitions were sent; 0 for an empty field. */
  repetitions(field: number): number;
  /** Fields, components and sub-components count from 1, repetitions from 0. */
  get(field: number, component?: number, subcomponent?: number, repetition?: number): Value;
}

export interface ParseWarning {
  /**
   * `continuation`: lines that are no segments were taken as wrapped text of the segment before them.
   * `stray-line`: after a blank line they belong to none (a comment of whoever captured the message) and are left out.
   * `mixed-terminators`: LF ended segments among CR.
   * `line-ends`: LF ended segments throughout, or CR and LF.
   */
  readonly kind: 'continuation' | 'stray-line' | 'mixed-terminators' | 'line-ends';
  /** Index of the segment it concerns. */
  readonly segment: number;
}

export interface Message {
  readonly segments: readonly Segment[];
  readonly delimiters: Delimiters;
  readonly warnings: readonly ParseWarning[];
  first(name: string): Segment | undefined;
  all(name: string): readonly Segment[];
}

/** Throws `hl7.not-a-message` or `hl7.bad-delimiters`; everything else is read, with warnings. */
export function parse(text: string): Message {
  const start = contentStart(text);
  const delimiters = readDelimiters(text, start);
  const { lines, isMixed, hasLineFeeds } = splitLines(withoutFrame(text, start), delimiters.field);
  const segments: LazySegment[] = [];
  const warnings: ParseWarning[] = [];
  if (isMixed) warnings.push({ kind: 'mixed-terminators', segment: 0 });
  else if (hasLineFeeds) warnings.push({ kind: 'line-ends', segment: 0 });
  let isAfterBlank = false;
  for (const line of lines) {
    const last = segments.at(-1);
    if (line === '') {
      isAfterBlank = true;
    } else if (last === undefined || isSegment(line, delimiters.field)) {
      segments.push(new LazySegment(line, delimiters));
      isAfterBlank = false;
    } else {
      const kind = isAfterBlank ? 'stray-line' : 'continuation';
      if (!isAfterBlank) last.append(line);
      const segment = segments.length - 1;
      const warned = warnings.at(-1);
      if (warned?.kind !== kind || warned.segment !== segment) warnings.push({ kind, segment });
    }
  }
  return {
    segments,
    delimiters,
    warnings,
    first: (name) => segments.find((segment) => segment.name === name),
    all: (name) => segments.filter((segment) => segment.name === name),
  };
}

/** The text of a message, each segment ended by CR: for text that came so, the identical text. */
export function serialize(message: Message): string {
  return message.segments.map((segment) => `${segment.raw}\r`).join('');
}

/** One segment alone, from its text without the terminator. */
export function parseSegment(raw: string, delimiters: Delimiters): Segment {
  return new LazySegment(raw, delimiters);
}

/** Drops what precedes MSH and an MLLP end block that a file or an HTTP body may still carry. */
function withoutFrame(text: string, start: number): string {
  let end = text.length;
  while (end > start && (isLineEnd(text[end - 1]) || text[end - 1] === '\x1c')) end -= 1;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

const isLineEnd = (character: string | undefined): boolean => character === '\r' || character === '\n';

/** A class because it keeps what it has split; a message of 10^5 segments cannot afford closures for each. */
class LazySegment implements Segment {
  readonly name: string;
  readonly delimiters: Delimiters;
  #raw: string;
  #fields: string[] | undefined;
  #splitField = -1;
  #splitRepetitions: readonly string[] = [];

  constructor(raw: string, delimiters: Delimiters) {
    this.name = raw.slice(0, 3);
    this.delimiters = delimiters;
    this.#raw = raw;
  }

  get raw(): string {
    return this.#raw;
  }

  /** Adds a line that is no segment. Only `parse` calls it, before anyone reads. */
  append(line: string): void {
    this.#raw += `\r${line}`;
  }

  field(number: number): string | undefined {
    this.#fields ??= this.#split();
    return number < 1 ? undefined : this.#fields[number];
  }

  repetitions(field: number): number {
    return this.#repetitionsOf(field).length;
  }

  get(field: number, component = 1, subcomponent = 1, repetition = 0): Value {
    const text = this.#repetitionsOf(field)[repetition];
    if (text === undefined) return undefined;
    if (field < 3 && this.#isHeader()) return component === 1 && subcomponent === 1 ? text : undefined;
    const { component: componentMark, subcomponent: subcomponentMark } = this.delimiters;
    const part = nth(nth(text, componentMark, component), subcomponentMark, subcomponent);
    if (part === '') return undefined;
    return part === '""' ? null : unescapeText(part, this.delimiters);
  }

  /** In MSH, FHS and BHS the separator itself is field 1. */
  #isHeader(): boolean {
    return this.name === 'MSH' || this.name === 'FHS' || this.name === 'BHS';
  }

  #split(): string[] {
    const fields = this.#raw.split(this.delimiters.field);
    if (this.#isHeader()) fields.splice(1, 0, this.delimiters.field);
    return fields;
  }

  /** Remembers the last field it split: reading 10^5 repetitions one by one must not split them 10^5 times. */
  #repetitionsOf(field: number): readonly string[] {
    if (this.#splitField === field) return this.#splitRepetitions;
    const text = this.field(field);
    this.#splitField = field;
    if (text === undefined || text === '') this.#splitRepetitions = [];
    else if (field < 3 && this.#isHeader()) this.#splitRepetitions = [text];
    else this.#splitRepetitions = splitBy(text, this.delimiters.repetition);
    return this.#splitRepetitions;
  }
}

const splitBy = (text: string, mark: string): readonly string[] => (mark === '' ? [text] : text.split(mark));

/** The nth part of a text, counting from 1; empty when there is none. */
function nth(text: string, mark: string, count: number): string {
  if (mark === '') return count === 1 ? text : '';
  let start = 0;
  for (let index = 1; index < count; index += 1) {
    const at = text.indexOf(mark, start);
    if (at < 0) return '';
    start = at + 1;
  }
  const end = text.indexOf(mark, start);
  return end < 0 ? text.slice(start) : text.slice(start, end);
}
