// A schema as text, by questions to the catalogue (the embedded Postgres ships no pg_dump): everything a migration
// can make, in an order that depends on names only, so that a change of the schema reads as a change of the text.

import type { ClientBase } from 'pg';

export async function dumpSchema(client: ClientBase): Promise<string> {
  const lines = async (question: string): Promise<string[]> => {
    const { rows } = await client.query<{ line: string }>(question);
    return rows.map((row) => row.line);
  };
  // Names are printed without their schema where the path finds them, so the path must not be the caller's.
  await client.query('set search_path = public');
  const tables = await client.query<{ oid: string; head: string; tail: string; below: string[] }>(tableQuestion);
  const bodies: string[] = [];
  for (const { oid, head, tail, below } of tables.rows) {
    const { rows } = await client.query<{ line: string }>(columnQuestion, [oid]);
    const body = rows.map((row) => `  ${row.line}`).join(',\n');
    bodies.push([`${head} (\n${body}\n)${tail};`, ...below.map((line) => `${line};`)].join('\n'));
  }
  const sections = [
    ...(await lines(typeQuestion)),
    ...(await lines(sequenceQuestion)),
    ...(await lines(functionQuestion)),
    ...bodies,
    ...(await lines(viewQuestion)),
    ...(await lines(triggerQuestion)),
    (await lines(grantQuestion)).join('\n'),
  ];
  const head = '-- The schema as the migrations leave it. Made by `npm run generate`; do not edit.';
  return `${[head, ...sections.filter((text) => text !== '')].join('\n\n')}\n`;
}

/** Not the catalogues', and not what an extension brought along. */
const ours = (schema: string, oid: string): string =>
  `${schema} not in (select oid from pg_namespace where nspname ~ '^(pg_|information_schema$)')
   and not exists (select from pg_depend where objid = ${oid} and deptype = 'e')`;

const typeQuestion = `
  select format('create extension %I;', extname) as line, 0 as part, extname::text as name
    from pg_extension where extname <> 'plpgsql'
  union all
  select format('create type %s as enum (%s);', t.oid::regtype, string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder)),
         1, t.oid::regtype::text
    from pg_type t join pg_enum e on e.enumtypid = t.oid where ${ours('t.typnamespace', 't.oid')} group by t.oid
  union all
  select format('create domain %s as %s%s%s;', t.oid::regtype, format_type(t.typbasetype, t.typtypmod),
                case when t.typnotnull then ' not null' else '' end,
                (select coalesce(string_agg(' ' || pg_get_constraintdef(c.oid), '' order by c.conname), '')
                   from pg_constraint c where c.contypid = t.oid and c.contype = 'c')),
         2, t.oid::regtype::text
    from pg_type t where t.typtype = 'd' and ${ours('t.typnamespace', 't.oid')}
  order by part, name`;

/** Those of identity columns are part of their column. */
const sequenceQuestion = `
  select format('create sequence %s as %s increment %s;', c.oid::regclass, format_type(s.seqtypid, null), s.seqincrement) as line
    from pg_sequence s join pg_class c on c.oid = s.seqrelid
   where ${ours('c.relnamespace', 'c.oid')}
     and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'i')
   order by c.relname`;

const functionQuestion = `
  select rtrim(pg_get_functiondef(p.oid), E'\n') || ';' as line from pg_proc p
   where p.prokind in ('f', 'p') and ${ours('p.pronamespace', 'p.oid')}
   order by p.proname, pg_get_function_identity_arguments(p.oid)`;

const tableQuestion = `
  select c.oid::text as oid,
         format('create %stable %s', case c.relpersistence when 'u' then 'unlogged ' else '' end, c.oid::regclass) as head,
         coalesce(' partition by ' || pg_get_partkeydef(c.oid), '')
           || coalesce(' with (' || array_to_string(c.reloptions, ', ') || ')', '') as tail,
         array(select coalesce(
                   format('alter table %s attach partition %s %s', i.inhparent::regclass, c.oid::regclass,
                          pg_get_expr(c.relpartbound, c.oid)),
                   format('alter table %s inherit %s', c.oid::regclass, i.inhparent::regclass))
                 from pg_inherits i where i.inhrelid = c.oid order by i.inhseqno)
           || array(select pg_get_indexdef(x.indexrelid) from pg_index x join pg_class n on n.oid = x.indexrelid
                     where x.indrelid = c.oid
                       and not exists (select from pg_constraint k where k.conindid = x.indexrelid and k.conrelid = c.oid
                                        and k.contype in ('p', 'u', 'x'))
                     order by n.relname)
           || case when c.relrowsecurity then array[format('alter table %s enable row level security', c.oid::regclass)] end
           || case when c.relforcerowsecurity then array[format('alter table %s force row level security', c.oid::regclass)] end
           || array(select format('create policy %I on %s as %s for %s to %s%s%s', p.polname, c.oid::regclass,
                             case when p.polpermissive then 'permissive' else 'restrictive' end,
                             case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update'
                               when 'd' then 'delete' else 'all' end,
                             (select string_agg(case when r = 0 then 'public' else pg_get_userbyid(r)::text end, ', ' order by pg_get_userbyid(r))
                                from unnest(p.polroles) r),
                             coalesce(' using (' || pg_get_expr(p.polqual, c.oid) || ')', ''),
                             coalesce(' with check (' || pg_get_expr(p.polwithcheck, c.oid) || ')', ''))
                      from pg_policy p where p.polrelid = c.oid order by p.polname)
           || array(select format('comment on %s is %L',
                             case d.objsubid when 0 then 'table ' || c.oid::regclass
                               else format('column %s.%I', c.oid::regclass, a.attname) end, d.description)
                      from pg_description d left join pg_attribute a on a.attrelid = c.oid and a.attnum = d.objsubid and d.objsubid > 0
                     where d.objoid = c.oid and d.classoid = 'pg_class'::regclass order by d.objsubid) as below
    from pg_class c
   where c.relkind in ('r', 'p') and ${ours('c.relnamespace', 'c.oid')}
   order by c.relispartition, c.oid::regclass::text`;

/** Columns in their order, then constraints: keys first, then by name. */
const columnQuestion = `
  select line from (
    select 0 as part, a.attnum as place, '' as name,
           format('%I %s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
             (select format(' collate %s', l.oid::regcollation) from pg_collation l, pg_type t
               where l.oid = a.attcollation and t.oid = a.atttypid and a.attcollation <> t.typcollation),
             case when a.attidentity = 'a' then ' generated always as identity'
                  when a.attidentity = 'd' then ' generated by default as identity'
                  when a.attgenerated = 's' then format(' generated always as (%s) stored', pg_get_expr(d.adbin, d.adrelid))
                  when a.attgenerated = 'v' then format(' generated always as (%s) virtual', pg_get_expr(d.adbin, d.adrelid))
                  when d.adbin is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid) end,
             case when a.attnotnull then ' not null' end) as line
      from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
     where a.attrelid = $1::oid and a.attnum > 0 and not a.attisdropped
    union all
    select case contype when 'p' then 1 when 'u' then 2 when 'f' then 3 else 4 end, 0, conname::text,
           format('constraint %I %s', conname, pg_get_constraintdef(oid))
      from pg_constraint where conrelid = $1::oid and contype not in ('n', 't')
  ) as lines
  order by part, place, name`;

const viewQuestion = `
  select format(E'create %sview %s as\\n%s', case c.relkind when 'm' then 'materialized ' else '' end, c.oid::regclass, pg_get_viewdef(c.oid)) as line
    from pg_class c where c.relkind in ('v', 'm') and ${ours('c.relnamespace', 'c.oid')}
   order by c.oid::regclass::text`;

const triggerQuestion = `
  select pg_get_triggerdef(t.oid) || ';' as line from pg_trigger t join pg_class c on c.oid = t.tgrelid
   where not t.tgisinternal and t.tgparentid = 0 and ${ours('c.relnamespace', 'c.oid')}
   order by c.oid::regclass::text, t.tgname`;

/** To whom, apart from the owner. Privileges on single columns come after those on the whole. */
const grantQuestion = `
  with granted as (
    select c.relacl as acl, c.relowner as owner, case c.relkind when 'S' then 'sequence ' else '' end || c.oid::regclass as what, '' as columns
      from pg_class c where c.relkind in ('r', 'p', 'v', 'm', 'S') and ${ours('c.relnamespace', 'c.oid')}
    union all
    select a.attacl, c.relowner, c.oid::regclass::text, format(' (%I)', a.attname)
      from pg_attribute a join pg_class c on c.oid = a.attrelid where a.attacl is not null and ${ours('c.relnamespace', 'c.oid')}
    union all
    select p.proacl, p.proowner, 'function ' || p.oid::regprocedure, '' from pg_proc p where ${ours('p.pronamespace', 'p.oid')}
    union all
    select n.nspacl, n.nspowner, 'schema ' || n.nspname, '' from pg_namespace n where n.nspname !~ '^(pg_|information_schema$)'
  )
  select format('grant %s on %s to %s;', string_agg(lower(g.privilege_type) || columns, ', ' order by g.privilege_type), what,
                case when g.grantee = 0 then 'public' else pg_get_userbyid(g.grantee)::text end) as line
    from granted cross join lateral aclexplode(acl) g
   where g.grantee <> owner
   group by what, columns, g.grantee
   order by what, columns, line`;
