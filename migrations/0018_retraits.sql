-- A deposit that its porteur took back before the end of its window. The deposit stays, as evidence, and so does
-- its withdrawal: rows are only ever added.
create table retrait (
    depot_id uuid primary key references depot (id),
    dossier_id uuid not null references dossier (id),
    retire_le timestamptz not null,
    retire_par uuid not null references compte (id)
);
create index retrait_dossier on retrait (dossier_id);

alter table retrait enable row level security;
alter table retrait force row level security;
create policy retrait_lisible on retrait for select to portail_app
    using (exists (select from dossier d where d.id = dossier_id));
-- What is taken back is deposited, and a deposit of that dossier.
create policy retrait_ajout on retrait for insert to portail_app
    with check (exists (select from dossier d join depot p on p.dossier_id = d.id
        where d.id = retrait.dossier_id and p.id = depot_id and d.porteur = portail_og() and d.etat = 'depose'));
create policy retrait_systeme on retrait for all to portail_systeme using (true) with check (true);
grant select, insert on retrait to portail_app;
grant select, insert, update, delete on retrait to portail_systeme;

-- A deposited dossier is written again in one case only: its last deposit was taken back. Then it becomes a draft,
-- and nothing else of it changes.
create or replace function dossier_fige() returns trigger language plpgsql as $$
declare
    retire boolean;
begin
    if current_user <> 'portail_app' then
        return new;
    end if;
    if tg_op = 'INSERT' then
        if new.etat <> 'brouillon' then
            raise insufficient_privilege using message = 'un dossier commence en brouillon';
        end if;
    elsif old.etat <> 'brouillon' then
        retire := old.etat = 'depose' and new.etat = 'brouillon' and coalesce(
            (select exists (select from retrait r where r.depot_id = p.id)
             from depot p where p.dossier_id = old.id order by p.rang desc limit 1), false);
        if (old.reference, old.nom, old.edition, old.edition_version, old.region, old.porteur, old.fictif, old.cree_le)
                is distinct from
                (new.reference, new.nom, new.edition, new.edition_version, new.region, new.porteur, new.fictif, new.cree_le)
            or (not retire and (old.etat, old.modifie_le) is distinct from (new.etat, new.modifie_le)) then
            raise insufficient_privilege using message = 'un dossier déposé ne change plus';
        end if;
    end if;
    return new;
end $$;

-- What anybody who holds the hash of a deposit may learn of it: that it exists, when, under which number and
-- appel à projets, and what became of it. Neither its porteur nor its ESSMS. `intact`: the hashes of this
-- deposit and of those before it are computed anew, and each says the hash of the one before, in the table
-- and in the frozen document.
create function depot_verifie(empreinte bytea)
    returns table (reference text, edition text, rang integer, depose_le timestamptz, retire_le timestamptz,
                   remplace_le timestamptz, fictif boolean, intact boolean)
    language sql stable security definer set search_path = public
    as $$
        select d.reference, p.edition, p.rang, p.depose_le, r.retire_le,
            (select min(s.depose_le) from depot s where s.dossier_id = p.dossier_id and s.rang > p.rang), d.fictif,
            (select bool_and(c.sha256 = sha256(convert_to(c.contenu, 'UTF8'))
                         and c.precedent is not distinct from c.avant
                         and position('"precedent":' || coalesce('"' || encode(c.avant, 'hex') || '"', 'null') in c.contenu) > 0
                         and c.rang = c.numero)
             from (select h.*, lag(h.sha256) over (order by h.rang) as avant, row_number() over (order by h.rang) as numero
                   from depot h where h.dossier_id = p.dossier_id and h.rang <= p.rang) c)
        from depot p
        join dossier d on d.id = p.dossier_id
        left join retrait r on r.depot_id = p.id
        where p.sha256 = empreinte $$;
create index depot_sha256 on depot (sha256);
grant create on schema public to portail_systeme;
alter function depot_verifie(bytea) owner to portail_systeme;
revoke create on schema public from portail_systeme;
revoke execute on function depot_verifie(bytea) from public;
grant execute on function depot_verifie(bytea) to portail_app, portail_systeme;
