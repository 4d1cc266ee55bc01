-- A change of place is told as the others are: the département decides whether an ESSMS may be in a grappe. And what an
-- import changed is told by mail too, once an OG.
alter table evenement_essms drop constraint evenement_essms_nature_check;
alter table evenement_essms add constraint evenement_essms_nature_check
    check (nature in ('ferme', 'rouvert', 'parti', 'arrive', 'change', 'categorie', 'deplace'));

-- Still to be written to the OG; what was noted before there were mails is not.
alter table evenement_essms add column a_ecrire boolean not null default false;
alter table evenement_essms alter column a_ecrire set default true;
create index evenement_essms_a_ecrire on evenement_essms (og) where a_ecrire;

-- As in 0013, with the place. Its first known place is no move.
create or replace function essms_suivi() returns trigger language plpgsql security definer set search_path = public as $$
begin
    insert into evenement_essms (og, finess, nature, avant, apres, date_donnees)
    select o.og, new.finess, n.nature, n.avant, n.apres, new.date_donnees
    from (select distinct c.og from compte c where c.og in (old.organisme, new.organisme)
          union
          select d.porteur from grappe_essms g join dossier d on d.id = g.dossier_id
          where g.finess = new.finess and g.retire_le is null and d.etat = 'brouillon' and d.abandonne_le is null) o
    cross join lateral (
        select case when new.etat = 'ferme' then 'ferme' else 'rouvert' end as nature, old.etat as avant, new.etat as apres
        where old.etat is distinct from new.etat
        union all
        select case o.og when old.organisme then 'parti' when new.organisme then 'arrive' else 'change' end,
               old.organisme, new.organisme
        where old.organisme is distinct from new.organisme
        union all
        select 'categorie', old.categorie, new.categorie
        where old.categorie is distinct from new.categorie
        union all
        select 'deplace', old.departement, new.departement
        where old.departement <> '' and old.departement is distinct from new.departement) n;
    return null;
end $$;

drop trigger essms_suivi on essms;
create trigger essms_suivi after update on essms for each row
    when ((old.etat, old.organisme, old.categorie, old.departement)
          is distinct from (new.etat, new.organisme, new.categorie, new.departement))
    execute function essms_suivi();
