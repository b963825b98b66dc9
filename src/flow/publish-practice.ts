// At the start, the practice, its roles and its protocols become resources; an unchanged one stays as it is.

import { asFault } from '../base/fault.ts';
import { keepResources, sharedVersions } from '../store/resources.ts';
import { expressPractice } from '../translate/to-fhir/express.ts';
import { ofAll } from '../translate/to-fhir/expressed.ts';
import { expressProtocol } from '../translate/to-fhir/plan-definition.ts';
import type { Organisation } from './organisation.ts';
import { digestOf, versionOf } from './publish.ts';

/** Several processes may start at once: whoever finds that another was faster looks again at what stands. */
export async function publishPractice(organisation: Organisation): Promise<number> {
  try {
    return await publish(organisation);
  } catch (thrown) {
    if (asFault(thrown).kind !== 'conflict') throw thrown;
    return publish(organisation);
  }
}

function publish(organisation: Organisation): Promise<number> {
  return organisation.database.transaction(async (tx) => {
    const now = organisation.now();
    const expressed = [
      ...expressPractice(organisation.practice),
      ...organisation.protocols.map((protocol) => ofAll(expressProtocol(protocol, organisation.express.canonicalBase))),
    ];
    const standing = new Map((await sharedVersions(tx, expressed)).map((row) => [`${row.type}/${row.id}`, row]));
    const versions = expressed.flatMap((item) => {
      const text = JSON.stringify(item.body);
      const digest = digestOf(text);
      const before = standing.get(`${item.type}/${item.id}`);
      return before?.digest === digest ? [] : [versionOf(item, text, digest, (before?.version ?? 0) + 1, now)];
    });
    await keepResources(tx, versions, now);
    return versions.length;
  });
}
