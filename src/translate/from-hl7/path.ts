// Field paths such as `PV1-19` and `PID-18.1`, and the first field among several that was sent
// (mappings/hl7v2/adt.yaml).

import { deleted } from '../../hl7/datatypes.ts';
import type { Segment, Value } from '../../hl7/parse.ts';
import type { FeedLanguage } from './dialect.ts';
import type { FactName as AdtFactName } from './fact.ts';
import type { OtherFactName } from './other-fact.ts';

type FactName = AdtFactName | OtherFactName;

export interface Path {
  readonly segment: string;
  readonly field: number;
  /** Absent when the path names the whole field. */
  readonly component?: number;
  readonly subcomponent?: number;
  /** `PV1-19`, for warnings. */
  readonly name: string;
}

/** A field that was sent. */
export interface Found {
  readonly path: Path;
  readonly segment: Segment;
}

/** The segments one subject or stay is read from, by name. */
export type Segments = (name: string) => Segment | undefined;

const form = /^([A-Z][A-Z0-9]{2})-([1-9]\d{0,2})(?:\.([1-9]\d?)(?:\.([1-9]\d?))?)?$/;
/** By the mapping's own list of texts: each list is taken apart once. */
const compiled = new WeakMap<readonly string[], readonly Path[]>();
const none: readonly Path[] = [];

/** Undefined when the text is no path. */
export function readPath(text: string): Path | undefined {
  const match = form.exec(text);
  if (match === null) return undefined;
  const [, segment = '', field, component, subcomponent] = match;
  return {
    segment,
    field: Number(field),
    ...(component !== undefined && { component: Number(component) }),
    ...(subcomponent !== undefined && { subcomponent: Number(subcomponent) }),
    name: `${segment}-${field}`,
  };
}

/** The paths of a fact, in the mapping's order. */
export function pathsOf(language: FeedLanguage, fact: FactName): readonly Path[] {
  const texts = language.mapping.fields[fact];
  if (texts === undefined) return none;
  let paths = compiled.get(texts);
  if (paths === undefined) compiled.set(texts, (paths = texts.flatMap((text) => readPath(text) ?? [])));
  return paths;
}

/** The first field of a fact that was sent; `""` counts as sent. */
export function find(language: FeedLanguage, fact: FactName, segments: Segments): Found | undefined {
  for (const path of pathsOf(language, fact)) {
    const segment = segments(path.segment);
    if (segment !== undefined && isSent(segment, path)) return { path, segment };
  }
  return undefined;
}

/** What a fact's field says: `null` when it was sent as `""`, undefined when nothing was or `read` finds nothing. */
export function factOf<Type>(
  language: FeedLanguage,
  fact: FactName,
  segments: Segments,
  read: (found: Found) => Type | undefined,
): Type | null | undefined {
  const found = find(language, fact, segments);
  if (found === undefined) return undefined;
  const said = isDeleted(found) ? null : read(found);
  if (language.trace !== undefined) language.trace.fact(fact, nameOf(found.path), rawOf(found), said);
  return said;
}

/** A path as the mapping writes it, `PV1-37.1`. */
export function nameOf({ name, component, subcomponent }: Path): string {
  const parts = [component, subcomponent].filter((part) => part !== undefined);
  return [name, ...parts].join('.');
}

const rawOf = ({ segment, path }: Found): string => segment.field(path.field) ?? '';

/** The value at a path: its component, or the first of its field. */
export const valueAt = ({ path, segment }: Found): Value =>
  segment.get(path.field, path.component ?? 1, path.subcomponent ?? 1);

function isDeleted(found: Found): boolean {
  const { path, segment } = found;
  return path.component === undefined ? deleted(segment, path.field) : valueAt(found) === null;
}

function isSent(segment: Segment, path: Path): boolean {
  if (path.component === undefined) return hasContent(segment.field(path.field));
  const value = segment.get(path.field, path.component, path.subcomponent ?? 1);
  return value === null || (value !== undefined && value.trim() !== '');
}

const hasContent = (field: string | undefined): boolean => field !== undefined && field.trim() !== '';
