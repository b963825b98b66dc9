// What a sender sent, taken plainly: blanks around a value mean nothing, `""` inside a composite leaves that part
// out, and what was not sent does not appear (HL7 v2.5.1 ch. 2.5.3).

import type { Value } from '../../hl7/parse.ts';

type Sent<Type> = { [Key in keyof Type]?: Exclude<Type[Key], undefined> };

/** The same object without the keys that hold undefined. */
export function sent<Type extends object>(values: Type): Sent<Type> {
  const result: { [Key in keyof Type]?: Type[Key] } = {};
  for (const key in values) if (values[key] !== undefined) result[key] = values[key];
  return result as Sent<Type>;
}

/** The text of a part; undefined when it is empty, blank or `""`. */
export function text(value: Value): string | undefined {
  if (value === undefined || value === null) return undefined;
  const trimmed = value.trim();
  return trimmed === '' ? undefined : trimmed;
}

/** A record's own entry: names from a message never reach what objects inherit. */
export const own = <Type>(record: Readonly<Record<string, Type>>, key: string): Type | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;
