// Partners: how each system that sends to us or takes from us speaks (profiles/partners/*.yaml). Secrets are named
// there and kept elsewhere.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Practice } from '../domain/practice.ts';
import { readClientPartner } from './client-partner.ts';
import { readFeedPartner } from './feed-partner.ts';
import type { ClientPartner, FeedPartner } from './partner.ts';
import { entries, oneOf, openYaml, type Problem, repeated, report } from './reading.ts';

export type { ClientPartner, FeedPartner } from './partner.ts';

export interface Partners {
  readonly feeds: readonly FeedPartner[];
  readonly clients: readonly ClientPartner[];
  readonly problems: readonly Problem[];
}

/** Reads `profiles/partners`. A partner with problems is not among the results. */
export function readPartners(folder: string): Partners {
  const problems: Problem[] = [];
  const feeds: FeedPartner[] = [];
  const clients: ClientPartner[] = [];
  for (const name of yamlFiles(folder)) {
    const id = name.slice(0, -'.yaml'.length);
    const before = problems.length;
    const field = openYaml(join(folder, name), partnerFile(id), problems);
    if (field === undefined) continue;
    const kind = new Map(entries(field)).get('kind');
    if (kind === undefined) {
      report(field, 'missing key "kind"', 'write kind: feed or kind: client');
    } else if (oneOf(kind, ['feed', 'client'], 'kind of partner') === 'feed') {
      const feed = readFeedPartner(field, id);
      if (problems.length === before) feeds.push(feed);
    } else if (problems.length === before) {
      const client = readClientPartner(field, id);
      if (problems.length === before) clients.push(client);
    }
  }
  return { feeds, clients, problems: [...problems, ...clashes(feeds, clients)] };
}

/** What partners and organisations together must agree on: every partner belongs to an organisation that there is. */
export function checkOrganisations(partners: Partners, organisations: readonly Practice[]): Problem[] {
  const ids = organisations.map((organisation) => organisation.id);
  return [...partners.feeds, ...partners.clients]
    .filter((partner) => !ids.includes(partner.organisation))
    .map(({ id, organisation }) => ({
      file: partnerFile(id),
      place: 'organisation',
      says: `unknown organisation "${organisation}"`,
      right: `known: ${ids.join(', ')}`,
    }));
}

/** How problems name the file of a partner. */
const partnerFile = (id: string): string => `partners/${id}.yaml`;

/** A service without any partner is of no use, but a test or a new site may start so. */
function yamlFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.yaml'))
      .sort();
  } catch {
    return [];
  }
}

/** Feeds may share a port when the names of their client certificates tell them apart; else, what would be right. */
function whatPartsThem(sharing: readonly FeedPartner[]): string | undefined {
  const settings = sharing.map(({ tls }) => tls);
  if (settings.some((tls) => tls?.clientCertificate !== 'required' || tls.names === undefined))
    return 'give each feed a port of its own, or each tls with client-certificate: required and names';
  const [first] = settings;
  const isOne = settings.every(
    (tls) => tls?.keyFile === first?.keyFile && tls?.certFile === first?.certFile && tls?.caFile === first?.caFile,
  );
  if (!isOne) return 'write the same key-file, cert-file and ca-file for all of them: a port has one certificate';
  const names = repeated(settings.flatMap((tls) => [...new Set(tls?.names)]));
  return names.length === 0 ? undefined : `name "${names.join('", "')}" for one of them only`;
}

/** Ids are the names of files and so unique already; ports, folders and client ids tell partners apart, and must be too. */
function clashes(feeds: readonly FeedPartner[], clients: readonly ClientPartner[]): Problem[] {
  const problems: Problem[] = [];
  const portOf = (feed: FeedPartner): string => String(feed.port ?? 'of the settings');
  for (const port of repeated(feeds.map(portOf))) {
    const sharing = feeds.filter((feed) => portOf(feed) === port);
    const right = whatPartsThem(sharing);
    const says = `the port ${port} is shared by ${sharing.map((feed) => feed.id).join(', ')}`;
    if (right !== undefined) problems.push({ file: 'partners', place: 'port', says, right });
  }
  for (const client of repeated(feeds.flatMap((feed) => [...new Set(feed.http?.clients)]))) {
    const sharing = feeds.filter((feed) => feed.http?.clients.includes(client)).map((feed) => feed.id);
    const says = `the client "${client}" posts for ${sharing.join(', ')}`;
    problems.push({ file: 'partners', place: 'http.clients', says, right: 'give each feed a client of its own' });
  }
  for (const clientId of repeated(clients.map((client) => client.clientId))) {
    const sharing = clients.filter((client) => client.clientId === clientId).map((client) => client.id);
    const says = `the client id "${clientId}" is shared by ${sharing.join(', ')}`;
    problems.push({ file: 'partners', place: 'client-id', says, right: 'give each client an id of its own' });
  }
  return [...problems, ...sharedFolders(feeds)];
}

/** Of one folder, or where one feed sets its finished files aside in another's, both would take the same files. */
function sharedFolders(feeds: readonly FeedPartner[]): Problem[] {
  const dropping = feeds.flatMap(({ id, folder }) => (folder ? [{ id, path: folder.path }] : []));
  return dropping.flatMap((one, index) =>
    dropping.slice(index + 1).flatMap((other) => {
      const isInside = `${one.path}/`.startsWith(`${other.path}/`) || `${other.path}/`.startsWith(`${one.path}/`);
      if (!isInside) return [];
      const how = one.path === other.path ? 'the same' : 'one inside the other';
      const says = `the drop folders of ${one.id} and ${other.id} are ${how}: "${one.path}", "${other.path}"`;
      return [
        { file: 'partners', place: 'folder.path', says, right: "give each feed a folder of its own, in no other's" },
      ];
    }),
  );
}
