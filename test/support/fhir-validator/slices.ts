// Which slice a repetition belongs to, by the discriminator that the profile names (FHIR R4 profiling.html#discriminator).

import { type Node, treeOf } from './definitions.ts';
import { codesOf, isWithin } from './required-codes.ts';

/** Whether a value holds everything that a pattern does (FHIR R4 elementdefinition-definitions.html#pattern). */
export function matchesPattern(value: unknown, pattern: unknown): boolean {
  if (Array.isArray(pattern)) {
    return Array.isArray(value) && pattern.every((part) => value.some((one) => matchesPattern(one, part)));
  }
  if (pattern !== null && typeof pattern === 'object') {
    if (value === null || typeof value !== 'object') return false;
    const held = value as Record<string, unknown>;
    return Object.entries(pattern).every(([key, part]) => matchesPattern(held[key], part));
  }
  return value === pattern;
}

/** The fixed value or the pattern of an element. */
export function constantOf({ definition }: Node): { readonly fixed: boolean; readonly value: unknown } | undefined {
  for (const [key, value] of Object.entries(definition)) {
    if (key.startsWith('fixed')) return { fixed: true, value };
    if (key.startsWith('pattern')) return { fixed: false, value };
  }
  return undefined;
}

/** The slice of `base` that a value falls into. Discriminators that the known profiles do not use throw. */
export function sliceOf(base: Node, value: unknown): Node | undefined {
  return base.slices.find((slice) =>
    (base.definition.slicing?.discriminator ?? []).every((by) => meets(slice, by, value)),
  );
}

function meets(slice: Node, by: { readonly type: string; readonly path: string }, value: unknown): boolean {
  if (by.type !== 'value' && by.type !== 'pattern') throw new Error(`discriminator ${by.type} is not known here`);
  const node = by.path === '$this' ? slice : slice.children.find((child) => child.name === by.path);
  const held = by.path === '$this' ? value : (value as Record<string, unknown>)[by.path];
  const constant = node === undefined ? undefined : constantOf(node);
  if (constant !== undefined) return matchesPattern(held, constant.value);
  if (by.path === 'url') return held === urlOf(slice);
  const codes =
    slice.definition.binding?.valueSet === undefined ? undefined : codesOf(slice.definition.binding.valueSet);
  if (codes) return isWithin(held, codes);
  throw new Error(`slice ${slice.slice} of ${slice.definition.path} has no discriminating value`);
}

/** The url of the extension that a slice stands for. */
function urlOf(slice: Node): unknown {
  const [profile] = slice.definition.type?.[0]?.profile ?? [];
  const url = profile === undefined ? undefined : treeOf(profile)?.children.find((child) => child.name === 'url');
  return url === undefined ? profile : constantOf(url)?.value;
}
