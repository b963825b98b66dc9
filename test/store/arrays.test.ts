// Arrays in Postgres's binary form come back as what they were, whatever characters and nulls they hold.

import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bytesArray, textArray } from '../../src/store/arrays.ts';
import { aDatabase } from '../support/database.ts';

let client: pg.Client;
beforeAll(async () => {
  client = new pg.Client({ connectionString: (await aDatabase({ migrated: false })).ownerUrl });
  await client.connect();
});
afterAll(() => client.end());

const back = async (sql: string, value: Buffer): Promise<unknown> => (await client.query(sql, [value])).rows[0].value;

it.each([
  [['plain', 'with "quotes", commas, {braces} and \\ backslashes']],
  [['', null, 'NULL', null]],
  [['Größe', '日本', '👩‍⚕️', '\x1f\r\n']],
  [[null]],
  [[]],
])('text %j', async (values) => {
  expect(await back('select $1::text[] as value', textArray(values))).toEqual(values);
});

it.each([[[Buffer.from([0, 1, 255]), Buffer.alloc(0)]], [[]]])('bytes', async (values) => {
  expect(await back('select $1::bytea[] as value', bytesArray(values))).toEqual(values);
});
