-- An accusé de réception is a proof: nobody silences it. What colleagues write is chosen apart from what happens to dossiers.
alter table courriel
    drop constraint courriel_sorte_check,
    add constraint courriel_sorte_check check (sorte in ('securite', 'echeances', 'accuses', 'activite', 'echanges'));
alter table preference_courriel
    drop constraint preference_courriel_sorte_check,
    add constraint preference_courriel_sorte_check check (sorte in ('echeances', 'activite', 'echanges'));
insert into preference_courriel (compte_id, sorte, rythme)
select compte_id, 'echanges', rythme from preference_courriel where sorte = 'activite';
