//! Porteurs in number: each its OG, a signatory already logged in, and drafts that only wait for their deposit.
//! Written straight into the database: what is tested is what comes after.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Months, NaiveDate, TimeDelta, Utc};
use portail_grappes::clock::Horloge;
use portail_grappes::domain::finess::Finess;
use portail_grappes::web::session;
use serde_json::{Map, Value, json};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

/// ESSMS of each draft: one more than the edition asks.
const ESSMS: usize = 16;

/// A signatory and its drafts.
pub struct Porteur {
    /// Its session's cookie, `nom=valeur`.
    pub temoin: String,
    /// The anti-forgery token of that session.
    pub jeton: String,
    /// Its drafts, complete.
    pub brouillons: Vec<Uuid>,
}

/// What every row says: when, and whether of a demonstration.
#[derive(Clone, Copy)]
struct Autour {
    maintenant: DateTime<Utc>,
    fictif: bool,
    solution: Uuid,
}

/// As many porteurs, each with as many complete drafts of ESSMS that no other draft holds.
pub async fn semer(pool: &PgPool, horloge: &Horloge, fictif: bool, porteurs: usize, brouillons: usize) -> Vec<Porteur> {
    let mut tx = pool.begin().await.unwrap();
    let solution =
        sqlx::query_scalar("select id from solution_dui where segur and 'PA' = any (couloirs) order by id limit 1")
            .fetch_one(&mut *tx)
            .await
            .unwrap();
    let autour = Autour {
        maintenant: horloge.maintenant(),
        fictif,
        solution,
    };
    let mut semes = Vec::new();
    for rang in 0..porteurs {
        let og = numero(98_000_000 + rang);
        let compte = horloge.nouvel_id();
        let (temoin, jeton) = signataire(&mut tx, &autour, &og, compte, rang).await;
        let mut porteur = Porteur {
            temoin,
            jeton,
            brouillons: Vec::new(),
        };
        for ordre in 0..brouillons {
            let dossier = horloge.nouvel_id();
            let essms: Vec<String> = (0..ESSMS)
                .map(|n| numero(98_100_000 + (rang * brouillons + ordre) * ESSMS + n))
                .collect();
            brouillon(&mut tx, &autour, &og, compte, dossier, &essms).await;
            porteur.brouillons.push(dossier);
        }
        semes.push(porteur);
    }
    tx.commit().await.unwrap();
    semes
}

fn numero(racine: usize) -> String {
    Finess::depuis_racine(&racine.to_string()).unwrap().to_string()
}

/// The OG, its signatory and a session of theirs: its cookie and its token.
async fn signataire(conn: &mut PgConnection, autour: &Autour, og: &str, compte: Uuid, rang: usize) -> (String, String) {
    let temoin = format!("session-de-l-essai-{rang}");
    sqlx::query(
        "with og as (
             insert into organisme (finess, raison_sociale, departement, date_donnees, mots)
             values ($1, 'Association ' || $1, '75', $4::timestamptz::date, sans_accents('Association ' || $1))
         ), c as (
             insert into compte (id, courriel, nom, mot_de_passe, profil, og, role_og, fictif, cree_le)
             values ($2, $1 || '@exemple.fr', 'Signataire ' || $1, 'aucun', 'og', $1, 'depot', $3, $4)
         )
         insert into session (cle, compte_id, jeton_csrf, cree_le, vue_le, expire_le)
         values ($5, $2, $6, $4, $4, $4 + interval '1 day')",
    )
    .bind(og)
    .bind(compte)
    .bind(autour.fictif)
    .bind(autour.maintenant)
    .bind(session::cle(&temoin))
    .bind(vec![7_u8; 32])
    .execute(conn)
    .await
    .unwrap();
    // Under a null mask.
    let mut jeton = vec![0_u8; 32];
    jeton.extend([7_u8; 32]);
    (format!("session={temoin}"), URL_SAFE_NO_PAD.encode(jeton))
}

/// A complete draft: its grappe, its answers, its pieces.
async fn brouillon(conn: &mut PgConnection, autour: &Autour, og: &str, compte: Uuid, dossier: Uuid, essms: &[String]) {
    let etapes = etapes(autour, &essms[0]);
    let (codes, reponses): (Vec<&str>, Vec<Value>) = etapes.into_iter().unzip();
    sqlx::query(
        "with ajout as (
             insert into essms (finess, organisme, nom, commune_insee, commune, code_postal, departement, categorie, etat,
                date_donnees, mots, recherche)
             select n, $2, 'EHPAD ' || n, '75001', 'VILLE', '75001', '75', '500', 'ouvert', $6::timestamptz::date,
                sans_accents('EHPAD ' || n), to_tsvector('simple', n)
             from unnest($4::text[]) n
         ), d as (
             insert into dossier (id, reference, nom, edition, edition_version, region, porteur, etat, fictif, cree_le, modifie_le)
             values ($1, 'ESSAI-' || $1, 'Grappe ' || $4[1], 'idf-2024', 1, '11', $2, 'brouillon', $5, $6, $6)
         ), grappe as (
             insert into grappe_essms (dossier_id, finess, rang, reponses, ajoute_le)
             select $1, n, rang, $7, $6 from unnest($4::text[]) with ordinality e (n, rang)
         ), pieces as (
             insert into piece (id, dossier_id, type_piece, nom, type_contenu, taille_octets, sha256, chemin, depose_le, depose_par)
             select gen_random_uuid(), $1, t, t || '.pdf', 'application/pdf', 1, sha256('x'), $1 || '/' || t, $6, $3
             from unnest(array['autodiagnostic-anap', 'convention-partenariat', 'convention-groupement-achat']) t
         )
         insert into dossier_etape (dossier_id, etape, version, reponses, modifie_le, modifie_par)
         select $1, etape, 1, reponses, $6, $3 from unnest($8::text[], $9::jsonb[]) e (etape, reponses)",
    )
    .bind(dossier)
    .bind(og)
    .bind(compte)
    .bind(essms)
    .bind(autour.fictif)
    .bind(autour.maintenant)
    .bind(faits())
    .bind(codes)
    .bind(reponses)
    .execute(conn)
    .await
    .unwrap();
}

/// Answers as they are stored: each a list.
fn stockees(paires: &[(&str, &str)]) -> Value {
    let mut reponses = Map::new();
    for (nom, valeur) in paires {
        reponses.insert((*nom).to_owned(), json!([valeur]));
    }
    Value::Object(reponses)
}

/// Answers for an EHPAD that leave no question open.
fn faits() -> Value {
    stockees(&[
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
    ])
}

fn etapes(autour: &Autour, signataire: &str) -> [(&'static str, Value); 8] {
    let dans = |mois| -> NaiveDate { autour.maintenant.date_naive() + Months::new(mois) };
    let debut = |mois| dans(mois).to_string();
    let fin = |mois| (dans(mois) - TimeDelta::days(1)).to_string();
    [
        ("essms", stockees(&[])),
        (
            "projet",
            stockees(&[
                ("nom_projet", "Projet Tilleul"),
                ("resume", "Un DUI pour seize EHPAD."),
                ("nombre_utilisateurs", "640"),
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
            "solution",
            stockees(&[
                ("solution", &autour.solution.to_string()),
                ("cibles_atteignables", "oui"),
                ("plateforme_regionale", "Terr-eSanté"),
                ("echange_amont", "oui"),
            ]),
        ),
        (
            "motivations",
            stockees(&[
                ("objectifs", "Mieux coordonner les soins"),
                ("organisation", "Un comité par mois"),
                ("usagers", "Le conseil de la vie sociale est associé"),
                ("perimetre_actuel", "admission"),
                ("perimetre_attendu", "soins"),
            ]),
        ),
        (
            "equipe",
            stockees(&[
                ("membre-0-role", "Cheffe de projet"),
                ("membre-0-nombre", "1"),
                ("membre-0-etp", "50"),
                ("membre-1-role", "Référente"),
                ("membre-1-nombre", "16"),
                ("membre-1-etp", "160"),
                ("comitologie", "Comité de pilotage trimestriel"),
                ("referent_informatique", "oui"),
            ]),
        ),
        (
            "planning",
            stockees(&[
                ("jalon-0-libelle", "Marché"),
                ("jalon-0-debut", &debut(1)),
                ("jalon-0-fin", &fin(5)),
                ("jalon-1-libelle", "Déploiement"),
                ("jalon-1-debut", &debut(5)),
                ("jalon-1-fin", &fin(14)),
            ]),
        ),
        (
            "financement",
            stockees(&[
                ("poste-0-nature", "licences"),
                ("poste-0-precision", "Trois ans"),
                ("poste-0-montant", "40000050"),
                // 16 × (7 000 € + 14 500 €) of grant: the rest.
                ("autofinancement", "4600050"),
                ("autres_ressources", "1000000"),
                ("autres_ressources_precision", "Mécénat"),
            ]),
        ),
        (
            "conformite",
            stockees(&[
                ("regles_acces", "respecte"),
                ("information_usagers", "respecte"),
                ("registre_dpo", "respecte"),
                ("continuite", "respecte"),
                ("hds", "respecte"),
                ("attestation_socle", "oui"),
            ]),
        ),
    ]
}

/// The form of the motivations, filled upon this version, with these words.
pub fn motivations(jeton: &str, version: usize, objectifs: &str) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs([
            ("csrf", jeton),
            ("version", &version.to_string()),
            ("objectifs", objectifs),
            ("organisation", "Un comité par mois"),
            ("usagers", "Le conseil de la vie sociale est associé"),
            ("perimetre_actuel", "admission"),
            ("perimetre_attendu", "soins"),
        ])
        .finish()
}

/// The form of the deposit, once its page was read.
pub fn attestation(jeton: &str, page: &str) -> String {
    let lue = page.split_once("name=\"empreinte\" value=\"");
    let empreinte = lue.and_then(|(_, suite)| suite.split('"').next()).unwrap_or_default();
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("csrf", jeton), ("attestation", "oui"), ("empreinte", empreinte)])
        .finish()
}
