// A worklist to search: 23 tasks of two patients with a stay and a case, and another organisation's beside them.

import { aCarePlan, anEncounter, aPatient, aProvenance, aTask } from './fhir-resources.ts';
import { aFhirServer, type Bundle, type FhirServer } from './fhir-server.ts';

export const linkOf = (bundle: Bundle, relation: string): string | undefined =>
  bundle.link?.find((link) => link.relation === relation)?.url;

export async function aWorklist(): Promise<FhirServer> {
  const server = await aFhirServer();
  await server.keep('here', aPatient('p1'), aPatient('p2'), anEncounter('e1', 'p1'), aCarePlan('c1', 'p1'));
  for (let at = 0; at < 23; at += 1) {
    // Days repeat, one in six has none, and statuses alternate: ties and gaps in every order.
    const end = at % 6 === 5 ? undefined : `2026-11-${String(20 + (at % 5)).padStart(2, '0')}T23:59:59-05:00`;
    await server.keep(
      'here',
      aTask(`t${String(at).padStart(2, '0')}`, at % 4 === 0 ? 'p2' : 'p1', {
        status: at % 2 === 0 ? 'ready' : 'in-progress',
        restriction: end === undefined ? {} : { period: { end } },
        basedOn: [{ reference: 'CarePlan/c1' }],
        encounter: { reference: 'Encounter/e1' },
      }),
    );
  }
  await server.keep(
    'here',
    aProvenance('v1', 'Patient/p1', 'Task/t01', 'Task/t03'),
    aProvenance('v2', 'Patient/p2', 'Task/t00'),
  );
  await server.keep('there', aPatient('p1'), aTask('t00', 'p1'), aTask('zz', 'p1'));
  return server;
}
