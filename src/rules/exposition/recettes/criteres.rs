//! Examples of the criteria. « Le projet » is a few EHPAD of one OG where all is well.

use chrono::Days;

use super::montants::SERVICE_A_DOMICILE;
use super::{Recette, apprecie, entiere, inconnu, non, oui, recette, rien};
use crate::domain::argent::Centimes;
use crate::domain::nomenclature::{Autodiagnostic, EntiteNationale, Etat, Hebergement, Secteur, TypeProjet};
use crate::rules::constat::Resultat;
use crate::rules::edition::Edition;
use crate::rules::exposition::exemples::Issue;
use crate::rules::exposition::projet::{AUTRE, LOGICIEL, Projet, categorie, og};
use crate::rules::faits::{CategorieLue, DossierFaits, EtatConformite, ItemSi, Manque, Signataire};
use crate::rules::regle::CodeRegle;

/// Category of an ESAT, of the PH sector.
const ESAT: &str = "246";
/// Category of a social hotel, which is no ESSMS of article L.312-1.
const RESIDENCE_HOTELIERE: &str = "216";
/// Category that the ARS checks.
const AUTRE_ACCUEIL: &str = "219";
/// A software other than the project's.
const AUTRE_LOGICIEL: &str = "Autre DUI";

/// The projects that show a criterion.
pub(super) fn recettes(edition: &Edition, code: CodeRegle) -> Vec<Recette> {
    match code {
        CodeRegle::EliG07 => region(edition),
        CodeRegle::E2101
        | CodeRegle::E2102
        | CodeRegle::E2103
        | CodeRegle::E2104
        | CodeRegle::E2105
        | CodeRegle::E2106
        | CodeRegle::E2108
        | CodeRegle::E2109
        | CodeRegle::E2110
        | CodeRegle::E2111
        | CodeRegle::P2103
        | CodeRegle::P2104
        | CodeRegle::P2105 => de_2021(code),
        CodeRegle::Rec01
        | CodeRegle::Rec02
        | CodeRegle::Rec02E
        | CodeRegle::Rec03
        | CodeRegle::Rec04
        | CodeRegle::Rec05
        | CodeRegle::Rec06
        | CodeRegle::Rec07
        | CodeRegle::Rec08 => de_recevabilite(code),
        CodeRegle::EliG01
        | CodeRegle::EliG02
        | CodeRegle::EliG03
        | CodeRegle::EliG04
        | CodeRegle::EliG05
        | CodeRegle::EliG06 => de_la_grappe(code),
        _ if code.eligibilite() => de_chaque_essms(code),
        _ => de_priorisation(code),
    }
}

fn de_chaque_essms(code: CodeRegle) -> Vec<Recette> {
    match code {
        CodeRegle::EliE01 => vec![
            oui("Les trois ESSMS de la grappe sont ouverts au répertoire FINESS.", rien),
            non("L’un des trois a fermé.", |p| p.un(|e| e.etat = Etat::Ferme)),
            inconnu("L’un des trois n’est pas dans le répertoire consulté.", |p| {
                p.un(|e| e.etat = Etat::Inconnu);
            }),
        ],
        CodeRegle::EliE02 => vec![
            oui("La grappe ne compte que des EHPAD.", rien),
            non(
                "L’un des ESSMS est une résidence hôtelière à vocation sociale.",
                |p| {
                    p.un(|e| e.categorie = categorie(RESIDENCE_HOTELIERE));
                },
            ),
            apprecie("L’un des ESSMS est un « autre centre d’accueil ».", |p| {
                p.un(|e| e.categorie = categorie(AUTRE_ACCUEIL));
            }),
            inconnu("La catégorie de l’un des ESSMS n’est pas connue.", |p| {
                p.un(|e| e.categorie = CategorieLue::Inconnue);
            }),
        ],
        CodeRegle::EliE03 => vec![
            oui("Aucun ESSMS n’a encore été financé.", rien),
            non("L’un des ESSMS a déjà été financé.", |p| {
                p.un(|e| e.deja_finance = Some(true));
            }),
            inconnu("Le porteur ne l’a pas encore dit pour l’un des ESSMS.", |p| {
                p.un(|e| e.deja_finance = None);
            }),
        ],
        CodeRegle::EliE04 => vec![
            oui(
                "L’un des ESSMS a reçu la Prestation Ségur pour le logiciel que vise le projet, qu’il met en conformité.",
                |p| {
                    p.un(|e| {
                        (e.sons, e.sons_logiciel) = (Some(true), Some(LOGICIEL.to_owned()));
                        e.type_projet = Some(TypeProjet::MiseEnConformite);
                    });
                },
            ),
            non("L’un des ESSMS l’a reçue pour un autre logiciel.", |p| {
                p.un(|e| (e.sons, e.sons_logiciel) = (Some(true), Some(AUTRE_LOGICIEL.to_owned())));
            }),
            inconnu(
                "L’un des ESSMS l’a reçue, sans que l’on sache pour quel logiciel.",
                |p| {
                    p.un(|e| e.sons = Some(true));
                },
            ),
        ],
        CodeRegle::EliE05 => vec![
            oui("Aucun ESSMS n’est engagé ailleurs.", rien),
            non("L’un des ESSMS figure déjà dans un autre dossier en cours.", |p| {
                p.un(|e| e.engage_ailleurs = Some(true));
            }),
            inconnu("Le porteur ne l’a pas encore dit pour l’un des ESSMS.", |p| {
                p.un(|e| e.engage_ailleurs = None);
            }),
        ],
        CodeRegle::EliE06 => vec![
            oui(
                "L’un des ESSMS dépend d’une entité nationale, qui a donné son accord écrit.",
                |p| {
                    p.un(|e| e.entite_nationale = Some(EntiteNationale::Accord));
                },
            ),
            non("Cette entité n’a pas donné son accord.", |p| {
                p.un(|e| e.entite_nationale = Some(EntiteNationale::SansAccord));
            }),
            inconnu("Le porteur n’a pas encore répondu pour l’un des ESSMS.", |p| {
                p.un(|e| e.entite_nationale = None);
            }),
        ],
        CodeRegle::EliE07 => vec![
            oui("Aucun ESSMS n’est rattaché à un hôpital.", rien),
            apprecie("L’un des ESSMS est rattaché à un GHT.", |p| {
                p.un(|e| e.rattache_ght = Some(true));
            }),
            inconnu("Le porteur ne l’a pas encore dit pour l’un des ESSMS.", |p| {
                p.un(|e| e.rattache_ght = None);
            }),
        ],
        _ => vec![
            oui(
                "Un service à domicile vend aussi du confort : 80 % de ses heures sont éligibles.",
                |p| confort(p, Some(8_000)),
            ),
            non("Aucune heure de ce service n’est éligible.", |p| confort(p, Some(0))),
            inconnu("La part de ses heures éligibles n’est pas donnée.", |p| {
                confort(p, None);
            }),
            recette(
                Issue::Resultat(Resultat::SansObjet),
                "La grappe ne compte que des EHPAD.",
                rien,
            ),
        ],
    }
}

fn confort(projet: &mut Projet, part: Option<u16>) {
    projet.un(|e| {
        e.categorie = categorie(SERVICE_A_DOMICILE);
        e.activites_confort = Some(true);
        e.part_heures_eligibles = part;
    });
}

fn de_la_grappe(code: CodeRegle) -> Vec<Recette> {
    match code {
        CodeRegle::EliG01 => vec![
            oui("La grappe compte juste assez d’ESSMS éligibles.", entiere),
            non("Il en manque trois.", |p| {
                p.grappe(p.minimum().saturating_sub(3).max(1));
            }),
            non("La grappe compte un ESSMS de trop.", |p| {
                p.grappe(p.edition.taille.maximum + 1);
            }),
            inconnu(
                "La grappe compte juste assez d’ESSMS, mais une réponse manque pour l’un d’eux.",
                |p| {
                    p.grappe_entiere();
                    p.un(|e| e.engage_ailleurs = None);
                },
            ),
        ],
        CodeRegle::EliG02 => vec![
            oui("Les trois ESSMS retiennent le même DUI.", rien),
            non("L’un des trois en retient un autre.", |p| {
                p.un(|e| e.solution = Some(AUTRE_LOGICIEL.to_owned()));
            }),
            inconnu("L’un des trois n’a pas encore choisi.", |p| {
                p.un(|e| e.solution = None);
            }),
        ],
        CodeRegle::EliG03 => vec![
            oui("Deux ESSMS sur trois sont en acquisition.", |p| {
                p.un(|e| e.type_projet = Some(TypeProjet::MiseEnConformite));
            }),
            non(
                "Deux ESSMS sur quatre sont en acquisition : la moitié n’est pas une majorité.",
                |p| {
                    p.moitie(|e| e.type_projet = Some(TypeProjet::MiseEnConformite));
                },
            ),
            inconnu("Aucun ESSMS n’a dit son type de projet.", |p| {
                p.tous(|e| e.type_projet = None);
            }),
        ],
        CodeRegle::EliG04 => vec![
            oui("Deux EHPAD et un ESAT.", |p| p.un(|e| e.categorie = categorie(ESAT))),
            non(
                "Deux EHPAD et deux ESAT : la moitié n’est pas une majorité.",
                |p| {
                    p.moitie(|e| e.categorie = categorie(ESAT));
                },
            ),
        ],
        CodeRegle::EliG05 => vec![
            oui("Deux ESSMS sur trois souhaitent un DUI en SaaS.", |p| {
                p.un(|e| e.hebergement = Some(Hebergement::OnPremise));
            }),
            non(
                "Deux ESSMS sur quatre souhaitent un DUI en SaaS, les deux autres sur site.",
                |p| {
                    p.moitie(|e| e.hebergement = Some(Hebergement::OnPremise));
                },
            ),
            inconnu("Aucun ESSMS n’a dit quel hébergement il souhaite.", |p| {
                p.tous(|e| e.hebergement = None);
            }),
        ],
        _ => vec![
            oui(
                "Le porteur gère les ESSMS de la grappe, et l’un d’eux signera la convention.",
                |p| {
                    p.faits.porteur.signataire = p
                        .faits
                        .essms
                        .first()
                        .map_or(Signataire::AChoisir, |e| Signataire::Designe(e.finess));
                },
            ),
            non("Le porteur ne gère aucun ESSMS de la grappe.", |p| {
                p.faits.porteur.organisme = og(AUTRE);
            }),
            inconnu("L’établissement qui signera n’est pas encore désigné.", |p| {
                p.faits.porteur.signataire = Signataire::AChoisir;
            }),
        ],
    }
}

fn region(edition: &Edition) -> Vec<Recette> {
    let mut recettes = vec![
        oui("Tous les ESSMS sont dans la région de l’appel à projets.", rien),
        oui(
            "L’un des ESSMS est dans une autre région, le premier jour du calendrier.",
            |p| p.hors_region(false),
        ),
        non("Aucun ESSMS n’est dans la région.", |p| p.hors_region(true)),
    ];
    if edition.dernier_jour_multiregional.is_some() {
        recettes.push(non(
            "L’un des ESSMS est dans une autre région, le lendemain de la date limite.",
            |p| {
                p.hors_region(false);
                let limite = p.edition.limite_multiregionale();
                p.faits.date = limite.map(|instant| (instant + Days::new(1)).fixed_offset());
            },
        ));
    }
    recettes.push(inconnu("Le département d’aucun ESSMS n’est connu.", |p| {
        p.tous(|e| e.departement = None);
    }));
    recettes
}

fn de_recevabilite(code: CodeRegle) -> Vec<Recette> {
    match code {
        CodeRegle::Rec01 => vec![
            oui("La grappe a la taille minimale et remplit les autres règles.", entiere),
            non(
                "La même grappe est portée par un organisme qui n’y a aucun ESSMS.",
                |p| {
                    p.grappe_entiere();
                    p.faits.porteur.organisme = og(AUTRE);
                },
            ),
            inconnu("La même grappe n’a pas encore de porteur.", |p| {
                p.grappe_entiere();
                p.faits.porteur.organisme = None;
            }),
        ],
        CodeRegle::Rec02 => vec![
            oui("La solution est référencée Ségur.", rien),
            oui(
                "Tous les ESSMS sont en acquisition et la solution est référencée au SAD.",
                |p| {
                    p.solution(|s| (s.segur, s.sad) = (Some(false), Some(true)));
                },
            ),
            non("La solution n’est référencée ni Ségur ni au SAD.", |p| {
                p.solution(|s| (s.segur, s.sad) = (Some(false), Some(false)));
            }),
            inconnu("La solution n’est pas encore choisie.", |p| p.faits.solution = None),
        ],
        CodeRegle::Rec02E => vec![
            oui(
                "La solution est référencée pour un autre couloir, et l’étude d’écart est jointe.",
                |p| autre_couloir(p, true),
            ),
            non("L’étude d’écart manque.", |p| autre_couloir(p, false)),
            recette(
                Issue::Resultat(Resultat::SansObjet),
                "La solution est référencée pour le couloir de la grappe.",
                rien,
            ),
        ],
        CodeRegle::Rec03 => vec![
            oui("La grappe compte des EHPAD et la solution intègre AGGIR-PATHOS.", rien),
            non("La solution n’intègre aucun référentiel.", |p| {
                p.solution(|s| s.referentiels = Some(Vec::new()));
            }),
            inconnu("Les référentiels de la solution ne sont pas connus.", |p| {
                p.solution(|s| s.referentiels = None);
            }),
        ],
        CodeRegle::Rec04 => vec![
            oui(
                "La grappe de taille minimale apporte 30 000 € et la subvention couvre le reste.",
                |p| {
                    p.grappe_entiere();
                    p.plan(Centimes::euros(30_000));
                },
            ),
            non("Elle n’apporte que 10 000 € pour les mêmes dépenses.", |p| {
                p.grappe_entiere();
                p.plan(Centimes::euros(10_000));
            }),
            non("Elle n’apporte rien.", |p| {
                p.grappe_entiere();
                p.plan(Centimes::ZERO);
            }),
            inconnu("Le plan de financement n’est pas rempli.", rien),
        ],
        CodeRegle::Rec05 => vec![
            oui("Toutes les réponses et toutes les pièces sont là.", rien),
            non("Une pièce manque.", |p| p.dossier(|d| d.manques = vec![une_piece()])),
            inconnu(
                "Le projet est une simulation : il n’y a pas encore de dossier.",
                sans_dossier,
            ),
        ],
        CodeRegle::Rec06 => vec![
            oui("La solution intègre tous les services socles de la liste.", rien),
            non("La solution n’en intègre aucun.", |p| {
                p.solution(|s| s.services_socles = Some(Vec::new()));
            }),
            inconnu("Les services de la solution ne sont pas connus.", |p| {
                p.solution(|s| s.services_socles = None);
            }),
        ],
        CodeRegle::Rec07 => conformite(ItemSi::Hds),
        _ => de_date(),
    }
}

fn de_date() -> Vec<Recette> {
    vec![
        oui("Le dossier arrive le premier jour de la première fenêtre.", rien),
        non("Le dossier arrive la veille.", |p| {
            p.faits.date = p.faits.date.map(|instant| instant - Days::new(1));
        }),
        non("Le dossier arrive le lendemain de la dernière fenêtre.", |p| {
            let fin = p
                .edition
                .fenetres
                .last()
                .map(|f| (f.fin() + Days::new(1)).fixed_offset());
            p.faits.date = fin;
        }),
        inconnu("La date du dépôt n’est pas connue.", |p| p.faits.date = None),
    ]
}

fn sans_dossier(projet: &mut Projet) {
    projet.faits.dossier = None;
}

fn une_piece() -> Manque {
    Manque {
        etape: "pieces",
        champ: "exemple".to_owned(),
        libelle: "Pièce d’exemple".to_owned(),
    }
}

fn autre_couloir(projet: &mut Projet, etude: bool) {
    projet.solution(|s| s.couloirs = Some(vec![Secteur::Ph]));
    projet.faits.etude_ecart_jointe = Some(etude);
}

/// A point of the réglementation SI, in each of its states.
fn conformite(item: ItemSi) -> Vec<Recette> {
    let changer = move |projet: &mut Projet, etat: Option<EtatConformite>| {
        projet.dossier(|d| {
            for (_, dit) in d.conformite_si.iter_mut().filter(|(autre, _)| *autre == item) {
                *dit = etat;
            }
        });
    };
    vec![
        oui("Tous les points sont respectés.", rien),
        oui(
            "Un point est en cours de mise en conformité, avec une date.",
            move |p| {
                let jour = p.edition.derniere_fermeture();
                changer(p, Some(EtatConformite::EnCours(jour)));
            },
        ),
        non(
            "Un point n’est pas respecté, sans date de mise en conformité.",
            move |p| {
                changer(p, Some(EtatConformite::Non));
            },
        ),
        inconnu("Le dossier ne dit rien d’un point.", move |p| changer(p, None)),
    ]
}

/// What the dossier gives or not: present, absent, not said.
fn declaration(champ: fn(&mut DossierFaits) -> &mut Option<bool>) -> Vec<Recette> {
    vec![
        oui("Le dossier le donne.", move |p| p.dossier(|d| *champ(d) = Some(true))),
        non("Le dossier ne le donne pas.", move |p| {
            p.dossier(|d| *champ(d) = Some(false));
        }),
        inconnu(
            "Le projet est une simulation : il n’y a pas encore de dossier.",
            sans_dossier,
        ),
    ]
}

fn de_priorisation(code: CodeRegle) -> Vec<Recette> {
    match code {
        CodeRegle::Pri01 => declaration(|d| &mut d.motivations),
        CodeRegle::Pri04 => declaration(|d| &mut d.plan_detaille),
        CodeRegle::Pri05 => declaration(|d| &mut d.perimetre_fonctionnel),
        CodeRegle::Pri07 => declaration(|d| &mut d.equipe_presentee),
        CodeRegle::Pri09 => declaration(|d| &mut d.echange_amont),
        CodeRegle::Pri02 => vec![
            oui(
                "Les trois ESSMS présentent l’autodiagnostic « SI ESMS » ; l’organisme n’a pas de référent informatique.",
                rien,
            ),
            oui(
                "Les mêmes, alors que l’organisme a un référent informatique.",
                |p| {
                    p.dossier(|d| d.referent_informatique = Some(true));
                },
            ),
            non("L’un des trois n’en présente pas.", |p| {
                p.un(|e| e.autodiagnostic = Some(Autodiagnostic::Aucun));
            }),
            inconnu("L’un des trois n’a pas répondu.", |p| {
                p.un(|e| e.autodiagnostic = None);
            }),
        ],
        CodeRegle::Pri03 => vec![
            oui("Le projet a été déposé en 2021 sous une référence connue.", |p| {
                p.dossier(|d| d.depot_2021 = Some(Some("AAP-2021-17".to_owned())));
            }),
            non("Le projet n’a pas été déposé en 2021.", rien),
            inconnu("Le dossier ne le dit pas.", |p| p.dossier(|d| d.depot_2021 = None)),
        ],
        CodeRegle::Pri06 => vec![
            oui("L’un des ESSMS est seul dans son organisme.", |p| {
                p.un(|e| e.organisme = og(AUTRE));
                p.taille_des_og(&[Some(20), Some(1)]);
            }),
            non("Tous les ESSMS relèvent d’un grand organisme.", rien),
            inconnu("La taille de l’organisme n’est pas connue.", |p| {
                p.taille_des_og(&[None]);
            }),
        ],
        _ => vec![
            oui("Les trois ESSMS sont entièrement décrits dans le ROR.", rien),
            non("L’un des trois ne l’est pas.", |p| {
                p.un(|e| e.ror_complet = Some(false));
            }),
            inconnu("L’un des trois n’a pas répondu.", |p| {
                p.un(|e| e.ror_complet = None);
            }),
        ],
    }
}

fn de_2021(code: CodeRegle) -> Vec<Recette> {
    match code {
        CodeRegle::E2101 => declaration(|d| &mut d.description),
        CodeRegle::E2102 => declaration(|d| &mut d.attestation_socle),
        CodeRegle::E2109 => declaration(|d| &mut d.planning),
        CodeRegle::P2105 => declaration(|d| &mut d.plateforme_regionale),
        CodeRegle::E2110 => conformite(ItemSi::Continuite),
        CodeRegle::E2111 => conformite(ItemSi::ReglesAcces),
        CodeRegle::E2103 => vec![
            oui("Le dossier annonce 420 utilisateurs.", rien),
            non("Le dossier en annonce zéro.", |p| {
                p.dossier(|d| d.nombre_utilisateurs = Some(0));
            }),
            inconnu("Le dossier ne le dit pas.", |p| {
                p.dossier(|d| d.nombre_utilisateurs = None);
            }),
        ],
        CodeRegle::E2104 => vec![
            oui("L’organisme est grand.", rien),
            oui("L’organisme est petit.", |p| p.taille_des_og(&[Some(1)])),
            inconnu("La taille de l’organisme n’est pas connue.", |p| {
                p.taille_des_og(&[None]);
            }),
        ],
        CodeRegle::E2105 => vec![
            oui("La grappe compte deux EHPAD et un ESAT.", |p| {
                p.un(|e| e.categorie = categorie(ESAT));
            }),
            inconnu("La catégorie de l’un des ESSMS n’est pas connue.", |p| {
                p.un(|e| e.categorie = CategorieLue::Inconnue);
            }),
        ],
        CodeRegle::E2106 => vec![
            oui(
                "Le porteur est désigné ; l’organisme et la catégorie de chaque ESSMS sont connus.",
                rien,
            ),
            inconnu("Le porteur n’est pas désigné.", |p| {
                p.faits.porteur.organisme = None;
            }),
        ],
        CodeRegle::E2108 => vec![
            oui("Le dossier annonce douze mois.", rien),
            non("Le dossier annonce une durée nulle.", |p| {
                p.dossier(|d| d.duree_mois = Some(0));
            }),
            inconnu("Le dossier ne le dit pas.", |p| p.dossier(|d| d.duree_mois = None)),
        ],
        CodeRegle::P2103 => vec![
            oui("Deux organismes partagent la solution.", |p| {
                p.un(|e| e.organisme = og(AUTRE));
            }),
            non("Un seul organisme s’en sert.", rien),
            inconnu("L’organisme de l’un des ESSMS n’est pas connu.", |p| {
                p.un(|e| e.organisme = None);
            }),
        ],
        _ => vec![
            oui("La solution intègre tous les services socles de la liste.", rien),
            non("La solution n’intègre ni service socle ni plateforme.", |p| {
                p.solution(|s| s.services_socles = Some(Vec::new()));
            }),
            inconnu("Les services de la solution ne sont pas connus.", |p| {
                p.solution(|s| s.services_socles = None);
            }),
        ],
    }
}
