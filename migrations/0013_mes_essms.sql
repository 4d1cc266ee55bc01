-- Mes ESSMS: what an OG answers once for each of its ESSMS, the spreadsheet that waits to be confirmed, and
-- what the registry changed since the OG last looked.

create table fait_essms (
    -- FINESS EJ of the OG that answers: the tenant. An ESSMS that moves leaves its answers behind.
    og text collate "C" not null references organisme (finess),
    finess text collate "C" not null,
    -- what a form shows it was filled upon
    version integer not null,
    reponses jsonb not null,
    modifie_le timestamptz not null,
    modifie_par uuid not null references compte (id),
    primary key (og, finess)
);

-- Who answered what, when, before and after. Rows are only ever added.
create table journal_essms (
    id uuid primary key,
    og text collate "C" not null references organisme (finess),
    finess text collate "C" not null,
    survenu_le timestamptz not null,
    compte_id uuid not null references compte (id),
    action text not null,
    -- [{champ, libelle, avant, apres}]
    champs jsonb not null
);
create index journal_essms_essms on journal_essms (og, finess, survenu_le desc);

-- A spreadsheet between its check and its confirmation: its cells, not its bytes. One an account, replaced by
-- the next, forgotten after `expire_le`.
create table import_essms (
    compte_id uuid primary key references compte (id) on delete cascade,
    og text collate "C" not null references organisme (finess),
    -- changes at each upload and each correction: a form says which one it was about
    id uuid not null,
    nom text not null check (char_length(nom) <= 255),
    tableau jsonb not null check (octet_length(tableau::text) <= 20000000),
    -- what each column holds
    colonnes text[] not null,
    -- every heading was recognised, or a person confirmed
    confirme boolean not null,
    expire_le timestamptz not null
);

-- What an import of the registry changed for an ESSMS that an OG cares about.
create table evenement_essms (
    id uuid primary key default gen_random_uuid(),
    og text collate "C" not null references organisme (finess),
    finess text collate "C" not null,
    nature text not null check (nature in ('ferme', 'rouvert', 'parti', 'arrive', 'change', 'categorie')),
    avant text not null,
    apres text not null,
    -- date of the data
    date_donnees date not null,
    survenu_le timestamptz not null default now(),
    vu_le timestamptz,
    vu_par uuid references compte (id)
);
create index evenement_essms_a_voir on evenement_essms (og) where vu_le is null;

do $$
declare
    t text;
begin
    foreach t in array array['fait_essms', 'journal_essms', 'import_essms', 'evenement_essms'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy %I on %I to portail_app
            using (og = portail_og()) with check (og = portail_og())', t || '_de_l_og', t);
        execute format('create policy %I on %I to portail_systeme using (true) with check (true)', t || '_systeme', t);
    end loop;
end $$;
grant select, insert, update on fait_essms to portail_app;
grant select, insert on journal_essms to portail_app;
grant select, insert, update, delete on import_essms to portail_app;
grant select, update (vu_le, vu_par) on evenement_essms to portail_app;
grant select, insert, update, delete on fait_essms, journal_essms, import_essms, evenement_essms to portail_systeme;

-- Each upload forgets those of every OG that have expired.
create function import_essms_balayer() returns trigger language plpgsql security definer set search_path = public as $$
begin
    delete from import_essms where expire_le < new.expire_le - interval '1 day';
    return null;
end $$;

-- In the import's own transaction, whatever statement of the merge changes the row: closed, open again, moved
-- to another OG, of another category. The OGs concerned are the one it leaves and the one it joins when they
-- have accounts, and the porteurs whose draft holds it.
create function essms_suivi() returns trigger language plpgsql security definer set search_path = public as $$
begin
    insert into evenement_essms (og, finess, nature, avant, apres, date_donnees)
    select o.og, new.finess, n.nature, n.avant, n.apres, new.date_donnees
    from (select distinct c.og from compte c where c.og in (old.organisme, new.organisme)
          union
          select d.porteur from grappe_essms g join dossier d on d.id = g.dossier_id
          where g.finess = new.finess and g.retire_le is null and d.etat = 'brouillon' and d.abandonne_le is null) o
    cross join lateral (
        select case when new.etat = 'ferme' then 'ferme' else 'rouvert' end as nature, old.etat as avant, new.etat as apres
        where old.etat is distinct from new.etat
        union all
        select case o.og when old.organisme then 'parti' when new.organisme then 'arrive' else 'change' end,
               old.organisme, new.organisme
        where old.organisme is distinct from new.organisme
        union all
        select 'categorie', old.categorie, new.categorie
        where old.categorie is distinct from new.categorie) n;
    return null;
end $$;

grant create on schema public to portail_systeme;
alter function import_essms_balayer() owner to portail_systeme;
alter function essms_suivi() owner to portail_systeme;
revoke create on schema public from portail_systeme;

create trigger import_essms_balayer after insert or update on import_essms
    for each row execute function import_essms_balayer();
create trigger essms_suivi after update on essms for each row
    when ((old.etat, old.organisme, old.categorie) is distinct from (new.etat, new.organisme, new.categorie))
    execute function essms_suivi();
