-- A look tells the names it was made of, so that most of those whom a key finds are ruled out without reading their
-- records. Looks made before stay without: whoever they find is compared as a whole.

alter table patient_look add column family text, add column given text;
grant update on patient_look to throughline_service;
