// Field paths as mappings and partner files write them: `PV1-19`, `PID-18.1`, `ZPV-3`.

export interface Path {
  readonly segment: string;
  readonly field: number;
  /** Absent when the path names the whole field. */
  readonly component?: number;
  readonly subcomponent?: number;
  /** `PV1-19`, for warnings. */
  readonly name: string;
}

const form = /^([A-Z][A-Z0-9]{2})-([1-9]\d{0,2})(?:\.([1-9]\d?)(?:\.([1-9]\d?))?)?$/;

/** Undefined when the text is no path. */
export function readPath(text: string): Path | undefined {
  const match = form.exec(text);
  if (match === null) return undefined;
  const [, segment = '', field, component, subcomponent] = match;
  return {
    segment,
    field: Number(field),
    ...(component !== undefined && { component: Number(component) }),
    ...(subcomponent !== undefined && { subcomponent: Number(subcomponent) }),
    name: `${segment}-${field}`,
  };
}

/** The path as it is written, `PV1-37.1`. */
export function nameOf({ name, component, subcomponent }: Path): string {
  const parts = [component, subcomponent].filter((part) => part !== undefined);
  return [name, ...parts].join('.');
}
