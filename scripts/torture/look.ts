// One look of a comparison: what was looked at, and what was found beside what should be there.

export type Look = (kind: string, about: string, found: unknown, expected: unknown) => void;
