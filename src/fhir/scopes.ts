// SMART scopes of systems: `system/Type.cruds` (v2) and `.read`, `.write`, `.*` (v1), granted as what was asked and is
// allowed (SMART App Launch 2.2.0 scopes-and-launch-context.html; backend-services.html).

export const rights = ['c', 'r', 'u', 'd', 's'] as const;
export type Right = (typeof rights)[number];

export interface Scope {
  /** A resource type, or `*`. */
  readonly type: string;
  readonly rights: readonly Right[];
}

const form = /^system\/(\*|[A-Z][A-Za-z]{1,63})\.(read|write|\*|c?r?u?d?s?)$/;
const v1: Readonly<Record<string, readonly Right[]>> = { read: ['r', 's'], write: ['c', 'u', 'd'], '*': rights };

/**
 * One scope; undefined when it is none of ours: other contexts, letters out of order, and scopes narrowed by a query
 * (`?…`), which would have to be enforced and are not offered.
 */
export function parseScope(text: string): Scope | undefined {
  const found = form.exec(text);
  const [, type = '', letters = ''] = found ?? [];
  if (found === null || letters === '') return undefined;
  return { type, rights: v1[letters] ?? (letters.split('') as Right[]) };
}

/** The scopes of a blank-separated list that are known here. */
export const parseScopes = (text: string): Scope[] =>
  [...new Set(text.split(' '))].flatMap((each) => parseScope(each) ?? []);

const allows = (scopes: readonly Scope[], type: string, right: Right): boolean =>
  scopes.some((scope) => (scope.type === '*' || scope.type === type) && scope.rights.includes(right));

/** Whether these scopes allow an interaction: `r` for read, vread and history, `s` for search. */
export const permits = allows;

const write = ({ type, rights: letters }: Scope): string =>
  `system/${type}.${rights.filter((right) => letters.includes(right)).join('')}`;

/**
 * What a client gets: of every scope asked the rights that it may have. A wildcard that is asked where single types are
 * allowed yields those types. The wording of a scope that is granted whole is kept (`system/*.read` stays so).
 */
export function grantScopes(asked: string, allowed: string): string {
  const may = parseScopes(allowed);
  const granted = new Set<string>();
  for (const text of asked.split(' ')) {
    const scope = parseScope(text);
    if (scope === undefined) continue;
    if (scope.rights.every((right) => allows(may, scope.type, right))) {
      granted.add(text);
      continue;
    }
    const types = scope.type === '*' ? [...new Set(may.map(({ type }) => type))] : [scope.type];
    for (const type of types) {
      const kept = scope.rights.filter((right) => allows(may, type, right));
      if (kept.length > 0) granted.add(write({ type, rights: kept }));
    }
  }
  return [...granted].join(' ');
}
