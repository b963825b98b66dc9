-- Identity: where moved stays belong, under which words people are looked for, and what a person must decide or has
-- decided about whom a message means.

-- A stay or an account that was moved to another patient (A44, A45): `visit|authority|value`, `account|partner|value`.
create table stay_home (
  organisation text not null,
  key text not null,
  patient text not null,
  order_key text not null,
  primary key (organisation, key),
  foreign key (organisation, patient) references patient (organisation, id)
);

-- Keys that descriptions of one person share (src/domain/patient/person-words.ts).
create table patient_look (
  organisation text not null,
  key text not null,
  patient text not null,
  primary key (organisation, key, patient),
  foreign key (organisation, patient) references patient (organisation, id)
);

create table match_review (
  organisation text not null,
  id text not null,
  reason text not null,
  state text not null default 'open' check (state in ('open', 'decided', 'released')),
  -- Who the messages say it is: identifiers and demographics of the first of them.
  subject json not null,
  fingerprint text not null,
  -- Ids with scores and levels of agreement.
  candidates json not null,
  candidate_ids text[] not null,
  -- The record that was made meanwhile; where there is none the messages wait.
  record text,
  opened_at timestamptz not null,
  opened_by bigint not null,
  decided_at timestamptz,
  decided_by text,
  decision json,
  primary key (organisation, id)
);
create index match_review_open on match_review (organisation, opened_at, id) where state = 'open';

-- The identifiers of open reviews, so that what comes behind waits too.
create table match_review_key (
  organisation text not null,
  authority text not null,
  value text not null,
  review text not null,
  primary key (organisation, authority, value, review),
  foreign key (organisation, review) references match_review (organisation, id)
);

-- What people decided: this description under this identifier is that patient.
create table match_decision (
  organisation text not null,
  authority text not null,
  value text not null,
  fingerprint text not null,
  patient text not null,
  review text not null,
  primary key (organisation, authority, value, fingerprint),
  foreign key (organisation, patient) references patient (organisation, id)
);

do $$
declare name text;
begin
  foreach name in array array['stay_home', 'patient_look', 'match_review', 'match_review_key', 'match_decision']
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy organisation_only on %I using (organisation = current_setting(''throughline.organisation'', true)) with check (organisation = current_setting(''throughline.organisation'', true))', name);
  end loop;
end $$;

grant select, insert, update on stay_home, match_review, match_decision to throughline_service;
grant select, insert on patient_look to throughline_service;
grant select, insert, delete on match_review_key to throughline_service;
-- An identifier moves to another patient (A43); an event does (A44, A45), or is read again.
grant update, delete on encounter_event to throughline_service;
