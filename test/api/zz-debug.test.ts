import { test } from 'vitest';
import { parseSearch } from '../../src/fhir/search-parse.ts';
import { searchResources } from '../../src/store/resource-search.ts';
import { aFhirServer } from '../support/fhir-server.ts';
test('x', async () => {
  const server = await aFhirServer();
  try {
    const q = parseSearch('Task', [['status', 'ready,completed'],['_include','Task:patient']], false, { base: 'http://x', now: 0, clock: (x) => x });
    await searchResources(server.database('here'), q, { at: 0, actor: 'x' });
  } catch (e) { console.log(String((e as Error).cause), (e as any).cause?.position); const c=(e as any).cause; console.log(c); }
  await server.close();
});
