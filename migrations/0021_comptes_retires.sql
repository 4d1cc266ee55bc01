-- A removed account is never taken up again: it keeps its number, its name and what it signed, and lets its address go. The
-- person who holds the address next, perhaps somebody else, opens an account of its own, and nothing that opened the old one
-- opens it.
drop index compte_courriel;
create unique index compte_courriel on compte (lower(courriel)) where etat <> 'retire';
drop policy compte_lu on compte;
create policy compte_lu on compte for select to portail_app using (og = portail_og());
drop policy compte_modifie on compte;
create policy compte_modifie on compte for update to portail_app
    using (profil = 'og' and og = portail_og()) with check (profil = 'og' and og = portail_og());
revoke update (mot_de_passe, og, conditions_le) on compte from portail_app;

-- What opens an account goes with it; and the invitations of who may no longer invite, which let in whom they chose.
create function compte_retire() returns trigger language plpgsql security definer set search_path = public as $$
begin
    delete from invitation where invite_par = new.id;
    if new.etat = 'retire' then
        delete from second_facteur where compte_id = new.id;
        delete from code_secours where compte_id = new.id;
        delete from defi where compte_id = new.id;
        delete from identite where compte_id = new.id;
        delete from reinitialisation where compte_id = new.id;
    end if;
    return null;
end $$;
create trigger compte_retire after update of etat, role_og on compte for each row
    when ((new.etat = 'retire' or new.role_og is distinct from 'depot')
          and (old.etat, old.role_og) is distinct from (new.etat, new.role_og))
    execute function compte_retire();

-- Who decides on a request to join an OG: its signatories, else the accompagnement of its régions. As numbers: the accounts of
-- agents are not read otherwise.
create function decideurs_de_la_demande(numero text) returns setof uuid
    language sql stable security definer set search_path = public
    as $$ select id from compte
          where etat = 'actif' and case when a_un_signataire(numero) then og = numero and role_og = 'depot'
              else profil = 'accompagnement' and (regions && regions_de_l_og(numero) or regions_de_l_og(numero) = '{}') end
          order by id $$;
revoke all on function decideurs_de_la_demande from public;
grant execute on function decideurs_de_la_demande to portail_app;

-- Who takes care of a step is the business of its OG: neither an ARS, nor a membre, nor the next porteur reads it in the journal.
drop policy journal_lisible on journal;
create policy journal_lisible on journal for select to portail_app
    using (exists (select from dossier d where d.id = dossier_id)
           and (not champs @> '[{"champ": "collegue"}]'
                or exists (select from compte c where c.id = compte_id and c.og = portail_og())));

-- Invitations are counted in the transaction that sends them. Only hashes are there.
grant select, insert, delete on echec_connexion to portail_app;
