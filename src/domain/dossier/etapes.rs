//! The fields of each step, in the order they are asked.

use super::Etape;
use super::champ::{Bloc, Champ, Genre, Lignes, Options, Requis};
use super::reponses::Reponses;

pub use super::faits::FAITS_ESSMS;

const COURT: usize = 200;
const LONG: usize = 4_000;

/// Functional blocks of a DUI, after the domains of the ANAP map.
const BLOCS_FONCTIONNELS: &[(&str, &str)] = &[
    ("admission", "Accueil, admission et dossier administratif"),
    ("projet_personnalise", "Évaluation et projet personnalisé"),
    ("accompagnement", "Accompagnement au quotidien et transmissions"),
    ("soins", "Soins, prescriptions et circuit du médicament"),
    ("agenda", "Agenda, planification et transport"),
    ("coordination", "Coordination et échanges avec les partenaires"),
    ("documents", "Gestion documentaire et courriers"),
    ("droits", "Droits, consentement et expression de la personne"),
    ("prestations", "Prestations, facturation et activité"),
    ("pilotage", "Pilotage, indicateurs et tableaux de bord"),
];

const ETATS_SI: &[(&str, &str)] = &[
    ("respecte", "Respecté"),
    ("en_cours", "En cours de mise en conformité"),
    ("non", "Non respecté"),
];

const PROJET: &[Bloc] = &[
    Bloc::Champs(
        "Le projet",
        &[
            Champ::requis("nom_projet", "Nom du projet", Genre::Texte(COURT)),
            Champ::requis("resume", "Résumé du projet", Genre::Zone(LONG))
                .aide("En quelques phrases\u{a0}: qui, quoi, pour quelles personnes accompagnées."),
            Champ::requis(
                "nombre_utilisateurs",
                "Nombre d’utilisateurs de la solution",
                Genre::Nombre(1_000_000),
            )
            .aide("Professionnels susceptibles d’utiliser l’outil."),
            Champ::libre(
                "soutien_departement",
                "Soutien du conseil départemental ou de la métropole",
                Genre::Zone(LONG),
            ),
            Champ::requis(
                "depot_2021",
                "Un dossier a-t-il déjà été déposé en 2021\u{a0}?",
                Genre::OuiNon,
            ),
            Champ::libre(
                "reference_2021",
                "Si oui, référence du dossier de 2021",
                Genre::Texte(COURT),
            )
            .si("depot_2021", "oui"),
        ],
    ),
    Bloc::Champs(
        "Le porteur",
        &[
            Champ::requis(
                "signataire",
                "Établissement signataire de la convention",
                Genre::Parmi(Options::EssmsDeLaGrappe),
            )
            .aide("Le seul établissement de la grappe qui signe la convention avec l’ARS."),
            Champ::requis(
                "soumis_ccp",
                "Le porteur est-il soumis au Code de la commande publique\u{a0}?",
                Genre::OuiNon,
            ),
            Champ::requis(
                "marche_public_identique",
                "A-t-il un marché public en cours dont l’objet est identique\u{a0}?",
                Genre::OuiNon,
            ),
            Champ::requis("contact_nom", "Nom de la personne à contacter", Genre::Texte(COURT)),
            Champ::libre("contact_fonction", "Sa fonction", Genre::Texte(COURT)),
            Champ::requis("contact_courriel", "Son adresse de courriel", Genre::Courriel),
            Champ::requis("contact_telephone", "Son téléphone", Genre::Telephone),
        ],
    ),
];

const SOLUTION: &[Bloc] = &[Bloc::Champs(
    "La solution DUI",
    &[
        Champ::requis("solution", "Solution DUI retenue", Genre::Parmi(Options::Solutions))
            .aide("La même pour tous les ESSMS de la grappe. La liste vient du référentiel des solutions."),
        Champ::libre(
            "cibles_atteignables",
            "Le porteur s’est-il assuré que la solution permet d’atteindre les cibles d’usage\u{a0}?",
            Genre::OuiNon,
        )
        .aide("Demandé quand l’obligation de référencement Ségur est levée (AHI, PJM, GHT)."),
        Champ::libre(
            "plateforme_regionale",
            "Échanges avec une plateforme régionale",
            Genre::Zone(LONG),
        )
        .aide("Nom de la plateforme et modalités d’échange, si cette fonctionnalité est prévue."),
        Champ::requis(
            "echange_amont",
            "Avez-vous échangé avec l’ARS, SESAN ou le Collectif SI avant ce dépôt\u{a0}?",
            Genre::OuiNon,
        ),
    ],
)];

const MOTIVATIONS: &[Bloc] = &[
    Bloc::Champs(
        "Motivations",
        &[
            Champ::requis("objectifs", "Objectifs du projet", Genre::Zone(LONG)),
            Champ::requis("organisation", "Organisation mise en place", Genre::Zone(LONG)),
            Champ::libre(
                "usagers",
                "Place des personnes accompagnées dans le projet",
                Genre::Zone(LONG),
            ),
        ],
    ),
    Bloc::Champs(
        "Périmètre fonctionnel",
        &[
            Champ::libre(
                "perimetre_actuel",
                "Fonctions couvertes aujourd’hui",
                Genre::Cases(BLOCS_FONCTIONNELS),
            )
            .aide("Laissez vide si les ESSMS n’ont pas de DUI."),
            Champ::requis(
                "perimetre_attendu",
                "Fonctions attendues",
                Genre::Cases(BLOCS_FONCTIONNELS),
            ),
        ],
    ),
];

const EQUIPE: &[Bloc] = &[
    Bloc::Lignes(
        "L’équipe projet",
        Lignes {
            nom: "membre",
            titre: "Rôle",
            champs: &[
                Champ::requis("role", "Rôle dans le projet", Genre::Texte(COURT)),
                Champ::requis("nombre", "Nombre de personnes", Genre::Nombre(1_000)),
                Champ::requis("etp", "ETP", Genre::Decimal(1_000)).aide("Équivalents temps plein, comme 0,5."),
            ],
            maximum: 20,
            minimum: 1,
        },
    ),
    Bloc::Champs(
        "Gouvernance",
        &[
            Champ::requis("comitologie", "Instances de pilotage", Genre::Zone(LONG))
                .aide("Comités, rythme, participants."),
            Champ::requis(
                "referent_informatique",
                "L’OG porteur a-t-il un DSI ou un référent informatique\u{a0}?",
                Genre::OuiNon,
            ),
        ],
    ),
];

const PLANNING: &[Bloc] = &[Bloc::Lignes(
    "Les jalons du projet",
    Lignes {
        nom: "jalon",
        titre: "Jalon",
        champs: &[
            Champ::requis("libelle", "Étape du projet", Genre::Texte(COURT)),
            Champ::requis("debut", "Début", Genre::Date),
            Champ::requis("fin", "Fin", Genre::Date),
        ],
        maximum: 20,
        minimum: 1,
    },
)];

const POSTES: &[(&str, &str)] = &[
    ("licences", "Licences et abonnements"),
    ("integration", "Paramétrage et intégration"),
    ("reprise", "Reprise de données"),
    ("interfaces", "Interfaces et services socles"),
    ("formation", "Formation"),
    ("equipement", "Équipements et infrastructures"),
    ("amoa", "Assistance à maîtrise d’ouvrage"),
    ("ressources", "Ressources internes"),
    ("autre", "Autre"),
];

const FINANCEMENT: &[Bloc] = &[
    Bloc::Lignes(
        "Dépenses",
        Lignes {
            nom: "poste",
            titre: "Poste",
            champs: &[
                Champ::requis("nature", "Nature", Genre::Choix(POSTES)),
                Champ::libre("precision", "Précision", Genre::Texte(COURT)),
                Champ::requis("montant", "Montant", Genre::Montant),
            ],
            maximum: 30,
            minimum: 1,
        },
    ),
    Bloc::Champs(
        "Ressources hors subvention",
        &[
            Champ::requis("autofinancement", "Autofinancement", Genre::Montant)
                .aide("Le projet comporte une part d’autofinancement. Les ressources égalent les dépenses."),
            Champ::libre("autres_ressources", "Autres ressources", Genre::Montant),
            Champ::libre(
                "autres_ressources_precision",
                "Origine des autres ressources",
                Genre::Texte(COURT),
            ),
        ],
    ),
];

macro_rules! item_si {
    ($nom:literal, $date:literal, $libelle:literal) => {
        Bloc::Champs(
            $libelle,
            &[
                Champ::requis($nom, "Où en êtes-vous\u{a0}?", Genre::Choix(ETATS_SI)),
                Champ {
                    nom: $date,
                    libelle: "Date prévue de mise en conformité",
                    aide: "",
                    genre: Genre::Date,
                    requis: Requis::Si($nom, "en_cours"),
                },
            ],
        )
    };
}

const CONFORMITE: &[Bloc] = &[
    item_si!(
        "regles_acces",
        "regles_acces_date",
        "Règles internes d’accès au système d’information"
    ),
    item_si!(
        "information_usagers",
        "information_usagers_date",
        "Information des usagers (RGPD)"
    ),
    item_si!(
        "registre_dpo",
        "registre_dpo_date",
        "Registre des traitements et délégué à la protection des données"
    ),
    item_si!(
        "continuite",
        "continuite_date",
        "Continuité d’activité et disponibilité"
    ),
    item_si!("hds", "hds_date", "Hébergement de données de santé (HDS)"),
    Bloc::Champs(
        "Socle d’exigences",
        &[Champ::requis(
            "attestation_socle",
            "Attestez-vous que la solution respecte le socle national d’exigences\u{a0}?",
            Genre::OuiNon,
        )],
    ),
];

/// The fields of a step. The steps « ESSMS », « Pièces » and « Récapitulatif » have pages of their own.
pub fn blocs(etape: Etape) -> &'static [Bloc] {
    match etape {
        Etape::Projet => PROJET,
        Etape::Solution => SOLUTION,
        Etape::Motivations => MOTIVATIONS,
        Etape::Equipe => EQUIPE,
        Etape::Planning => PLANNING,
        Etape::Financement => FINANCEMENT,
        Etape::Conformite => CONFORMITE,
        Etape::Essms | Etape::Pieces | Etape::Recapitulatif => &[],
    }
}

/// The field of this name within a step, row fields included (`jalon-2-fin`), with what to call it.
pub fn champ(etape: Etape, nom: &str) -> Option<(&'static Champ, String)> {
    blocs(etape).iter().find_map(|bloc| match bloc {
        Bloc::Champs(titre, champs) => {
            let champ = champs.iter().find(|champ| champ.nom == nom)?;
            let libelle = if etape == Etape::Conformite {
                format!("{titre}\u{a0}: {}", champ.libelle)
            } else {
                champ.libelle.to_owned()
            };
            Some((champ, libelle))
        }
        Bloc::Lignes(_, lignes) => {
            let (rang, champ) = nom.strip_prefix(lignes.nom)?.strip_prefix('-')?.split_once('-')?;
            let rang: usize = rang.parse().ok()?;
            let champ = lignes.champs.iter().find(|c| c.nom == champ)?;
            Some((champ, format!("{} {}\u{a0}: {}", lignes.titre, rang + 1, champ.libelle)))
        }
    })
}

/// The names of the fields of a step in the order they are asked, those of every row answered included.
pub fn noms_dans_l_ordre(etape: Etape, reponses: &Reponses) -> Vec<String> {
    let mut noms: Vec<String> = Vec::new();
    for bloc in blocs(etape) {
        match bloc {
            Bloc::Champs(_, champs) => noms.extend(champs.iter().map(|champ| champ.nom.to_owned())),
            Bloc::Lignes(_, lignes) => noms.extend((0..reponses.nombre_de_lignes(lignes.nom)).flat_map(|rang| {
                let nom = move |champ: &Champ| format!("{}-{rang}-{}", lignes.nom, champ.nom);
                lignes.champs.iter().map(nom)
            })),
        }
    }
    noms
}

/// The answers of a step in the order they are asked, each with its field and what to call it; those to
/// questions that other answers leave without object are left out.
pub fn dans_l_ordre(etape: Etape, reponses: &Reponses) -> Vec<(&'static Champ, String, &[String])> {
    noms_dans_l_ordre(etape, reponses)
        .iter()
        .filter_map(|nom| {
            let (champ, libelle) = champ(etape, nom)?;
            let valeurs = reponses.valeurs(nom);
            let prefixe = nom.strip_suffix(champ.nom).unwrap_or_default();
            (!valeurs.is_empty() && champ.demande(prefixe, reponses)).then_some((champ, libelle, valeurs))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::domain::nomenclature::Liste;

    fn tous(etape: Etape) -> Vec<&'static Champ> {
        blocs(etape)
            .iter()
            .flat_map(|bloc| match bloc {
                Bloc::Champs(_, champs) => champs.iter(),
                Bloc::Lignes(_, lignes) => lignes.champs.iter(),
            })
            .collect()
    }

    #[test]
    fn a_name_stands_once_in_its_step() {
        for etape in Etape::TOUTES {
            let noms: Vec<&str> = tous(*etape).iter().map(|c| c.nom).collect();
            assert_eq!(noms.iter().collect::<HashSet<_>>().len(), noms.len(), "{etape:?}");
        }
    }

    #[test]
    fn answers_are_listed_in_the_order_they_are_asked() {
        let mut reponses = Reponses::default();
        for nom in [
            "jalon-1-fin",
            "jalon-0-fin",
            "jalon-0-debut",
            "jalon-1-libelle",
            "inconnu",
        ] {
            reponses.mettre(nom, vec!["2027-01-01".to_owned()]);
        }
        let libelles: Vec<String> = dans_l_ordre(Etape::Planning, &reponses)
            .into_iter()
            .map(|(_, l, _)| l)
            .collect();
        let attendus = [
            "Jalon 1\u{a0}: Début",
            "Jalon 1\u{a0}: Fin",
            "Jalon 2\u{a0}: Étape du projet",
            "Jalon 2\u{a0}: Fin",
        ];
        assert_eq!(
            libelles.iter().map(|l| l.replace(" :", "\u{a0}:")).collect::<Vec<_>>(),
            attendus
        );
    }

    #[test]
    fn an_answer_without_object_is_kept_but_not_listed() {
        let mut reponses = Reponses::default();
        reponses.mettre("reference_2021", vec!["IDF21-1".to_owned()]);
        let listees = |r: &Reponses| dans_l_ordre(Etape::Projet, r).len();
        for (depot, attendues) in [("non", 1), ("oui", 2)] {
            reponses.mettre("depot_2021", vec![depot.to_owned()]);
            assert_eq!(listees(&reponses), attendues, "{depot}");
        }
    }

    /// A page shows a conditional question under the answer that calls for it.
    #[test]
    fn a_condition_is_an_answer_offered_before() {
        let groupes = Etape::TOUTES
            .iter()
            .map(|etape| tous(*etape))
            .chain([FAITS_ESSMS.iter().collect()]);
        for champs in groupes {
            for (rang, champ) in champs.iter().enumerate() {
                let Requis::Si(autre, valeur) = champ.requis else {
                    continue;
                };
                let offre = champs[..rang].iter().find(|c| c.nom == autre).map(|c| c.genre);
                let offerte = match offre {
                    Some(Genre::OuiNon) => ["oui", "non"].contains(&valeur),
                    Some(Genre::Choix(options)) => options.iter().any(|(code, _)| *code == valeur),
                    _ => false,
                };
                assert!(offerte, "{}", champ.nom);
                assert!(
                    champ.genre != Genre::OuiNon,
                    "radios do not stand under radios: {}",
                    champ.nom
                );
            }
        }
    }

    #[test]
    fn a_row_field_is_found_by_its_full_name() {
        let (champ, libelle) = champ(Etape::Planning, "jalon-2-fin").unwrap();
        assert_eq!((champ.nom, libelle.as_str()), ("fin", "Jalon 3\u{a0}: Fin"));
        assert!(super::champ(Etape::Planning, "jalon-2-couleur").is_none());
    }
}
