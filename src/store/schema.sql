-- The schema as the migrations leave it. Made by `npm run generate`; do not edit.

create table audit (
  id bigint generated always as identity not null,
  organisation text not null,
  at timestamp with time zone not null,
  actor text not null,
  action text not null,
  interaction text not null,
  outcome smallint not null,
  patients text[] not null,
  resources text[] not null,
  request text,
  constraint audit_pkey PRIMARY KEY (id),
  constraint audit_action_check CHECK ((action = ANY (ARRAY['C'::text, 'R'::text, 'U'::text, 'D'::text, 'E'::text])))
);
alter table audit enable row level security;
alter table audit force row level security;
create policy organisation_only on audit as permissive for all to public using ((organisation = current_setting('throughline.organisation'::text, true))) with check ((organisation = current_setting('throughline.organisation'::text, true)));

create table chart (
  organisation text not null,
  patient text not null,
  body json not null,
  look_at timestamp with time zone,
  constraint chart_pkey PRIMARY KEY (organisation, patient),
  constraint chart_organisation_patient_fkey FOREIGN KEY (organisation, patient) REFERENCES patient(organisation, id)
);
CREATE INDEX chart_to_look_at ON public.chart USING btree (organisation, look_at) WHERE (look_at IS NOT NULL);
alter table chart enable row level security;
alter table chart force row level security;
create policy organisation_only on chart as permissive for all to public using ((organisation = current_setting('throughline.organisation'::text, true))) with check ((organisation = current_setting('throughline.organisation'::text, true)));

create table client_assertion (
  organisation text not null,
  client text not null,
  jti text not null,
  expires_at timestamp with time zone not null,
  constraint client_assertion_pkey PRIMARY KEY (organisation, client, jti)
);
alter table client_assertion enable row level security;
alter table client_assertion force row level security;
create policy organisation_only on client_assertion as permissive for all to public using ((organisation = current_setting('throughline.organisation'::text, true))) with check ((organisation = current_setting('throughline.organisation'::text, true)));

create table encounter_event (
  organisation text not null,
  patient text not null,
  id text not null,
  message bigint not null,
  body json not null,
  constraint encounter_event_pkey PRIMARY KEY (organisation, patient, id),
  constraint encounter_event_organisation_patient_fkey FOREIGN KEY (organisation, patient) REFERENCES patient(organisation, id)
);
alter table encounter_event enable row level security;
alter table encounter_event force row level security;
create policy organisation_only on encounter_event as permissive for all to public using ((organisation = current_setting('throughline.organisation'::text, true))) with check ((organisation = current_setting('throughline.organisation'::text, true)));

create table inbox (
  message bigint not null,
  organisation text not null,
  partner text not null,
  shard smallint not null,
  trigger text not null,
  received_at timestamp with time zone not null,
  state text default 'received'::text not null,
  reason text,
  attempts smallint default 0 not null,
  not_before timestamp with time zone,
  control_id_reused boolean default false not null,
  decided_at timestamp with time zone,
  patient text,
  warnings text[],
  review text,
  subject text,
  visit text,
  replays smallint default 0 not null,
  constraint inbox_pkey PRIMARY KEY (message),
  constraint inbox_check CHECK ((((state <> 'ignored'::text) AND (state <> 'parked'::text)) OR (reason IS NOT NULL))),
  constraint inbox_state_check CHECK ((state = ANY (ARRAY['received'::text, 'applied'::text, 'ignored'::text, 'parked'::text, 'waiting'::text])))
);
CREATE INDEX inbox_of_review ON public.inbox USING btree (organisation, review, message) WHERE (review IS NOT NULL);
CREATE INDEX inbox_of_subject ON public.inbox USING btree (organisation, subject, message) WHERE (subject IS NOT NULL);
CREATE INDEX inbox_of_visit ON public.inbox USING btree (organisation, visit, message) WHERE (visit IS NOT NULL);
CREATE INDEX inbox_parked ON public.inbox USING btree (organisation, message) WHERE (state = 'parked'::text);
CREATE INDEX inbox_to_take ON public.inbox USING btree (organisation, shard, message) WHERE (state = 'received'::text);
alter table inbox enable row level security;
alter table inbox force row level security;
create policy organisation_only on inbox as permissive for all to public using ((organisation = current_setting('throughline.organisation'::text, true))) with check ((organisation = current_setting('throughline.organisation'::text, true)));

create table message (
  id bigint generated always as identity not null,
  organisation text not null,
  partner text not null,
  control_id text not null,
  digest bytea not null,
  received_at timestamp with time zone not null,
  raw bytea not null,
  constraint message_pkey PRIMARY KEY (id),
  constraint message_organisation_partner_control_id_digest_key UNIQUE (organisation, partner, control_id, digest)
);
alter table message enable row level security;
alter table message force row level security;
create policy organisation_only on message as permissive for all to public using ((organisation = current_setting('throughline.organisation'::text, true))) with check ((organisation = current_setting('throughline.organisation'::text, true)));

create table migration (
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone default now() not null,
  constraint migration_pkey PRIMARY KEY (name)
);

create table patient (
  organisation text not null,
  id text not null,
  replaced_by text,
  body json not null,
  created_at timestamp with time zone not null,
  constraint patient_pkey PRIMARY KEY (organisation, id),
  constraint patient_organisation_replaced_by_fkey FOREIGN KEY (organisation, replaced_by) REFERENCES patient(organisation, id)
);
CREATE INDEX patient_replaced ON public.patient USING btree (organisation, replaced_by) WHERE (replaced_by IS NOT NULL);
alter table patient enable row level security;
alter table patient force row level security;
create policy organisation_only on patient as permissive for all to public using ((organisation = current_setting('throughline.organisation'::text, true))) with check ((organisation = current_setting('throughline.organisation'::text, true)));

create table patient_identifier (
  organisation text not null,
  authority text not null,
  value text not null,
  patient text not null,
  constraint patient_identifier_pkey PRIMARY KEY (organisation, authority, value),
  constraint patient_identifier_organisation_patient_fkey FOREIGN KEY (organisation, patient) REFERENCES patient(organisation, id)
);
alter table patient_identifier enable row level security;
alter table patient_identifier force row level security;
create policy organisation_only on patient_identifier as permissive for all to public using ((organisation = current_setting('throughline.organisation'::text, true))) with check ((organisation = current_setting('throughline.organisation'::text, true)));

create table resource (
  organisation text not null,
  type text not null,
  id text not null,
  version integer not null,
  updated_at timestamp with time zone not null,
  patient text,
  status text,
  code text[],
  owner text,
  encounter text,
  based_on text,
  date_from timestamp with time zone,
  date_to timestamp with time zone,
  due_at timestamp with time zone,
  order_key text,
  digest text not null,
  body text not null,
  constraint resource_pkey PRIMARY KEY (organisation, type, id)
);
CREATE INDEX resource_based_on ON public.resource USING btree (organisation, based_on, type) WHERE (based_on IS NOT NULL);
CREATE INDEX resource_dated ON public.resource USING btree (organisation, type, date_from) WHERE (type = ANY (ARRAY['Encounter'::text, 'CarePlan'::text]));
CREATE INDEX resource_in_encounter ON public.resource USING btree (organisation, encounter, type) WHERE (encounter IS NOT NULL);
CREATE INDEX resource_of_patient ON public.resource USING btree (organisation, patient, type) WHERE (patient IS NOT NULL);
CREATE INDEX resource_updated ON public.resource USING btree (organisation, type, updated_at, id);
CREATE INDEX resource_worklist ON public.resource USING btree (organisation, status, due_at, id) WHERE (type = 'Task'::text);
CREATE INDEX resource_worklist_of_owner ON public.resource USING btree (organisation, owner, status, due_at, id) WHERE (type = 'Task'::text);
alter table resource enable row level security;
alter table resource force row level security;
create policy organisation_only on resource as permissive for all to public using ((organisation = current_setting('throughline.organisation'::text, true))) with check ((organisation = current_setting('throughline.organisation'::text, true)));

create table resource_history (
  organisation text not null,
  type text not null,
  id text not null,
  version integer not null,
  updated_at timestamp with time zone not null,
  body text not null,
  constraint resource_history_pkey PRIMARY KEY (organisation, type, id, version)
);
alter table resource_history enable row level security;
alter table resource_history force row level security;
create policy organisation_only on resource_history as permissive for all to public using ((organisation = current_setting('throughline.organisation'::text, true))) with check ((organisation = current_setting('throughline.organisation'::text, true)));

create table resource_identifier (
  organisation text not null,
  value text not null,
  system text not null,
  type text not null,
  id text not null,
  constraint resource_identifier_pkey PRIMARY KEY (organisation, value, system, type, id)
);
CREATE INDEX resource_identifier_of ON public.resource_identifier USING btree (organisation, type, id);
alter table resource_identifier enable row level security;
alter table resource_identifier force row level security;
create policy organisation_only on resource_identifier as permissive for all to public using ((organisation = current_setting('throughline.organisation'::text, true))) with check ((organisation = current_setting('throughline.organisation'::text, true)));

grant insert, select on audit to throughline_service;
grant insert, select, update on chart to throughline_service;
grant delete, insert, select on client_assertion to throughline_service;
grant insert, select on encounter_event to throughline_service;
grant insert, select, update on inbox to throughline_service;
grant insert, select on message to throughline_service;
grant insert, select, update on patient to throughline_service;
grant insert, select, update on patient_identifier to throughline_service;
grant insert, select, update on resource to throughline_service;
grant insert, select on resource_history to throughline_service;
grant delete, insert, select on resource_identifier to throughline_service;
grant usage on schema public to public;
grant usage on schema public to throughline_service;
grant usage on sequence message_id_seq to throughline_service;
