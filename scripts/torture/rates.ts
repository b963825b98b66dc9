// How often each disorder strikes. A rate is a share from 0 to 1, of people, of messages or of tries to send, as its
// description says; `--rate NAME=X` sets one, `--rate all=0` silences all that were not set by name.

interface Rate {
  readonly byDefault: number;
  /** What a rate of 1 would mean. */
  readonly describes: string;
}

const table = {
  // What happens to people. Of the people:
  enrolled: { byDefault: 0.15, describes: 'people: registered by A28 before they come, updated by A31' },
  emergency: { byDefault: 0.35, describes: 'stays: begin in the emergency department (A04)' },
  'sent-home': { byDefault: 0.35, describes: 'emergency visits: end there (A03 of class E)' },
  outpatient: { byDefault: 0.06, describes: 'stays: an outpatient visit (A04, A03 of class O)' },
  observation: { byDefault: 0.12, describes: 'stays: of class V, observation' },
  planned: { byDefault: 0.1, describes: 'stays: announced by A05' },
  'planned-only': { byDefault: 0.25, describes: 'planned stays: that have not begun by the end' },
  'planned-cancelled': { byDefault: 0.25, describes: 'planned stays: called off (A38, A27)' },
  'class-changed': { byDefault: 0.12, describes: 'stays in a bed: A06 or A07 to another class' },
  renumbered: { byDefault: 0.4, describes: 'class changes: under a new visit number (MRG-5)' },
  transferred: { byDefault: 0.35, describes: 'stays in a bed: A02' },
  'transfer-cancelled': { byDefault: 0.3, describes: 'transfers: cancelled by A12' },
  leave: {
    byDefault: 0.07,
    describes: 'stays in a bed: leave of absence, A21 and mostly A22, some cancelled (A52, A53)',
  },
  'doctor-changed': {
    byDefault: 0.1,
    describes: 'stays in a bed: another attending doctor by A54, some cancelled (A55)',
  },
  'admission-cancelled': { byDefault: 0.05, describes: 'stays in a bed: cancelled by A11' },
  'still-here': { byDefault: 0.15, describes: 'stays in a bed: not over by the end' },
  'no-disposition': { byDefault: 0.08, describes: 'discharges: without PV1-36' },
  'unknown-code': { byDefault: 0.04, describes: 'discharges: with a PV1-36 that no table holds' },
  'discharge-cancelled': { byDefault: 0.12, describes: 'discharges: cancelled by A13' },
  'discharged-again': { byDefault: 0.6, describes: 'cancelled discharges: followed by another A03' },
  'disposition-later': { byDefault: 0.12, describes: 'discharges: disposition told or corrected by A08' },
  'disposition-deleted': { byDefault: 0.03, describes: 'discharges: disposition taken back by ""' },
  'time-corrected': { byDefault: 0.06, describes: 'discharges: PV1-45 corrected by A08' },
  'coded-later': { byDefault: 0.25, describes: 'discharges: A08 with diagnoses and without PV1-45' },
  'stay-deleted': { byDefault: 0.03, describes: 'stays: deleted by A23, before or after their discharge' },
  died: { byDefault: 0.05, describes: 'people: die, on discharge or afterwards (PID-30)' },
  readmitted: { byDefault: 0.2, describes: 'people: come again within the two days' },
  renamed: { byDefault: 0.05, describes: 'people: a family name is corrected' },
  'phone-deleted': { byDefault: 0.05, describes: 'people: the telephone number is taken back by ""' },
  'person-deleted': { byDefault: 0.02, describes: 'people: deleted by A29, some told of again' },
  'visit-reused': { byDefault: 0.02, describes: 'people: a visit number of more than a year ago comes again' },
  'same-number': { byDefault: 0.03, describes: 'people: another authority gave somebody else the same number' },
  similar: {
    byDefault: 0.02,
    describes: 'people: another authority tells of somebody of the same name and birth date',
  },
  // Who is who.
  merged: { byDefault: 0.12, describes: 'people: under several numbers that A40 joins' },
  'merge-repeated': { byDefault: 0.2, describes: 'merges: told twice' },
  'merge-reversed': { byDefault: 0.12, describes: 'merges: B into A after A into B' },
  'merge-chained': { byDefault: 0.2, describes: 'merges: A into B, B into C' },
  'merge-circular': { byDefault: 0.06, describes: 'merges: A into B, B into C, C into A' },
  'merge-withdrawn': {
    byDefault: 0.2,
    describes: 'merges: by an event that HL7 has withdrawn (A18, A30, A34, A36, A39)',
  },
  'merge-by-move': {
    byDefault: 0.1,
    describes: 'merges that stand alone: by A43, which moves the only number of a record',
  },
  'number-changed': { byDefault: 0.04, describes: 'people: another number in place of the old one (A47)' },
  'visit-renumbered': { byDefault: 0.05, describes: 'stays in a bed: another visit number by A50' },
  'visit-merged': { byDefault: 0.04, describes: 'stays in a bed: registered twice, joined by A42' },
  'account-renamed': {
    byDefault: 0.03,
    describes: 'stays in a bed: another account or alternate number by A41, A49 or A51, which changes nothing',
  },
  moved: { byDefault: 0.04, describes: 'people: one of whose stays was told of somebody else, until A45 or A44' },
  swapped: { byDefault: 0.02, describes: 'people: change beds with somebody else in one message (A17)' },
  linked: { byDefault: 0.03, describes: 'people: linked with somebody by A24, half of them unlinked by A37' },
  'merged-by-mistake': { byDefault: 0.03, describes: 'people: merged with somebody by A40, parted again by A37' },
  'merge-self': { byDefault: 0.05, describes: 'merges: one of a number into itself besides' },
  'old-number': { byDefault: 0.4, describes: 'messages after a merge: still under the retired number' },
  // What the messages leave out. Of the people:
  'admission-lost': { byDefault: 0.04, describes: 'people: whose first admission no message tells' },
  'times-left-out': { byDefault: 0.15, describes: 'people: in whose messages PV1-44 and PV1-45 are empty' },
  delimiters: { byDefault: 0.06, describes: 'messages: with other delimiters than |^~\\&' },
  // How they arrive. Of the people:
  shuffled: { byDefault: 0.15, describes: 'people: whose messages arrive in any order' },
  late: { byDefault: 0.15, describes: 'people: of whom one message arrives after all others' },
  early: { byDefault: 0.1, describes: 'people: of whom one message arrives before all others' },
  'late-admission': { byDefault: 0.08, describes: 'people: whose A01 arrives after all else' },
  'early-cancel': { byDefault: 0.5, describes: 'cancels: arrive before what they cancel' },
  'early-merge': { byDefault: 0.25, describes: 'merges: arrive before all else' },
  duplicated: { byDefault: 0.05, describes: 'messages: the same bytes come once more' },
  resent: { byDefault: 0.04, describes: 'messages: come once more with another MSH-7 and MSH-10' },
  'id-reused': { byDefault: 0.01, describes: 'messages: with the control id (MSH-10) of another one' },
  noise: { byDefault: 0.03, describes: 'messages: others beside them that change nothing or cannot be read' },
  // How they are sent. Of the tries:
  split: { byDefault: 0.15, describes: 'tries: in pieces cut anywhere' },
  'byte-by-byte': { byDefault: 0.01, describes: 'tries: one byte at a time' },
  slow: { byDefault: 0.003, describes: 'tries: in pieces with pauses' },
  packed: { byDefault: 0.15, describes: 'tries: several messages in one packet, answered later' },
  hasty: { byDefault: 0.02, describes: 'tries: sent twice before the acknowledgment' },
  'hung-up': { byDefault: 0.02, describes: 'tries: closed before the acknowledgment, then sent again' },
  'cut-off': { byDefault: 0.01, describes: 'tries: closed in the middle of a frame, then sent again' },
  'end-forgotten': { byDefault: 0.01, describes: 'tries: without the end block, then sent again' },
  garbage: { byDefault: 0.02, describes: 'tries: after bytes that belong to no frame' },
} as const satisfies Readonly<Record<string, Rate>>;

export type RateName = keyof typeof table;
export type Rates = Readonly<Record<RateName, number>>;

export const rateNames = Object.keys(table) as RateName[];

export const defaultRates: Rates = Object.fromEntries(rateNames.map((name) => [name, table[name].byDefault])) as Rates;

/** `merged=0.5`. Throws an error that says what would be right. */
export function readRates(said: readonly string[]): Rates {
  const given = said.map((text): readonly [string, number] => {
    const [, name = '', value = ''] = /^([a-z-]+)=(0(?:\.\d+)?|1(?:\.0+)?|\.\d+)$/.exec(text) ?? [];
    const isKnown = name === 'all' || rateNames.some((known) => known === name);
    if (!isKnown) throw new Error(`--rate ${text} should be NAME=X, X from 0 to 1, and NAME one that --help lists`);
    return [name, Number(value)];
  });
  const all = given.find(([name]) => name === 'all')?.[1];
  const base = all === undefined ? defaultRates : Object.fromEntries(rateNames.map((name) => [name, all]));
  return { ...base, ...Object.fromEntries(given.filter(([name]) => name !== 'all')) } as Rates;
}

export const ratesHelp = (): string =>
  rateNames
    .map((name) => `  ${name.padEnd(20)} ${String(table[name].byDefault).padEnd(6)} ${table[name].describes}`)
    .join('\n');
