-- Dossiers, each with its grappe. One grappe lives in one dossier: they are one aggregate, locked together.

create table dossier (
    id uuid primary key,
    -- what people quote on the phone, such as IDF24-7QX2M
    reference text not null unique,
    nom text not null,
    edition text not null,
    edition_version integer not null,
    -- INSEE code of the région whose ARS instructs
    region text not null,
    -- FINESS EJ of the porteur: the tenant
    porteur text collate "C" not null references organisme (finess),
    etat text not null check (etat in ('brouillon', 'depose')),
    fictif boolean not null default false,
    cree_le timestamptz not null,
    modifie_le timestamptz not null
);
create index dossier_porteur on dossier (porteur);
create index dossier_region on dossier (region) where etat <> 'brouillon';

-- One row a step once it was saved; `version` is what a form shows it was filled upon.
create table dossier_etape (
    dossier_id uuid not null references dossier (id) on delete cascade,
    etape text not null,
    version integer not null,
    reponses jsonb not null,
    modifie_le timestamptz not null,
    modifie_par uuid not null references compte (id),
    primary key (dossier_id, etape)
);

-- The grappe. A row taken out keeps its answers (`retire_le`), so that taking it back loses nothing.
create table grappe_essms (
    dossier_id uuid not null references dossier (id) on delete cascade,
    finess text collate "C" not null,
    rang integer not null,
    reponses jsonb not null default '{}',
    ajoute_le timestamptz not null,
    retire_le timestamptz,
    primary key (dossier_id, finess)
);
-- « is this ESSMS in another live dossier » (ELI-E05)
create index grappe_essms_finess on grappe_essms (finess) where retire_le is null;

create table piece (
    id uuid primary key,
    dossier_id uuid not null references dossier (id) on delete cascade,
    -- code of the piece in the edition
    type_piece text not null,
    nom text not null,
    type_contenu text not null,
    taille_octets bigint not null check (taille_octets > 0),
    sha256 bytea not null,
    -- where the object store keeps it
    chemin text not null,
    depose_le timestamptz not null,
    depose_par uuid not null references compte (id),
    retire_le timestamptz
);
create index piece_dossier on piece (dossier_id);

-- What was deposited is evidence: content, evaluation and edition, frozen, hashed, chained.
create table depot (
    id uuid primary key,
    dossier_id uuid not null references dossier (id),
    rang integer not null,
    depose_le timestamptz not null,
    depose_par uuid not null references compte (id),
    edition text not null,
    edition_version integer not null,
    -- the frozen document, exactly the bytes that were hashed
    contenu text not null,
    evaluation jsonb not null,
    sha256 bytea not null,
    -- hash of the dossier's previous deposit, within the hashed document too
    precedent bytea,
    unique (dossier_id, rang)
);

-- Who did what, when, before and after. Rows are only ever added.
create table journal (
    id uuid primary key,
    dossier_id uuid not null references dossier (id) on delete cascade,
    survenu_le timestamptz not null,
    compte_id uuid not null references compte (id),
    action text not null,
    etape text,
    -- [{champ, libelle, avant, apres}]
    champs jsonb not null default '[]',
    -- what the save changed in the verdicts and the money
    effets jsonb not null default '[]'
);
create index journal_dossier on journal (dossier_id, survenu_le desc);

-- The second wall. A request's transaction says for whom it works (set_config, local): an OG, or
-- régions. Nothing said: nothing seen.
create function portail_og() returns text language sql stable
    as $$ select nullif(current_setting('portail.og', true), '') $$;
create function portail_regions() returns text[] language sql stable
    as $$ select string_to_array(coalesce(current_setting('portail.regions', true), ''), ',') $$;

alter table dossier enable row level security;
alter table dossier force row level security;
create policy dossier_du_porteur on dossier to portail_app
    using (porteur = portail_og()) with check (porteur = portail_og());
-- A draft is its porteur's alone: an ARS sees what was deposited.
create policy dossier_instruit on dossier for select to portail_app
    using (etat <> 'brouillon' and region = any (portail_regions()));
create policy dossier_systeme on dossier to portail_systeme using (true) with check (true);

do $$
declare
    t text;
begin
    foreach t in array array['dossier_etape', 'grappe_essms', 'piece', 'depot', 'journal'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        -- A child row is as visible as its dossier, and only its porteur writes it.
        execute format('create policy %I on %I for select to portail_app
            using (exists (select from dossier d where d.id = dossier_id))', t || '_lisible', t);
        execute format('create policy %I on %I for insert to portail_app
            with check (exists (select from dossier d where d.id = dossier_id and d.porteur = portail_og()))', t || '_ajout', t);
        execute format('create policy %I on %I for all to portail_systeme using (true) with check (true)', t || '_systeme', t);
    end loop;
    -- What was deposited and what was done are never rewritten: no update nor delete there.
    foreach t in array array['dossier_etape', 'grappe_essms', 'piece'] loop
        execute format('create policy %I on %I for update to portail_app
            using (exists (select from dossier d where d.id = dossier_id and d.porteur = portail_og()))', t || '_modif', t);
    end loop;
end $$;

grant select on region, departement, categorie, organisme, essms, solution_dui, import_finess to portail_app, portail_systeme;
grant select (id, nom, profil, og) on compte to portail_app;
grant select on compte to portail_systeme;
grant select, insert, update on dossier, dossier_etape, grappe_essms, piece to portail_app;
grant select, insert on depot, journal to portail_app;
grant select, insert, update, delete on dossier, dossier_etape, grappe_essms, piece, depot, journal to portail_systeme;

-- ELI-E05 without disclosure: which of these ESSMS stand in another live dossier, and nothing else.
-- A draft engages only the ESSMS that its own porteur manages: anybody can paste anybody's numbers,
-- and that must not exclude them from the dossier of their own OG.
create function essms_engages_ailleurs(numeros text[], sauf uuid) returns setof text
    language sql stable security definer set search_path = public
    as $$ select distinct g.finess
          from grappe_essms g
          join dossier d on d.id = g.dossier_id
          left join essms e on e.finess = g.finess
          where g.finess = any (numeros) and g.dossier_id <> sauf and g.retire_le is null
            and (d.etat <> 'brouillon' or d.porteur = e.organisme) $$;
-- Only an owner with the right to create in the schema may be given a function.
grant create on schema public to portail_systeme;
alter function essms_engages_ailleurs(text[], uuid) owner to portail_systeme;
revoke create on schema public from portail_systeme;
revoke execute on function essms_engages_ailleurs(text[], uuid) from public;
grant execute on function essms_engages_ailleurs(text[], uuid) to portail_app, portail_systeme;
