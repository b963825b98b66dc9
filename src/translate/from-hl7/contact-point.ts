// Telephone numbers and addresses of the net (XTN, HL7 v2.5.1 ch. 2.A.90), and postal addresses (XAD, ch. 2.A.86).

import type { ContactPoint, PostalAddress } from '../../domain/code.ts';
import { readAll, readXad, readXtn, type Xtn } from '../../hl7/datatypes.ts';
import type { Segment } from '../../hl7/parse.ts';
import { lookUp } from './code.ts';
import { limited, type Reading } from './reading.ts';
import { sent, text } from './sent.ts';

type Use = NonNullable<ContactPoint['use']>;

/** All of a field that hold a number or an address; `otherwise` is the use where the sender names none. */
export function readContactPoints(reading: Reading, segment: Segment, field: number, otherwise: Use): ContactPoint[] {
  return limited(reading, readAll(segment, field, readXtn), `${segment.name}-${field}`).flatMap((xtn) => {
    const system = systemOf(reading, xtn);
    const value = reachedAt(xtn, system);
    return value === undefined ? [] : [{ system, use: useOf(reading, xtn) ?? otherwise, value }];
  });
}

export function readAddresses(reading: Reading, segment: Segment, field: number): readonly PostalAddress[] {
  return limited(reading, readAll(segment, field, readXad), `${segment.name}-${field}`).flatMap((xad) => {
    const lines = [text(xad.street), text(xad.other)].filter((line) => line !== undefined);
    const parts = sent({
      city: text(xad.city),
      state: text(xad.state),
      postalCode: text(xad.postalCode),
      country: text(xad.country),
      district: text(xad.county),
    });
    if (lines.length === 0 && Object.keys(parts).length === 0) return [];
    const type = text(xad.typeCode);
    const use = type === undefined ? undefined : (lookUp(reading, 'address-use', type) as PostalAddress['use']);
    return [{ ...(use !== undefined && { use }), lines, ...parts }];
  });
}

/** XTN-3; where it is empty, what XTN-2 and the value itself show. */
function systemOf(reading: Reading, xtn: Xtn): ContactPoint['system'] {
  const equipment = text(xtn.equipmentType);
  const byTable = equipment === undefined ? undefined : lookUp(reading, 'telecom-equipment', equipment);
  if (byTable !== undefined) return byTable as ContactPoint['system'];
  const use = text(xtn.useCode)?.toUpperCase();
  if (use === 'BPN') return 'pager';
  return use === 'NET' || (text(xtn.address) ?? text(xtn.text) ?? '').includes('@') ? 'email' : 'phone';
}

function useOf(reading: Reading, xtn: Xtn): Use | undefined {
  if (text(xtn.equipmentType)?.toUpperCase() === 'CP') return 'mobile';
  const use = text(xtn.useCode);
  return use === undefined ? undefined : (lookUp(reading, 'telecom-use', use) as Use | undefined);
}

function reachedAt(xtn: Xtn, system: ContactPoint['system']): string | undefined {
  if (system === 'email') return text(xtn.address) ?? text(xtn.text);
  return text(xtn.text) ?? text(xtn.unformatted) ?? numberOf(xtn) ?? text(xtn.address);
}

/** The number from its parts, which alone have been sent since v2.7. */
function numberOf(xtn: Xtn): string | undefined {
  const local = text(xtn.localNumber);
  if (local === undefined) return undefined;
  const country = text(xtn.countryCode);
  const area = text(xtn.areaCode);
  const extension = text(xtn.extension);
  const parts = [country && `+${country.replace(/^\+/, '')}`, area && `(${area})`, local, extension && `x${extension}`];
  return parts.filter((part) => part !== undefined).join(' ');
}
