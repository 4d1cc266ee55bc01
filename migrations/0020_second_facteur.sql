-- Second factor and log-in by an identity provider. Read and written by the owner only: no request's role comes here.

-- A code that changes every 30 seconds (TOTP, RFC 6238). The secret has to be read back to check a code: it cannot be hashed.
create table second_facteur (
    compte_id uuid primary key references compte (id) on delete cascade,
    secret bytea not null check (length(secret) = 20),
    -- null until the person has shown that its application computes the codes
    active_le timestamptz,
    -- last step accepted: a code serves once
    dernier_pas bigint not null default 0
);

-- For who lost the device: each serves once, only its SHA-256 is kept.
create table code_secours (
    compte_id uuid not null references compte (id) on delete cascade,
    cle bytea not null,
    primary key (compte_id, cle)
);

-- Between the first factor and the code.
create table defi (
    cle bytea primary key,
    compte_id uuid not null references compte (id) on delete cascade,
    -- the provider's identity token, to be kept with the session
    jeton_identite text,
    expire_le timestamptz not null
);
create index defi_expire on defi (expire_le);

-- Whether a second factor was shown when it was opened.
alter table session add column forte boolean not null default false;
-- The provider's token of a log-in it vouched for: logging out of the provider needs it.
alter table session add column jeton_identite text;

-- A visitor sent to the identity provider, until it comes back.
create table connexion_deleguee (
    cle bytea primary key,
    nonce text not null,
    verificateur text not null,
    retour text not null,
    expire_le timestamptz not null
);
create index connexion_deleguee_expire on connexion_deleguee (expire_le);

-- Whom the provider's subject is here.
create table identite (
    emetteur text not null,
    sujet text not null,
    compte_id uuid not null references compte (id) on delete cascade,
    liee_le timestamptz not null,
    primary key (emetteur, sujet)
);
create index identite_compte on identite (compte_id);
