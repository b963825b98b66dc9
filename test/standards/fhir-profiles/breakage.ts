// One way to break a valid resource, and what the validator must say of it.

// biome-ignore lint/suspicious/noExplicitAny: breakages break types on purpose
export type AnyResource = any;

export type Breakage = readonly [
  what: string,
  type: string,
  rule: string,
  path: string,
  breakIt: (resource: AnyResource) => unknown,
];
