-- Accounts, sessions and failed log-ins. None is a tenant table: they are read before a tenant is known.

-- The role every request's transaction drops to: it owns nothing, so row-level security binds it.
-- The role of the portal's own work (jobs, demonstration data, cross-tenant questions answered
-- without disclosure). Roles belong to the cluster: another database may have made them already,
-- even at this very moment.
do $$
begin
    create role portail_app nologin;
exception when duplicate_object or unique_violation then null;
end $$;
do $$
begin
    create role portail_systeme nologin;
exception when duplicate_object or unique_violation then null;
end $$;
do $$
begin
    execute format('grant portail_app, portail_systeme to %I', current_user);
exception when others then
    -- Two databases granting at once: the grant is there all the same.
    if not (pg_has_role(current_user, 'portail_app', 'member')
            and pg_has_role(current_user, 'portail_systeme', 'member')) then
        raise;
    end if;
end $$;
grant usage on schema public to portail_app, portail_systeme;

create table compte (
    id uuid primary key,
    courriel text not null,
    nom text not null,
    -- argon2id, in PHC form
    mot_de_passe text not null,
    profil text not null check (profil in ('og', 'ars', 'accompagnement', 'administration')),
    -- FINESS EJ of the OG, for the profile « og »
    og text collate "C" references organisme (finess),
    role_og text check (role_og in ('lecture', 'edition', 'depot')),
    -- INSEE codes of the régions an instructor or an accompagnateur works for
    regions text[] not null default '{}',
    fictif boolean not null default false,
    cree_le timestamptz not null,
    check ((profil = 'og') = (og is not null and role_og is not null))
);
create unique index compte_courriel on compte (lower(courriel));

create table session (
    -- SHA-256 of the cookie: a copy of this table opens no session
    cle bytea primary key,
    compte_id uuid not null references compte (id) on delete cascade,
    jeton_csrf bytea not null,
    cree_le timestamptz not null,
    vue_le timestamptz not null,
    expire_le timestamptz not null
);
create index session_compte on session (compte_id);
create index session_expire on session (expire_le);

create table echec_connexion (
    -- SHA-256 of the e-mail or of the address tried: no personal data stays here
    cle bytea not null,
    survenu_le timestamptz not null
);
create index echec_connexion_cle on echec_connexion (cle, survenu_le);
