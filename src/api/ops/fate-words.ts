// Fates in sentences: what a flag on a message means, and what a reason says. A flag that is not listed is shown by its
// code; none of them holds anything of the message but the name of a field.

import { type FaultCode, faults } from '../../base/fault.ts';
import type { Explained } from './message-types.ts';

const flags: Readonly<Record<string, string>> = {
  'control-id-reused': 'An earlier message of this feed has the same MSH-10 but other bytes; both were worked.',
  'segment-repeated': 'A segment that may occur once came again; the first was read.',
  'event-contradicted': 'EVN-1 and MSH-9 name different events; MSH-9 was believed.',
  'event-from-evn': 'MSH-9 names no event; that of EVN-1 was taken.',
  'event-withdrawn': 'HL7 has withdrawn this event; it was taken as the one that replaced it.',
  'diagnosis-without-stay': 'A diagnosis came without a stay to belong to, and was left out.',
  'identifier-too-long': 'An identifier is longer than any real one, and was left out.',
  'death-contradicted': 'The time of death and the flag for it contradict each other.',
  'time-unreadable': 'A time is not of the form of HL7, and was taken as not sent.',
  'still-patient': 'A discharge, or its time, came with a disposition that says the patient is still there.',
  'list-beside-actions': 'A list of allergies came beside actions on single ones, and was left out.',
  'discharge-in-future': 'A discharge is dated after the message that reports it.',
  'stay-times-reversed': 'The time of admission is after that of discharge; it was not taken as the start of the stay.',
  'list-too-long': 'A list is longer than what is kept; the rest was left out.',
  'action-unknown': 'An action code is not known, and was taken as an update.',
  'document-unnumbered': 'A document has no number of its own, so a later version cannot replace it.',
  'content-unreadable': 'The content of a document cannot be read, and was left out.',
  'content-too-large': 'The content of a document is larger than what is kept, and was left out.',
  continuation: 'Lines that are no segments were joined to the segment before them.',
  'stray-line': 'Lines that are no segments stood after a blank line, and were left out.',
  'mixed-terminators': 'LF ended segments among others that CR ended; each was read as a segment.',
  'line-ends': 'LF, or CR and LF, ended segments where the standard has CR alone; they were read as segments.',
  'byte-order-mark': 'A byte order mark stood before MSH; it was left out, and it told the character set.',
  'charset-unknown': 'MSH-18 names a character set that is not known here.',
  'charset-mismatch': 'The bytes cannot be of the character set that MSH-18 names.',
  'charset-guessed': 'No character set is declared and the bytes are not UTF-8; Windows-1252 was assumed.',
  'invalid-bytes': 'Some bytes are no characters, and were replaced.',
  'nul-characters': 'The text holds NUL characters, which were replaced.',
  'time-repeated': 'A time lies in the hour that a clock change repeats; the first of the two was taken.',
  'time-missing': 'A time lies in the hour that a clock change leaves out.',
  'time-adjusted': 'A time of hour 24 or second 60 was read as the moment it means.',
  'clock-implausible': 'The sender’s clock cannot be right; the message was ordered by its arrival.',
  'code-padded': 'A code of one digit had lost its leading zero, which was put back.',
  'action-missing': 'A diagnosis says neither that it is added, changed nor deleted; it was taken as one that holds.',
  'segment-missing': 'A segment that belongs to this event is missing; what the others say was taken.',
  unmapped: 'A code is in no table of the mapping; the default was taken.',
};

const reasons: Readonly<Record<string, string>> = {
  'operator.parked': 'An operator set it aside.',
  'match-review': 'A person must say whose it is; the match review tells whom it may mean.',
};

export function explainFlag(flag: string): Explained {
  const at = flag.indexOf(':');
  const code = at < 0 ? flag : flag.slice(0, at);
  return { code, ...(at >= 0 && { field: flag.slice(at + 1) }), text: flags[code] ?? code.replaceAll('-', ' ') };
}

/** An ignored event's reason is a sentence already. */
export function explainReason(reason: string): string {
  return reasons[reason] ?? (Object.hasOwn(faults, reason) ? faults[reason as FaultCode][1] : reason);
}
