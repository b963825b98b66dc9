// Two invented practices that share one service: each with a feed on a port of its own and a client with keys of its own.

import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { aTestFolder } from './service-process.ts';

export interface TwoOrganisations {
  readonly profilesDir: string;
  /** A bearer token of the client of this organisation. */
  token(organisation: Organisation, httpUrl: string, scope?: string): Promise<string>;
}

export type Organisation = 'hill-practice' | 'lake-practice';
export const feedOf = { 'hill-practice': 'hill-hospital', 'lake-practice': 'lake-hospital' } as const;

const letters = { 'hill-practice': 'HILL', 'lake-practice': 'LAKE' } as const;

/** Both hospitals name their patients by the same authority, so only the organisation tells them apart. */
export async function twoOrganisations(
  ports: Readonly<Record<Organisation, number>>,
  restricted = false,
): Promise<TwoOrganisations> {
  const profilesDir = path.join(aTestFolder('profiles'), 'profiles');
  mkdirSync(profilesDir);
  cpSync('profiles/protocols', path.join(profilesDir, 'protocols'), { recursive: true });
  for (const folder of ['organisations', 'partners']) mkdirSync(path.join(profilesDir, folder));
  const practice = readFileSync('profiles/organisations/riverside-practice.yaml', 'utf8');
  const keys = new Map<Organisation, Awaited<ReturnType<typeof generateKeyPair>>['privateKey']>();
  for (const [organisation, feed] of Object.entries(feedOf) as [Organisation, string][]) {
    writeFileSync(
      path.join(profilesDir, 'organisations', `${organisation}.yaml`),
      practice.replaceAll('riverside-practice', organisation),
    );
    const { publicKey, privateKey } = await generateKeyPair('ES384', { extractable: true });
    keys.set(organisation, privateKey);
    const jwk = { ...(await exportJWK(publicKey)), kid: organisation, alg: 'ES384' };
    writeFileSync(
      path.join(profilesDir, 'partners', `${feed}.yaml`),
      [
        `kind: feed`,
        `id: ${feed}`,
        `name: ${feed}`,
        `organisation: ${organisation}`,
        `port: ${ports[organisation]}`,
        `http: { clients: [${organisation}-client] }`,
        `processing-ids: [P]`,
        ...(restricted ? [`facilities: [${letters[organisation]}]`] : []),
        `zone: America/New_York`,
        `authority: { uri: "https://authority.example/mrn", name: Shared authority }`,
        `panel: all`,
      ].join('\n'),
    );
    writeFileSync(
      path.join(profilesDir, 'partners', `${organisation}-client.yaml`),
      [
        `kind: client`,
        `id: ${organisation}-client`,
        `name: ${organisation} client`,
        `organisation: ${organisation}`,
        `client-id: ${organisation}-client`,
        `keys: { jwks: { keys: [${JSON.stringify(jwk)}] } }`,
        `scopes: ["system/*.cruds"]`,
      ].join('\n'),
    );
  }
  return {
    profilesDir,
    async token(organisation, httpUrl, scope = 'system/*.rs') {
      const client = `${organisation}-client`;
      const assertion = await new SignJWT({})
        .setProtectedHeader({ alg: 'ES384', kid: organisation, typ: 'JWT' })
        .setIssuer(client)
        .setSubject(client)
        .setAudience(`${httpUrl}/oauth/token`)
        .setJti(`${organisation}-${Date.now()}-${Math.random()}`)
        .setIssuedAt()
        .setExpirationTime('2m')
        .sign(keys.get(organisation) as never);
      const body = new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
        scope,
      });
      const response = await fetch(`${httpUrl}/oauth/token`, { method: 'POST', body });
      const answer = (await response.json()) as { access_token?: string };
      if (answer.access_token === undefined) throw new Error(`no token: ${JSON.stringify(answer)}`);
      return answer.access_token;
    },
  };
}

/** Ports that were free a moment ago. */
export async function freePorts(count: number): Promise<number[]> {
  const { createServer } = await import('node:net');
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<import('node:net').Server>((resolve) => {
          const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as import('node:net').AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
