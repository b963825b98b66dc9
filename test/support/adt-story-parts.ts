// What stories of ADT events are told with: who was there before, and rows for events that say who is who.

import { type AdtOptions, aDischarge, aMerge, anAdmission, anAdt, aRegistration, segment } from './hl7.ts';

export const day = (number: number): string => `202611${number}120000-0500`;
export const common = (trigger: string): AdtOptions => ({
  mrn: trigger,
  visit: `V-${trigger}`,
  name: `Quill^${trigger}`,
});

export type Before = (about: AdtOptions) => readonly string[];
export const nothing: Before = () => [];
export const inpatient: Before = (about) => [anAdmission({ ...about, at: day(10) })];
export const emergency: Before = (about) => [aRegistration({ ...about, at: day(10) })];
export const planned: Before = (about) => [anAdt({ ...about, event: 'A05', at: day(10) })];
export const awaited: Before = (about) => [anAdt({ ...about, event: 'A14', at: day(10) })];
export const away: Before = (about) => [...inpatient(about), anAdt({ ...about, event: 'A21', at: day(11) })];
export const gone: Before = (about) => [...inpatient(about), aDischarge({ ...about, at: day(12) })];
export const moved: Before = (about) => [
  ...inpatient(about),
  anAdt({ ...about, event: 'A02', at: day(11), location: '5E^502^2^GH' }),
];
export const known: Before = (about) => [anAdt({ ...about, event: 'A28', at: day(10), without: ['PV1'] })];

export interface Row {
  readonly about: string;
  readonly before?: Before;
  readonly says?: AdtOptions;
  /** Instead of a message made of `says`. */
  readonly message?: (trigger: string) => string;
  readonly ignored?: string;
  readonly warned?: string;
  readonly from?: string;
  readonly to: string;
}

export const open = 'finished IMP bed 1, plan active, 4 ready';
/** What was told of `A42b`, of the visit `V-A42b` or the account `A-A42b` is `A42`'s, or bears that name. */
export const ofIdentity = (
  about: string,
  row: {
    readonly before: (trigger: string) => readonly string[];
    readonly says?: AdtOptions;
    readonly former: Former;
  } & Pick<Row, 'from' | 'to' | 'warned'>,
): Row => ({
  about,
  before: ({ mrn = '' }) => row.before(mrn),
  message: (trigger) => {
    const account = row.former[3] === undefined ? {} : { account: `A-${trigger}` };
    const mrg = Object.fromEntries(Object.entries(row.former).map(([field, value]) => [field, `${value}${trigger}b`]));
    const event = { ...common(trigger), event: trigger, at: day(14), ...account, ...row.says };
    return anAdt({ ...event, segments: [...(row.says?.segments ?? []), segment('MRG', mrg)] });
  },
  ...(row.warned !== undefined && { warned: row.warned }),
  ...(row.from !== undefined && { from: row.from }),
  to: row.to,
});
/** MRG fields and what stands before `A42b` in each. */
export type Former = Readonly<Record<number, string>>;
export const withdrawn = 'event-withdrawn:MSH-9';
export const other = (trigger: string): AdtOptions => ({
  ...common(trigger),
  mrn: `${trigger}b`,
  name: `Quill^${trigger}b`,
});
export const goneAs = (trigger: string, about: AdtOptions): readonly string[] => gone({ ...common(trigger), ...about });
/** The stay is in an account, or has a number, of its own that turns out to be another one. */
export const byAccount = (trigger: string): readonly string[] =>
  goneAs(trigger, { visit: '', account: `A-${trigger}b` });
export const renamesAccount = {
  before: byAccount,
  says: { visit: '' },
  former: { 1: '', 3: 'A-' },
  from: open,
  to: open,
};
/** A patient with an open case is merged into one of whom nothing is known. */
export const ofMerge = (about: string, warned = 'event-withdrawn:MSH-9'): Row => ({
  about,
  before: (options) => gone({ ...options, mrn: `${options.mrn}b`, name: `Quill^${options.mrn}b` }),
  message: (trigger) =>
    aMerge({ event: trigger, survivor: trigger, retired: `${trigger}b`, at: day(14), name: `Quill^${trigger}` }),
  ...(warned !== '' && { warned }),
  from: `b: ${open}`,
  to: `${open}; b: not in use`,
});
export const tracking = 'patient tracking is not used here, nor are its cancellations';
export const frost = '7001^Frost^Ida';
export const wells = '7002^Wells^Max';
export const swapped = (trigger: string): string =>
  anAdt({
    event: trigger,
    mrn: trigger,
    at: day(14),
    without: ['PID', 'PV1'],
    segments: ['', 'b'].flatMap((who, at) => [
      segment('PID', { 3: `${trigger}${who}^^^GH^MR` }),
      segment('PV1', { 2: 'I', 3: `4W^401^${2 - at}^GH`, 19: `V-${trigger}${who}` }),
    ]),
  });
