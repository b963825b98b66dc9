// What must hold of every run, whatever went wrong in it. Each finding is one line.

import type { CarePlan, Encounter, FhirResource, Patient, Task } from 'fhir/r4.js';
import { compare } from '../torture/compare.ts';
import type { TortureMessage } from '../torture/play.ts';
import type { Kept, KeptMessage } from './kept.ts';
import type { Played } from './play-seed.ts';

export function check(played: Played, kept: Kept): string[] {
  return [
    ...played.surprises,
    ...checkMessages(played, kept),
    ...checkAudit(played, kept),
    ...checkVersions(kept),
    ...checkEndState(played, kept),
  ];
}

const keyOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** Each acknowledged message is there once, byte for byte, and has the fate that it must have. */
function checkMessages({ feed, acknowledged, chances }: Played, { messages }: Kept): string[] {
  const findings: string[] = [];
  const kept = new Map<string, KeptMessage[]>();
  for (const message of messages) {
    if (message.raw === null) findings.push(`messages: ${message.controlId} has lost its bytes`);
    const key = keyOf(message.raw ?? Buffer.alloc(0));
    kept.set(key, [...(kept.get(key) ?? []), message]);
  }
  const sent = new Map<string, TortureMessage>(feed.messages.map((message) => [keyOf(message.bytes), message]));
  for (const message of feed.messages)
    if (!acknowledged.has(message)) findings.push(`messages: ${message.event} was never acknowledged`);
  for (const [key, message] of sent) {
    const found = kept.get(key) ?? [];
    if (found.length !== 1) findings.push(`messages: ${message.event} is kept ${found.length} times`);
    for (const { state, reason } of found)
      if (!statesOf(message.fate, chances.decides).includes(state ?? 'in no inbox'))
        findings.push(`messages: ${message.event} should be ${message.fate}, is ${state ?? 'in no inbox'} (${reason})`);
  }
  for (const [key, [first]] of kept)
    if (!sent.has(key)) findings.push(`messages: ${first?.controlId} was kept and never sent`);
  return findings;
}

const states: Readonly<Record<TortureMessage['fate'], readonly string[]>> = {
  applied: ['applied'],
  'applied-or-waiting': ['applied', 'waiting'],
  ignored: ['ignored'],
  parked: ['parked'],
  refused: ['parked'],
};

/** Whoever was held back goes on once somebody has said who it is. */
const statesOf = (fate: TortureMessage['fate'], isDecided: boolean): readonly string[] =>
  states[fate === 'applied-or-waiting' && isDecided ? 'applied' : fate];

/** One row for each message that was decided, none for one that changes nothing; each version has one cause. */
function checkAudit({ feed }: Played, { messages, audit, resources }: Kept): string[] {
  const findings: string[] = [];
  const fates = new Map(feed.messages.map(({ bytes, fate }) => [keyOf(bytes), fate]));
  const counts = new Map<string, number>();
  for (const { interaction, request } of audit)
    if (interaction === 'message') counts.set(request, (counts.get(request) ?? 0) + 1);
  for (const { id, state, raw, before } of messages) {
    const wanted = [state, ...(before ?? [])].filter((one) => one !== 'ignored' && one !== 'received').length;
    const found = counts.get(String(id)) ?? 0;
    // What waited for a person was decided then, and once more when it was let go on.
    const mayHaveWaited = fates.get(keyOf(raw ?? Buffer.alloc(0))) === 'applied-or-waiting';
    if (mayHaveWaited ? found < wanted : found !== wanted)
      findings.push(`audit: a message that is ${state} should have ${wanted} rows, has ${found}`);
  }
  const causes = new Map<string, number>();
  for (const row of audit)
    for (const reference of row.resources) causes.set(reference, (causes.get(reference) ?? 0) + 1);
  for (const { type, id, version } of resources) {
    if (!audited.has(type)) continue;
    for (let at = 1; at <= version; at += 1) {
      const found = causes.get(`${type}/${id}/_history/${at}`) ?? 0;
      if (found !== 1) findings.push(`audit: version ${at} of a ${type} should have one cause, has ${found}`);
    }
  }
  return findings;
}

const audited: ReadonlySet<string> = new Set([
  'Patient',
  'Encounter',
  'CarePlan',
  'Task',
  'EpisodeOfCare',
  'Provenance',
]);

/** Versions 1 to the standing one, each once, and the text says which it is. */
function checkVersions({ resources }: Kept): string[] {
  return resources.flatMap(({ type, id, version, body, history }) => {
    const wanted = Array.from({ length: version - 1 }, (_, at) => at + 1);
    const told = (JSON.parse(body) as FhirResource).meta?.versionId;
    const isWhole = String(history ?? []) === String(wanted) && told === String(version);
    return isWhole ? [] : [`versions: ${type}/${id} stands at ${version}, says ${told}, was ${String(history ?? [])}`];
  });
}

function checkEndState({ feed, chances }: Played, { resources }: Kept): string[] {
  const all = <Type extends FhirResource>(type: Type['resourceType']): Type[] =>
    resources.filter((one) => one.type === type).map(({ body }) => JSON.parse(body) as Type);
  const patients = all<Patient>('Patient');
  const people = feed.expected.map(({ alike, ...person }) =>
    chances.decides || !alike ? person : { ...person, alike },
  );
  const { differences } = compare(people, {
    patients,
    encounters: all<Encounter>('Encounter'),
    plans: all<CarePlan>('CarePlan'),
    tasks: all<Task>('Task'),
  });
  const known = new Set(feed.expected.flatMap(({ numbers }) => numbers.map(({ value }) => value)));
  const strangers = patients.filter(({ identifier }) => !identifier?.some(({ value }) => known.has(value ?? '')));
  return [
    ...differences.map(({ kind, tells, person }) => `${kind}: ${tells} (${person.traits.join(', ')})`),
    ...strangers.map(({ id }) => `patients: nobody knows Patient/${id}`),
  ];
}
