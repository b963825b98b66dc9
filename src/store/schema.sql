-- The schema as the migrations leave it. Made by `npm run generate`; do not edit.

create sequence message_id_seq as bigint increment 1;

CREATE OR REPLACE FUNCTION public.forget_left_out(asked bigint[])
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  delete from message_raw r using inbox i
   where i.message = any (asked) and i.organisation = current_setting('throughline.organisation', true)
     and i.state = 'ignored' and i.reason in ('off-panel', 'opted-out')
     and r.organisation = i.organisation and r.id = i.message and r.kept_at = coalesce(i.raw_moved_to, i.received_at)
$function$;

CREATE OR REPLACE FUNCTION public.keep_raw_partitions(retention_days integer, OUT made integer, OUT dropped integer, OUT moved bigint)
 RETURNS record
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$ select made, dropped, moved from keep_raw_partitions_at(now(), retention_days) $function$;

CREATE OR REPLACE FUNCTION public.keep_raw_partitions_at(moment timestamp with time zone, retention_days integer, OUT made integer, OUT dropped integer, OUT moved bigint)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
 SET lock_timeout TO '1s'
 SET "TimeZone" TO 'UTC'
AS $function$
declare
  week timestamptz;
  part name;
  oldest timestamptz := moment - make_interval(days => retention_days);
  early bigint;
  late bigint;
begin
  made := 0;
  dropped := 0;
  moved := 0;
  if retention_days is null or retention_days < 1 then
    raise exception 'raw messages are kept for at least one day';
  end if;
  if not pg_try_advisory_xact_lock(7465) then
    return;
  end if;

  -- The weeks ahead, and those whose rows came before their partition.
  for week in
    select generate_series(date_trunc('week', moment), moment + interval '8 weeks', interval '1 week')
    union
    select distinct date_trunc('week', kept_at) from message_raw_default
     where kept_at >= date_trunc('week', oldest) and kept_at < moment + interval '8 weeks'
    order by 1
  loop
    part := 'message_raw_' || to_char(week, 'YYYYMMDD');
    continue when to_regclass(part::text) is not null;
    begin
      execute format('create table %I (like message_raw including indexes)', part);
      execute format('alter table %I enable row level security', part);
      lock table message_raw_default in access exclusive mode;
      execute format(
        'with gone as (delete from message_raw_default where kept_at >= $1 and kept_at < $2 returning *) insert into %I select * from gone',
        part) using week, week + interval '7 days';
      execute format('alter table message_raw attach partition %I for values from (%L) to (%L)',
        part, week, week + interval '7 days');
      made := made + 1;
    exception when lock_not_available or deadlock_detected then
      exit;
    end;
  end loop;

  -- The weeks that are over for good. Most of what must stay is moved before anybody has to wait.
  for part, week in
    select c.relname, to_date(right(c.relname, 8), 'YYYYMMDD')::timestamptz as starts_at
      from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'message_raw'::regclass and c.relname ~ '^message_raw_[0-9]{8}$'
       and to_date(right(c.relname, 8), 'YYYYMMDD')::timestamptz + interval '7 days' <= oldest
     order by 2
  loop
    begin
      early := move_undecided_raw(part, 'infinity', moment, false);
      lock table message_raw in access exclusive mode;
      late := move_undecided_raw(part, 'infinity', moment, true);
      execute format('drop table %I', part);
      insert into raw_expiry (starts_at, ends_at, dropped_at) values (week, week + interval '7 days', moment)
      on conflict (starts_at) do update set dropped_at = excluded.dropped_at;
      moved := moved + early + late;
      dropped := dropped + 1;
    exception when lock_not_available or deadlock_detected then
      exit;
    end;
  end loop;

  -- What lies in no week and is older: by no clock of ours it should be there, and it is the one thing deleted.
  begin
    if exists (select from message_raw_default where kept_at < date_trunc('week', oldest)) then
      lock table message_raw_default in access exclusive mode;
      moved := moved + move_undecided_raw('message_raw_default', date_trunc('week', oldest), moment, true);
      delete from message_raw_default where kept_at < date_trunc('week', oldest);
    end if;
  exception when lock_not_available or deadlock_detected then
    null;
  end;
end $function$;

CREATE OR REPLACE FUNCTION public.move_undecided_raw(part name, before timestamp with time zone, moving_to timestamp with time zone, waits boolean)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  before_us text := current_setting('throughline.organisation', true);
  whose text;
  count_here bigint;
  moved bigint := 0;
begin
  for whose in execute format('select distinct organisation from %I where kept_at < $1', part) using before
  loop
    perform set_config('throughline.organisation', whose, true);
    execute format(
      'with undecided as materialized (
         select i.message from inbox i join %1$I r on r.id = i.message
          where i.organisation = $1 and r.organisation = $1 and r.kept_at < $2 and i.state in (''received'', ''parked'', ''waiting'')
            for update of i %2$s
       ), gone as (
         delete from %1$I r using undecided u where r.id = u.message returning r.id, r.organisation, r.raw
       ), moved as (
         insert into message_raw (id, organisation, kept_at, raw) select id, organisation, $3, raw from gone returning id
       )
       update inbox set raw_moved_to = $3 from moved where inbox.organisation = $1 and inbox.message = moved.id',
      part, case when waits then '' else 'skip locked' end)
      using whose, before, moving_to;
    get diagnostics count_here = row_count;
    moved := moved + count_here;
  end loop;
  -- A clause of the function would do this, but only a superuser may give it one for a setting of ours.
  perform set_config('throughline.organisation', coalesce(before_us, ''), true);
  return moved;
end $function$;

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
CREATE INDEX audit_of_message ON public.audit USING btree (organisation, request) WHERE (interaction = 'message'::text);
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
CREATE INDEX encounter_event_of_message ON public.encounter_event USING btree (organisation, message);
alter table encounter_event enable row level security;
alter table encounter_event force row level security;
create policy organisation_only on encounter_event as permissive for all to public using ((organisation = current_setting('throughline.organisation'::text, true))) with check ((organisation = current_setting('throughline.organisation'::text, true)));

create table feed_hour (
  organisation text not null,
  partner text not null,
  hour timestamp with time zone not null,
  received integer not null,
  parked integer not null,
  unmapped integer not null,
  last_at timestamp with time zone not null,
  constraint feed_hour_pkey PRIMARY KEY (organisation, partner, hour)
);
alter table feed_hour enable row level security;
alter table feed_hour force row level security;
create policy organisation_only on feed_hour as permissive for all to public using ((organisation = current_setting('throughline.organisation'::text, true))) with check ((organisation = current_setting('throughline.organisation'::text, true)));

create table feed_watch (
  organisation text not null,
  from_message bigint not null,
  constraint feed_watch_pkey PRIMARY KEY (organisation)
);
alter table feed_watch enable row level security;
alter table feed_watch force row level security;
create policy organisation_only on feed_watch as permissive for all to public using ((organisation = current_setting('throughline.organisation'::text, true))) with check ((organisation = current_setting('throughline.organisation'::text, true)));

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
  control_id text default ''::text not null,
  raw_moved_to timestamp with time zone,
  note text,
  constraint inbox_pkey PRIMARY KEY (organisation, message),
  constraint inbox_check CHECK ((((state <> 'ignored'::text) AND (state <> 'parked'::text)) OR (reason IS NOT NULL))),
  constraint inbox_state_check CHECK ((state = ANY (ARRAY['received'::text, 'applied'::text, 'ignored'::text, 'parked'::text, 'waiting'::text])))
);
CREATE INDEX inbox_left_out ON public.inbox USING btree (organisation, partner, reason, trigger) WHERE ((state = 'ignored'::text) AND (reason = ANY (ARRAY['off-panel'::text, 'opted-out'::text])));
CREATE INDEX inbox_of_patient ON public.inbox USING btree (organisation, patient, message) WHERE (patient IS NOT NULL);
CREATE INDEX inbox_of_review ON public.inbox USING btree (organisation, review, message) WHERE (review IS NOT NULL);
CREATE INDEX inbox_of_subject ON public.inbox USING btree (organisation, subject, message) WHERE (subject IS NOT NULL);
CREATE INDEX inbox_of_visit ON public.inbox USING btree (organisation, visit, message) WHERE (visit IS NOT NULL);
CREATE INDEX inbox_parked ON public.inbox USING btree (organisation, message) WHERE (state = 'parked'::text);
CREATE INDEX inbox_received ON public.inbox USING brin (received_at);
CREATE INDEX inbox_reused ON public.inbox USING btree (organisation, message) WHERE control_id_reused;
CREATE INDEX inbox_to_take ON public.inbox USING btree (organisation, shard, message) WHERE (state = 'received'::text);
CREATE INDEX inbox_waiting ON public.inbox USING btree (organisation, message) WHERE (state = 'waiting'::text);
alter table inbox enable row level security;
alter table inbox force row level security;
create policy organisation_only on inbox as permissive for all to public using ((organisation = current_setting('throughline.organisation'::text, true))) with check ((organisation = current_setting('throughline.organisation'::text, true)));

create table inbox_decision (
  organisation text not null,
  message bigint not null,
  replay smallint not null,
  state text not null,
  reason text,
  note text,
  warnings text[],
  patient text,
  decided_at timestamp with time zone,
  set_back_at timestamp with time zone not null,
  set_back_by text not null,
  constraint inbox_decision_pkey PRIMARY KEY (organisation, message, replay)
);
alter table inbox_decision enable row level security;
alter table inbox_decision force row level security;
create policy organisation_only on inbox_decision as permissive for all to public using ((organisation = current_setting('throughline.organisation'::text, true))) with check ((organisation = current_setting('throughline.organisation'::text, true)));

create table intake_file (
  id bigint generated always as identity not null,
  organisation text not null,
  partner text not null,
  source text not null,
  name text not null,
  size bigint,
  digest bytea,
  state text default 'reading'::text not null,
  reason text,
  "position" bigint default 0 not null,
  line bigint default 0 not null,
  messages integer default 0 not null,
  refused integer default 0 not null,
  tally json not null,
  started_at timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  constraint intake_file_pkey PRIMARY KEY (id),
  constraint intake_file_source_check CHECK ((source = ANY (ARRAY['folder'::text, 'http'::text]))),
  constraint intake_file_state_check CHECK ((state = ANY (ARRAY['reading'::text, 'done'::text, 'failed'::text])))
);
CREATE INDEX intake_file_known ON public.intake_file USING btree (organisation, partner, digest) WHERE (digest IS NOT NULL);
CREATE INDEX intake_file_listed ON public.intake_file USING btree (organisation, id);
alter table intake_file enable row level security;
alter table intake_file force row level security;
create policy organisation_only on intake_file as permissive for all to public using ((organisation = current_setting('throughline.organisation'::text, true))) with check ((organisation = current_setting('throughline.organisation'::text, true)));

create table intake_file_message (
  organisation text not null,
  file bigint not null,
  number integer not null,
  "position" bigint not null,
  line bigint not null,
  control_id text,
  answer text not null,
  reason text,
  place text,
  constraint intake_file_message_pkey PRIMARY KEY (organisation, file, number),
  constraint intake_file_message_file_fkey FOREIGN KEY (file) REFERENCES intake_file(id),
  constraint intake_file_message_answer_check CHECK ((answer = ANY (ARRAY['AA'::text, 'AE'::text, 'AR'::text])))
);
CREATE INDEX intake_file_refused ON public.intake_file_message USING btree (organisation, file, number) WHERE (answer <> 'AA'::text);
alter table intake_file_message enable row level security;
alter table intake_file_message force row level security;
create policy organisation_only on intake_file_message as permissive for all to public using ((organisation = current_setting('throughline.organisation'::text, true))) with check ((organisation = current_setting('throughline.organisation'::text, true)));

create table match_decision (
  organisation text not null,
  authority text not null,
  value text not null,
  fingerprint text not null,
  patient text not null,
  review text not null,
  constraint match_decision_pkey PRIMARY KEY (organisation, authority, value, fingerprint),
  constraint match_decision_organisation_patient_fkey FOREIGN KEY (organisation, patient) REFERENCES patient(organisation, id)
);
alter table match_decision enable row level security;
alter table match_decision force row level security;
create policy organisation_only on match_decision as permissive for all to public using ((organisation = current_setting('throughline.organisation'::text, true))) with check ((organisation = current_setting('throughline.organisation'::text, true)));

create table match_review (
  organisation text not null,
  id text not null,
  reason text not null,
  state text default 'open'::text not null,
  subject json not null,
  fingerprint text not null,
  candidates json not null,
  candidate_ids text[] not null,
  record text,
  opened_at timestamp with time zone not null,
  opened_by bigint not null,
  decided_at timestamp with time zone,
  decided_by text,
  decision json,
  constraint match_review_pkey PRIMARY KEY (organisation, id),
  constraint match_review_state_check CHECK ((state = ANY (ARRAY['open'::text, 'decided'::text, 'released'::text])))
);
CREATE INDEX match_review_open ON public.match_review USING btree (organisation, opened_at, id) WHERE (state = 'open'::text);
alter table match_review enable row level security;
alter table match_review force row level security;
create policy organisation_only on match_review as permissive for all to public using ((organisation = current_setting('throughline.organisation'::text, true))) with check ((organisation = current_setting('throughline.organisation'::text, true)));

create table match_review_key (
  organisation text not null,
  authority text not null,
  value text not null,
  review text not null,
  constraint match_review_key_pkey PRIMARY KEY (organisation, authority, value, review),
  constraint match_review_key_organisation_review_fkey FOREIGN KEY (organisation, review) REFERENCES match_review(organisation, id)
);
CREATE INDEX match_review_key_of ON public.match_review_key USING btree (organisation, review);
alter table match_review_key enable row level security;
alter table match_review_key force row level security;
create policy organisation_only on match_review_key as permissive for all to public using ((organisation = current_setting('throughline.organisation'::text, true))) with check ((organisation = current_setting('throughline.organisation'::text, true)));

create table match_review_patient (
  organisation text not null,
  patient text not null,
  review text not null,
  constraint match_review_patient_pkey PRIMARY KEY (organisation, patient, review),
  constraint match_review_patient_organisation_review_fkey FOREIGN KEY (organisation, review) REFERENCES match_review(organisation, id)
);
CREATE INDEX match_review_patient_of ON public.match_review_patient USING btree (organisation, review);
alter table match_review_patient enable row level security;
alter table match_review_patient force row level security;
create policy organisation_only on match_review_patient as permissive for all to public using ((organisation = current_setting('throughline.organisation'::text, true))) with check ((organisation = current_setting('throughline.organisation'::text, true)));

create table message (
  organisation text not null,
  partner text not null,
  control_id text not null,
  digest bytea not null,
  id bigint not null,
  constraint message_pkey PRIMARY KEY (organisation, partner, control_id, digest)
);
alter table message enable row level security;
alter table message force row level security;
create policy organisation_only on message as permissive for all to public using ((organisation = current_setting('throughline.organisation'::text, true))) with check ((organisation = current_setting('throughline.organisation'::text, true)));

create table message_raw (
  id bigint not null,
  organisation text not null,
  kept_at timestamp with time zone not null,
  raw bytea not null,
  constraint message_raw_pkey PRIMARY KEY (id, kept_at)
) partition by RANGE (kept_at);
alter table message_raw enable row level security;
alter table message_raw force row level security;
create policy organisation_only on message_raw as permissive for all to public using ((organisation = current_setting('throughline.organisation'::text, true))) with check ((organisation = current_setting('throughline.organisation'::text, true)));

create table migration (
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone default now() not null,
  constraint migration_pkey PRIMARY KEY (name)
);

create table ops_item (
  id bigint generated always as identity not null,
  organisation text not null,
  kind text not null,
  key text not null,
  state text default 'open'::text not null,
  owner text not null,
  assigned text,
  opened_at timestamp with time zone not null,
  last_seen_at timestamp with time zone not null,
  acknowledged_at timestamp with time zone,
  acknowledged_by text,
  closed_at timestamp with time zone,
  closed_by text,
  cleared_at timestamp with time zone,
  note text,
  details json not null,
  constraint ops_item_pkey PRIMARY KEY (id),
  constraint ops_item_check CHECK (((state <> 'closed'::text) OR (closed_at IS NOT NULL))),
  constraint ops_item_state_check CHECK ((state = ANY (ARRAY['open'::text, 'acknowledged'::text, 'closed'::text])))
);
CREATE INDEX ops_item_listed ON public.ops_item USING btree (organisation, state, id);
CREATE UNIQUE INDEX ops_item_standing ON public.ops_item USING btree (organisation, kind, key) WHERE (cleared_at IS NULL);
alter table ops_item enable row level security;
alter table ops_item force row level security;
create policy organisation_only on ops_item as permissive for all to public using ((organisation = current_setting('throughline.organisation'::text, true))) with check ((organisation = current_setting('throughline.organisation'::text, true)));

create table panel_kept (
  organisation text not null,
  authority text not null,
  value text not null,
  message bigint not null,
  day date not null,
  forget_at timestamp with time zone,
  constraint panel_kept_pkey PRIMARY KEY (organisation, authority, value, message)
);
CREATE INDEX panel_kept_forget ON public.panel_kept USING btree (organisation, forget_at) WHERE (forget_at IS NOT NULL);
CREATE INDEX panel_kept_message ON public.panel_kept USING btree (organisation, message);
alter table panel_kept enable row level security;
alter table panel_kept force row level security;
create policy organisation_only on panel_kept as permissive for all to public using ((organisation = current_setting('throughline.organisation'::text, true))) with check ((organisation = current_setting('throughline.organisation'::text, true)));

create table panel_load (
  organisation text not null,
  id bigint generated always as identity not null,
  digest bytea not null,
  source text not null,
  mode text not null,
  as_of date not null,
  received_at timestamp with time zone not null,
  received_by text not null,
  state text default 'previewed'::text not null,
  base bigint not null,
  counts json not null,
  guards json not null,
  samples json,
  ends json,
  begins json,
  applied_at timestamp with time zone,
  applied_by text,
  accepted text[],
  constraint panel_load_pkey PRIMARY KEY (organisation, id),
  constraint panel_load_mode_check CHECK ((mode = ANY (ARRAY['replace'::text, 'add'::text]))),
  constraint panel_load_state_check CHECK ((state = ANY (ARRAY['previewed'::text, 'applied'::text, 'expired'::text])))
);
CREATE INDEX panel_load_applied ON public.panel_load USING btree (organisation, applied_at DESC, id DESC) WHERE (state = 'applied'::text);
alter table panel_load enable row level security;
alter table panel_load force row level security;
create policy organisation_only on panel_load as permissive for all to public using ((organisation = current_setting('throughline.organisation'::text, true))) with check ((organisation = current_setting('throughline.organisation'::text, true)));

create table panel_member (
  organisation text not null,
  id bigint generated always as identity not null,
  authority text not null,
  value text not null,
  person text not null,
  family text,
  given text,
  birth_date date,
  practitioner_npi text,
  practitioner_name text,
  from_day date,
  until_day date,
  load bigint not null,
  ended_by bigint,
  constraint panel_member_pkey PRIMARY KEY (organisation, id),
  constraint panel_member_organisation_load_fkey FOREIGN KEY (organisation, load) REFERENCES panel_load(organisation, id)
);
CREATE INDEX panel_member_identifier ON public.panel_member USING btree (organisation, authority, value, id);
CREATE INDEX panel_member_load ON public.panel_member USING btree (organisation, load);
CREATE INDEX panel_member_person ON public.panel_member USING btree (organisation, person);
CREATE INDEX panel_member_value ON public.panel_member USING btree (organisation, value);
alter table panel_member enable row level security;
alter table panel_member force row level security;
create policy organisation_only on panel_member as permissive for all to public using ((organisation = current_setting('throughline.organisation'::text, true))) with check ((organisation = current_setting('throughline.organisation'::text, true)));

create table panel_opt_out (
  organisation text not null,
  id bigint generated always as identity not null,
  authority text not null,
  value text not null,
  from_day date not null,
  until_day date,
  note text,
  recorded_at timestamp with time zone not null,
  recorded_by text not null,
  withdrawn_at timestamp with time zone,
  withdrawn_by text,
  constraint panel_opt_out_pkey PRIMARY KEY (organisation, id)
);
CREATE INDEX panel_opt_out_identifier ON public.panel_opt_out USING btree (organisation, authority, value);
alter table panel_opt_out enable row level security;
alter table panel_opt_out force row level security;
create policy organisation_only on panel_opt_out as permissive for all to public using ((organisation = current_setting('throughline.organisation'::text, true))) with check ((organisation = current_setting('throughline.organisation'::text, true)));

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
CREATE INDEX patient_identifier_value ON public.patient_identifier USING btree (organisation, value);
alter table patient_identifier enable row level security;
alter table patient_identifier force row level security;
create policy organisation_only on patient_identifier as permissive for all to public using ((organisation = current_setting('throughline.organisation'::text, true))) with check ((organisation = current_setting('throughline.organisation'::text, true)));

create table patient_look (
  organisation text not null,
  key text not null,
  patient text not null,
  family text,
  given text,
  constraint patient_look_pkey PRIMARY KEY (organisation, key, patient),
  constraint patient_look_organisation_patient_fkey FOREIGN KEY (organisation, patient) REFERENCES patient(organisation, id)
);
alter table patient_look enable row level security;
alter table patient_look force row level security;
create policy organisation_only on patient_look as permissive for all to public using ((organisation = current_setting('throughline.organisation'::text, true))) with check ((organisation = current_setting('throughline.organisation'::text, true)));

create table raw_expiry (
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  dropped_at timestamp with time zone not null,
  constraint raw_expiry_pkey PRIMARY KEY (starts_at)
);

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
CREATE INDEX resource_in_progress ON public.resource USING btree (organisation, date_from) WHERE ((type = 'Encounter'::text) AND (status = 'in-progress'::text));
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

create table service_up (
  organisation text not null,
  from_at timestamp with time zone not null,
  to_at timestamp with time zone not null,
  constraint service_up_pkey PRIMARY KEY (organisation, from_at)
);
alter table service_up enable row level security;
alter table service_up force row level security;
create policy organisation_only on service_up as permissive for all to public using ((organisation = current_setting('throughline.organisation'::text, true))) with check ((organisation = current_setting('throughline.organisation'::text, true)));

create table stay_home (
  organisation text not null,
  key text not null,
  patient text not null,
  order_key text not null,
  from_authority text default ''::text not null,
  from_value text default ''::text not null,
  constraint stay_home_pkey PRIMARY KEY (organisation, key, order_key, from_authority, from_value),
  constraint stay_home_organisation_patient_fkey FOREIGN KEY (organisation, patient) REFERENCES patient(organisation, id)
);
CREATE INDEX stay_home_from ON public.stay_home USING btree (organisation, from_authority, from_value);
alter table stay_home enable row level security;
alter table stay_home force row level security;
create policy organisation_only on stay_home as permissive for all to public using ((organisation = current_setting('throughline.organisation'::text, true))) with check ((organisation = current_setting('throughline.organisation'::text, true)));

create table message_raw_default (
  id bigint not null,
  organisation text not null,
  kept_at timestamp with time zone not null,
  raw bytea not null,
  constraint message_raw_default_pkey PRIMARY KEY (id, kept_at)
);
alter table message_raw attach partition message_raw_default DEFAULT;
alter table message_raw_default enable row level security;

grant insert, select on audit to throughline_service;
grant insert, select, update on chart to throughline_service;
grant delete, insert, select on client_assertion to throughline_service;
grant delete, insert, select, update on encounter_event to throughline_service;
grant delete, insert, select, update on feed_hour to throughline_service;
grant insert, select, update on feed_watch to throughline_service;
grant execute on function forget_left_out(bigint[]) to throughline_service;
grant execute on function keep_raw_partitions(integer) to throughline_service;
grant insert, select, update on inbox to throughline_service;
grant insert, select on inbox_decision to throughline_service;
grant insert, select, update on intake_file to throughline_service;
grant insert, select on intake_file_message to throughline_service;
grant insert, select, update on match_decision to throughline_service;
grant insert, select, update on match_review to throughline_service;
grant delete, insert, select on match_review_key to throughline_service;
grant delete, insert, select on match_review_patient to throughline_service;
grant insert, select on message to throughline_service;
grant insert, select on message_raw to throughline_service;
grant insert, select, update on ops_item to throughline_service;
grant delete, insert, select on panel_kept to throughline_service;
grant insert, select, update on panel_load to throughline_service;
grant insert, select, update on panel_member to throughline_service;
grant insert, select, update on panel_opt_out to throughline_service;
grant insert, select, update on patient to throughline_service;
grant insert, select, update on patient_identifier to throughline_service;
grant insert, select, update on patient_look to throughline_service;
grant select on raw_expiry to throughline_service;
grant insert, select, update on resource to throughline_service;
grant insert, select on resource_history to throughline_service;
grant delete, insert, select on resource_identifier to throughline_service;
grant usage on schema public to public;
grant usage on schema public to throughline_service;
grant usage on sequence message_id_seq to throughline_service;
grant delete, insert, select, update on service_up to throughline_service;
grant insert, select, update on stay_home to throughline_service;
