-- A draft its porteur gave up stays, with its journal, and can be taken up again. Meanwhile it engages no
-- ESSMS: it must not keep them out of the dossier that replaces it.
alter table dossier add column abandonne_le timestamptz;
alter table dossier add constraint dossier_abandonne_non_depose check (abandonne_le is null or etat = 'brouillon');

create or replace function essms_engages_ailleurs(numeros text[], sauf uuid) returns setof text
    language sql stable security definer set search_path = public
    as $$ select distinct g.finess
          from grappe_essms g
          join dossier d on d.id = g.dossier_id
          left join essms e on e.finess = g.finess
          where g.finess = any (numeros) and g.dossier_id <> sauf and g.retire_le is null
            and d.abandonne_le is null
            and (d.etat <> 'brouillon' or d.porteur = e.organisme) $$;
