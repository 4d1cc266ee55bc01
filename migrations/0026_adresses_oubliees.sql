-- Addresses of people who have no account are kept no longer than promised: with their registration for a webinar, and for some
-- weeks otherwise.

-- Whoever takes a registration back, whatever the way, leaves no mail about it behind: neither those sent nor those about to be.
-- Their names begin as `store::webinaires::debut_de_cle` says.
create function inscription_webinaire_oubliee() returns trigger language plpgsql security definer set search_path = public as $$
begin
    with partis as (
        delete from courriel m
        where m.cle like 'webinaire ' || old.webinaire_id || ' %' and lower(m.adresse) = lower(old.courriel)
        returning m.travail_id)
    delete from travail where id in (select travail_id from partis);
    return null;
end $$;
grant create on schema public to portail_systeme;
alter function inscription_webinaire_oubliee() owner to portail_systeme;
revoke create on schema public from portail_systeme;
create trigger inscription_webinaire_oubliee after delete on inscription_webinaire
    for each row execute function inscription_webinaire_oubliee();

-- The sweep of the other ones, and what it looks at.
grant select (adresse, cree_le) on courriel to portail_systeme;
grant select (etat, fini_le) on travail to portail_systeme;
create index courriel_sans_compte on courriel (cree_le) where adresse is not null;
