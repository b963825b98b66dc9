// The overview at /app/: open cases, tasks due and overdue, for whoever came by a link that works once. A plain page
// until the web application stands; the view is audited like any other read.

import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { addDays, formatDay } from '../../base/calendar.ts';
import { asFault, Fault } from '../../base/fault.ts';
import { instant } from '../../base/instant.ts';
import { describeCause } from '../../base/log.ts';
import { localDateAt, startOfDay } from '../../base/time.ts';
import { dueExplanationUrl } from '../../fhir/canonical.ts';
import { permits } from '../../fhir/scopes.ts';
import { parseParameters } from '../../fhir/search-parse.ts';
import { useAssertion } from '../../store/client-assertions.ts';
import { readOverview } from '../../store/overview.ts';
import type { Authenticate } from '../authenticate.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { nameClient, nameRoute } from '../observe.ts';
import { send, sendFault, sendJson } from '../respond.ts';
import { type AppSession, appLink, readLink, readSession, sessionCookie } from './app-session.ts';
import { overviewPage, pageStyle, strangerPage } from './overview-page.ts';

const rowsMax = 50;
const daysAhead = 7;
const html = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(pageStyle).digest('base64')}'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'`,
};

type Given = Pick<
  ApiDependencies,
  'publicUrl' | 'issuerKey' | 'practices' | 'databases' | 'canonicalBase' | 'now' | 'newId' | 'log'
> & {
  readonly authenticate: Authenticate;
};

export function createOverview(given: Given) {
  function placeOf(organisation: string) {
    const practice = given.practices.find(({ id }) => id === organisation);
    const database = given.databases(organisation);
    if (practice === undefined || database === undefined) throw new Fault('auth.token-invalid');
    return { practice, database };
  }

  async function view({ organisation, id }: AppSession): Promise<string> {
    const { practice, database } = placeOf(organisation);
    const now = given.now();
    const day = localDateAt(instant(now), practice.timeZone);
    const start = (days: number) => startOfDay(addDays(day, days), practice.timeZone);
    const days = { today: start(0), tomorrow: start(1), later: start(1 + daysAhead), rowsMax };
    const overview = await readOverview(database, days, { at: now, actor: `overview:${id}` });
    return overviewPage(overview, {
      practice: practice.name,
      day: formatDay(day),
      formatDue: (at) => formatDay(localDateAt(instant(at), practice.timeZone)),
      explanationUrl: dueExplanationUrl(given.canonicalBase),
    });
  }

  /** The link's id is used up in the table of assertions, where the clients' own ids cannot meet it. */
  async function open(req: IncomingMessage, res: ServerResponse, token: string): Promise<boolean> {
    const link = await readLink(given, token);
    if (link === undefined) return false;
    const { database } = placeOf(link.organisation);
    if (!(await useAssertion(database, link.organisation, 'app:link', link.id, link.expiresAt))) return false;
    send(req, res, 303, '', { Location: '/app/', 'Set-Cookie': await sessionCookie(given, link.organisation) });
    return true;
  }

  async function page(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (req.method !== 'GET' && req.method !== 'HEAD') throw new Fault('http.method-not-allowed');
    const query = (req.url ?? '').split('?')[1] ?? '';
    const token = parseParameters(query).find(([name]) => name === 'link')?.[1];
    if (token !== undefined && (await open(req, res, token))) return;
    const session = token === undefined ? await readSession(given, req.headers.cookie) : undefined;
    if (session === undefined) send(req, res, 401, strangerPage(), html);
    else send(req, res, 200, await view(session), html);
  }

  /** A client that may search tasks and patients may open the page that shows them. */
  async function link(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (req.method !== 'POST') throw new Fault('http.method-not-allowed');
    const caller = await given.authenticate(req.headers.authorization);
    nameClient(res, caller.client);
    for (const type of ['Task', 'Patient', 'CarePlan'] as const) {
      if (!permits(caller.scopes, type, 's')) throw new Fault('auth.scope-insufficient');
    }
    sendJson(req, res, 200, { link: await appLink(given, caller.organisation) });
  }

  const guarded =
    (route: string, allow: string, serve: (req: IncomingMessage, res: ServerResponse) => Promise<void>) =>
    async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
      nameRoute(res, route);
      try {
        await serve(req, res);
      } catch (thrown) {
        const fault = asFault(thrown);
        if (fault.kind === 'defect') given.log.error('overview failed', { cause: describeCause(fault) });
        sendFault(req, res, fault, fault.code === 'http.method-not-allowed' ? { Allow: allow } : {});
      }
    };

  return { page: guarded('overview', 'GET, HEAD', page), link: guarded('overview-link', 'POST', link) };
}
