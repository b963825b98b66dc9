// Taking apart JSON from outside: what is not of the form that is asked for is not there.

export type Part = Readonly<Record<string, unknown>>;

/** More repetitions than this are a slip of an interface; what is beyond is left out. */
const listMax = 100;

export const partOf = (value: unknown): Part | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Part) : undefined;

export const partsOf = (value: unknown): readonly Part[] =>
  Array.isArray(value) ? value.slice(0, listMax).flatMap((each: unknown): readonly Part[] => partsOfOne(each)) : [];

function partsOfOne(value: unknown): readonly Part[] {
  const part = partOf(value);
  return part === undefined ? [] : [part];
}

/** Blanks around a text mean nothing. */
export function textOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const trimmed = value.trim();
  return trimmed === '' ? undefined : trimmed;
}

export const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.slice(0, listMax).flatMap((each) => textOf(each) ?? []) : [];

/** The codings of a CodeableConcept. */
export const codingsOf = (concept: unknown): readonly Part[] => partsOf(partOf(concept)?.coding);
