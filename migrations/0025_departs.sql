-- Nothing more is written to who has left, but what concerns its own account: neither what waits, nor a digest.
create or replace function compte_retire() returns trigger language plpgsql security definer set search_path = public as $$
begin
    delete from invitation where invite_par = new.id;
    if new.etat = 'retire' then
        delete from second_facteur where compte_id = new.id;
        delete from code_secours where compte_id = new.id;
        delete from defi where compte_id = new.id;
        delete from identite where compte_id = new.id;
        delete from reinitialisation where compte_id = new.id;
        delete from courriel where compte_id = new.id and travail_id is null and resume_id is null;
    end if;
    return null;
end $$;

-- ELI-E05: a dossier engages its ESSMS as long as its appel à projets lasts, and within it. The portal knows which last.
drop function essms_engages_ailleurs(text[], uuid);
create function essms_engages_ailleurs(numeros text[], sauf uuid, editions text[]) returns setof text
    language plpgsql stable security definer set search_path = public set plan_cache_mode = force_generic_plan
    as $$ begin
        return query
            select distinct g.finess
            from grappe_essms g
            join dossier d on d.id = g.dossier_id
            left join essms e on e.finess = g.finess
            where g.finess = any (numeros) and g.dossier_id <> sauf and g.retire_le is null
              and d.abandonne_le is null and d.edition = any (editions)
              and (d.etat <> 'brouillon' or d.porteur = e.organisme
                   or exists (select from consentement c where c.dossier_id = d.id and c.finess = g.finess
                              and c.etat = 'donne' and c.og = e.organisme));
    end $$;

-- Whom to write to about a model: who offered it or, once gone, the instructors of its région. As numbers.
create function instructeurs_du_modele(numero uuid) returns setof uuid
    language plpgsql stable security definer set search_path = public as $$
begin
    return query
        select c.id from modele m
        join compte c on c.etat = 'actif' and c.profil = 'ars'
            and (c.id = m.propose_par
                 or m.region = any (c.regions)
                    and not exists (select from compte p where p.id = m.propose_par and p.etat = 'actif'))
        where m.id = numero
        order by c.id;
end $$;

do $$
declare
    f text;
begin
    grant create on schema public to portail_systeme;
    foreach f in array array['essms_engages_ailleurs(text[], uuid, text[])', 'instructeurs_du_modele(uuid)'] loop
        execute format('alter function %s owner to portail_systeme', f);
        execute format('revoke execute on function %s from public', f);
        execute format('grant execute on function %s to portail_app, portail_systeme', f);
    end loop;
    revoke create on schema public from portail_systeme;
end $$;
