-- Raw messages apart from what recognises them: the bytes lie in weekly partitions that are dropped when the policy says
-- so; the key by which a duplicate is known stays, and so does the fate. What a fate can be searched by, and what a
-- message was decided to be before it was read again.

-- Row-level security binds an owner who is no superuser: without this, he would copy nothing and drop all.
alter table message no force row level security;
alter table inbox no force row level security;

create table message_raw (
  id bigint not null,
  organisation text not null,
  -- When it arrived, or when it was moved forward because nobody had decided it yet (inbox.raw_moved_to).
  kept_at timestamptz not null,
  raw bytea not null,
  primary key (id, kept_at)
) partition by range (kept_at);
-- Nothing acknowledged is lost for lack of a partition: what fits no week lies here until the upkeep sorts it.
create table message_raw_default partition of message_raw default;
insert into message_raw (id, organisation, kept_at, raw) select id, organisation, received_at, raw from message;

alter table inbox add column control_id text not null default '';
update inbox set control_id = m.control_id from message m where m.id = inbox.message;
alter table inbox add column raw_moved_to timestamptz;
-- What an operator said when setting it aside.
alter table inbox add column note text;
alter table inbox drop constraint inbox_pkey;
alter table inbox add primary key (organisation, message);
create index inbox_waiting on inbox (organisation, message) where state = 'waiting';
create index inbox_reused on inbox (organisation, message) where control_id_reused;
create index inbox_of_patient on inbox (organisation, patient, message) where patient is not null;
-- A summary per range of pages: costs an insert next to nothing.
create index inbox_received on inbox using brin (received_at);

-- The key alone, kept for good: a duplicate is known a year later.
alter table message rename to message_before;
alter table message_before rename constraint message_pkey to message_before_pkey;
create table message (
  organisation text not null,
  partner text not null,
  control_id text not null,
  digest bytea not null,
  id bigint not null,
  primary key (organisation, partner, control_id, digest)
);
insert into message (organisation, partner, control_id, digest, id)
select organisation, partner, control_id, digest, id from message_before;
drop table message_before;
create sequence message_id_seq;
select setval('message_id_seq', coalesce((select max(id) from message), 0) + 1, false);

-- Earlier decisions of a message that was set back to be read again.
create table inbox_decision (
  organisation text not null,
  message bigint not null,
  replay smallint not null,
  state text not null,
  reason text,
  note text,
  warnings text[],
  patient text,
  decided_at timestamptz,
  set_back_at timestamptz not null,
  set_back_by text not null,
  primary key (organisation, message, replay)
);

-- Weeks of raw messages that are gone, and since when. Says nothing of any organisation.
create table raw_expiry (
  starts_at timestamptz primary key,
  ends_at timestamptz not null,
  dropped_at timestamptz not null
);

create index patient_identifier_value on patient_identifier (organisation, value);
create index audit_of_message on audit (organisation, request) where interaction = 'message';
create index encounter_event_of_message on encounter_event (organisation, message);

do $$
declare name text;
begin
  foreach name in array array['message', 'message_raw', 'inbox_decision']
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy organisation_only on %I using (organisation = current_setting(''throughline.organisation'', true)) with check (organisation = current_setting(''throughline.organisation'', true))', name);
  end loop;
end $$;
alter table inbox force row level security;
-- Nobody is granted a partition; only the owner, in the upkeep below, looks into one by its own name.
alter table message_raw_default enable row level security;

grant select, insert on message, message_raw, inbox_decision to throughline_service;
grant select on raw_expiry to throughline_service;
grant usage on sequence message_id_seq to throughline_service;
-- A message that is read again replaces what it said before, or takes it back.
grant update, delete on encounter_event to throughline_service;

-- Moves the bytes of messages that nobody has decided for good from one partition, and before a time, to where today's
-- go. Row-level security binds the owner too, so it does so organisation by organisation.
create function move_undecided_raw(part name, before timestamptz, moving_to timestamptz, waits boolean) returns bigint
language plpgsql security definer
set search_path = public, pg_temp
as $$
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
end $$;

-- Makes the weeks ahead and drops those older than the policy, as of a moment. One process at a time; what a lock
-- that cannot be had soon keeps it from is left for the next time. For the owner; the service calls the function below.
create function keep_raw_partitions_at(moment timestamptz, retention_days int, out made int, out dropped int, out moved bigint)
language plpgsql security definer
set search_path = public, pg_temp
set lock_timeout = '1s'
set timezone = 'UTC'
as $$
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
end $$;

create function keep_raw_partitions(retention_days int, out made int, out dropped int, out moved bigint)
language sql security definer
set search_path = public, pg_temp
as $$ select made, dropped, moved from keep_raw_partitions_at(now(), retention_days) $$;

revoke all on function move_undecided_raw(name, timestamptz, timestamptz, boolean) from public;
revoke all on function keep_raw_partitions_at(timestamptz, int) from public;
revoke all on function keep_raw_partitions(int) from public;
grant execute on function keep_raw_partitions(int) to throughline_service;
