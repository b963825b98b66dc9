-- Open reviews are found by the patients they are about as they are by identifiers: key by key, however many are open.

create table match_review_patient (
  organisation text not null,
  patient text not null,
  review text not null,
  primary key (organisation, patient, review),
  foreign key (organisation, review) references match_review (organisation, id)
);
create index match_review_patient_of on match_review_patient (organisation, review);
create index match_review_key_of on match_review_key (organisation, review);

alter table match_review no force row level security;
insert into match_review_patient (organisation, patient, review)
select r.organisation, p.id, r.id from match_review r cross join lateral unnest(r.candidate_ids || r.record) as p (id)
 where r.state = 'open' and p.id is not null
on conflict do nothing;
alter table match_review force row level security;

alter table match_review_patient enable row level security;
alter table match_review_patient force row level security;
create policy organisation_only on match_review_patient
  using (organisation = current_setting('throughline.organisation', true))
  with check (organisation = current_setting('throughline.organisation', true));
grant select, insert, delete on match_review_patient to throughline_service;
