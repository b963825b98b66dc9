// Under which names a list may give the authority of an identifier: its URI, the name that a feed uses for it in CX-4,
// the facility (MSH-4) whose own it is, or the name of the feed itself for that feed's own.

import type { Dialect } from './from-hl7/dialect.ts';

export interface AuthorityNames {
  /** Nothing given: the only authority of the feeds where CX-4 is silent. Undefined when unknown, or when it means two. */
  readonly uriOf: (name: string | undefined) => string | undefined;
  /** What would be right. */
  readonly wanted: string;
}

type Named = Pick<Dialect, 'partner' | 'defaultAuthority' | 'facilityAuthorities' | 'authorities'>;

export function authorityNames(dialects: readonly Named[]): AuthorityNames {
  const meanings = new Map<string, Set<string>>();
  const means = (name: string, uri: string) => meanings.set(name, (meanings.get(name) ?? new Set()).add(uri));
  for (const { partner, defaultAuthority, facilityAuthorities = {}, authorities } of dialects) {
    means(partner, defaultAuthority.uri);
    for (const [name, { uri }] of [...Object.entries(authorities), ...Object.entries(facilityAuthorities)])
      means(name, uri);
  }
  const defaults = new Set(
    dialects.flatMap(({ defaultAuthority, facilityAuthorities = {} }) =>
      [defaultAuthority, ...Object.values(facilityAuthorities)].map(({ uri }) => uri),
    ),
  );
  const known = [...meanings].filter(([, uris]) => uris.size === 1).map(([name]) => name);
  return {
    uriOf(name) {
      if (name === undefined) return defaults.size === 1 ? [...defaults][0] : undefined;
      const uris = meanings.get(name);
      if (uris !== undefined) return uris.size === 1 ? [...uris][0] : undefined;
      return /^[a-z][a-z0-9+.-]*:[^\s|]+$/.test(name) ? name : undefined;
    },
    wanted: `authority must be a URI or one of ${known.join(', ')}`,
  };
}
