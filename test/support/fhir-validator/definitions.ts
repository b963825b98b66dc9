// The definitions that the validator works with: FHIR R4 types and the US Core profiles we claim, each snapshot as a
// tree (FHIR R4 elementdefinition.html).

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ElementDefinition {
  readonly id?: string;
  readonly path: string;
  readonly min: number;
  readonly max: string;
  readonly base?: { readonly max: string };
  readonly contentReference?: string;
  readonly type?: readonly {
    readonly code: string;
    readonly profile?: readonly string[];
    readonly targetProfile?: readonly string[];
  }[];
  readonly binding?: { readonly strength: string; readonly valueSet?: string };
  readonly slicing?: {
    readonly discriminator?: readonly { readonly type: string; readonly path: string }[];
    readonly rules: string;
  };
  readonly constraint?: readonly { readonly key: string; readonly severity: string; readonly human: string }[];
  readonly [fixedOrPattern: `fixed${string}` | `pattern${string}`]: unknown;
}

export interface StructureDefinition {
  readonly url: string;
  readonly type: string;
  readonly kind: string;
  readonly abstract: boolean;
  readonly snapshot: { readonly element: readonly ElementDefinition[] };
}

/** One element with those below it and, where it is sliced, its slices. */
export interface Node {
  readonly definition: ElementDefinition;
  /** Last part of the path: `identifier`, `value[x]`. */
  readonly name: string;
  readonly slice: string | undefined;
  readonly children: Node[];
  readonly slices: Node[];
}

const fixtures = new URL('../../fixtures/fhir/', import.meta.url).pathname;
const load = (path: string): unknown => JSON.parse(readFileSync(join(fixtures, path), 'utf8'));
const ownProfiles = readdirSync(join(fixtures, 'us-core-6.1.0'))
  .filter((name) => name.startsWith('StructureDefinition-'))
  .map((name) => load(`us-core-6.1.0/${name}`));

export const structureDefinitions: readonly StructureDefinition[] = [
  ...(load('r4/structure-definitions.json') as StructureDefinition[]),
  ...(ownProfiles as StructureDefinition[]),
];
const byUrl = new Map(structureDefinitions.map((one) => [one.url, one]));

const core = 'http://hl7.org/fhir/StructureDefinition/';
export const typeUrl = (type: string): string => `${core}${type}`;
export const definitionOf = (url: string): StructureDefinition | undefined => byUrl.get(url.split('|')[0] ?? url);

const trees = new Map<string, Node>();

/** The tree of a definition; nothing where it is not known. */
export function treeOf(url: string): Node | undefined {
  const definition = definitionOf(url);
  if (definition === undefined) return undefined;
  const known = trees.get(definition.url) ?? grow(definition);
  trees.set(definition.url, known);
  return known;
}

function grow({ snapshot, url }: StructureDefinition): Node {
  const nodes = new Map<string, Node>();
  for (const definition of snapshot.element) {
    const id = definition.id ?? definition.path;
    const [last = '', ...above] = id.split('.').reverse();
    const [name = '', slice] = last.split(':');
    const node: Node = { definition, name, slice, children: [], slices: [] };
    nodes.set(id, node);
    if (above.length === 0) continue;
    const parent = above.reverse().join('.');
    if (slice === undefined) nodes.get(parent)?.children.push(node);
    else nodes.get(`${parent}.${name}`)?.slices.push(node);
  }
  const root = nodes.get(snapshot.element[0]?.id ?? snapshot.element[0]?.path ?? '');
  if (root === undefined) throw new Error(`no root in ${url}`);
  return root;
}

/** What a `#Type.path` of the same definition points at. */
export function findByPath(root: Node, path: string): Node | undefined {
  if (root.definition.path === path) return root;
  for (const child of root.children) {
    if (path === child.definition.path || path.startsWith(`${child.definition.path}.`)) return findByPath(child, path);
  }
  return undefined;
}

/** The resource type that a reference target names; nothing for a profile that is not known here. */
export function targetType(profile: string): string | undefined {
  const known = definitionOf(profile)?.type;
  if (known !== undefined) return known;
  return profile.startsWith(core) ? profile.slice(core.length) : undefined;
}
