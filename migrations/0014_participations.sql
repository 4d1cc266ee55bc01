-- The grappe of several OGs: who is invited and takes part, which ESSMS each OG lets in, who carries the project next.

-- One row an OG that is not the porteur, from its invitation on.
create table participation (
    dossier_id uuid not null references dossier (id) on delete cascade,
    og text collate "C" not null references organisme (finess),
    etat text not null check (etat in ('invitee', 'acceptee', 'refusee', 'retiree')),
    invitee_le timestamptz not null,
    invitee_par uuid not null references compte (id),
    -- SHA-256 of the token of the last link sent
    cle bytea unique,
    -- an address to write to, besides the accounts of the OG
    courriel text,
    expire_le timestamptz not null,
    -- last mail that asked for an answer
    relancee_le timestamptz not null,
    repondue_le timestamptz,
    repondue_par uuid references compte (id),
    motif text not null default '' check (char_length(motif) <= 2000),
    -- proposed as the next porteur, when and by whom
    portage_le timestamptz,
    portage_par uuid references compte (id),
    primary key (dossier_id, og),
    check ((portage_le is null) = (portage_par is null) and (portage_le is null or etat = 'acceptee'))
);
create index participation_og on participation (og);
create unique index participation_portage on participation (dossier_id) where portage_le is not null;

-- What the OG of an ESSMS answered. It holds for this presence in the grappe: an ESSMS that goes out and comes back is
-- asked for anew, one that moves to another OG too.
create table consentement (
    dossier_id uuid not null references dossier (id) on delete cascade,
    finess text collate "C" not null,
    og text collate "C" not null references organisme (finess),
    etat text not null check (etat in ('donne', 'refuse', 'retire')),
    -- the words agreed to
    texte text not null,
    motif text not null default '' check (char_length(motif) <= 2000),
    repondu_le timestamptz not null,
    repondu_par uuid not null references compte (id),
    primary key (dossier_id, finess)
);

-- When the present porteur took over: what names the porteur is to be read again.
alter table dossier add column porteur_depuis timestamptz;

grant select, insert, update on participation, consentement to portail_app;
grant select, insert, update, delete on participation, consentement to portail_systeme;

-- The dossiers that the OG of the request takes part in. Policies ask functions, which row-level security does not bind:
-- a policy on dossiers that read participations, whose policy reads dossiers, would turn for ever.
create function dossiers_partages() returns uuid[]
    language plpgsql stable security definer set search_path = public
    as $$ begin
        return array(select p.dossier_id from participation p where p.og = portail_og() and p.etat = 'acceptee');
    end $$;
-- Those of them that are still written.
create function brouillons_partages() returns uuid[]
    language plpgsql stable security definer set search_path = public
    as $$ begin
        return array(select p.dossier_id from participation p join dossier d on d.id = p.dossier_id
                     where p.og = portail_og() and p.etat = 'acceptee' and d.etat = 'brouillon' and d.abandonne_le is null);
    end $$;

-- A membre reads the dossier, and through it all it holds. Policies are tried in the order of their names: the porteur's
-- own saves never ask this one.
create policy dossier_partage on dossier for select to portail_app
    using (id = any ((select dossiers_partages())::uuid[]));
-- It writes the rows of the ESSMS it manages, and the journal of what it does.
create policy grappe_essms_partage on grappe_essms for update to portail_app
    using (dossier_id = any ((select brouillons_partages())::uuid[])
           and exists (select from essms e where e.finess = grappe_essms.finess and e.organisme = portail_og()));
create policy journal_partage on journal for insert to portail_app
    with check (dossier_id = any ((select brouillons_partages())::uuid[]));

-- Of its rows, a membre changes the answers, and takes them out; the rest is the porteur's.
create function grappe_essms_du_porteur() returns trigger language plpgsql as $$
begin
    if current_user = 'portail_app'
        and not exists (select from dossier d where d.id = old.dossier_id and d.porteur = portail_og()) then
        raise insufficient_privilege using message = 'seul le porteur compose la grappe';
    end if;
    return new;
end $$;
create trigger grappe_essms_du_porteur before update on grappe_essms for each row
    when ((old.dossier_id, old.finess, old.rang, old.ajoute_le) is distinct from (new.dossier_id, new.finess, new.rang, new.ajoute_le)
          or (old.retire_le is not null and new.retire_le is distinct from old.retire_le))
    execute function grappe_essms_du_porteur();

-- The ESSMS goes out: its consent falls, a refusal stays to be read. It comes back: nothing was answered yet.
create function consentement_caduc() returns trigger language plpgsql security definer set search_path = public as $$
begin
    delete from consentement c
    where c.dossier_id = new.dossier_id and c.finess = new.finess and (new.retire_le is null or c.etat = 'donne');
    return null;
end $$;
create trigger consentement_caduc after update on grappe_essms for each row
    when (old.retire_le is distinct from new.retire_le) execute function consentement_caduc();

alter table participation enable row level security;
alter table participation force row level security;
create policy participation_lisible on participation for select to portail_app
    using (og = portail_og() or exists (select from dossier d where d.id = dossier_id));
create policy participation_ajout on participation for insert to portail_app
    with check (exists (select from dossier d where d.id = dossier_id and d.porteur = portail_og() and d.etat = 'brouillon'));
create policy participation_modif on participation for update to portail_app
    using (og = portail_og()
           or exists (select from dossier d where d.id = dossier_id and d.porteur = portail_og() and d.etat = 'brouillon'));
create policy participation_systeme on participation to portail_systeme using (true) with check (true);

-- Nobody answers for another OG, nor invites itself.
create function participation_consentie() returns trigger language plpgsql as $$
begin
    if current_user <> 'portail_app' then
        return new;
    end if;
    if new.og = portail_og() then
        if tg_op = 'INSERT'
            or (old.etat, new.etat) not in (('invitee', 'acceptee'), ('acceptee', 'acceptee'), ('acceptee', 'retiree'))
            or (old.dossier_id, old.og, old.invitee_le, old.invitee_par, old.cle, old.courriel, old.expire_le, old.relancee_le)
               is distinct from
               (new.dossier_id, new.og, new.invitee_le, new.invitee_par, new.cle, new.courriel, new.expire_le, new.relancee_le)
            or (new.portage_le is not null and new.portage_le is distinct from old.portage_le) then
            raise insufficient_privilege using message = 'un organisme invité répond, et rien d’autre';
        end if;
    elsif new.etat = 'acceptee' and (tg_op = 'INSERT' or old.etat <> 'acceptee' or old.og <> new.og) then
        raise insufficient_privilege using message = 'seul l’organisme invité accepte';
    end if;
    return new;
end $$;
create trigger participation_consentie before insert or update on participation
    for each row execute function participation_consentie();

alter table consentement enable row level security;
alter table consentement force row level security;
create policy consentement_lisible on consentement for select to portail_app
    using (exists (select from dossier d where d.id = dossier_id));
create policy consentement_ajout on consentement for insert to portail_app
    with check (og = portail_og() and dossier_id = any ((select brouillons_partages())::uuid[])
                and exists (select from essms e where e.finess = consentement.finess and e.organisme = portail_og()));
create policy consentement_modif on consentement for update to portail_app
    using (dossier_id = any ((select brouillons_partages())::uuid[])
           and exists (select from essms e where e.finess = consentement.finess and e.organisme = portail_og()))
    with check (og = portail_og());
create policy consentement_systeme on consentement to portail_systeme using (true) with check (true);

-- What a membre's save needs of the dossier's own row, which it may not write: its lock, and the mark that the answers on
-- the ESSMS changed.
create function verrouiller_partage(numero uuid) returns text
    language plpgsql security definer set search_path = public as $$
declare
    code text;
begin
    select case when d.abandonne_le is null then d.etat else 'abandonne' end into code
    from dossier d where d.id = numero and d.id = any (dossiers_partages()) for update;
    return code;
end $$;
create function noter_partage(numero uuid, compte uuid, quand timestamptz) returns void
    language plpgsql security definer set search_path = public as $$
begin
    update dossier d set modifie_le = quand where d.id = numero and d.id = any (brouillons_partages());
    if found then
        insert into dossier_etape as e (dossier_id, etape, version, reponses, modifie_le, modifie_par)
        values (numero, 'essms', 1, '{}', quand, compte)
        on conflict (dossier_id, etape) do update
            set version = e.version + 1, modifie_le = excluded.modifie_le, modifie_par = excluded.modifie_par;
    end if;
end $$;

-- What an invited OG knows before it answers, and nothing else: who asks, for what, with which of its ESSMS.
create function invitations_recues()
    returns table (dossier_id uuid, nom text, edition text, fictif boolean, porteur text, invitee_le timestamptz,
                   expire_le timestamptz, essms text[])
    language plpgsql stable security definer set search_path = public as $$
begin
    return query
        select d.id, d.nom, d.edition, d.fictif, d.porteur, p.invitee_le, p.expire_le,
               array(select g.finess from grappe_essms g join essms e on e.finess = g.finess and e.organisme = p.og
                     where g.dossier_id = d.id and g.retire_le is null order by g.rang, g.finess)
        from participation p join dossier d on d.id = p.dossier_id
        where p.og = portail_og() and p.etat = 'invitee' and d.etat = 'brouillon' and d.abandonne_le is null
        order by p.invitee_le, d.id;
end $$;

-- The proposed OG becomes the porteur, the former one a membre whose ESSMS stay: neither could write the row of the other.
create function prendre_le_portage(numero uuid, accord text, quand timestamptz) returns boolean
    language plpgsql security definer set search_path = public as $$
declare
    ancien text;
    proposant uuid;
begin
    select d.porteur, p.portage_par into ancien, proposant
    from dossier d join participation p on p.dossier_id = d.id
    where d.id = numero and p.og = portail_og() and p.portage_le is not null
      and d.etat = 'brouillon' and d.abandonne_le is null
    for update;
    if not found then
        return false;
    end if;
    update dossier set porteur = portail_og(), porteur_depuis = quand, modifie_le = quand where id = numero;
    -- What its colleagues said to each other, and who was to do what, does not follow.
    delete from commentaire where dossier_id = numero;
    delete from affectation where dossier_id = numero;
    delete from participation where dossier_id = numero and og in (ancien, portail_og());
    delete from consentement where dossier_id = numero and og in (ancien, portail_og());
    insert into participation (dossier_id, og, etat, invitee_le, invitee_par, expire_le, relancee_le, repondue_le, repondue_par)
        values (numero, ancien, 'acceptee', quand, proposant, quand, quand, quand, proposant);
    insert into consentement (dossier_id, finess, og, etat, texte, repondu_le, repondu_par)
        select numero, g.finess, ancien, 'donne', accord, quand, proposant
        from grappe_essms g join essms e on e.finess = g.finess and e.organisme = ancien
        where g.dossier_id = numero and g.retire_le is null
        on conflict (dossier_id, finess) do update set og = excluded.og, etat = excluded.etat, texte = excluded.texte,
            motif = '', repondu_le = excluded.repondu_le, repondu_par = excluded.repondu_par;
    return true;
end $$;

-- Whom to write to in an OG, as numbers: accounts of other OGs are not read otherwise.
create function comptes_a_prevenir(numero text, roles text[]) returns setof uuid
    language plpgsql stable security definer set search_path = public as $$
begin
    return query select c.id from compte c
                 where c.og = numero and c.etat = 'actif' and c.role_og = any (roles) order by c.id;
end $$;

-- ELI-E05: a draft engages the ESSMS of its porteur, and now those whose OG agreed.
create or replace function essms_engages_ailleurs(numeros text[], sauf uuid) returns setof text
    language plpgsql stable security definer set search_path = public set plan_cache_mode = force_generic_plan
    as $$ begin
        return query
            select distinct g.finess
            from grappe_essms g
            join dossier d on d.id = g.dossier_id
            left join essms e on e.finess = g.finess
            where g.finess = any (numeros) and g.dossier_id <> sauf and g.retire_le is null
              and d.abandonne_le is null
              and (d.etat <> 'brouillon' or d.porteur = e.organisme
                   or exists (select from consentement c where c.dossier_id = d.id and c.finess = g.finess
                              and c.etat = 'donne' and c.og = e.organisme));
    end $$;

do $$
declare
    f text;
begin
    grant create on schema public to portail_systeme;
    foreach f in array array['dossiers_partages()', 'brouillons_partages()', 'consentement_caduc()', 'verrouiller_partage(uuid)',
                             'noter_partage(uuid, uuid, timestamptz)', 'invitations_recues()',
                             'prendre_le_portage(uuid, text, timestamptz)', 'comptes_a_prevenir(text, text[])'] loop
        execute format('alter function %s owner to portail_systeme', f);
        execute format('revoke execute on function %s from public', f);
        execute format('grant execute on function %s to portail_app, portail_systeme', f);
    end loop;
    revoke create on schema public from portail_systeme;
end $$;
