-- The panel: whose care an organisation coordinates, from which day to which, and by which load it knows; what is kept
-- of messages about others for the day they join; and who does not want to be told of.

-- One file or Group as it arrived, and its difference to what stood then. Applied, the plan is done and goes.
create table panel_load (
  organisation text not null,
  id bigint generated always as identity,
  digest bytea not null,
  source text not null,
  mode text not null check (mode in ('replace', 'add')),
  as_of date not null,
  received_at timestamptz not null,
  received_by text not null,
  state text not null default 'previewed' check (state in ('previewed', 'applied', 'expired')),
  -- The load that was applied last when the difference was made; 0: none.
  base bigint not null,
  counts json not null,
  guards json not null,
  -- The first of what is added, removed, changed and cannot be read, for a person to look at.
  samples json,
  ends json,
  begins json,
  applied_at timestamptz,
  applied_by text,
  accepted text[],
  primary key (organisation, id)
);
create index panel_load_applied on panel_load (organisation, applied_at desc, id desc) where state = 'applied';

-- A span of one identifier. Ended by setting its last day, never deleted; a span that ends before it begins never held.
create table panel_member (
  organisation text not null,
  id bigint generated always as identity,
  authority text not null,
  value text not null,
  -- Ties the identifiers of one person together.
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
  primary key (organisation, id),
  foreign key (organisation, load) references panel_load (organisation, id)
);
create index panel_member_identifier on panel_member (organisation, authority, value, id);
create index panel_member_value on panel_member (organisation, value);
create index panel_member_person on panel_member (organisation, person);
create index panel_member_load on panel_member (organisation, load);

create table panel_opt_out (
  organisation text not null,
  id bigint generated always as identity,
  authority text not null,
  value text not null,
  from_day date not null,
  until_day date,
  note text,
  recorded_at timestamptz not null,
  recorded_by text not null,
  withdrawn_at timestamptz,
  withdrawn_by text,
  primary key (organisation, id)
);
create index panel_opt_out_identifier on panel_opt_out (organisation, authority, value);

-- Messages about people off the panel, by each identifier that names the person, as long as they can be read again.
create table panel_kept (
  organisation text not null,
  authority text not null,
  value text not null,
  message bigint not null,
  -- When it happened, where it happened.
  day date not null,
  -- When its bytes go; null: with those of all others.
  forget_at timestamptz,
  primary key (organisation, authority, value, message)
);
create index panel_kept_message on panel_kept (organisation, message);
create index panel_kept_forget on panel_kept (organisation, forget_at) where forget_at is not null;

do $$
declare name text;
begin
  foreach name in array array['panel_load', 'panel_member', 'panel_opt_out', 'panel_kept']
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy organisation_only on %I using (organisation = current_setting(''throughline.organisation'', true)) with check (organisation = current_setting(''throughline.organisation'', true))', name);
  end loop;
end $$;

grant select, insert, update on panel_load, panel_member, panel_opt_out to throughline_service;
grant select, insert, delete on panel_kept to throughline_service;

-- The bytes of messages that the rule of the panel does not keep, and of no others: the service itself may delete none.
create function forget_left_out(asked bigint[]) returns void
language sql security definer
set search_path = public, pg_temp
as $$
  delete from message_raw r using inbox i
   where i.message = any (asked) and i.organisation = current_setting('throughline.organisation', true)
     and i.state = 'ignored' and i.reason in ('off-panel', 'opted-out')
     and r.organisation = i.organisation and r.id = i.message and r.kept_at = coalesce(i.raw_moved_to, i.received_at)
$$;
revoke all on function forget_left_out(bigint[]) from public;
grant execute on function forget_left_out(bigint[]) to throughline_service;
