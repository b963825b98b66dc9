// The first field among several that was sent, for each fact (mappings/hl7v2/adt.yaml, partner files).

import { deleted } from '../../hl7/datatypes.ts';
import type { Segment, Value } from '../../hl7/parse.ts';
import type { FeedLanguage } from './dialect.ts';
import type { FactName as AdtFactName } from './fact.ts';
import { nameOf, type Path, readPath } from './field-path.ts';
import type { OtherFactName } from './other-fact.ts';

type FactName = AdtFactName | OtherFactName;

/** A field that was sent. */
export interface Found {
  readonly path: Path;
  readonly segment: Segment;
}

/** The segments one subject or stay is read from, by name. */
export type Segments = (name: string) => Segment | undefined;

/** By the mapping's own list of texts: each list is taken apart once. */
const compiled = new WeakMap<readonly string[], readonly Path[]>();
const none: readonly Path[] = [];

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
