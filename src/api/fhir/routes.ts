// The addresses below the FHIR base, one interaction each; whatever is not offered says so in an OperationOutcome
// (FHIR R4 http.html#summary).

import { type NextFunction, type Request, type Response, Router } from 'express';
import { Fault } from '../../base/fault.ts';
import { isResourceType } from '../../fhir/search-params.ts';
import { nameRoute } from '../observe.ts';
import { answer, type FhirEdge, failFhir, formatOf, queryOf, refuseParameters } from './edge.ts';
import type { FastRead } from './fast-read.ts';
import { serveHistory } from './history.ts';
import type { Discovery } from './metadata.ts';
import type { FeedWrites } from './receive.ts';
import { serveSearch } from './search.ts';

const reads = 'GET, HEAD';

const text = (value: string | string[] | undefined): string => (typeof value === 'string' ? value : '');

export function fhirRoutes(edge: FhirEdge, discovery: Discovery, fast: FastRead, feed: FeedWrites): Router {
  const router = Router({ caseSensitive: true, strict: true });

  /** Known callers hear what is not offered, and their attempt is audited; nobody else learns more than 401. */
  const unsupported = (interaction: string, allow: string) => (req: Request, res: Response) => {
    nameRoute(res, interaction);
    const attempt = { interaction, resource: text(req.params.type).slice(0, 64) };
    return answer(edge, req, res, attempt, async (caller) => {
      const fault = new Fault('fhir.interaction-unsupported');
      await failFhir(edge, req, res, fault, { ...attempt, caller }, { Allow: allow });
    });
  };

  const read = (req: Request, res: Response): void => {
    const { type, id, version } = req.params;
    try {
      const parameters = queryOf(req);
      refuseParameters(parameters);
      const wish = { type: text(type), id: text(id), ...(version === undefined ? {} : { version: text(version) }) };
      fast.serve(req, res, { ...wish, format: formatOf(parameters) });
    } catch (thrown) {
      void failFhir(edge, req, res, thrown, { interaction: 'read', resource: '' });
    }
  };

  router.get('/metadata', (req, res) => discovery.metadata(req, res));
  router.get('/.well-known/smart-configuration', (req, res) => discovery.smartConfiguration(req, res));
  router.all(['/metadata', '/.well-known/smart-configuration'], unsupported('capabilities', reads));
  router.all(['/', '/_history', '/_search'], unsupported('system', ''));
  // Before the types: these two are what a feed sends.
  router
    .route('/$process-message')
    .post((req, res) => feed.processMessage(req, res))
    .all(unsupported('process-message', 'POST'));
  router.post('/Encounter', (req, res) => feed.writeEncounter(req, res));
  router.put('/Encounter/:id', (req, res) => feed.writeEncounter(req, res, text(req.params.id)));
  router
    .route('/:type')
    .get((req, res) => serveSearch(edge, req, res, text(req.params.type)))
    .all(unsupported('write', reads));
  router
    .route('/:type/_search')
    .post((req, res) => serveSearch(edge, req, res, text(req.params.type)))
    .all(unsupported('search-type', 'POST'));
  router.all('/:type/_history', unsupported('history-type', ''));
  router.route('/:type/:id').get(read).all(unsupported('write', reads));
  router
    .route('/:type/:id/_history')
    .get((req, res) => serveHistory(edge, req, res, text(req.params.type), text(req.params.id)))
    .all(unsupported('history-instance', reads));
  router.route('/:type/:id/_history/:version').get(read).all(unsupported('write', reads));
  router.use((req: Request, res: Response) =>
    answer(edge, req, res, { interaction: 'other', resource: '' }, () => {
      const type = req.path.split('/')[1] ?? '';
      return Promise.reject(new Fault(isResourceType(type) ? 'fhir.interaction-unsupported' : 'fhir.type-unknown'));
    }),
  );
  // Express refuses what it cannot decode before any route sees it.
  router.use((_error: unknown, req: Request, res: Response, _next: NextFunction) =>
    failFhir(edge, req, res, new Fault('fhir.id-invalid', { detail: 'the percent encoding is broken' }), {
      interaction: 'other',
      resource: '',
    }),
  );
  return router;
}
