//! Invented data for the gallery and the tests of templates.

use super::formulaire::{Attendu, ErreurChamp, Saisie};
use super::vue::{Etiquette, VueConstat, VueEssms};
use crate::rules::constat::{Constat, Gravite, Portee, Reparation, Resultat, Source};

/// Constats of every outcome.
pub fn constats() -> Vec<VueConstat> {
    let constat = |code: &str, resultat, gravite, message: &str, valeurs: serde_json::Value| Constat {
        code: code.into(),
        resultat,
        gravite,
        portee: Portee::Projet,
        essms: Vec::new(),
        message: message.into(),
        valeurs: serde_json::from_value(valeurs).unwrap_or_default(),
        source: Source {
            document: "MÉMO".into(),
            titre: "ESMS numérique — éligibilité, recevabilité, financements (fiche mémo)".into(),
            section: "Éligibilité".into(),
        },
        autres_sources: Vec::new(),
        interpretation: None,
        reparation: None,
    };
    let mut taille = constat(
        "ELI-G01",
        Resultat::NonSatisfait,
        Gravite::Bloquant,
        "La grappe compte 12 ESSMS éligibles\u{a0}; il en faut de 15 à 49.",
        serde_json::json!({"eligibles": 12, "minimum": 15, "maximum": 49}),
    );
    taille.reparation = Some(Reparation {
        message: "Ajouter 3 ESSMS éligibles.".into(),
        essms: Vec::new(),
    });
    taille.interpretation = Some("les ESSMS exclus ne comptent pas.".into());
    let mut taille = VueConstat::from(&taille).corriger("#contenu", "Chercher des ESSMS");
    taille.essms = [("750000218", "EHPAD Les Tilleuls"), ("930000312", "SESSAD du Parc")]
        .map(|(finess, nom)| VueEssms {
            finess: finess.into(),
            nom: nom.into(),
            etiquette: Etiquette::resultat(&Resultat::Inconnu, &Gravite::Bloquant),
            message: "L’ouverture de l’établissement n’est pas connue du registre.".into(),
        })
        .into();
    let vide = || serde_json::json!({});
    let autres = [
        constat(
            "ELI-G02",
            Resultat::Satisfait,
            Gravite::Bloquant,
            "Tous les ESSMS retiennent la même solution.",
            vide(),
        ),
        constat(
            "ELI-G04",
            Resultat::NonSatisfait,
            Gravite::Alerte,
            "Aucun secteur n’est majoritaire.",
            vide(),
        ),
        constat(
            "REC-04",
            Resultat::Inconnu,
            Gravite::Bloquant,
            "L’autofinancement n’est pas renseigné.",
            vide(),
        ),
        constat(
            "ELI-E07",
            Resultat::AppreciationArs,
            Gravite::Alerte,
            "Un ESSMS est rattaché à un GHT.",
            vide(),
        ),
    ];
    std::iter::once(taille)
        .chain(autres.iter().map(VueConstat::from))
        .collect()
}

/// A form filled with one error of each kind of field.
pub fn saisie_refusee() -> Saisie {
    let mut saisie = Saisie::depuis_paires([
        ("nom_projet", "Grappe <Seine> & Marne"),
        ("autofinancement", "beaucoup"),
        ("debut-jour", "31"),
        ("debut-mois", "2"),
        ("debut-annee", "2024"),
        ("hebergement", "saas"),
        ("socles", "dmp"),
        ("solution", "b"),
    ]);
    for (nom, libelle, erreur) in [
        ("nom_projet", "Nom du projet", ErreurChamp::TropLong { max: 20 }),
        ("mot_de_passe", "Mot de passe", ErreurChamp::TropCourt { min: 12 }),
        (
            "autofinancement",
            "Autofinancement",
            ErreurChamp::Illisible(Attendu::Montant),
        ),
        ("motivations", "Motivations du projet", ErreurChamp::Requis),
        ("debut", "Début du projet", ErreurChamp::Illisible(Attendu::Date)),
        ("confort", "Activité de confort", ErreurChamp::ChoixRequis),
        (
            "socles",
            "Services socles",
            ErreurChamp::Motif("choisissez-en au moins deux".into()),
        ),
        ("solution", "Solution DUI", ErreurChamp::HorsListe),
        ("piece", "Étude d’écart", ErreurChamp::FichierVide),
        ("attestation", "Attestation", ErreurChamp::Requis),
    ] {
        saisie.refuser(nom, libelle, &erreur);
    }
    saisie
}
