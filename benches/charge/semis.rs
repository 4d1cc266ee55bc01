//! Dossiers of 49 ESSMS, fully answered, one a porteur, made through the portal's own functions.

use portail_grappes::accounts::mot_de_passe::hacher;
use portail_grappes::clock::Horloge;
use portail_grappes::domain::compte::{Compte, Profil, RoleOg};
use portail_grappes::domain::dossier::reponses::Reponses;
use portail_grappes::domain::dossier::{EssmsGrappe, Etape};
use portail_grappes::domain::finess::Finess;
use portail_grappes::store::comptes::NouveauCompte;
use portail_grappes::store::dossiers::Nouveau;
use portail_grappes::store::{acces, comptes, dossiers, solution};
use sqlx::PgPool;
use uuid::Uuid;

pub const ESSMS: usize = 49;
pub const MOT_DE_PASSE: &str = "un mot de passe de banc";

/// A porteur and its dossier, as seeded.
pub struct Semis {
    pub compte: Compte,
    pub dossier: Uuid,
    pub essms: Vec<EssmsGrappe>,
    pub projet: Reponses,
    /// Grows at each save: what changes in the answers.
    pub compteur: u32,
    /// Makes the identifiers of the bare transactions.
    pub horloge: Horloge,
}

/// Facts that leave no question open.
const FAITS: [(&str, &str); 12] = [
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

fn reponses(paires: &[(&str, &str)]) -> Reponses {
    let mut reponses = Reponses::default();
    for (nom, valeur) in paires {
        reponses.mettre(nom, vec![(*valeur).to_owned()]);
    }
    reponses
}

fn etapes(signataire: &str, solution: &str) -> [(Etape, Reponses); 7] {
    [
        (
            Etape::Projet,
            reponses(&[
                ("nom_projet", "Projet Tilleul"),
                ("resume", "Un DUI pour quarante-neuf ESSMS."),
                ("nombre_utilisateurs", "1960"),
                ("depot_2021", "non"),
                ("signataire", signataire),
                ("soumis_ccp", "non"),
                ("marche_public_identique", "non"),
                ("contact_nom", "Camille Martin"),
                ("contact_fonction", "Cheffe de projet"),
                ("contact_courriel", "camille.martin@exemple.fr"),
                ("contact_telephone", "0123456789"),
            ]),
        ),
        (
            Etape::Solution,
            reponses(&[
                ("solution", solution),
                ("cibles_atteignables", "oui"),
                ("plateforme_regionale", "Terr-eSanté"),
                ("echange_amont", "oui"),
            ]),
        ),
        (
            Etape::Motivations,
            reponses(&[
                ("objectifs", "Mieux coordonner les soins"),
                ("organisation", "Un comité par mois"),
                ("usagers", "Le conseil de la vie sociale est associé"),
                ("perimetre_actuel", "admission"),
                ("perimetre_attendu", "soins"),
            ]),
        ),
        (
            Etape::Equipe,
            reponses(&[
                ("membre-0-role", "Cheffe de projet"),
                ("membre-0-nombre", "1"),
                ("membre-0-etp", "50"),
                ("membre-1-role", "Référente"),
                ("membre-1-nombre", "49"),
                ("membre-1-etp", "490"),
                ("comitologie", "Comité de pilotage trimestriel"),
                ("referent_informatique", "oui"),
            ]),
        ),
        (
            Etape::Planning,
            reponses(&[
                ("jalon-0-libelle", "Marché"),
                ("jalon-0-debut", "2027-01-01"),
                ("jalon-0-fin", "2027-04-30"),
                ("jalon-1-libelle", "Déploiement"),
                ("jalon-1-debut", "2027-05-01"),
                ("jalon-1-fin", "2027-12-31"),
            ]),
        ),
        (
            Etape::Financement,
            reponses(&[
                ("poste-0-nature", "licences"),
                ("poste-0-precision", "Trois ans"),
                ("poste-0-montant", "90000000"),
                ("poste-1-nature", "formation"),
                ("poste-1-precision", "Sur site"),
                ("poste-1-montant", "30000000"),
                ("autofinancement", "14650000"),
                ("autres_ressources", "1000000"),
            ]),
        ),
        (
            Etape::Conformite,
            reponses(&[
                ("regles_acces", "respecte"),
                ("information_usagers", "respecte"),
                ("registre_dpo", "en_cours"),
                ("registre_dpo_date", "2027-06-30"),
                ("continuite", "respecte"),
                ("hds", "respecte"),
                ("attestation_socle", "oui"),
            ]),
        ),
    ]
}

/// As many porteurs of as many OGs, each with its dossier of 49 ESSMS that no other dossier holds.
pub async fn semer(pool: &PgPool, horloge: &Horloge, nombre: usize) -> Vec<Semis> {
    let og: Vec<String> = sqlx::query_scalar("select finess from organisme order by finess")
        .fetch_all(pool)
        .await
        .unwrap();
    let essms: Vec<String> = sqlx::query_scalar(
        "select e.finess from essms e join categorie c on c.code = e.categorie
         where e.etat = 'ouvert' order by c.eligibilite = 'oui' desc, e.organisme, e.finess",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    let hachage = hacher(MOT_DE_PASSE).unwrap();
    let solution = solution::lister_solutions(&mut pool.acquire().await.unwrap())
        .await
        .unwrap()
        .into_iter()
        .find(|s| s.segur)
        .unwrap();
    let mut semis = Vec::new();
    for (rang, (og, essms)) in og.iter().zip(essms.chunks_exact(ESSMS)).take(nombre).enumerate() {
        let og = Finess::parse(og).unwrap();
        let essms: Vec<Finess> = essms.iter().map(|n| Finess::parse(n).unwrap()).collect();
        semis.push(un_dossier(pool, horloge, rang, og, &essms, &hachage, solution.id).await);
    }
    assert_eq!(semis.len(), nombre, "not enough ESSMS in the registry");
    semis
}

async fn un_dossier(
    pool: &PgPool,
    horloge: &Horloge,
    rang: usize,
    og: Finess,
    essms: &[Finess],
    hachage: &str,
    solution: Uuid,
) -> Semis {
    let maintenant = horloge.maintenant();
    let compte = Compte {
        id: horloge.nouvel_id(),
        courriel: format!("charge-{rang}@exemple.fr"),
        nom: format!("Porteur {rang} (banc)"),
        profil: Profil::Og {
            og,
            role: RoleOg::Depot,
        },
    };
    let mut conn = pool.acquire().await.unwrap();
    let nouveau = NouveauCompte {
        compte: &compte,
        mot_de_passe: hachage,
        conditions_le: None,
        fictif: true,
    };
    comptes::create(&mut conn, &nouveau, maintenant).await.unwrap().unwrap();
    let id = horloge.nouvel_id();
    let nouveau = Nouveau {
        id,
        reference: &format!("BANC-{rang:03}"),
        nom: "Grappe de quarante-neuf",
        edition: "idf-2024",
        edition_version: 1,
        region: "11",
        porteur: og,
        fictif: true,
    };
    let mut tx = acces::commencer(pool, &compte.perimetre()).await.unwrap();
    dossiers::create(&mut tx, &nouveau, maintenant).await.unwrap();
    tx.commit().await.unwrap();
    let acces = acces::modifiable(pool, &compte, id).await.unwrap();
    let mut tx = acces.commencer(pool).await.unwrap();
    dossiers::add_essms(&mut tx, &acces, essms, maintenant).await.unwrap();
    let essms: Vec<EssmsGrappe> = essms
        .iter()
        .map(|finess| EssmsGrappe {
            finess: *finess,
            reponses: reponses(&FAITS),
        })
        .collect();
    dossiers::save_faits(&mut tx, &acces, &essms.iter().collect::<Vec<_>>())
        .await
        .unwrap();
    let etapes = etapes(essms[0].finess.as_str(), &solution.to_string());
    for (etape, reponses) in &etapes {
        dossiers::save_etape(&mut tx, &acces, *etape, reponses, maintenant)
            .await
            .unwrap();
    }
    dossiers::save_etape(&mut tx, &acces, Etape::Essms, &Reponses::default(), maintenant)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let [(_, projet), ..] = etapes;
    Semis {
        compte,
        dossier: id,
        essms,
        projet,
        compteur: 100,
        horloge: horloge.clone(),
    }
}
