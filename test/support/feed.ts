// A seeded feed: some hundred invented patients who come, are moved, go home, are called back, come again and are
// found to be the same person. In the order in which it happened.

import {
  type AdtOptions,
  aCancelledDischarge,
  aCancelledTransfer,
  aDischarge,
  aMerge,
  anAdmission,
  anUpdate,
  aPersonUpdate,
  aRegistration,
  aTransfer,
} from './hl7.ts';
import { type Seeded, seeded } from './seeded.ts';

export interface FeedOptions {
  readonly seed: number;
  readonly messages: number;
  readonly patients: number;
  /** Every stay lies between 24 days and one day before. */
  readonly before: number;
}

interface Told {
  readonly at: number;
  readonly say: (at: string, controlId: string) => string;
}

const hourMs = 3_600_000;
const families = ['Quill', 'Marsh', 'Fenn', 'Larkin', 'Osier', 'Tarn', 'Wold', 'Brook'];
const givens = ['Ada', 'Bram', 'Cleo', 'Dov', 'Esme', 'Finn', 'Gwen', 'Hal'];

/** HL7 DTM in UTC. */
const stamp = (at: number): string => `${new Date(at).toISOString().replace(/[-:T]/g, '').slice(0, 14)}+0000`;

/** Exactly so many messages; each has an MSH-10 of its own. */
export function aFeed(options: FeedOptions): string[] {
  const random = seeded(options.seed);
  const start = options.before - 24 * 24 * hourMs;
  const told: Told[] = [];
  for (let patient = 0; patient < options.patients; patient += 1) told.push(...storyOf(patient, start, random));
  for (let merge = 0; merge < options.patients / 6; merge += 1) {
    const [retired, survivor] = [random.whole(0, options.patients - 1), random.whole(0, options.patients - 1)];
    if (retired === survivor || mayDie(retired) || mayDie(survivor)) continue;
    told.push({
      at: start + random.whole(1, 500) * hourMs + merge,
      say: (at, controlId) =>
        aMerge({ at, controlId, retired: `M${retired}`, survivor: `M${survivor}`, ...personOf(survivor) }),
    });
  }
  for (let more = 0; told.length < options.messages; more += 1) {
    const patient = random.whole(0, options.patients - 1);
    told.push({
      at: start + more * 60_000,
      say: (at, controlId) =>
        aPersonUpdate({ at, controlId, ...personOf(patient), mrn: `M${patient}`, phone: `555-${1_000 + more}` }),
    });
  }
  const inOrder = told.sort((a, b) => a.at - b.at).slice(0, options.messages);
  return inOrder.map(({ at, say }, index) => say(stamp(at), `F${options.seed}-${index}`));
}

const personOf = (patient: number): AdtOptions => ({
  name: `${families[patient % 8]}^${givens[Math.floor(patient / 8) % 8]}`,
  birthDate: `19${30 + (patient % 60)}0${1 + (patient % 9)}11`,
  sex: patient % 2 === 0 ? 'F' : 'M',
});

/** Whoever is merged does not die: a case that a death forestalls is withdrawn or never was, as the messages come. */
const mayDie = (patient: number): boolean => patient % 4 === 0;

function storyOf(patient: number, start: number, random: Seeded): Told[] {
  const told: Told[] = [];
  let at = start + random.whole(0, 100) * hourMs + random.whole(0, 3_000_000);
  const stays = random.isLucky(0.35) ? 2 : 1;
  for (let stay = 0; stay < stays; stay += 1) {
    const common: AdtOptions = { ...personOf(patient), mrn: `M${patient}`, visit: `V${patient}-${stay}` };
    const say = (tell: (options: AdtOptions) => string, more: AdtOptions = {}): void => {
      at += random.whole(1, 20) * hourMs + random.whole(0, 3_000_000);
      told.push({ at, say: (time, controlId) => tell({ ...common, ...more, at: time, controlId }) });
    };
    if (random.isLucky(0.2)) say(aRegistration);
    say(anAdmission, {
      diagnoses: [random.pick(['I50.9^Heart failure^I10', 'J18.9^Pneumonia^I10', 'N17.9^Kidney injury^I10'])],
    });
    if (random.isLucky(0.6)) say(aTransfer, { location: `${random.whole(2, 7)}E^${random.whole(501, 540)}^1^GH` });
    if (random.isLucky(0.1)) say(aCancelledTransfer);
    if (random.isLucky(0.5))
      say(anUpdate, {
        attending: `${random.whole(100, 120)}^Fern^Ivo^^^^^^GH`,
        phone: `555-0${random.whole(100, 199)}`,
      });
    const isCalledBack = random.isLucky(0.15);
    const disposition = isCalledBack
      ? '01'
      : random.pick(['01', '01', '01', '06', '03', '02', '07', mayDie(patient) ? '20' : '01']);
    say(aDischarge, { disposition });
    if (isCalledBack) {
      say(aCancelledDischarge);
      say(aDischarge, { disposition: '01' });
    }
    if (random.isLucky(0.3))
      say(anUpdate, { disposition, address: `${random.whole(1, 90)} Mill Lane^^Exampleville^NY^00000` });
    if (disposition === '20') break;
    at += random.whole(20, 90) * hourMs;
  }
  return told.filter((one) => one.at < start + 23 * 24 * hourMs);
}
