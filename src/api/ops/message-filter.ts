// The conditions under which messages are searched, replayed and counted: from a query string or a JSON body, the same
// names either way, so that what identifies a patient need not stand in an address.

import { createHash } from 'node:crypto';
import { Fault } from '../../base/fault.ts';
import { isDay } from '../../base/time.ts';
import type { FateFilter, FateState } from '../../store/fates.ts';
import { checkLine } from './text.ts';

export const filterNames = [
  'partner',
  'control-id',
  'identifier',
  'visit',
  'state',
  'reason',
  'trigger',
  'flag',
  'from',
  'to',
] as const;
export const pageNames = ['page-size', 'cursor'] as const;
const states: readonly string[] = ['received', 'applied', 'ignored', 'parked', 'waiting'] satisfies FateState[];
const textMax = 1_000;

export type Given<Name extends string> = { readonly [Key in Name]?: string };

const refused = (detail: string): Fault => new Fault('ops.request-invalid', { detail });

/** A JSON body's conditions as texts. Throws `ops.request-invalid` naming what is known. */
export function textsIn<Name extends string>(
  body: Readonly<Record<string, unknown>>,
  known: readonly Name[],
): Given<Name> {
  const found: { [Key in Name]?: string } = {};
  for (const [name, value] of Object.entries(body)) {
    if (!known.includes(name as Name)) throw refused(`known names: ${known.join(', ')}`);
    if (typeof value !== 'string' && typeof value !== 'number') throw refused(`${name} is a text or a number`);
    if (value !== '') found[name as Name] = String(value);
  }
  return found;
}

const isoForm = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d))?$/;

/** A day (its beginning in UTC) or a time with its offset. */
export function readTime(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  const ms = isoForm.test(text) && isDay(text.slice(0, 10)) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms))
    throw refused(`${name} is a day of the calendar (2026-11-20) or a time with its offset (2026-11-20T08:00:00Z)`);
  return ms;
}

export function filterOf(given: Given<(typeof filterNames)[number]>): FateFilter {
  for (const name of filterNames) {
    const text = given[name] ?? '';
    if (text.length > textMax) throw refused(`${name} is at most ${textMax} characters`);
    checkLine(text, name);
  }
  if (given.state !== undefined && !states.includes(given.state)) throw refused(`state is one of ${states.join(', ')}`);
  const from = readTime(given.from, 'from');
  const to = readTime(given.to, 'to');
  if (from !== undefined && to !== undefined && from >= to) throw refused('from lies before to');
  return {
    ...(given.partner !== undefined && { partner: given.partner }),
    ...(given['control-id'] !== undefined && { controlId: given['control-id'] }),
    ...(given.identifier !== undefined && { identifier: given.identifier }),
    ...(given.visit !== undefined && { visit: given.visit }),
    ...(given.state !== undefined && { state: given.state as FateState }),
    ...(given.reason !== undefined && { reason: given.reason }),
    ...(given.trigger !== undefined && { trigger: given.trigger }),
    ...(given.flag !== undefined && { flag: given.flag }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
}

const sizeMax = 200;

export interface Page {
  readonly size: number;
  readonly before: number | undefined;
}

/** The page asked for. A cursor fits only the conditions it came from. */
export function pageOf(given: Given<(typeof pageNames)[number]>, filter: FateFilter): Page {
  const size = given['page-size'] ?? '50';
  if (!/^\d{1,4}$/.test(size) || Number(size) < 1 || Number(size) > sizeMax)
    throw refused(`page-size is a whole number from 1 to ${sizeMax}`);
  if (given.cursor === undefined) return { size: Number(size), before: undefined };
  const [digest, before] = given.cursor.split('.');
  if (digest !== digestOf(filter) || !/^\d{1,15}$/.test(before ?? ''))
    throw refused('cursor is the one of the page before, with the same conditions');
  return { size: Number(size), before: Number(before) };
}

export const cursorAfter = (filter: FateFilter, id: number): string => `${digestOf(filter)}.${id}`;

const digestOf = (filter: FateFilter): string =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(filter).sort(([a], [b]) => (a < b ? -1 : 1))))
    .digest('base64url')
    .slice(0, 12);
