-- Public referentials: territories, categories, the FINESS registry and the DUI solutions.
-- Nothing here belongs to a tenant: every actor reads the same rows.

create extension if not exists pg_trgm;
create extension if not exists unaccent;
create extension if not exists fuzzystrmatch;

-- unaccent() is only stable because its dictionary can be altered; naming the dictionary lets an
-- index be built on the result. Altering the dictionary would require a reindex.
create function sans_accents(texte text) returns text
    language sql immutable strict parallel safe
    return lower(public.unaccent('public.unaccent'::regdictionary, texte));

create table region (
    code text primary key,
    nom  text not null,
    zone text not null constraint region_zone check (zone in ('metropole', 'corse', 'outre_mer'))
);

create table departement (
    code        text primary key,
    -- Two characters in FINESS files (9A for 971). Not unique: Saint-Barthélemy and Saint-Martin
    -- are filed under Guadeloupe's.
    code_finess text not null,
    nom         text not null,
    region      text not null references region (code)
);
create index departement_region on departement (region);

-- An administrator may edit it: the shipped rows are the portal's own reading of L.312-1 CASF.
-- Matched on the code only, because official labels change (209 and 460 did in 2023).
create table categorie (
    code        text primary key constraint categorie_code check (code ~ '^[0-9]{3}$'),
    libelle     text not null,
    sigle       text not null,
    secteur     text constraint categorie_secteur
                check (secteur in ('PA', 'PH', 'DOM', 'PDS', 'PDE', 'AHI', 'PJM')),
    medicalise  text not null constraint categorie_medicalise check (medicalise in ('oui', 'possible', 'non')),
    eligibilite text not null constraint categorie_eligibilite check (eligibilite in ('oui', 'a_verifier', 'non')),
    alinea      text not null,
    -- Null as long as the row is the shipped one.
    modifie_le  timestamptz
);

-- FINESS EJ. A row may exist before its name is known: an establishments file cites OGs that only
-- the legal entities file names, and the two may be imported in any order.
create table organisme (
    finess             text collate "C" primary key
                       constraint organisme_finess check (finess ~ '^[0-9][0-9AB][0-9]{7}$'),
    raison_sociale     text,
    raison_longue      text,
    siren              text constraint organisme_siren check (siren ~ '^[0-9]{9}$'),
    statut_juridique   text,
    statut_libelle     text,
    adresse            text,
    code_postal        text,
    commune            text,
    departement        text,
    date_creation      date,
    etat               text not null default 'ouvert' constraint organisme_etat check (etat in ('ouvert', 'ferme')),
    ferme_le           date,
    fictif             boolean not null default false,
    -- Date of the file that last changed the row.
    date_donnees       date not null,
    -- Words of its names, as the establishments it manages are also found by them.
    mots               text not null default '',
    constraint organisme_fermeture check ((etat = 'ferme') = (ferme_le is not null))
);
create index organisme_nom on organisme
    using gin (sans_accents(coalesce(raison_sociale, '') || ' ' || coalesce(raison_longue, '')) gin_trgm_ops);
create index organisme_siren on organisme (siren) where siren is not null;

-- FINESS ET: every establishment of the registry, hospitals included. Only the category table says
-- which are ESSMS, so that an administrator's edit takes effect at once.
create table essms (
    finess             text collate "C" primary key
                       constraint essms_finess check (finess ~ '^[0-9][0-9AB][0-9]{7}$'),
    organisme          text collate "C" not null references organisme (finess),
    nom                text not null,
    nom_long           text,
    adresse            text,
    code_postal        text,
    commune_insee      text not null,
    commune            text not null,
    -- INSEE code. No foreign key: the importer only writes codes of the compiled-in table, and a
    -- check per row would double the time of a national import.
    departement        text not null,
    categorie          text not null,
    -- The registry's own label, for the categories that the table does not hold.
    categorie_libelle  text,
    siret              text constraint essms_siret check (siret ~ '^[0-9]{14}$'),
    date_ouverture     date,
    date_autorisation  date,
    etat               text not null default 'ouvert' constraint essms_etat check (etat in ('ouvert', 'ferme')),
    ferme_le           date,
    -- WGS 84 degrees, checked to be in France.
    longitude          double precision,
    latitude           double precision,
    -- The registry's own date of last change.
    maj                date,
    -- Generated for demonstration: must be said wherever it is shown.
    fictif             boolean not null default false,
    -- Date of the file that last changed the row.
    date_donnees       date not null,
    -- Words of its own name, commune and category, without accents nor case.
    mots               text not null,
    -- The same words and those of its OG. Kept by the importer rather than by a trigger: one
    -- set-based statement instead of a call per row.
    recherche          tsvector not null,
    constraint essms_fermeture check ((etat = 'ferme') = (ferme_le is not null)),
    constraint essms_coordonnees check ((longitude is null) = (latitude is null))
);
-- Lists an OG's establishments and counts the size of an OG over the whole registry: the category
-- rides in the index, so that counting 49 OGs reads no table row.
create index essms_organisme on essms (organisme, etat, categorie);
create index essms_departement on essms (departement);
create index essms_recherche on essms using gin (recherche);

-- Every word of the registry, once. A mistyped word is looked up here, in tens of thousands of
-- words, instead of being compared with the names of a hundred thousand establishments.
create table mot (
    mot text collate "C" primary key
);
create index mot_proche on mot using gin (mot gin_trgm_ops);

-- Words one may have meant. The trigram index proposes, with a threshold low enough for two letters
-- exchanged in a short word (« ephad »); the number of letters to change decides.
create function mots_proches(saisi text, nombre integer) returns table (mot text, ecart integer)
    language sql stable parallel safe
    set pg_trgm.similarity_threshold = 0.2
as $$
    select m.mot, levenshtein(m.mot, saisi) as ecart
    from mot m
    where m.mot % saisi
      and abs(length(m.mot) - length(saisi)) <= 3
      and levenshtein_less_equal(m.mot, saisi, 3)
          <= case when length(saisi) <= 4 then 1 when length(saisi) <= 7 then 2 else 3 end
    order by ecart, similarity(m.mot, saisi) desc, m.mot
    limit nombre
$$;

-- One row per file of an import that was committed: what an administrator reads afterwards.
create table import_finess (
    id           uuid primary key default gen_random_uuid(),
    fichier      text not null,
    famille      text not null constraint import_finess_famille check (famille in ('extrait', 'finess_plus')),
    flux         text not null,
    date_donnees date not null,
    fictif       boolean not null default false,
    lus          bigint not null,
    nouveaux     bigint not null,
    modifies     bigint not null,
    fermes       bigint not null,
    rejetes      bigint not null,
    -- Coordinates given in the wrong order and put right.
    corriges     bigint not null,
    -- The file also carries establishments, legal entities: they answer to different dates.
    avec_et      boolean not null,
    avec_ej      boolean not null,
    encodage     text not null,
    remarque     text,
    commence_le  timestamptz not null,
    termine_le   timestamptz not null,
    duree_ms     bigint not null,
    -- Who asked: an account's e-mail, or « ligne de commande ».
    par          text not null
);
create index import_finess_date on import_finess (date_donnees desc);

create table import_rejet (
    import  uuid not null references import_finess (id) on delete cascade,
    -- Line of the file; for a JSON file, rank of the entity in the document.
    ligne   bigint not null,
    motif   text not null,
    extrait text not null
);
create index import_rejet_import on import_rejet (import, ligne);

-- DUI solutions, as the imported referential says; never hard-coded.
create table solution_dui (
    id                   uuid primary key default gen_random_uuid(),
    nom                  text not null,
    editeur              text not null,
    version              text not null,
    -- Couloirs of the Ségur reference.
    couloirs             text[] not null default '{}'
                         constraint solution_dui_couloirs
                         check (couloirs <@ array['PA', 'PH', 'DOM', 'PDS', 'PDE', 'AHI', 'PJM']),
    segur                boolean not null,
    sad                  boolean not null,
    referentiels         text[] not null default '{}'
                         constraint solution_dui_referentiels
                         check (referentiels <@ array['SERAFIN-PH', 'AGGIR-PATHOS']),
    services_socles      text[] not null default '{}'
                         constraint solution_dui_services
                         check (services_socles <@ array['MSSANTE', 'DMP', 'E_PRESCRIPTION', 'INS',
                                                         'PRO_SANTE_CONNECT', 'ROR', 'VIA_TRAJECTOIRE']),
    -- Null: the referential does not say.
    plateforme_eparcours boolean,
    debut                date,
    fin                  date,
    fictif               boolean not null default false,
    -- Set when a later file no longer holds it: a dossier may still cite it.
    retiree_le           date,
    importee_le          timestamptz not null,
    constraint solution_dui_unique unique (nom, editeur, version),
    constraint solution_dui_dates check (fin is null or debut is null or fin >= debut)
);
create index solution_dui_nom on solution_dui using gin (sans_accents(nom || ' ' || editeur) gin_trgm_ops);

-- Shipped rows, equal to referentiels/*.csv (a test compares them).
insert into region (code, nom, zone) values
    ('01', 'Guadeloupe', 'outre_mer'), ('02', 'Martinique', 'outre_mer'), ('03', 'Guyane', 'outre_mer'),
    ('04', 'La Réunion', 'outre_mer'), ('06', 'Mayotte', 'outre_mer'), ('11', 'Île-de-France', 'metropole'),
    ('24', 'Centre-Val de Loire', 'metropole'), ('27', 'Bourgogne-Franche-Comté', 'metropole'), ('28', 'Normandie', 'metropole'),
    ('32', 'Hauts-de-France', 'metropole'), ('44', 'Grand Est', 'metropole'), ('52', 'Pays de la Loire', 'metropole'),
    ('53', 'Bretagne', 'metropole'), ('75', 'Nouvelle-Aquitaine', 'metropole'), ('76', 'Occitanie', 'metropole'),
    ('84', 'Auvergne-Rhône-Alpes', 'metropole'), ('93', 'Provence-Alpes-Côte d''Azur', 'metropole'), ('94', 'Corse', 'corse'),
    ('975', 'Saint-Pierre-et-Miquelon', 'outre_mer'), ('977', 'Saint-Barthélemy', 'outre_mer'), ('978', 'Saint-Martin', 'outre_mer'),
    ('984', 'Terres australes et antarctiques françaises', 'outre_mer'), ('986', 'Wallis et Futuna', 'outre_mer'), ('987', 'Polynésie française', 'outre_mer'),
    ('988', 'Nouvelle-Calédonie', 'outre_mer'), ('989', 'Île de Clipperton', 'outre_mer');

insert into departement (code, code_finess, nom, region) values
    ('01', '01', 'Ain', '84'), ('02', '02', 'Aisne', '32'), ('03', '03', 'Allier', '84'),
    ('04', '04', 'Alpes-de-Haute-Provence', '93'), ('05', '05', 'Hautes-Alpes', '93'), ('06', '06', 'Alpes-Maritimes', '93'),
    ('07', '07', 'Ardèche', '84'), ('08', '08', 'Ardennes', '44'), ('09', '09', 'Ariège', '76'),
    ('10', '10', 'Aube', '44'), ('11', '11', 'Aude', '76'), ('12', '12', 'Aveyron', '76'),
    ('13', '13', 'Bouches-du-Rhône', '93'), ('14', '14', 'Calvados', '28'), ('15', '15', 'Cantal', '84'),
    ('16', '16', 'Charente', '75'), ('17', '17', 'Charente-Maritime', '75'), ('18', '18', 'Cher', '24'),
    ('19', '19', 'Corrèze', '75'), ('21', '21', 'Côte-d''Or', '27'), ('22', '22', 'Côtes-d''Armor', '53'),
    ('23', '23', 'Creuse', '75'), ('24', '24', 'Dordogne', '75'), ('25', '25', 'Doubs', '27'),
    ('26', '26', 'Drôme', '84'), ('27', '27', 'Eure', '28'), ('28', '28', 'Eure-et-Loir', '24'),
    ('29', '29', 'Finistère', '53'), ('2A', '2A', 'Corse-du-Sud', '94'), ('2B', '2B', 'Haute-Corse', '94'),
    ('30', '30', 'Gard', '76'), ('31', '31', 'Haute-Garonne', '76'), ('32', '32', 'Gers', '76'),
    ('33', '33', 'Gironde', '75'), ('34', '34', 'Hérault', '76'), ('35', '35', 'Ille-et-Vilaine', '53'),
    ('36', '36', 'Indre', '24'), ('37', '37', 'Indre-et-Loire', '24'), ('38', '38', 'Isère', '84'),
    ('39', '39', 'Jura', '27'), ('40', '40', 'Landes', '75'), ('41', '41', 'Loir-et-Cher', '24'),
    ('42', '42', 'Loire', '84'), ('43', '43', 'Haute-Loire', '84'), ('44', '44', 'Loire-Atlantique', '52'),
    ('45', '45', 'Loiret', '24'), ('46', '46', 'Lot', '76'), ('47', '47', 'Lot-et-Garonne', '75'),
    ('48', '48', 'Lozère', '76'), ('49', '49', 'Maine-et-Loire', '52'), ('50', '50', 'Manche', '28'),
    ('51', '51', 'Marne', '44'), ('52', '52', 'Haute-Marne', '44'), ('53', '53', 'Mayenne', '52'),
    ('54', '54', 'Meurthe-et-Moselle', '44'), ('55', '55', 'Meuse', '44'), ('56', '56', 'Morbihan', '53'),
    ('57', '57', 'Moselle', '44'), ('58', '58', 'Nièvre', '27'), ('59', '59', 'Nord', '32'),
    ('60', '60', 'Oise', '32'), ('61', '61', 'Orne', '28'), ('62', '62', 'Pas-de-Calais', '32'),
    ('63', '63', 'Puy-de-Dôme', '84'), ('64', '64', 'Pyrénées-Atlantiques', '75'), ('65', '65', 'Hautes-Pyrénées', '76'),
    ('66', '66', 'Pyrénées-Orientales', '76'), ('67', '67', 'Bas-Rhin', '44'), ('68', '68', 'Haut-Rhin', '44'),
    ('69', '69', 'Rhône', '84'), ('70', '70', 'Haute-Saône', '27'), ('71', '71', 'Saône-et-Loire', '27'),
    ('72', '72', 'Sarthe', '52'), ('73', '73', 'Savoie', '84'), ('74', '74', 'Haute-Savoie', '84'),
    ('75', '75', 'Paris', '11'), ('76', '76', 'Seine-Maritime', '28'), ('77', '77', 'Seine-et-Marne', '11'),
    ('78', '78', 'Yvelines', '11'), ('79', '79', 'Deux-Sèvres', '75'), ('80', '80', 'Somme', '32'),
    ('81', '81', 'Tarn', '76'), ('82', '82', 'Tarn-et-Garonne', '76'), ('83', '83', 'Var', '93'),
    ('84', '84', 'Vaucluse', '93'), ('85', '85', 'Vendée', '52'), ('86', '86', 'Vienne', '75'),
    ('87', '87', 'Haute-Vienne', '75'), ('88', '88', 'Vosges', '44'), ('89', '89', 'Yonne', '27'),
    ('90', '90', 'Territoire de Belfort', '27'), ('91', '91', 'Essonne', '11'), ('92', '92', 'Hauts-de-Seine', '11'),
    ('93', '93', 'Seine-Saint-Denis', '11'), ('94', '94', 'Val-de-Marne', '11'), ('95', '95', 'Val-d''Oise', '11'),
    ('971', '9A', 'Guadeloupe', '01'), ('972', '9B', 'Martinique', '02'), ('973', '9C', 'Guyane', '03'),
    ('974', '9D', 'La Réunion', '04'), ('975', '9E', 'Saint-Pierre-et-Miquelon', '975'), ('976', '9F', 'Mayotte', '06'),
    ('977', '9A', 'Saint-Barthélemy', '977'), ('978', '9A', 'Saint-Martin', '978'), ('984', '984', 'Terres australes et antarctiques françaises', '984'),
    ('986', '9J', 'Wallis et Futuna', '986'), ('987', '987', 'Polynésie française', '987'), ('988', '988', 'Nouvelle-Calédonie', '988'),
    ('989', '989', 'Île de Clipperton', '989');

insert into categorie (code, libelle, sigle, secteur, medicalise, eligibilite, alinea) values
    ('159', 'Centre parental', 'Centre parental', 'PDE', 'non', 'oui', '1°'),
    ('165', 'Appartement de Coordination Thérapeutique (A.C.T.)', 'ACT', 'PDS', 'oui', 'oui', '9°'),
    ('166', 'Etablissement d''Accueil Mère-Enfant', 'CM/EAME', 'PDE', 'non', 'oui', '1°'),
    ('172', 'Pouponnière à Caractère Social', 'PCS', 'PDE', 'non', 'oui', '1°'),
    ('175', 'Foyer de l''Enfance', 'FDE', 'PDE', 'non', 'oui', '1°'),
    ('176', 'Village d''Enfants', 'VE', 'PDE', 'non', 'oui', '1°'),
    ('177', 'Maison d''Enfants à Caractère Social', 'MECS', 'PDE', 'non', 'oui', '1°'),
    ('178', 'Ctre.Accueil/ Accomp.Réduc.Risq.Usag. Drogues (C.A.A.R.U.D.)', 'CAARUD', 'PDS', 'possible', 'oui', '9°'),
    ('180', 'Lits Halte Soins Santé (L.H.S.S.)', 'LHSS', 'PDS', 'oui', 'oui', '9°'),
    ('182', 'Service d''Éducation Spéciale et de Soins à Domicile', 'SESSAD', 'PH', 'oui', 'oui', '2°'),
    ('183', 'Institut Médico-Educatif (I.M.E.)', 'IME', 'PH', 'oui', 'oui', '2°'),
    ('186', 'Institut Thérapeutique Éducatif et Pédagogique (I.T.E.P.)', 'ITEP', 'PH', 'oui', 'oui', '2°'),
    ('188', 'Etablissement pour Enfants ou Adolescents Polyhandicapés', 'EEAP', 'PH', 'oui', 'oui', '2°'),
    ('189', 'Centre Médico-Psycho-Pédagogique (C.M.P.P.)', 'CMPP', 'PH', 'oui', 'oui', '2°'),
    ('190', 'Centre Action Médico-Sociale Précoce (C.A.M.S.P.)', 'CAMSP', 'PH', 'oui', 'oui', '3°'),
    ('192', 'Institut d''éducation motrice', 'IEM', 'PH', 'oui', 'oui', '2°'),
    ('194', 'Institut pour Déficients Visuels', 'IDV', 'PH', 'oui', 'oui', '2°'),
    ('195', 'Institut pour Déficients Auditifs', 'IDA', 'PH', 'oui', 'oui', '2°'),
    ('196', 'Institut d''Education Sensorielle Sourd/Aveugle', 'IES', 'PH', 'oui', 'oui', '2°'),
    ('197', 'Centre soins accompagnement prévention addictologie (CSAPA)', 'CSAPA', 'PDS', 'oui', 'oui', '9°'),
    ('198', 'Etablissement et Service de Préorientation', 'CPO', 'PH', 'possible', 'oui', '5° b'),
    ('202', 'Résidences autonomie', 'RA', 'PA', 'possible', 'oui', '6°'),
    ('207', 'Centre de Jour pour Personnes Agées', 'AJ', 'PA', 'possible', 'oui', '6°'),
    ('209', 'Service autonomie aide et soins (SAAS)', 'SAD mixte (ex-SPASAD)', 'DOM', 'oui', 'oui', '6°/7°'),
    ('213', 'Lits d''Accueil Médicalisés (L.A.M.)', 'LAM', 'PDS', 'oui', 'oui', '9°'),
    ('214', 'Centre Hébergement & Réinsertion Sociale (C.H.R.S.)', 'CHRS', 'AHI', 'non', 'oui', '8°'),
    ('216', 'Résidence Hôtelière à Vocation Sociale (R.H.V.S.)', 'R.H.V.S.', 'AHI', 'non', 'non', 'hors L312-1'),
    ('218', 'Aire Station Nomades', 'Aire Station Nomades', 'AHI', 'non', 'non', 'hors L312-1'),
    ('219', 'Autre Centre d''Accueil', 'Autre Ctre.Accueil', 'AHI', 'non', 'a_verifier', '8° (à confirmer)'),
    ('220', 'Centre Social', 'Ctre.Social', null, 'non', 'non', 'hors L312-1'),
    ('221', 'Bureau d''Aide Psychologique Universitaire (B.A.P.U.)', 'BAPU', 'PH', 'oui', 'oui', '2°'),
    ('236', 'Centre Placement Familial Socio-Educatif (C.P.F.S.E.)', 'CPFSE', 'PDE', 'non', 'oui', '1°'),
    ('238', 'Centre d''Accueil Familial Spécialisé', 'CAFS', 'PH', 'possible', 'oui', '2°'),
    ('241', 'Foyer d''Action Educative (F.A.E.)', 'F.A.E.', 'PDE', 'non', 'oui', '4°'),
    ('246', 'Etablissement et Service d''Aide par le Travail (E.S.A.T.)', 'ESAT', 'PH', 'non', 'oui', '5° a'),
    ('247', 'Entreprise adaptée', 'EA', 'PH', 'non', 'non', 'hors L312-1'),
    ('249', 'Etablissement et Service de Réadaptation Professionnelle', 'CRP/ESRP', 'PH', 'possible', 'oui', '5° b'),
    ('252', 'Foyer Hébergement Adultes Handicapés', 'FH', 'PH', 'non', 'oui', '7°'),
    ('253', 'Foyer d''Accueil Polyvalent pour Adultes Handicapés', 'Foyer Poly.A.H.', 'PH', 'possible', 'oui', '7°'),
    ('255', 'Maison d''Accueil Spécialisée (M.A.S.)', 'MAS', 'PH', 'oui', 'oui', '7°'),
    ('256', 'Foyer Travailleurs Migrants non transformé en Résidence Soc.', 'Foyer Trav. Migrants', 'AHI', 'non', 'non', 'hors L312-1'),
    ('257', 'Foyer de Jeunes Travailleurs (résidence sociale ou non)', 'FJT', 'AHI', 'non', 'oui', '10°'),
    ('258', 'Maisons Relais - Pensions de Famille', 'Maisons Relais-Pens.', 'AHI', 'non', 'non', 'hors L312-1'),
    ('259', 'Autre Résidence Sociale (hors Maison Relais, Pension de Fami', 'Autre Résidence Soc', 'AHI', 'non', 'non', 'hors L312-1'),
    ('271', 'Maisons d''accueil hospitalières (M.A.H.)', 'M.A.H.', 'AHI', 'non', 'non', 'hors L312-1'),
    ('286', 'Club Equipe de Prévention', 'Prév. spé.', 'PDE', 'non', 'oui', '1°'),
    ('295', 'Services AEMO et AED', 'AEMO/AED', 'PDE', 'non', 'oui', '1°/4°'),
    ('324', 'Logement Foyer non Spécialisé', 'Log.Foyer non Spéc.', 'AHI', 'non', 'non', 'hors L312-1'),
    ('340', 'Service mandataire judiciaire à la protection des majeurs', 'MJPM', 'PJM', 'non', 'oui', '14°'),
    ('341', 'Service dédié mesures d''accompagnement social personnalisé', 'M.A.S.P.', 'PJM', 'non', 'a_verifier', 'à confirmer'),
    ('342', 'Service d''information et de soutien aux tuteurs familiaux', 'S.I.S.T.F.', 'PJM', 'non', 'a_verifier', 'à confirmer'),
    ('344', 'Service délégué aux prestations familiales', 'DPF', 'PJM', 'non', 'oui', '15°'),
    ('345', 'Service Tutelle Prestation Sociale', 'Serv.Tut.Prest.Soc.', 'PJM', 'non', 'a_verifier', 'à confirmer'),
    ('354', 'Service de Soins Infirmiers A Domicile (S.S.I.A.D)', 'SSIAD', 'DOM', 'oui', 'oui', '6°/7°'),
    ('359', 'Centre Circonscription Sanitaire et Sociale', 'Ctre.Circons.San.Soc', null, 'non', 'non', 'hors L312-1'),
    ('362', 'Etablissement de Soins Longue Durée', 'USLD', null, 'oui', 'non', 'hors L312-1'),
    ('370', 'Etablissement Expérimental pour personnes handicapées', 'Etab.Expérim. PH', 'PH', 'possible', 'oui', '12°'),
    ('377', 'Etablissement Expérimental pour Enfance Handicapée', 'Etab.Expér.Enf.Hand.', 'PH', 'possible', 'oui', '12°'),
    ('378', 'Etablissement Expérimental Enfance Protégée', 'Etab.Expér.Enf.Prot.', 'PDE', 'non', 'oui', '12°'),
    ('379', 'Etablissement Expérimental pour Adultes Handicapés', 'Etab.Expér.A.H.', 'PH', 'possible', 'oui', '12°'),
    ('380', 'Etablissement Expérimental Autres Adultes', 'Etab.Expér.Autre.A.', 'AHI', 'non', 'oui', '12°'),
    ('381', 'Etablissement Expérimental pour Personnes Agées', 'Etab.Expér.P.A.', 'PA', 'possible', 'oui', '12°'),
    ('382', 'Foyer de Vie pour Adultes Handicapés', 'FV', 'PH', 'non', 'oui', '7°'),
    ('390', 'Etablissement d''Accueil Temporaire d''Enfants Handicapés', 'Etab.Acc.Temp.E.H.', 'PH', 'possible', 'oui', '2°'),
    ('395', 'Etablissement d''Accueil Temporaire pour Adultes Handicapés', 'Etab.Acc.Temp.A.H.', 'PH', 'possible', 'oui', '7°'),
    ('396', 'Foyer Hébergement Enfants et Adolescents Handicapés', 'Foyer Heb.Enf.Ado.H.', 'PH', 'non', 'oui', '2°'),
    ('400', 'Centre de Services pour Associations', 'Ctre.Services Assoc.', null, 'non', 'non', 'hors L312-1'),
    ('402', 'Jardin d''Enfants Spécialisé', 'Jardin Enfants Spéc.', 'PH', 'non', 'oui', '2°'),
    ('403', 'Service Social Spécialisé ou Polyvalent de Catégorie', 'Serv.Soc.Spéc.Pol.Ca', null, 'non', 'non', 'hors L312-1'),
    ('405', 'Service Social Polyvalent de Secteur', 'Serv.Soc.Polyv.Sect.', null, 'non', 'non', 'hors L312-1'),
    ('411', 'Intermédiaire de Placement Social', 'Interméd.Pla.Social', 'PDE', 'non', 'oui', '1°'),
    ('418', 'Service d''Enquêtes Sociales (S.E.S.)', 'Serv.Enq.Sociales', 'PDE', 'non', 'oui', '4°'),
    ('427', 'Service Educatif Auprès des Tribunaux (S.E.A.T.)', 'S.E.A.T.', 'PDE', 'non', 'oui', '4°'),
    ('437', 'Foyer d''Accueil Médicalisé pour Adultes Handicapés (F.A.M.)', 'FAM', 'PH', 'oui', 'oui', '7°'),
    ('440', 'Service Investigation Orientation Educative (S.I.O.E.)', 'S.I.O.E.', 'PDE', 'non', 'oui', '4°'),
    ('441', 'Centre d''Action Educative (C.A.E.)', 'C.A.E.', 'PDE', 'non', 'oui', '4°'),
    ('442', 'Centre Provisoire Hébergement (C.P.H.)', 'CPH', 'AHI', 'non', 'oui', '8° (à confirmer)'),
    ('443', 'Centre Accueil Demandeurs Asile (C.A.D.A.)', 'CADA', 'AHI', 'non', 'oui', '13°'),
    ('445', 'Service d''accompagnement médico-social adultes handicapés', 'SAMSAH', 'PH', 'oui', 'oui', '7°'),
    ('446', 'Service d''Accompagnement à la Vie Sociale (S.A.V.S.)', 'SAVS', 'PH', 'non', 'oui', '7°'),
    ('448', 'Etab.Acc.Médicalisé en tout ou partie personnes handicapées', 'EAM', 'PH', 'oui', 'oui', '7°'),
    ('449', 'Etab.Accueil Non Médicalisé pour personnes handicapées', 'EANM', 'PH', 'non', 'oui', '7°'),
    ('453', 'Service de Réparation Pénale', 'Serv.Répar.Pénale', 'PDE', 'non', 'oui', '4°'),
    ('460', 'Service autonomie aide (SAA)', 'SAD aide (ex-SAAD)', 'DOM', 'non', 'oui', '6°/7°'),
    ('461', 'Centres de Ressources S.A.I. (Sans Aucune Indication)', 'Ctre.Ressources', 'PH', 'possible', 'oui', '11°'),
    ('462', 'Lieux de vie', 'LVA', 'PDE', 'non', 'a_verifier', 'III (pas I)'),
    ('463', 'Centres Locaux Information Coordination P.A .(C.L.I.C.)', 'CLIC', 'PA', 'non', 'oui', '11°'),
    ('464', 'Unités Evaluation Réentraînement et d''Orient. Soc. et Pro.', 'UEROS', 'PH', 'possible', 'oui', '5° b'),
    ('500', 'Etablissement d''hébergement pour personnes âgées dépendantes', 'EHPAD', 'PA', 'oui', 'oui', '6°'),
    ('501', 'EHPA percevant des crédits d''assurance maladie', 'EHPA-AM', 'PA', 'oui', 'oui', '6°'),
    ('502', 'EHPA ne percevant pas des crédits d''assurance maladie', 'EHPA', 'PA', 'non', 'oui', '6°'),
    ('608', 'Equipe Mobile Médico-Sociale Précarité', 'E.M.M.S.P', 'PDS', 'oui', 'a_verifier', '9° (à confirmer)'),
    ('609', 'Maisons Départementales des Personnes Handicapées', 'M.D.P.H.', null, 'non', 'non', 'hors L312-1'),
    ('640', 'Service d''aide et d''accompagnement à domicile aux familles', 'S.A.A.D.F.', 'DOM', 'non', 'a_verifier', '16° (à confirmer)'),
    ('643', 'Serv. d''éval. minorité et isolement pers. se décl. mineures', 'S.E.M.I.P.M.', 'PDE', 'non', 'a_verifier', 'à confirmer'),
    ('644', 'Etab. de mise à l''abri pour les pers. se déclarant M.N.A.', 'E.M.A.M.N.A.', 'PDE', 'non', 'a_verifier', 'à confirmer');
