//! A dossier opened and filled as a person does it: page by page.

use portail_grappes::domain::dossier::Etape;
use portail_grappes::web::chemins;
use uuid::Uuid;

use super::navigateur::pdf;
use super::registre::{SOLUTION, ehpads};
use super::{EDITION, Navigateur, Portail, Qui, Reponse};

/// Number of the dossier in an address of one of its pages.
pub fn numero_de(adresse: &str) -> Uuid {
    let numero = adresse.split('/').nth(3).unwrap();
    Uuid::parse_str(numero.split('?').next().unwrap()).unwrap()
}

/// Opens a dossier of this name.
pub async fn ouvrir(navigateur: &Navigateur, nom: &str) -> Uuid {
    let champs = [("nom", nom), ("edition", EDITION)];
    numero_de(navigateur.enregistrer(chemins::NOUVEAU, &champs).await.vers())
}

/// Adds these numbers to the grappe.
pub async fn coller(navigateur: &Navigateur, dossier: Uuid, numeros: &[String]) {
    let numeros = numeros.join("\n");
    navigateur
        .enregistrer(&chemins::grappe_coller(dossier), &[("numeros", &numeros)])
        .await;
}

/// A draft with three EHPADs, open in the browser of who may write it.
pub async fn avec_trois_essms(portail: &Portail) -> (Navigateur, Uuid) {
    let navigateur = portail.connecte(Qui::EditionA).await;
    let dossier = ouvrir(&navigateur, "Trois EHPAD").await;
    coller(&navigateur, dossier, &ehpads(1..=3)).await;
    (navigateur, dossier)
}

/// Answers for one EHPAD that leave no question open.
pub const FAITS: [(&str, &str); 12] = [
    ("type_projet", "acquisition"),
    ("hebergement", "saas"),
    ("meme_solution", "oui"),
    ("deja_finance", "non"),
    ("sons", "non"),
    ("entite_nationale", "aucune"),
    ("rattache_ght", "non"),
    ("activites_confort", "non"),
    ("medicalise", "oui"),
    ("ror_complet", "oui"),
    ("autodiagnostic", "si_esms"),
    ("personnes_accompagnees", "80"),
];

/// The form of the facts, for these ESSMS, filled upon this version.
pub fn formulaire_essms(numeros: &[String], version: &str) -> Vec<(String, String)> {
    let mut champs = vec![("version".to_owned(), version.to_owned())];
    for numero in numeros {
        champs.push(("essms".to_owned(), numero.clone()));
        for (champ, valeur) in FAITS {
            champs.push((format!("{numero}-{champ}"), valeur.to_owned()));
        }
    }
    champs
}

/// Fields borrowed, as the browser sends them.
pub fn emprunter(champs: &[(String, String)]) -> Vec<(&str, &str)> {
    champs.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect()
}

/// The seven steps made of declared fields.
pub const ETAPES: [Etape; 7] = [
    Etape::Projet,
    Etape::Solution,
    Etape::Motivations,
    Etape::Equipe,
    Etape::Planning,
    Etape::Financement,
    Etape::Conformite,
];

/// Complete answers of a step, every field of it filled, `signataire` being one of the grappe.
pub fn reponses(etape: Etape, signataire: &str) -> Vec<(String, String)> {
    let solution = SOLUTION.to_string();
    let champs: &[(&str, &str)] = match etape {
        Etape::Projet => &[
            ("nom_projet", "Projet Tilleul"),
            ("resume", "Un DUI pour seize EHPAD.\nDeux lignes."),
            ("nombre_utilisateurs", "640"),
            ("soutien_departement", "Courrier joint"),
            ("depot_2021", "oui"),
            ("reference_2021", "IDF21-0001"),
            ("signataire", signataire),
            ("soumis_ccp", "non"),
            ("marche_public_identique", "non"),
            ("contact_nom", "Camille Martin"),
            ("contact_fonction", "Cheffe de projet"),
            ("contact_courriel", "camille.martin@exemple.fr"),
            ("contact_telephone", "0123456789"),
        ],
        Etape::Solution => &[
            ("solution", &solution),
            ("cibles_atteignables", "oui"),
            ("plateforme_regionale", "Terr-eSanté"),
            ("echange_amont", "oui"),
        ],
        Etape::Motivations => &[
            ("objectifs", "Mieux coordonner les soins"),
            ("organisation", "Un comité par mois"),
            ("usagers", "Le conseil de la vie sociale est associé"),
            ("perimetre_actuel", "admission"),
            ("perimetre_attendu", "soins"),
            ("perimetre_attendu", "agenda"),
        ],
        Etape::Equipe => &[
            ("membre-0-role", "Cheffe de projet"),
            ("membre-0-nombre", "1"),
            ("membre-0-etp", "0,50"),
            ("membre-1-role", "Référente"),
            ("membre-1-nombre", "16"),
            ("membre-1-etp", "1,60"),
            ("comitologie", "Comité de pilotage trimestriel"),
            ("referent_informatique", "oui"),
        ],
        Etape::Planning => &[
            ("jalon-0-libelle", "Marché"),
            ("jalon-0-debut-jour", "1"),
            ("jalon-0-debut-mois", "9"),
            ("jalon-0-debut-annee", "2024"),
            ("jalon-0-fin-jour", "31"),
            ("jalon-0-fin-mois", "12"),
            ("jalon-0-fin-annee", "2024"),
            ("jalon-1-libelle", "Déploiement"),
            ("jalon-1-debut-jour", "1"),
            ("jalon-1-debut-mois", "1"),
            ("jalon-1-debut-annee", "2025"),
            ("jalon-1-fin-jour", "30"),
            ("jalon-1-fin-mois", "9"),
            ("jalon-1-fin-annee", "2025"),
        ],
        Etape::Financement => &[
            ("poste-0-nature", "licences"),
            ("poste-0-precision", "Trois ans"),
            ("poste-0-montant", "300000"),
            ("poste-1-nature", "formation"),
            ("poste-1-precision", "Sur site"),
            ("poste-1-montant", "100000,50"),
            // 16 × (7 000 € + 14 500 €) of grant: the rest.
            ("autofinancement", "46000,50"),
            ("autres_ressources", "10000"),
            ("autres_ressources_precision", "Mécénat"),
        ],
        Etape::Conformite => &[
            ("regles_acces", "respecte"),
            ("information_usagers", "respecte"),
            ("registre_dpo", "en_cours"),
            ("registre_dpo_date-jour", "30"),
            ("registre_dpo_date-mois", "6"),
            ("registre_dpo_date-annee", "2025"),
            ("continuite", "respecte"),
            ("hds", "respecte"),
            ("attestation_socle", "oui"),
        ],
        Etape::Essms | Etape::Pieces | Etape::Recapitulatif => &[],
    };
    champs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
}

/// The pieces that such a project has to join.
pub const PIECES: [&str; 3] = [
    "autodiagnostic-anap",
    "convention-partenariat",
    "convention-groupement-achat",
];

/// Fills a draft until nothing stands against its deposit: sixteen EHPADs of the OG A from this rank.
pub async fn remplir(navigateur: &Navigateur, dossier: Uuid, premier: usize) {
    let numeros = ehpads(premier..=premier + 15);
    coller(navigateur, dossier, &numeros).await;
    let faits = formulaire_essms(&numeros, "0");
    navigateur
        .enregistrer(&chemins::essms(dossier), &emprunter(&faits))
        .await;
    for etape in ETAPES {
        let mut champs = reponses(etape, &numeros[0]);
        champs.push(("version".to_owned(), "0".to_owned()));
        navigateur
            .enregistrer(&chemins::etape(dossier, etape), &emprunter(&champs))
            .await;
    }
    for piece in PIECES {
        let envoi = navigateur
            .joindre(&chemins::pieces(dossier), &[("type_piece", piece)], pdf("piece.pdf"))
            .await;
        assert_eq!(envoi.statut, 303, "{piece} : {}", envoi.resume());
    }
}

/// A draft ready to be deposited.
pub async fn pret(navigateur: &Navigateur, nom: &str, premier: usize) -> Uuid {
    let dossier = ouvrir(navigateur, nom).await;
    remplir(navigateur, dossier, premier).await;
    dossier
}

/// What the form of the deposit sends, once its page was read.
pub async fn attestation(navigateur: &Navigateur, dossier: Uuid) -> Vec<(String, String)> {
    let page = navigateur.lire(&chemins::depot(dossier)).await;
    let empreinte = page.attributs("input[name=empreinte]", "value").pop();
    vec![
        ("attestation".to_owned(), "oui".to_owned()),
        ("empreinte".to_owned(), empreinte.unwrap_or_default()),
    ]
}

/// Reads the page of the deposit, and deposits.
pub async fn tenter_le_depot(navigateur: &Navigateur, dossier: Uuid) -> Reponse {
    let attestation = attestation(navigateur, dossier).await;
    navigateur
        .envoyer(&chemins::depot(dossier), &emprunter(&attestation))
        .await
}

/// Deposits a draft that is ready.
pub async fn deposer(navigateur: &Navigateur, dossier: Uuid) {
    let reponse = tenter_le_depot(navigateur, dossier).await;
    assert_eq!(reponse.statut, 303, "{}", reponse.resume());
}
