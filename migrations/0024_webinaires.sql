-- Webinars that the accompagnement announces, and who is registered. A registration is personal data: read by the organisers of its
-- région and by whoever holds the link of its mail, erased some weeks after the webinar.

create table webinaire (
    id uuid primary key,
    region text not null,
    titre text not null check (char_length(titre) between 1 and 120),
    description text not null check (char_length(description) between 1 and 2000),
    -- whom it is for; empty: everybody
    destine_a text not null default '',
    organisateur text not null,
    debut timestamptz not null,
    fin timestamptz not null check (fin > debut),
    -- none: no limit; beyond it, people wait
    capacite integer check (capacite between 1 and 5000),
    -- of the meeting: told to who is registered, by mail, and to nobody else
    lien text not null,
    rediffusion text,
    annule_le timestamptz,
    -- counts the changes: of the form, and of the entry in calendars (SEQUENCE of RFC 5545)
    revision integer not null default 0,
    -- once registrations are erased, how many there were
    efface_le timestamptz,
    bilan_inscrits bigint,
    bilan_presents bigint,
    fictif boolean not null default false,
    cree_le timestamptz not null
);
create index webinaire_debut on webinaire (debut);

create table inscription_webinaire (
    id uuid primary key,
    webinaire_id uuid not null references webinaire (id) on delete cascade,
    nom text not null,
    courriel text not null,
    organisme text not null default '',
    question text not null default '',
    etat text not null check (etat in ('inscrit', 'attente')),
    -- SHA-256 of the tokens of the links that take it back, one for each mail
    cles bytea[] not null default '{}',
    present boolean not null default false,
    inscrit_le timestamptz not null
);
create unique index inscription_webinaire_courriel on inscription_webinaire (webinaire_id, lower(courriel));
create index inscription_webinaire_cles on inscription_webinaire using gin (cles);

-- A transaction carries the one webinar it is about: it writes it, and reads its registrations, and no other's.
create function portail_webinaire() returns uuid language sql stable
    as $$ select nullif(current_setting('portail.webinaire', true), '')::uuid $$;

-- Anybody learns how many places are taken, and nothing else of the registrations.
create function places_prises(numero uuid) returns bigint language sql stable security definer set search_path = public
    as $$ select count(*) from inscription_webinaire i where i.webinaire_id = numero and i.etat = 'inscrit' $$;
grant create on schema public to portail_systeme;
alter function places_prises(uuid) owner to portail_systeme;
revoke create on schema public from portail_systeme;

alter table webinaire enable row level security;
alter table webinaire force row level security;
create policy webinaire_lu on webinaire for select using (true);
create policy webinaire_cree on webinaire for insert to portail_app with check (id = portail_webinaire());
create policy webinaire_modifie on webinaire for update to portail_app using (id = portail_webinaire());
create policy webinaire_systeme on webinaire to portail_systeme using (true) with check (true);

alter table inscription_webinaire enable row level security;
alter table inscription_webinaire force row level security;
create policy inscription_du_webinaire on inscription_webinaire to portail_app
    using (webinaire_id = portail_webinaire()) with check (webinaire_id = portail_webinaire());
create policy inscription_systeme on inscription_webinaire to portail_systeme using (true) with check (true);

grant select, insert, update on webinaire to portail_app, portail_systeme;
grant select, insert, update, delete on inscription_webinaire to portail_app;
grant select, insert, update, delete on inscription_webinaire to portail_systeme;

-- Mails about a webinar hold addresses: they are erased with its registrations.
grant select (id, cle, travail_id), delete on courriel to portail_systeme;
grant select (id), delete on travail to portail_systeme;
