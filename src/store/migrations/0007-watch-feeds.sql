-- Files that hold many messages, with what became of each; how much every feed sends, hour by hour; when the service
-- itself was running; and what operators have to look at.

-- A file of messages, posted or dropped. Where it is read from again after a stop, and what was found in it.
create table intake_file (
  id bigint generated always as identity primary key,
  organisation text not null,
  partner text not null,
  source text not null check (source in ('folder', 'http')),
  name text not null,
  size bigint,
  -- SHA-256 of the whole file; a posted one has it when it was read to its end.
  digest bytea,
  state text not null default 'reading' check (state in ('reading', 'done', 'failed')),
  -- The fault that ended it.
  reason text,
  -- Byte and line after the last message that was kept.
  position bigint not null default 0,
  line bigint not null default 0,
  messages integer not null default 0,
  refused integer not null default 0,
  -- Envelope segments seen so far, and what does not fit in them.
  tally json not null,
  started_at timestamptz not null,
  seen_at timestamptz not null,
  finished_at timestamptz
);
create index intake_file_known on intake_file (organisation, partner, digest) where digest is not null;
create index intake_file_listed on intake_file (organisation, id);

-- One row for each message of a file: no content, only where it stood and how it was answered.
create table intake_file_message (
  organisation text not null,
  file bigint not null references intake_file (id),
  number integer not null,
  position bigint not null,
  line bigint not null,
  control_id text,
  answer text not null check (answer in ('AA', 'AE', 'AR')),
  -- The fault, and segment and field, where it was not accepted.
  reason text,
  place text,
  primary key (organisation, file, number)
);
create index intake_file_refused on intake_file_message (organisation, file, number) where answer <> 'AA';

-- How many messages of a feed came in an hour (UTC), how many of them are parked, and how many hold a code that no
-- table knows. An hour without messages has no row.
create table feed_hour (
  organisation text not null,
  partner text not null,
  hour timestamptz not null,
  received integer not null,
  parked integer not null,
  unmapped integer not null,
  last_at timestamptz not null,
  primary key (organisation, partner, hour)
);

-- From which message on the hours are still being counted.
create table feed_watch (
  organisation text primary key,
  from_message bigint not null
);

-- When the service was running: its own absence is nobody's silence.
create table service_up (
  organisation text not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  primary key (organisation, from_at)
);

-- What operators have to look at. It stands until what it is about is over (cleared_at); an operator who closes it
-- before is not told of the same thing again.
create table ops_item (
  id bigint generated always as identity primary key,
  organisation text not null,
  kind text not null,
  -- What it is about, within its kind: a partner, a stay, a review.
  key text not null,
  state text not null default 'open' check (state in ('open', 'acknowledged', 'closed')),
  -- A role of the organisation file, and the person who has it in hand.
  owner text not null,
  assigned text,
  opened_at timestamptz not null,
  last_seen_at timestamptz not null,
  acknowledged_at timestamptz,
  acknowledged_by text,
  closed_at timestamptz,
  closed_by text,
  cleared_at timestamptz,
  note text,
  details json not null,
  check (state <> 'closed' or closed_at is not null)
);
create unique index ops_item_standing on ops_item (organisation, kind, key) where cleared_at is null;
create index ops_item_listed on ops_item (organisation, state, id);

-- Stays in progress by when they began: those that nobody ended.
create index resource_in_progress on resource (organisation, date_from) where type = 'Encounter' and status = 'in-progress';

do $$
declare name text;
begin
  foreach name in array array['intake_file', 'intake_file_message', 'feed_hour', 'feed_watch', 'service_up', 'ops_item']
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy organisation_only on %I using (organisation = current_setting(''throughline.organisation'', true)) with check (organisation = current_setting(''throughline.organisation'', true))', name);
  end loop;
end $$;

grant select, insert, update on intake_file, feed_watch, ops_item to throughline_service;
grant select, insert on intake_file_message to throughline_service;
grant select, insert, update, delete on feed_hour, service_up to throughline_service;
