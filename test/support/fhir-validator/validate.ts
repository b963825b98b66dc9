// A structural validator of FHIR R4 resources against their type and the profiles they claim: elements, types,
// cardinality, slices, fixed and pattern values, required bindings, reference targets, invariants.

import { definitionOf, findByPath, type Node, targetType, treeOf, typeUrl } from './definitions.ts';
import { invariants, structureOnly } from './invariants.ts';
import { isOfPrimitive, isPrimitive } from './primitives.ts';
import { codesOf, isWithin } from './required-codes.ts';
import { constantOf, matchesPattern, sliceOf } from './slices.ts';

export interface Issue {
  /** `Patient.name[0].family` */
  readonly path: string;
  /** What rule is broken: `unknown-element`, `min`, `max`, `type`, `binding`, … or the key of an invariant. */
  readonly rule: string;
  readonly message: string;
}

type Json = Record<string, unknown>;

interface Walk {
  readonly root: Json;
  readonly issues: Issue[];
  /** Tree in which `contentReference` is looked up. */
  readonly tree: Node;
}

/** Every fault of a resource; none when it is valid. Profiles are those it claims in `meta.profile`, and `profiles`. */
export function validate(resource: unknown, profiles: readonly string[] = []): Issue[] {
  const root = JSON.parse(JSON.stringify(resource)) as Json;
  const issues: Issue[] = [];
  const meta = root.meta as { profile?: string[] } | undefined;
  for (const url of new Set([typeUrl(String(root.resourceType)), ...(meta?.profile ?? []), ...profiles])) {
    checkAgainst(url, root, root, String(root.resourceType), issues);
  }
  return [...new Map(issues.map((issue) => [`${issue.rule} ${issue.path}`, issue])).values()];
}

/** Issues as lines, for messages of tests. */
export const describeIssues = (issues: readonly Issue[]): string[] =>
  issues.map(({ path, rule, message }) => `${path}: ${rule}: ${message}`);

function checkAgainst(url: string, value: Json, root: Json, path: string, issues: Issue[]): void {
  const tree = treeOf(url);
  const definition = definitionOf(url);
  if (tree === undefined || definition === undefined) {
    issues.push({ path, rule: 'unknown-definition', message: url });
    return;
  }
  if (definition.kind === 'resource' && value.resourceType !== definition.type) {
    issues.push({ path, rule: 'type', message: `${String(value.resourceType)} is no ${definition.type}` });
    return;
  }
  if (definition.kind === 'resource' && value.id !== undefined && !isOfPrimitive('id', value.id)) {
    issues.push({ path: `${path}.id`, rule: 'type', message: 'no id' });
  }
  const walk = { root, issues, tree };
  checkConstraints(tree, value, path, walk);
  checkChildren(tree.children, value, path, walk, definition.kind === 'resource');
}

function checkChildren(nodes: readonly Node[], value: Json, path: string, walk: Walk, isResource: boolean): void {
  const known = new Set(isResource ? ['resourceType'] : []);
  for (const node of nodes) {
    for (const key of namesOf(node)) for (const name of [key, `_${key}`]) known.add(name);
    checkElement(node, value, path, walk);
  }
  for (const key of Object.keys(value)) {
    if (!known.has(key))
      walk.issues.push({ path: `${path}.${key}`, rule: 'unknown-element', message: 'not defined here' });
  }
}

const capital = (text: string): string => text[0]!.toUpperCase() + text.slice(1);
const namesOf = ({ name, definition }: Node): string[] =>
  name.endsWith('[x]') ? (definition.type ?? []).map(({ code }) => name.slice(0, -3) + capital(code)) : [name];

function checkElement(node: Node, parent: Json, path: string, walk: Walk): void {
  const { definition } = node;
  const present = namesOf(node).filter((key) => parent[key] !== undefined || parent[`_${key}`] !== undefined);
  const fault = (rule: string, message: string): void => {
    walk.issues.push({ path: `${path}.${node.name}`, rule, message });
  };
  if (present.length > 1) fault('choice', `only one of ${present.join(', ')}`);
  const [key = node.name] = present;
  const repeats = (definition.base?.max ?? definition.max) !== '1' && (definition.base?.max ?? definition.max) !== '0';
  const stand = parent[`_${key}`] !== undefined && repeats ? [undefined] : undefined;
  const held = parent[key] === undefined ? stand : parent[key];
  if (held !== undefined && Array.isArray(held) !== repeats)
    fault('repetition', repeats ? 'must be a list' : 'no list');
  if (Array.isArray(held) && held.length === 0) fault('empty', 'lists are never empty');
  const values = held === undefined ? (present.length > 0 ? [undefined] : []) : Array.isArray(held) ? held : [held];
  checkCount(definition, values.length, fault);
  checkExtensions(parent[`_${key}`], `${path}._${key}`, walk);
  const type = typeOf(node, key);
  const counts = new Map<Node, number>();
  values.forEach((value, at) => {
    const where = Array.isArray(held) ? `${path}.${key}[${at}]` : `${path}.${key}`;
    if (value === undefined) return;
    checkValue(node, type, value, where, walk);
    const slice = node.slices.length === 0 ? undefined : sliceOf(node, value);
    if (slice === undefined) {
      if (node.slices.length > 0 && definition.slicing?.rules === 'closed') fault('slice', 'fits no slice');
      return;
    }
    counts.set(slice, (counts.get(slice) ?? 0) + 1);
    checkValue(slice, type, value, where, walk);
  });
  for (const slice of node.slices) {
    checkCount(slice.definition, counts.get(slice) ?? 0, (rule, message) => fault(rule, `${slice.slice}: ${message}`));
  }
}

/** The ids and extensions of primitive values, which stand beside them (FHIR R4 json.html#primitive). */
function checkExtensions(beside: unknown, path: string, walk: Walk): void {
  for (const one of Array.isArray(beside) ? beside : [beside]) {
    if (one) checkChildren(treeOf(typeUrl('Element'))?.children ?? [], one as Json, path, walk, false);
  }
}

function checkCount(
  { min, max }: { readonly min: number; readonly max: string },
  count: number,
  fault: (rule: string, message: string) => void,
): void {
  if (count < min) fault('min', `${count} of at least ${min}`);
  if (max !== '*' && count > Number(max)) fault('max', `${count} of at most ${max}`);
}

type TypeOf = NonNullable<Node['definition']['type']>[number];

function typeOf({ name, definition }: Node, key: string): TypeOf | undefined {
  const types = definition.type ?? [];
  return name.endsWith('[x]') ? types.find(({ code }) => name.slice(0, -3) + capital(code) === key) : types[0];
}

function checkValue(node: Node, type: TypeOf | undefined, value: unknown, path: string, walk: Walk): void {
  const fault = (rule: string, message: string): void => {
    walk.issues.push({ path, rule, message });
  };
  if (value === null) {
    fault('empty', 'null stands for nothing');
    return;
  }
  const constant = constantOf(node);
  if (constant?.fixed && JSON.stringify(value) !== JSON.stringify(constant.value)) {
    fault('fixed', `must be ${JSON.stringify(constant.value)}`);
  } else if (constant !== undefined && !matchesPattern(value, constant.value)) {
    fault('pattern', `must hold ${JSON.stringify(constant.value)}`);
  }
  checkBinding(node, value, fault);
  if (type !== undefined && isPrimitive(type.code)) {
    if (!isOfPrimitive(type.code, value)) fault('type', `${JSON.stringify(value)} is no ${type.code}`);
    return;
  }
  if (typeof value !== 'object' || Array.isArray(value)) {
    fault('type', `must be a ${type?.code ?? 'structure'}`);
    return;
  }
  checkConstraints(node, value, path, walk);
  checkStructure(node, type, value as Json, path, walk);
}

function checkBinding(node: Node, value: unknown, fault: (rule: string, message: string) => void): void {
  const { binding } = node.definition;
  if (binding?.strength !== 'required' || binding.valueSet === undefined) return;
  const codes = codesOf(binding.valueSet);
  if (codes === undefined) fault('unknown-value-set', binding.valueSet);
  else if (codes !== null && !isWithin(value, codes)) {
    fault('binding', `${JSON.stringify(value)} is not in ${binding.valueSet}`);
  }
}

function checkStructure(node: Node, type: TypeOf | undefined, value: Json, path: string, walk: Walk): void {
  const { contentReference } = node.definition;
  if (contentReference !== undefined) {
    const shared = findByPath(walk.tree, contentReference.slice(contentReference.indexOf('#') + 1));
    if (shared === undefined) throw new Error(`nothing at ${contentReference}`);
    checkChildren(shared.children, value, path, walk, false);
    return;
  }
  if (type?.code === 'Resource') {
    checkAgainst(typeUrl(String(value.resourceType)), value, walk.root, path, walk.issues);
    return;
  }
  if (type?.code === 'Reference') checkTarget(type, value, path, walk);
  if (node.children.length > 0) checkChildren(node.children, value, path, walk, false);
  else if (type !== undefined) checkAgainst(typeUrl(type.code), value, walk.root, path, walk.issues);
  // An extension that we know is checked wherever it stands.
  if (type?.code === 'Extension' && definitionOf(String(value.url)) !== undefined) {
    checkAgainst(String(value.url), value, walk.root, path, walk.issues);
  }
}

function checkTarget(type: TypeOf, value: Json, path: string, walk: Walk): void {
  const targets = (type.targetProfile ?? []).map(targetType);
  if (targets.length === 0 || targets.includes(undefined) || targets.includes('Resource')) return;
  const literal =
    typeof value.reference === 'string' ? /([A-Za-z]+)\/[^/]+(?:\/_history\/[^/]+)?$/.exec(value.reference) : null;
  const found = literal?.[1] ?? value.type;
  if (found !== undefined && !targets.includes(String(found))) {
    walk.issues.push({ path, rule: 'target', message: `${String(found)} is none of ${targets.join(', ')}` });
  }
}

function checkConstraints(node: Node, value: unknown, path: string, walk: Walk): void {
  if (structureOnly.includes(String((value as Json).resourceType))) return;
  for (const { key, severity, human } of node.definition.constraint ?? []) {
    if (severity === 'error' && invariants[key]?.(value, walk.root) === false) {
      walk.issues.push({ path, rule: key, message: human });
    }
  }
}
