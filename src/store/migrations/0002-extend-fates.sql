-- Fates in full: a message may wait for a person to say whose it is; it can be found by the patient's identifier and
-- the visit number it names; it can be read again after a mapping was corrected.
alter table inbox drop constraint inbox_state_check;
alter table inbox add constraint inbox_state_check check (state in ('received', 'applied', 'ignored', 'parked', 'waiting'));
-- The match review it waits for.
alter table inbox add column review text;
-- The first identifier of the patient and the visit number, values as sent.
alter table inbox add column subject text;
alter table inbox add column visit text;
-- How often it was set back to be read again.
alter table inbox add column replays smallint not null default 0;
create index inbox_of_subject on inbox (organisation, subject, message) where subject is not null;
create index inbox_of_visit on inbox (organisation, visit, message) where visit is not null;
create index inbox_of_review on inbox (organisation, review, message) where review is not null;
