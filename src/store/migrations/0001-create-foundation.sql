-- Everything the coordination layer keeps. Every row carries its organisation; row-level security holds below
-- every query; the service's role owns nothing, so it can neither bypass the policies nor change them.

do $$ begin
  create role throughline_service nologin nosuperuser nobypassrls nocreatedb nocreaterole;
exception when duplicate_object or unique_violation then null;
end $$;
grant throughline_service to current_user;

-- The organisation is a setting of the connection (src/store/pool.ts); unset, no row is visible.
-- Messages as they arrived, byte for byte.
create table message (
  id bigint generated always as identity primary key,
  organisation text not null,
  partner text not null,
  control_id text not null,
  digest bytea not null,
  received_at timestamptz not null,
  raw bytea not null,
  unique (organisation, partner, control_id, digest)
);

-- What became of each message: received → applied | ignored | parked.
create table inbox (
  -- Written by the statement that writes the message; a reference would lock and rewrite each message's row again.
  message bigint primary key,
  organisation text not null,
  partner text not null,
  shard smallint not null,
  trigger text not null,
  received_at timestamptz not null,
  state text not null default 'received' check (state in ('received', 'applied', 'ignored', 'parked')),
  reason text,
  attempts smallint not null default 0,
  not_before timestamptz,
  control_id_reused boolean not null default false,
  decided_at timestamptz,
  patient text,
  warnings text[],
  check (state <> 'ignored' and state <> 'parked' or reason is not null)
);
create index inbox_to_take on inbox (organisation, shard, message) where state = 'received';
create index inbox_parked on inbox (organisation, message) where state = 'parked';

-- One record per person as senders know them; a merged record points at its survivor.
create table patient (
  organisation text not null,
  id text not null,
  replaced_by text,
  body json not null,
  created_at timestamptz not null,
  primary key (organisation, id),
  foreign key (organisation, replaced_by) references patient (organisation, id)
);
create index patient_replaced on patient (organisation, replaced_by) where replaced_by is not null;

create table patient_identifier (
  organisation text not null,
  authority text not null,
  value text not null,
  patient text not null,
  primary key (organisation, authority, value),
  foreign key (organisation, patient) references patient (organisation, id)
);

-- Encounter events, as told of each record; folded in the order they happened.
create table encounter_event (
  organisation text not null,
  patient text not null,
  id text not null,
  message bigint not null,
  body json not null,
  primary key (organisation, patient, id),
  foreign key (organisation, patient) references patient (organisation, id)
);

-- What the events fold to: encounters, cases, episodes, and which version of which resource says so.
create table chart (
  organisation text not null,
  patient text not null,
  body json not null,
  look_at timestamptz,
  primary key (organisation, patient),
  foreign key (organisation, patient) references patient (organisation, id)
);
create index chart_to_look_at on chart (organisation, look_at) where look_at is not null;

-- Resources as the exact text that is served, beside what searches ask for.
create table resource (
  organisation text not null,
  type text not null,
  id text not null,
  version integer not null,
  updated_at timestamptz not null,
  patient text,
  status text,
  code text[],
  owner text,
  encounter text,
  based_on text,
  date_from timestamptz,
  date_to timestamptz,
  due_at timestamptz,
  order_key text,
  digest text not null,
  body text not null
);
create index resource_of_patient on resource (organisation, patient, type) where patient is not null;
create index resource_updated on resource (organisation, type, updated_at, id);
create index resource_worklist on resource (organisation, status, due_at, id) where type = 'Task';
create index resource_worklist_of_owner on resource (organisation, owner, status, due_at, id) where type = 'Task';
create index resource_in_encounter on resource (organisation, encounter, type) where encounter is not null;
create index resource_based_on on resource (organisation, based_on, type) where based_on is not null;
create index resource_dated on resource (organisation, type, date_from) where type in ('Encounter', 'CarePlan');
-- Last, since of two indexes that cost the same to a planner who sees an empty table it takes the younger: reads by key
-- would go by resource_updated, which also holds the id, and scan a type, until statistics tell better.
alter table resource add primary key (organisation, type, id);

create table resource_history (
  organisation text not null,
  type text not null,
  id text not null,
  version integer not null,
  updated_at timestamptz not null,
  body text not null,
  primary key (organisation, type, id, version)
);

create table resource_identifier (
  organisation text not null,
  value text not null,
  system text not null,
  type text not null,
  id text not null,
  primary key (organisation, value, system, type, id)
);
create index resource_identifier_of on resource_identifier (organisation, type, id);

-- Who saw or changed what, of whom, and with what outcome. Append-only by grant.
create table audit (
  id bigint generated always as identity primary key,
  organisation text not null,
  at timestamptz not null,
  actor text not null,
  action text not null check (action in ('C', 'R', 'U', 'D', 'E')),
  interaction text not null,
  outcome smallint not null,
  patients text[] not null,
  resources text[] not null,
  request text
);

-- Client assertions already used (SMART Backend Services: a jti is accepted once).
create table client_assertion (
  organisation text not null,
  client text not null,
  jti text not null,
  expires_at timestamptz not null,
  primary key (organisation, client, jti)
);

do $$
declare name text;
begin
  foreach name in array array['message', 'inbox', 'patient', 'patient_identifier', 'encounter_event', 'chart',
    'resource', 'resource_history', 'resource_identifier', 'audit', 'client_assertion']
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy organisation_only on %I using (organisation = current_setting(''throughline.organisation'', true)) with check (organisation = current_setting(''throughline.organisation'', true))', name);
  end loop;
end $$;

grant usage on schema public to throughline_service;
grant select, insert on message, encounter_event, resource_history, audit to throughline_service;
grant select, insert, update on inbox, patient, patient_identifier, chart, resource to throughline_service;
grant usage on sequence message_id_seq to throughline_service;
grant select, insert, delete on resource_identifier, client_assertion to throughline_service;
