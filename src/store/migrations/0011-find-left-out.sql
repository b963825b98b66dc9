-- How many messages were left out, and why, is counted without reading all that ever came.

create index inbox_left_out on inbox (organisation, partner, reason, trigger)
  where state = 'ignored' and reason in ('off-panel', 'opted-out');
