// Where in a message a fault lies: the first warning of a parked entry, `at:PID-3`, beside the fault's code as its reason.

import type { Fault } from '../base/fault.ts';

/** Only faults of messages name a place; it is a segment or a field, never its content. */
export function placesOf(fault: Fault): string[] {
  const { code, detail } = fault;
  const isPlace = detail !== undefined && /^[A-Z][A-Z0-9]{2}(-[1-9]\d{0,2})?$/.test(detail);
  return isPlace && code.startsWith('hl7.') ? [`at:${detail}`] : [];
}
