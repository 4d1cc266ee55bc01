-- Sign-ups, approvals, invitations, lost passwords. Of a link, only the SHA-256 of its token is kept: a copy of these
-- tables opens no account.

-- An account waits for an approval, works, or is removed. A removed one keeps its row: what it saved stays under its name.
alter table compte add column etat text not null default 'actif' check (etat in ('a_approuver', 'actif', 'retire'));
-- When the person accepted the terms of use; null for accounts made otherwise.
alter table compte add column conditions_le timestamptz;
create index compte_og on compte (og) where profil = 'og';

-- Named in a page that closes it; the key stays out of pages.
alter table session add column id uuid not null unique default gen_random_uuid();
-- Family of the browser, such as « Firefox, Windows »; never the whole User-Agent.
alter table session add column navigateur text not null default '';

-- A sign-up whose address is not confirmed yet: it is no account, so that nobody holds an address that is not theirs.
create table inscription (
    cle bytea primary key,
    courriel text not null,
    nom text not null,
    -- argon2id, in PHC form
    mot_de_passe text not null,
    og text collate "C" not null references organisme (finess),
    cree_le timestamptz not null,
    expire_le timestamptz not null
);
create index inscription_courriel on inscription (lower(courriel));
create index inscription_expire on inscription (expire_le);

-- A link that sets a new password.
create table reinitialisation (
    cle bytea primary key,
    compte_id uuid not null references compte (id) on delete cascade,
    expire_le timestamptz not null
);
create index reinitialisation_compte on reinitialisation (compte_id);

-- An invitation, until it is accepted or cancelled.
create table invitation (
    id uuid primary key,
    cle bytea not null unique,
    og text collate "C" not null references organisme (finess),
    courriel text not null,
    role_og text not null check (role_og in ('lecture', 'edition', 'depot')),
    invite_par uuid not null references compte (id),
    envoyee_le timestamptz not null,
    expire_le timestamptz not null
);
create unique index invitation_og_courriel on invitation (og, lower(courriel));

-- Who did what to whom among the accounts of an OG, in words people read. Rows are only ever added; names are
-- copied: a person may come back under another one.
create table journal_compte (
    id uuid primary key,
    og text collate "C" not null references organisme (finess),
    survenu_le timestamptz not null,
    auteur text not null,
    action text not null
);
create index journal_compte_og on journal_compte (og, survenu_le desc);

-- The second wall, as for dossiers.
do $$
declare
    t text;
begin
    foreach t in array array['inscription', 'invitation', 'journal_compte'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy %I on %I to portail_app using (og = portail_og()) with check (og = portail_og())',
                       t || '_de_l_og', t);
        execute format('create policy %I on %I to portail_systeme using (true) with check (true)', t || '_systeme', t);
    end loop;
end $$;
grant select, insert, delete on inscription to portail_app, portail_systeme;
grant select, insert, update, delete on invitation to portail_app, portail_systeme;
grant select, insert on journal_compte to portail_app, portail_systeme;

-- A request reads and writes accounts of its OG only, and takes up again the ones nobody holds; of the others, it learns the
-- name that signed what it may read. The owner, which logs people in before their OG is known, is not bound.
alter table compte enable row level security;
create policy compte_lu on compte for select to portail_app using (og = portail_og() or etat = 'retire');
create function nom_de_compte(compte uuid) returns text language sql stable security definer set search_path = public
    as $$ select nom from compte c where c.id = compte $$;
-- A sign-up tells an address that has an account from one that has none, whatever its OG: to its holder, by mail.
create function compte_de_l_adresse(adresse text) returns uuid language sql stable security definer set search_path = public
    as $$ select id from compte where lower(courriel) = lower(adresse) and etat <> 'retire' $$;
revoke all on function nom_de_compte, compte_de_l_adresse from public;
grant execute on function nom_de_compte, compte_de_l_adresse to portail_app, portail_systeme;
create policy compte_cree on compte for insert to portail_app with check (profil = 'og' and og = portail_og());
create policy compte_modifie on compte for update to portail_app
    using (profil = 'og' and (og = portail_og() or etat = 'retire')) with check (profil = 'og' and og = portail_og());
create policy compte_systeme on compte for select to portail_systeme using (true);
grant select (courriel, etat, cree_le, regions) on compte to portail_app;
grant insert on compte to portail_app;
grant update (nom, mot_de_passe, og, role_og, etat, conditions_le) on compte to portail_app;

-- The sessions of a person who is removed, or whose role changes, are closed with it.
alter table session enable row level security;
create policy session_de_l_og on session to portail_app
    using (exists (select from compte c where c.id = compte_id and c.og = portail_og()));
grant select (compte_id, vue_le), delete on session to portail_app;

-- Where an OG works: the régions of its open ESSMS, and its own. Empty when the registry tells neither.
create function regions_de_l_og(numero text) returns text[] language sql stable set search_path = public
    as $$ select coalesce(array_agg(distinct d.region), '{}') from departement d
          where d.code in (select e.departement from essms e where e.organisme = numero and e.etat = 'ouvert'
                           union select o.departement from organisme o where o.finess = numero) $$;
-- Whether somebody of the OG can let others in.
create function a_un_signataire(numero text) returns boolean language sql stable set search_path = public
    as $$ select exists (select from compte where og = numero and etat = 'actif' and role_og = 'depot') $$;
