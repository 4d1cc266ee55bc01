-- ELI-E05, asked at each save: a function in plpgsql keeps its plan, one in sql was planned at each call.
-- A draft engages only the ESSMS that its own porteur manages: anybody can paste anybody's numbers,
-- and that must not exclude them from the dossier of their own OG.
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
              and (d.etat <> 'brouillon' or d.porteur = e.organisme);
    end $$;
