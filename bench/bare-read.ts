// The peer of benchmark (c): the least that can serve a stored resource over HTTP. Node's own server, one select by key
// through a plain `pg` pool, the text as it is; no token, no audit, no row-level security.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { answer } from './child.ts';

const text = 'select body from resource where organisation = $1 and type = $2 and id = $3';

answer<{ readonly databaseUrl: string; readonly connections: number }>(
  async ({ databaseUrl, connections }): Promise<number> => {
    const pool = new pg.Pool({ connectionString: databaseUrl, max: connections });
    const server = createServer((req, res) => {
      const [, , , type, id] = (req.url ?? '').split('/');
      pool.query<{ body: string }>({ name: 'read', text, values: ['riverside-practice', type, id] }).then(
        ({ rows: [row] }) => {
          const body = row?.body ?? '{}';
          res.writeHead(row === undefined ? 404 : 200, {
            'Content-Type': 'application/fhir+json',
            'Content-Length': Buffer.byteLength(body),
          });
          res.end(body);
        },
        () => res.writeHead(500).end(),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  },
);
