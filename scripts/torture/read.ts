// Reads what the service says of a feed's people, over FHIR and page after page: nobody else's resources are asked for.

import type { Bundle, CarePlan, Encounter, FhirResource, Patient, Task } from 'fhir/r4.js';
import type { Resources } from './compare.ts';
import type { ExpectedPerson } from './expect.ts';

export interface ReadOptions {
  /** The FHIR base, `http://127.0.0.1:8080/fhir/R4`. */
  readonly fhir: string;
  /** A bearer token that is good for a minute at least. */
  readonly token: () => Promise<string>;
  readonly onProgress: (people: number) => void;
}

/** People asked for in one search. */
const together = 40;
const sideBySide = 4;
const page = 500;

export async function readResources(expected: readonly ExpectedPerson[], options: ReadOptions): Promise<Resources> {
  const found = {
    patients: [] as Patient[],
    encounters: [] as Encounter[],
    plans: [] as CarePlan[],
    tasks: [] as Task[],
  };
  const groups: ExpectedPerson[][] = [];
  for (let at = 0; at < expected.length; at += together) groups.push(expected.slice(at, at + together));
  let done = 0;

  async function readGroup(people: readonly ExpectedPerson[]): Promise<void> {
    const numbers = [...new Set(people.flatMap((person) => person.numbers.map(({ value }) => value)))];
    const patients = await search<Patient>(options, `Patient?identifier=${numbers.join(',')}`);
    found.patients.push(...patients);
    const ids = patients.map(({ id }) => id).join(',');
    if (ids !== '') {
      found.encounters.push(...(await search<Encounter>(options, `Encounter?patient=${ids}`)));
      found.plans.push(...(await search<CarePlan>(options, `CarePlan?patient=${ids}`)));
      found.tasks.push(...(await search<Task>(options, `Task?patient=${ids}`)));
    }
    done += people.length;
    options.onProgress(done);
  }

  const next = async (): Promise<void> => {
    for (let group = groups.shift(); group; group = groups.shift()) await readGroup(group);
  };
  await Promise.all(Array.from({ length: sideBySide }, next));
  // Two people of one number by two authorities are asked for once each, and found together.
  return {
    ...found,
    patients: unique(found.patients),
    encounters: unique(found.encounters),
    plans: unique(found.plans),
    tasks: unique(found.tasks),
  };
}

async function search<Type extends FhirResource>({ fhir, token }: ReadOptions, query: string): Promise<Type[]> {
  const found: Type[] = [];
  for (let url: string | undefined = `${fhir}/${query}&_count=${page}`; url !== undefined; ) {
    const response: Response = await fetch(url, { headers: { authorization: `Bearer ${await token()}` } });
    const text = await response.text();
    if (!response.ok)
      throw new Error(
        `a search of ${query.split('?')[0]} at ${fhir} answers ${response.status}: ${text.slice(0, 300)}`,
      );
    const bundle = JSON.parse(text) as Bundle;
    found.push(...(bundle.entry ?? []).flatMap(({ resource }) => (resource === undefined ? [] : [resource as Type])));
    url = bundle.link?.find(({ relation }) => relation === 'next')?.url;
  }
  return found;
}

const unique = <Type extends FhirResource>(resources: readonly Type[]): Type[] => [
  ...new Map(resources.map((resource) => [resource.id, resource])).values(),
];
