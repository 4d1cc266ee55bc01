-- Models: the texts of a deposited dossier, without what tells whose they were, that its ARS offers to every porteur to start
-- from. Nothing is published before the porteur agrees, and both may take it back.
create table modele (
    id uuid primary key,
    -- who has to agree, and who offers; no reader of a model learns it
    dossier_id uuid not null references dossier (id) on delete cascade,
    edition text not null,
    region text not null,
    titre text not null check (char_length(titre) between 1 and 120),
    -- {step: {field: [text]}}: the text answers only
    reponses jsonb not null,
    etat text not null check (etat in ('propose', 'accepte', 'refuse', 'retire')),
    fictif boolean not null default false,
    propose_le timestamptz not null,
    propose_par uuid not null references compte (id),
    repondu_le timestamptz,
    repondu_par uuid references compte (id),
    retire_le timestamptz,
    retire_par uuid references compte (id),
    check ((repondu_le is null) = (repondu_par is null) and (retire_le is null) = (retire_par is null)),
    check ((etat in ('accepte', 'refuse')) <= (repondu_le is not null) and (etat = 'retire') = (retire_le is not null))
);
create index modele_region on modele (region, propose_le desc);
-- A dossier has one model at a time.
create unique index modele_en_cours on modele (dossier_id) where etat in ('propose', 'accepte');

alter table modele enable row level security;
alter table modele force row level security;
-- The ARS of the région and the porteur read it; the other porteurs by the function below.
create policy modele_lisible on modele for select to portail_app
    using (region = any (portail_regions())
           or exists (select from dossier d where d.id = dossier_id and d.porteur = portail_og()));
-- The ARS offers what was deposited in its région, and what was deposited only.
create policy modele_ajout on modele for insert to portail_app
    with check (etat = 'propose' and exists (select from dossier d
        where d.id = dossier_id and d.etat = 'depose' and d.region = any (portail_regions())
          and (d.region, d.edition, d.fictif) = (modele.region, modele.edition, modele.fictif)));
create policy modele_modif on modele for update to portail_app
    using (region = any (portail_regions())
           or exists (select from dossier d where d.id = dossier_id and d.porteur = portail_og()));
create policy modele_systeme on modele to portail_systeme using (true) with check (true);
grant select, insert on modele to portail_app;
-- What was agreed to does not change.
grant update (etat, repondu_le, repondu_par, retire_le, retire_par) on modele to portail_app;
grant select, insert, update, delete on modele to portail_systeme;

-- The porteur alone answers, once; whoever offered or agreed takes back.
create function modele_consenti() returns trigger language plpgsql as $$
begin
    if current_user = 'portail_app' and not coalesce(case new.etat
            when 'accepte' then old.etat = 'propose' and portail_og() is not null
            when 'refuse' then old.etat = 'propose' and portail_og() is not null
            when 'retire' then old.etat = 'accepte' or (old.etat = 'propose' and portail_og() is null)
        end, false) then
        raise insufficient_privilege using message = 'seul le porteur consent à la publication d’un modèle';
    end if;
    return new;
end $$;
create trigger modele_consenti before update on modele for each row execute function modele_consenti();

-- What was done about a model is written in the journal of its dossier, deposited as it is, by the ARS too.
create policy journal_modele on journal for insert to portail_app
    with check (exists (select from modele m where m.dossier_id = journal.dossier_id));

-- What every porteur reads of the models agreed to: nothing of whose they are.
create function modeles_publies()
    returns table (id uuid, titre text, edition text, region text, reponses jsonb, fictif boolean)
    language plpgsql stable security definer set search_path = public as $$
begin
    return query
        select m.id, m.titre, m.edition, m.region, m.reponses, m.fictif from modele m
        where m.etat = 'accepte' and portail_og() is not null
        order by m.repondu_le desc, m.id;
end $$;
-- Whose a model is, for who offered it and who agrees: a dossier whose deposit was taken back is a draft, that its ARS no longer
-- reads, and its model is still there to be taken back.
create function dossier_du_modele(numero uuid) returns table (reference text, porteur text)
    language plpgsql stable security definer set search_path = public as $$
begin
    return query
        select d.reference, d.porteur from modele m join dossier d on d.id = m.dossier_id
        where m.id = numero and (m.region = any (portail_regions()) or d.porteur = portail_og());
end $$;

do $$
declare
    f text;
begin
    grant create on schema public to portail_systeme;
    foreach f in array array['modeles_publies()', 'dossier_du_modele(uuid)'] loop
        execute format('alter function %s owner to portail_systeme', f);
        execute format('revoke execute on function %s from public', f);
        execute format('grant execute on function %s to portail_app, portail_systeme', f);
    end loop;
    revoke create on schema public from portail_systeme;
end $$;
