-- Colleagues on one dossier: what they write to each other beside a step, and who takes care of it. Nobody else reads it: neither
-- another OG, nor the ARS once the dossier is deposited.

create table commentaire (
    id uuid primary key,
    dossier_id uuid not null references dossier (id) on delete cascade,
    etape text not null,
    auteur uuid not null references compte (id),
    texte text not null check (char_length(texte) between 1 and 2000),
    ecrit_le timestamptz not null,
    modifie_le timestamptz,
    resolu_le timestamptz,
    resolu_par uuid references compte (id),
    -- taken out by its author, who may put it back
    retire_le timestamptz
);
create index commentaire_dossier on commentaire (dossier_id, etape, ecrit_le);

-- One row a step that somebody takes care of.
create table affectation (
    dossier_id uuid not null references dossier (id) on delete cascade,
    etape text not null,
    compte_id uuid not null references compte (id),
    affecte_le timestamptz not null,
    primary key (dossier_id, etape)
);
create index affectation_compte on affectation (compte_id);

do $$
declare
    t text;
begin
    foreach t in array array['commentaire', 'affectation'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy %I on %I to portail_app
            using (exists (select from dossier d where d.id = dossier_id and d.porteur = portail_og()))', t || '_du_porteur', t);
        execute format('create policy %I on %I to portail_systeme using (true) with check (true)', t || '_systeme', t);
    end loop;
end $$;
grant select, insert, update on commentaire to portail_app;
grant select, insert, update, delete on affectation to portail_app;
grant select, insert, update, delete on commentaire, affectation to portail_systeme;
