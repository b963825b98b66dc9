-- A move of a stay or an account says of whom it was made, one row for each identifier, and all moves of one stay are
-- kept: numbers are used again, and a move must not take what was told of somebody else (docs/decisions/0015-identity.md).
-- The key of an account is `account|authority|value` from here on. Rows made before name nobody, and stay where they are.

alter table stay_home
  add column from_authority text not null default '',
  add column from_value text not null default '',
  drop constraint stay_home_pkey,
  add primary key (organisation, key, order_key, from_authority, from_value);
create index stay_home_from on stay_home (organisation, from_authority, from_value);
