-- Requests look up close spellings in the words of the registry: without this, a mistyped search in
-- the page of a grappe failed instead of finding.
grant select on mot to portail_app, portail_systeme;
