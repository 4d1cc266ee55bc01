-- Work done later, and the mails it sends. A mail is written in the transaction of its cause: it leaves if, and only
-- if, its cause happened.

create table travail (
    id uuid primary key,
    genre text not null,
    charge jsonb not null default '{}',
    -- Names a work that exists once, however many portals there are: a recurrent one.
    cle text unique,
    etat text not null default 'attente' check (etat in ('attente', 'fait', 'abandonne')),
    -- When it may be taken: its time, the time of its next attempt or, once taken, the end of the lease of
    -- whoever took it. The work of a portal that was killed is taken again then.
    pret_le timestamptz not null,
    -- Attempts begun since it was asked for; a portal that comes back too late no longer holds this number.
    tentatives integer not null default 0,
    -- Why the last attempt failed.
    erreur text,
    cree_le timestamptz not null,
    fini_le timestamptz
);
create index travail_pret on travail (genre, pret_le) where etat = 'attente';

-- What came out of each attempt. Rows are only ever added.
create table tentative (
    id bigint generated always as identity primary key,
    travail_id uuid not null references travail (id) on delete cascade,
    survenue_le timestamptz not null,
    reussie boolean not null,
    -- What the mail server answered, or what prevented it to.
    reponse text not null
);
create index tentative_travail on tentative (travail_id);

create table courriel (
    -- Its Message-ID is made of it: sent twice by a crash, it is recognised as the same.
    id uuid primary key,
    -- Names a mail that is written once, such as the reminder of a day to a person.
    cle text unique,
    -- To an account, at the address it has when the mail leaves; or to an address that has no account yet.
    compte_id uuid references compte (id) on delete cascade,
    adresse text,
    sorte text not null check (sorte in ('securite', 'echeances', 'activite')),
    -- What happened; the words are made of it when the mail leaves.
    evenement jsonb not null,
    -- Path of a one-time link, which only the mail says: forgotten once it has left.
    secret text,
    -- The work that sends it; none while it waits for the daily digest. Written just after it.
    travail_id uuid references travail (id) deferrable initially deferred,
    -- The digest it left in.
    resume_id uuid references courriel (id),
    -- Opaque, in the links that stop mails of this kind: 122 random bits.
    desabonnement uuid not null unique default gen_random_uuid(),
    cree_le timestamptz not null,
    check ((compte_id is null) <> (adresse is null))
);
create index courriel_compte on courriel (compte_id, cree_le desc);
create index courriel_recent on courriel (cree_le desc);
create index courriel_travail on courriel (travail_id);
create index courriel_a_resumer on courriel (compte_id) where travail_id is null and resume_id is null;

-- What an account chose for a kind of mails; no row: at once.
create table preference_courriel (
    compte_id uuid not null references compte (id) on delete cascade,
    sorte text not null check (sorte in ('echeances', 'activite')),
    rythme text not null check (rythme in ('immediat', 'quotidien', 'jamais')),
    primary key (compte_id, sorte)
);

-- A request writes mails and reads none: they speak of other accounts' dossiers.
grant insert on travail, courriel to portail_app, portail_systeme;
grant select on preference_courriel to portail_app, portail_systeme;
-- To write to the signatories of an OG.
grant select (role_og) on compte to portail_app;
