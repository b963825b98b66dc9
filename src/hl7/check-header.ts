// Whether a message header can be accepted (HL7 v2.5.1 ch. 2.9.2.2): MSH-9, -11 and -12 decide between accept and
// reject, anything else missing is an error. Which message types mean something to us is not asked here.

import type { FaultCode } from '../base/fault.ts';
import type { Header } from './header.ts';

export interface HeaderProblem {
  readonly code: FaultCode;
  /** Segment, its sequence and the field, as in ERR-2: `MSH^1^9`. */
  readonly location: string;
  /** Table 0357. */
  readonly errorCode: string;
  readonly reply: 'AR' | 'AE';
}

/**
 * All problems, in field order. An absent MSH-11 or MSH-12 is let pass, and so is one of MSH-15 and MSH-16 without
 * the other, which the standard forbids and many feeds send.
 */
export function checkHeader(header: Header, options: { readonly processingIds: readonly string[] }): HeaderProblem[] {
  const problems: HeaderProblem[] = [];
  const { messageCode, controlId, processingId, version } = header;
  if (messageCode === undefined || !isMessageCode(messageCode)) {
    problems.push({ code: 'hl7.type-missing', location: 'MSH^1^9', errorCode: '200', reply: 'AR' });
  }
  if (controlId === undefined) {
    problems.push({ code: 'hl7.header-missing', location: 'MSH^1^10', errorCode: '101', reply: 'AE' });
  }
  if (processingId !== undefined && !options.processingIds.includes(processingId)) {
    problems.push({ code: 'hl7.processing-id-refused', location: 'MSH^1^11', errorCode: '202', reply: 'AR' });
  }
  if (version !== undefined && !version.startsWith('2')) {
    problems.push({ code: 'hl7.version-unsupported', location: 'MSH^1^12', errorCode: '203', reply: 'AR' });
  }
  return problems;
}

const isMessageCode = (text: string): boolean => /^[A-Za-z0-9]{3}$/.test(text);
