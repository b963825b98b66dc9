// Many cases from few: the resources of charts that the service made are copied in one statement, each copy with ids and
// identifiers of its own in columns and text alike. Rows are as the service writes them; history is not copied.

import type pg from 'pg';

const columns =
  'organisation, type, id, version, updated_at, patient, status, code, owner, encounter, based_on, date_from, date_to, due_at, order_key, digest, body';
/** Stands in a template where each copy puts its number; no JSON text and no id holds it. */
const mark = '\x01';
const numberDigits = 6;

/** Until there are so many cases. Each chart is copied as often as every other. */
export async function multiplyCharts(client: pg.Client, cases: number): Promise<void> {
  const made = await makeTemplates(client);
  const copies = Math.ceil((cases - made) / made);
  const indexes = await client.query<{ name: string; definition: string }>(
    `select indexname as name, indexdef as definition from pg_indexes
      where tablename in ('resource', 'resource_identifier') and indexname not like '%pkey'`,
  );
  for (const { name } of indexes.rows) await client.query(`drop index ${name}`);
  await client.query('alter table resource set unlogged');
  const number = `lpad(to_hex(n), ${numberDigits}, '0')`;
  const filled = (column: string) => `replace(t.${column}, '${mark}', ${number})`;
  const values = columns.split(', ').map((column) => {
    if (column === 'code') return `string_to_array(${filled('code_text')}, chr(31))`;
    return ['id', 'patient', 'encounter', 'based_on', 'body'].includes(column) ? filled(column) : `t.${column}`;
  });
  await client.query(
    `insert into resource (${columns}) select ${values.join(', ')} from generate_series(1, ${copies}) as n cross join template t`,
  );
  await client.query(
    `insert into resource_identifier (organisation, value, system, type, id)
     select t.organisation, ${filled('value')}, ${filled('system')}, t.type, ${filled('id')}
       from generate_series(1, ${copies}) as n cross join template_identifier t`,
  );
  for (const { definition } of indexes.rows) await client.query(definition);
}

/** The resources of everyone with a case, each own id and number with the mark in it. Gives how many cases there are. */
async function makeTemplates(client: pg.Client): Promise<number> {
  await client.query(
    `create unlogged table template (like resource including defaults); alter table template add column code_text text`,
  );
  await client.query('create unlogged table template_identifier (like resource_identifier)');
  const { rows: patients } = await client.query<{ patient: string; ids: string[]; numbers: string[] }>(
    `select r.patient, array_agg(distinct r.id) as ids,
            array(select distinct i.value from resource_identifier i where i.type = 'Patient' and i.id = r.patient) as numbers
       from resource r
      where r.patient in (select patient from resource where type = 'CarePlan')
      group by r.patient`,
  );
  for (const { patient, ids, numbers } of patients) {
    const marked = (expression: string): string =>
      [
        ...ids.map((id) => [id, id.slice(0, -numberDigits) + mark] as const),
        ...numbers.map((number) => [number, number + mark] as const),
      ].reduce((text, [from, to]) => `replace(${text}, '${from}', '${to}')`, expression);
    const values = columns.split(', ').map((column) => {
      if (column === 'code') return 'null';
      return ['id', 'patient', 'encounter', 'based_on', 'body'].includes(column) ? marked(column) : column;
    });
    await client.query(
      `insert into template (${columns}, code_text) select ${values.join(', ')}, ${marked('array_to_string(code, chr(31))')}
         from resource where patient = '${patient}'`,
    );
    await client.query(
      `insert into template_identifier (organisation, value, system, type, id)
       select organisation, ${marked('value')}, ${marked('system')}, type, ${marked('id')}
         from resource_identifier where id = any ($1)`,
      [ids],
    );
  }
  const { rows } = await client.query<{ cases: number }>(
    `select count(*)::int as cases from template where type = 'CarePlan'`,
  );
  return rows[0]?.cases ?? 0;
}
