// One story for each ADT trigger event A01–A62: what was known of a patient, the message, its fate, and what is known
// then. Patients are named by the trigger, `A17` and, where there are two, `A17b`; nobody shares anything.

import {
  awaited,
  away,
  common,
  day,
  emergency,
  frost,
  gone,
  goneAs,
  inpatient,
  known,
  moved,
  nothing,
  ofIdentity,
  ofMerge,
  open,
  other,
  planned,
  type Row,
  renamesAccount,
  swapped,
  tracking,
  wells,
  withdrawn,
} from './adt-story-parts.ts';
import { aMerge, anAdt, segment } from './hl7.ts';

export interface AdtStory {
  readonly trigger: string;
  readonly about: string;
  /** Messages that came before. */
  readonly before: readonly string[];
  readonly message: string;
  /** State, with the reason where there is one, and the warnings that came with it. */
  readonly fate: string;
  /** What resources say of the patient before and after; one text where nothing changes. */
  readonly from: string;
  readonly to: string;
}

const rows: Readonly<Record<string, Row>> = {
  A01: { about: 'admits', before: nothing, from: '', to: 'in-progress IMP bed 1' },
  A02: {
    about: 'moves',
    before: inpatient,
    says: { location: '5E^502^2^GH' },
    from: 'in-progress IMP bed 1',
    to: 'in-progress IMP bed 2',
  },
  A03: {
    about: 'discharges, and opens a case',
    before: inpatient,
    says: { disposition: '01' },
    from: 'in-progress IMP bed 1',
    to: open,
  },
  A04: { about: 'registers an arrival', says: { class: 'E' }, from: '', to: 'in-progress EMER bed 1' },
  A05: { about: 'plans', from: '', to: 'planned IMP bed 1' },
  A06: {
    about: 'makes an outpatient an inpatient',
    before: emergency,
    from: 'in-progress EMER bed 1',
    to: 'in-progress IMP bed 1',
  },
  A07: {
    about: 'makes an inpatient an outpatient, also after the discharge',
    before: gone,
    says: { class: 'O' },
    from: open,
    to: 'finished AMB bed 1, plan revoked, 4 cancelled',
  },
  A08: {
    about: 'says more, late, and reopens nothing',
    before: gone,
    says: { disposition: '03' },
    from: open,
    to: 'finished IMP bed 1, plan revoked, 4 cancelled',
  },
  A09: {
    about: 'is not used',
    before: inpatient,
    ignored: 'patient tracking (departing) is not used here; the transfer itself arrives as A02',
    to: 'in-progress IMP bed 1',
  },
  A10: {
    about: 'is not used',
    before: inpatient,
    ignored: 'patient tracking (arriving) is not used here; the transfer itself arrives as A02',
    to: 'in-progress IMP bed 1',
  },
  A11: { about: 'cancels the admission', before: inpatient, from: 'in-progress IMP bed 1', to: 'cancelled IMP bed 1' },
  A12: {
    about: 'cancels the transfer: PV1-3 is where the patient is',
    before: moved,
    from: 'in-progress IMP bed 2',
    to: 'in-progress IMP bed 1',
  },
  A13: {
    about: 'cancels the discharge and withdraws its case',
    before: gone,
    from: open,
    to: 'in-progress IMP bed 1, plan entered-in-error, 4 entered-in-error',
  },
  A14: { about: 'plans', from: '', to: 'planned IMP bed 1' },
  A15: {
    about: 'is an intention',
    before: inpatient,
    says: { location: '5E^502^2^GH' },
    ignored: 'a pending transfer is an intention; the transfer itself arrives as A02',
    to: 'in-progress IMP bed 1',
  },
  A16: {
    about: 'is an intention',
    before: inpatient,
    ignored: 'a pending discharge is an intention; care begins with the discharge itself, A03',
    to: 'in-progress IMP bed 1',
  },
  A17: {
    about: 'moves two patients at once',
    before: (about) => [
      ...inpatient(about),
      ...inpatient({ ...about, mrn: `${about.mrn}b`, visit: `${about.visit}b`, location: '4W^401^2^GH' }),
    ],
    message: swapped,
    from: 'in-progress IMP bed 1; b: in-progress IMP bed 2',
    to: 'in-progress IMP bed 2; b: in-progress IMP bed 1',
  },
  A18: ofMerge('merges, as A40 does'),
  A19: {
    about: 'is a question',
    before: inpatient,
    ignored: 'a patient query asks for an answer; it reports nothing',
    to: 'in-progress IMP bed 1',
  },
  A20: {
    about: 'is about a bed',
    before: inpatient,
    ignored: 'bed status is not tracked',
    to: 'in-progress IMP bed 1',
  },
  A21: {
    about: 'begins a leave, which is no discharge',
    before: inpatient,
    from: 'in-progress IMP bed 1',
    to: 'onleave IMP bed 1',
  },
  A22: { about: 'ends a leave', before: away, from: 'onleave IMP bed 1', to: 'in-progress IMP bed 1' },
  A23: {
    about: 'deletes the visit and withdraws its case',
    before: gone,
    from: open,
    to: 'entered-in-error IMP bed 1, plan entered-in-error, 4 entered-in-error',
  },
  A24: ofIdentity('links', {
    before: (trigger) => goneAs(trigger, {}),
    former: { 1: '' },
    from: open,
    to: `${open}; b: known`,
  }),
  A25: {
    about: 'cancels what has no effect',
    before: inpatient,
    ignored: 'pending discharges have no effect here, nor have their cancellations',
    to: 'in-progress IMP bed 1',
  },
  A26: {
    about: 'cancels what has no effect',
    before: inpatient,
    ignored: 'pending transfers have no effect here, nor have their cancellations',
    to: 'in-progress IMP bed 1',
  },
  A27: {
    about: 'cancels the pending admission',
    before: awaited,
    from: 'planned IMP bed 1',
    to: 'cancelled IMP bed 1',
  },
  A28: { about: 'adds a person', says: { without: ['PV1'] }, from: '', to: 'known' },
  A29: {
    about: 'deletes a person, and ends no care',
    before: gone,
    says: { without: ['PV1'] },
    from: open,
    to: `not in use, ${open}`,
  },
  A30: ofMerge('merges, as A40 does'),
  A31: {
    about: 'says more of a person',
    before: known,
    says: { without: ['PV1'], deceased: true },
    from: 'known',
    to: 'known, died',
  },
  A32: { about: 'is not used', before: inpatient, ignored: tracking, to: 'in-progress IMP bed 1' },
  A33: { about: 'is not used', before: inpatient, ignored: tracking, to: 'in-progress IMP bed 1' },
  A34: ofMerge('merges, as A40 does'),
  A35: ofIdentity('merges accounts, as A41 does', { ...renamesAccount, warned: withdrawn }),
  A36: ofMerge('merges, as A40 does'),
  A37: ofIdentity('parts what was merged', {
    before: (trigger) => [
      ...gone(other(trigger)),
      aMerge({ survivor: trigger, retired: `${trigger}b`, at: day(13), name: `Quill^${trigger}` }),
    ],
    former: { 1: '' },
    from: `${open}; b: not in use`,
    to: `known; b: ${open}`,
  }),
  A38: { about: 'cancels the pre-admission', before: planned, from: 'planned IMP bed 1', to: 'cancelled IMP bed 1' },
  A39: ofMerge('merges, as A40 does'),
  A40: ofMerge('merges: the work follows the survivor', ''),
  A41: ofIdentity('merges accounts', renamesAccount),
  A42: ofIdentity('merges visits', {
    before: (trigger) => [...goneAs(trigger, {}), ...inpatient({ ...common(trigger), visit: `V-${trigger}b` })],
    former: { 1: '', 5: 'V-' },
    from: 'finished IMP bed 1, in-progress IMP bed 1, plan active, 4 ready',
    to: 'finished IMP bed 1, entered-in-error IMP bed 1, plan active, 4 ready',
  }),
  A43: ofIdentity('moves identifiers', {
    before: (trigger) => gone(other(trigger)),
    former: { 1: '' },
    from: `b: ${open}`,
    to: `${open}; b: not in use`,
  }),
  A44: ofIdentity('moves an account', {
    before: (trigger) => gone({ ...other(trigger), account: `A-${trigger}b` }),
    former: { 1: '', 3: 'A-' },
    from: `b: ${open}`,
    to: `${open}; b: known`,
  }),
  A45: ofIdentity('moves a visit', {
    before: (trigger) => gone({ ...other(trigger), visit: `V-${trigger}b` }),
    former: { 1: '', 5: 'V-' },
    from: `b: ${open}`,
    to: `${open}; b: known`,
  }),
  A46: ofIdentity('renames identifiers, as A47 does', {
    before: (trigger) => gone({ ...common(trigger), mrn: `${trigger}b` }),
    former: { 1: '' },
    from: `b: ${open}`,
    to: `${open}; b: ${open}`,
    warned: withdrawn,
  }),
  A47: ofIdentity('renames identifiers', {
    before: (trigger) => gone({ ...common(trigger), mrn: `${trigger}b` }),
    former: { 1: '' },
    from: `b: ${open}`,
    to: `${open}; b: ${open}`,
  }),
  A48: ofIdentity('renames identifiers, as A47 does', {
    before: (trigger) => gone({ ...common(trigger), mrn: `${trigger}b` }),
    former: { 1: '' },
    from: `b: ${open}`,
    to: `${open}; b: ${open}`,
    warned: withdrawn,
  }),
  A49: ofIdentity('renames an account', renamesAccount),
  A50: ofIdentity('renames a visit', {
    before: (trigger) => goneAs(trigger, { visit: `V-${trigger}b` }),
    former: { 1: '', 5: 'V-' },
    from: open,
    to: open,
  }),
  A51: ofIdentity('renames a visit by its alternate number', {
    before: (trigger) => goneAs(trigger, { visit: `V-${trigger}b` }),
    says: { without: ['PV1'], segments: [segment('PV1', { 2: 'I', 50: 'V-A51' })] },
    former: { 1: '', 6: 'V-' },
    from: open,
    to: open,
  }),
  A52: {
    about: 'cancels a leave: the patient is there',
    before: away,
    from: 'onleave IMP bed 1',
    to: 'in-progress IMP bed 1',
  },
  A53: {
    about: 'cancels a return: the patient is away still',
    before: inpatient,
    from: 'in-progress IMP bed 1',
    to: 'onleave IMP bed 1',
  },
  A54: {
    about: 'names another attending doctor, and does nothing else',
    before: gone,
    says: { attending: frost, disposition: '03' },
    from: open,
    to: `finished IMP bed 1 Frost, plan active, 4 ready`,
  },
  A55: {
    about: 'names the attending doctor who holds after all',
    before: (about) => inpatient({ ...about, attending: frost }),
    says: { attending: wells },
    from: 'in-progress IMP bed 1 Frost',
    to: 'in-progress IMP bed 1 Wells',
  },
  A56: {
    about: 'means nothing',
    before: inpatient,
    ignored: 'HL7 gives this event no meaning',
    to: 'in-progress IMP bed 1',
  },
  A57: {
    about: 'means nothing',
    before: inpatient,
    ignored: 'HL7 gives this event no meaning',
    to: 'in-progress IMP bed 1',
  },
  A58: {
    about: 'means nothing',
    before: inpatient,
    ignored: 'HL7 gives this event no meaning',
    to: 'in-progress IMP bed 1',
  },
  A59: {
    about: 'means nothing',
    before: inpatient,
    ignored: 'HL7 gives this event no meaning',
    to: 'in-progress IMP bed 1',
  },
  A60: {
    about: 'says what the patient is allergic to, and does nothing to the stay',
    before: inpatient,
    says: { segments: [segment('AL1', { 1: '1', 2: 'DA', 3: '^Penicillin' })] },
    from: 'in-progress IMP bed 1',
    to: 'in-progress IMP bed 1, 1 allergy',
  },
  A61: {
    about: 'names another consulting doctor',
    before: inpatient,
    says: { consulting: frost },
    from: 'in-progress IMP bed 1',
    to: 'in-progress IMP bed 1 Frost',
  },
  A62: {
    about: 'names the consulting doctor who holds after all',
    before: (about) => inpatient({ ...about, consulting: frost }),
    says: { consulting: wells },
    from: 'in-progress IMP bed 1 Frost',
    to: 'in-progress IMP bed 1 Wells',
  },
};

export const adtStories: readonly AdtStory[] = Object.entries(rows).map(([trigger, row]) => ({
  trigger,
  about: row.about,
  before: (row.before ?? nothing)(common(trigger)),
  message: row.message?.(trigger) ?? anAdt({ ...common(trigger), event: trigger, at: day(14), ...row.says }),
  fate: [row.ignored === undefined ? 'applied' : `ignored: ${row.ignored}`, row.warned].filter(Boolean).join(', '),
  from: row.from ?? row.to,
  to: row.to,
}));
