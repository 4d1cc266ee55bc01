-- The registry: cheaper checks, the history of every import, refused ones included; and the second
-- wall around what was deposited.

-- A regular expression per row was a third of the time of a national import. The importer parses the
-- numbers; the table only keeps a fault of its own out.
alter table essms
    drop constraint essms_finess,
    drop constraint essms_siret,
    add constraint essms_finess check (octet_length(finess) = 9 and ltrim(finess, '0123456789AB') = ''),
    -- Codes are compared, not sorted for people: their indexes are built in half the time.
    alter column departement type text collate "C",
    alter column categorie type text collate "C",
    add constraint essms_siret check (octet_length(siret) = 14 and ltrim(siret, '0123456789') = '');
alter table organisme
    drop constraint organisme_finess,
    drop constraint organisme_siren,
    add constraint organisme_finess check (octet_length(finess) = 9 and ltrim(finess, '0123456789AB') = ''),
    add constraint organisme_siren check (octet_length(siren) = 9 and ltrim(siren, '0123456789') = '');

-- One row per attempt, from its beginning: where it stands, then how it ended. What is neither ended
-- nor held by its transaction's lock was interrupted.
create table import_envoi (
    id           uuid primary key,
    -- Who asked: an account's e-mail, or « ligne de commande ».
    par          text not null,
    -- Names of the files given.
    fichiers     text[] not null,
    commence_le  timestamptz not null default now(),
    termine_le   timestamptz,
    -- Why nothing was imported.
    refus        text,
    -- Where it stands: the file at hand, what was read of it.
    fichier      text not null default '',
    lus          bigint not null default 0,
    rejetes      bigint not null default 0,
    octets       bigint not null default 0,
    octets_total bigint not null default 0,
    fusion       boolean not null default false,
    constraint import_envoi_refus check (refus is null or termine_le is not null)
);
create index import_envoi_commence on import_envoi (commence_le desc);
insert into import_envoi (id, par, fichiers, commence_le, termine_le)
    select id, par, array[fichier], commence_le, termine_le from import_finess;

alter table import_finess add column envoi uuid references import_envoi (id) on delete cascade;
update import_finess set envoi = id;
alter table import_finess alter column envoi set not null;
create index import_finess_envoi on import_finess (envoi);

-- Rejected lines belong to the attempt: those of a refused one say what to mend.
alter table import_rejet add column fichier text;
update import_rejet r set fichier = f.fichier from import_finess f where f.id = r.import;
alter table import_rejet alter column fichier set not null;
alter table import_rejet drop constraint import_rejet_import_fkey;
alter table import_rejet rename column import to envoi;
alter table import_rejet add constraint import_rejet_envoi_fkey
    foreign key (envoi) references import_envoi (id) on delete cascade;
drop index import_rejet_import;
create index import_rejet_envoi on import_rejet (envoi, fichier, ligne, motif);

-- What was deposited is not rewritten, not even by its porteur's own requests: a draft becomes a
-- deposited dossier, and nothing comes back. A trigger rather than a policy: a policy would hide the
-- deposited dossier from « select … for update », which must find it to say that it is deposited.
create function dossier_fige() returns trigger language plpgsql as $$
begin
    if current_user <> 'portail_app' then
        return new;
    end if;
    if tg_op = 'INSERT' then
        if new.etat <> 'brouillon' then
            raise insufficient_privilege using message = 'un dossier commence en brouillon';
        end if;
    elsif old.etat <> 'brouillon'
        and (old.etat, old.reference, old.nom, old.edition, old.edition_version, old.region, old.porteur,
             old.fictif, old.cree_le, old.modifie_le)
            is distinct from
            (new.etat, new.reference, new.nom, new.edition, new.edition_version, new.region, new.porteur,
             new.fictif, new.cree_le, new.modifie_le) then
        raise insufficient_privilege using message = 'un dossier déposé ne change plus';
    end if;
    return new;
end $$;
create trigger dossier_fige before insert or update on dossier for each row execute function dossier_fige();

-- Its children are written while it is a draft. The deposit freezes it and adds its evidence in one
-- statement, which sees the draft.
do $$
declare
    t text;
begin
    foreach t in array array['dossier_etape', 'grappe_essms', 'piece', 'depot'] loop
        execute format('alter policy %I on %I
            with check (exists (select from dossier d
                where d.id = dossier_id and d.porteur = portail_og() and d.etat = ''brouillon''))', t || '_ajout', t);
    end loop;
    foreach t in array array['dossier_etape', 'grappe_essms', 'piece'] loop
        execute format('alter policy %I on %I
            using (exists (select from dossier d
                where d.id = dossier_id and d.porteur = portail_og() and d.etat = ''brouillon''))', t || '_modif', t);
    end loop;
end $$;

-- Nobody searches the solutions by likeness: they are few, and listed whole.
drop index solution_dui_nom;
