//! Whatever is sent, the portal answers for itself: no form, no address, no query makes it fail.

use std::collections::{BTreeMap, BTreeSet};

use portail_grappes::domain::dossier::Etape;
use portail_grappes::routes::{self, Acces, Route};
use portail_grappes::web::chemins as c;
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use scraper::{Html, Selector};
use sqlx::PgPool;
use uuid::Uuid;

use crate::droits::{champs_connus, remettre_le_webinaire, remettre_les_comptes};
use crate::jetons::{adresse, placer_b};
use crate::portail::dossier::{ETAPES, deposer, ouvrir, pret};
use crate::portail::navigateur::Fichier;
use crate::portail::registre::ehpad;
use crate::portail::{Navigateur, Portail, Qui, Reponse};

/// Longer than any field, shorter than a form may be.
const ENORME: usize = 100_000;

/// Values no field expects.
fn valeurs() -> Vec<Vec<u8>> {
    vec![
        Vec::new(),
        b"%00".to_vec(),
        b"%FF%FE%C3%28".to_vec(),
        b"\xff\xfe\xc3(".to_vec(),
        b"%zz%".to_vec(),
        b"-99999999999999999999".to_vec(),
        b"1e400".to_vec(),
        b"'; drop table dossier; --".to_vec(),
        b"{{7*7}}<script>".to_vec(),
        "٣٤\u{202e}\u{0}é".as_bytes().to_vec(),
        vec![b'9'; ENORME],
        "é".repeat(ENORME / 2).into_bytes(),
        b"+".repeat(ENORME),
    ]
}

/// Forms of these pages: where each goes, and the names it sends.
async fn formulaires(navigateur: &Navigateur, pages: &[String]) -> BTreeMap<String, BTreeSet<String>> {
    let mut trouves: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let (formulaire, champ) = (
        Selector::parse("form[method=post]").unwrap(),
        Selector::parse("input, select, textarea, button").unwrap(),
    );
    for adresse in pages {
        let reponse = navigateur.page(adresse).await;
        let html = Html::parse_document(&String::from_utf8_lossy(&reponse.corps));
        for f in html.select(&formulaire) {
            let noms = f.select(&champ).filter_map(|e| e.value().attr("name"));
            let noms = noms.filter(|n| *n != "csrf").map(str::to_owned);
            trouves
                .entry(f.value().attr("action").unwrap().to_owned())
                .or_default()
                .extend(noms);
        }
    }
    trouves
}

fn corps(jeton: &str, noms: &BTreeSet<String>, fois: usize, valeur: &[u8]) -> Vec<u8> {
    let mut corps = format!("csrf={jeton}").into_bytes();
    for nom in noms {
        for _ in 0..fois {
            corps.extend(format!("&{nom}=").as_bytes());
            corps.extend(valeur);
        }
    }
    corps
}

async fn assaillir(navigateur: &Navigateur, adresse: &str, noms: &BTreeSet<String>) {
    for valeur in valeurs() {
        for fois in [1, 2] {
            // A grappe's facts have hundreds of fields: a few are enough to be huge.
            let mut noms = noms.clone();
            while noms.len() > 1 && noms.len() * fois * valeur.len() > 1_500_000 {
                noms.pop_last();
            }
            let reponse = navigateur
                .envoyer_octets(adresse, corps(&navigateur.jeton, &noms, fois, &valeur))
                .await;
            let debut = String::from_utf8_lossy(&valeur[..valeur.len().min(30)]).into_owned();
            assert!(
                reponse.statut < 500,
                "{adresse} {fois} × {debut:?} : {}",
                reponse.resume()
            );
        }
    }
    for brut in [
        b"".to_vec(),
        b"csrf".to_vec(),
        b"&&&===".to_vec(),
        format!("csrf={0}&csrf={0}", navigateur.jeton).into_bytes(),
        vec![0xff; ENORME],
        b"a=b&".repeat(ENORME / 4),
    ] {
        let reponse = navigateur.envoyer_octets(adresse, brut).await;
        assert!(reponse.statut < 500, "{adresse} : {}", reponse.resume());
    }
    // More than a form may weigh.
    let reponse = navigateur.envoyer_octets(adresse, vec![b'a'; 3 * 1024 * 1024]).await;
    assert!(matches!(reponse.statut, 413 | 415), "{adresse} : {}", reponse.statut);
}

fn pages_du_dossier(id: Uuid) -> Vec<String> {
    let mut pages = vec![
        c::NOUVEAU.to_owned(),
        c::dossier(id),
        format!("{}?q=tilleul", c::grappe(id)),
        c::essms(id),
        c::pieces(id),
        c::depot(id),
    ];
    pages.extend(ETAPES.iter().map(|e| c::etape(id, *e)));
    pages
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn no_form_of_a_porteur_makes_the_portal_fail(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let id = pret(&a, "Assailli", 1).await;
    let retrait = a.enregistrer(&c::grappe_retirer(id), &[("finess", &ehpad(16))]).await;
    let mut pages = pages_du_dossier(id);
    pages.push(retrait.vers().to_owned());
    let mut formulaires = formulaires(&a, &pages).await;
    // The deposit is closed to a grappe of fifteen minus one; its field is known all the same.
    formulaires
        .entry(c::depot(id))
        .or_default()
        .insert("attestation".to_owned());
    formulaires.remove(c::DECONNEXION);
    assert!(formulaires.len() >= 15, "{:?}", formulaires.keys());
    for (adresse, noms) in &formulaires {
        assaillir(&a, adresse, noms).await;
    }
    a.page(&c::depot(id)).await;
}

/// Names that forms send from other pages than their own, or only sometimes.
const AILLEURS: [&str; 8] = [
    "action",
    "code",
    "fichier",
    "texte",
    "version",
    "base",
    "confirmation",
    "motif",
];

/// Dossiers of the OG A, each as some forms want it.
struct Dossiers {
    /// A draft in which the OG B takes part, with a comment.
    partage: Uuid,
    /// A draft to which the OG B is invited.
    propose: Uuid,
    /// A draft to abandon.
    jetable: Uuid,
    depose: Uuid,
}

impl Dossiers {
    async fn ouvrir(portail: &Portail) -> Self {
        let porteur = portail.connecte(Qui::DepotA).await;
        let dossiers = Self {
            partage: pret(&porteur, "Assailli", 1).await,
            propose: ouvrir(&porteur, "Proposé").await,
            jetable: ouvrir(&porteur, "Jetable").await,
            depose: pret(&porteur, "Déposé", 17).await,
        };
        deposer(&porteur, dossiers.depose).await;
        placer_b(portail, dossiers.partage, "acceptee").await;
        placer_b(portail, dossiers.propose, "invitee").await;
        let echanges = c::echanges(dossiers.partage, Etape::Motivations);
        porteur.enregistrer(&echanges, &[("texte", "Un mot")]).await;
        // The numbers that the addresses of this file hold.
        let commentaire = sqlx::query("update commentaire set id = $1").bind(Uuid::nil());
        commentaire.execute(&portail.pool).await.unwrap();
        let piece = sqlx::query(
            "update piece set id = $1 where id = (select min(id::text)::uuid from piece where dossier_id = $2)",
        );
        let piece = piece.bind(Uuid::nil()).bind(dossiers.partage);
        piece.execute(&portail.pool).await.unwrap();
        let lignes = format!("FINESS;DUI\n{};Nord\n", ehpad(1));
        let tableau = Fichier {
            champ: "fichier",
            nom: "essms.csv",
            type_annonce: "text/csv",
            octets: lignes.as_bytes(),
        };
        assert_eq!(porteur.joindre(c::MES_ESSMS_IMPORT, &[], tableau).await.statut, 303);
        remettre_les_comptes(&portail.pool).await;
        remettre_le_webinaire(&portail.pool).await;
        dossiers
    }

    /// Who reaches this form, and in which dossier.
    fn atteindre(&self, route: &Route) -> (Qui, Uuid) {
        match (route.chemin, route.acces) {
            (c::ACCORDS_REPONDRE | c::PORTAGE_REPONDRE, _) => (Qui::DepotB, self.partage),
            (c::GRAPPE_INVITATION, _) => (Qui::DepotB, self.propose),
            (c::RETRAIT_DEPOT, _) => (Qui::DepotA, self.depose),
            (c::ABANDON, _) => (Qui::DepotA, self.jetable),
            (_, Acces::Administration) => (Qui::Administration, self.partage),
            (_, Acces::Accompagnement) => (Qui::Accompagnement, self.partage),
            (_, Acces::Instructeur) => (Qui::ArsIdf, self.depose),
            _ => (Qui::DepotA, self.partage),
        }
    }
}

/// Forms that only the holder of a mail reaches, and that of one mail: refused before they are read.
const HORS_D_ATTEINTE: [&str; 6] = [
    c::CONFIRMATION,
    c::ACCEPTATION,
    c::REINITIALISATION,
    c::DESABONNEMENT,
    c::DESINSCRIPTION,
    c::COURRIELS,
];

/// Every form of the table, under the names that its page shows and those the rights table knows.
async fn assaillir_les_routes(pool: PgPool, retenue: impl Fn(Acces) -> bool) -> usize {
    let portail = Portail::ouvrir(pool).await;
    let dossiers = Dossiers::ouvrir(&portail).await;
    let mut assaillies = 0;
    let mut manquees = Vec::new();
    for route in routes::table() {
        if route.methode != Method::POST || route.chemin == c::DECONNEXION || !retenue(route.acces) {
            continue;
        }
        let (qui, id) = dossiers.atteindre(&route);
        sqlx::query("delete from echec_connexion")
            .execute(&portail.pool)
            .await
            .unwrap();
        // What a form does may close the session of the one before.
        let navigateur = portail.connecte(qui).await;
        let adresse = adresse(route.chemin, id);
        let mut noms: BTreeSet<String> = AILLEURS.map(str::to_owned).into();
        noms.extend(champs_connus(route.chemin));
        if navigateur.lire(&adresse).await.statut == 200 {
            let ici = formulaires(&navigateur, std::slice::from_ref(&adresse)).await;
            noms.extend(ici.into_values().flatten());
        }
        let illisible = corps(&navigateur.jeton, &noms, 1, b"%00");
        if [403, 404].contains(&navigateur.envoyer_octets(&adresse, illisible).await.statut) {
            manquees.push(route.chemin);
        }
        assaillir(&navigateur, &adresse, &noms).await;
        assaillies += 1;
    }
    manquees.retain(|chemin| !HORS_D_ATTEINTE.contains(chemin));
    assert!(manquees.is_empty(), "refused before they are read: {manquees:#?}");
    assaillies
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn no_form_of_the_table_open_to_all_makes_the_portal_fail(pool: PgPool) {
    let ouverte = |acces| matches!(acces, Acces::Public | Acces::Session | Acces::Connecte);
    assert!(assaillir_les_routes(pool, ouverte).await >= 12);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn no_form_of_the_table_for_porteurs_makes_the_portal_fail(pool: PgPool) {
    assert!(assaillir_les_routes(pool, |acces| matches!(acces, Acces::Porteur(_))).await >= 30);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn no_form_of_the_table_for_agents_makes_the_portal_fail(pool: PgPool) {
    let agents = |acces| {
        matches!(
            acces,
            Acces::Administration | Acces::Accompagnement | Acces::Instructeur
        )
    };
    assert!(assaillir_les_routes(pool, agents).await >= 2);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn no_log_in_form_makes_the_portal_fail(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let anonyme = portail.anonyme();
    let mut formulaires = formulaires(&anonyme, &[c::CONNEXION.to_owned()]).await;
    let noms = formulaires.remove(c::CONNEXION).unwrap();
    assert_eq!(noms.len(), 3);
    for valeur in valeurs() {
        // Otherwise the throttle answers, and hides what it protects.
        sqlx::query("delete from echec_connexion")
            .execute(&portail.pool)
            .await
            .unwrap();
        for fois in [1, 2] {
            let reponse = anonyme
                .envoyer_octets(c::CONNEXION, corps("", &noms, fois, &valeur))
                .await;
            assert_eq!(
                reponse.statut,
                422,
                "{:?}",
                String::from_utf8_lossy(&valeur[..valeur.len().min(30)])
            );
        }
    }
    let a = portail.connecte(Qui::DepotA).await;
    assaillir(&a, c::DECONNEXION, &BTreeSet::new()).await;
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn no_upload_makes_the_portal_fail(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let admin = portail.connecte(Qui::Administration).await;
    let id = pret(&a, "Assailli", 1).await;
    for (navigateur, adresse) in [
        (&a, c::pieces(id)),
        (&a, c::MES_ESSMS_IMPORT.to_owned()),
        (&admin, c::IMPORTS.to_owned()),
    ] {
        let jeton = navigateur.jeton.clone();
        let champ = |nom: &str, valeur: &[u8]| {
            let mut part = format!("--x\r\nContent-Disposition: form-data; {nom}\r\n\r\n").into_bytes();
            part.extend(valeur);
            part.extend(b"\r\n");
            part
        };
        let csrf = champ("name=\"csrf\"", jeton.as_bytes());
        let suites: Vec<Vec<u8>> = vec![
            Vec::new(),
            b"--x--".to_vec(),
            champ("name=\"type_piece\"", b"\xff\xfe"),
            champ("name=\"type_piece\"", &vec![b'a'; ENORME]),
            champ("name=\"fermetures\"", b"\0"),
            champ("name=\"fichier\"; filename=\"é\0\"", b""),
            champ("name=\"fichier\"", b"sans nom"),
            [
                champ("name=\"fichier\"; filename=\"a\"", b"%PDF-1"),
                champ("name=\"fichier\"; filename=\"b\"", b""),
            ]
            .concat(),
            champ("name=\"fichiers\"; filename=\"../../a\"", b""),
            champ("sans=\"nom\"", b"a"),
            b"--x\r\n\r\n".to_vec(),
            vec![b'-'; ENORME],
        ];
        for suite in suites {
            for fin in [b"--x--\r\n".as_slice(), b""] {
                for entete in [
                    "multipart/form-data; boundary=x",
                    "multipart/form-data",
                    "multipart/form-data; boundary=",
                    "text/plain",
                    "",
                ] {
                    let corps = [&csrf, suite.as_slice(), fin].concat();
                    let requete = navigateur
                        .requete(Method::POST, &adresse)
                        .header(CONTENT_TYPE, entete)
                        .body(corps);
                    let reponse = Reponse::de(requete).await;
                    let debut = String::from_utf8_lossy(&suite).into_owned();
                    assert!(reponse.statut < 500, "{adresse} {entete} {:?}", debut.get(..60));
                }
            }
        }
    }
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn no_address_and_no_query_makes_the_portal_fail(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let id = ouvrir(&a, "Assailli").await;
    let acteurs = [
        &a,
        &portail.connecte(Qui::ArsIdf).await,
        &portail.connecte(Qui::Accompagnement).await,
        &portail.connecte(Qui::Administration).await,
        &portail.anonyme(),
    ];
    let long = "a".repeat(4_000);
    let requetes = ["q", "page", "enregistrement", "retires", "reste", "retiree", "retour"].map(|nom| {
        [
            "",
            "%00",
            "%FF%FE",
            "-1",
            "0",
            "4294967295",
            "99999999999",
            "%27%22%3C",
            long.as_str(),
            "%E2%80%AE",
        ]
        .map(|valeur| format!("{nom}={valeur}"))
    });
    let requetes: Vec<String> = requetes
        .into_iter()
        .flatten()
        .chain(["&&=".to_owned(), "q=a&q=b".to_owned()])
        .collect();
    for route in routes::table().iter().filter(|r| r.methode == Method::GET) {
        let bonne = route
            .chemin
            .replace("{dossier}", &id.to_string())
            .replace("{etape}", "projet")
            .replace("{edition}", crate::portail::EDITION);
        let mut admis = None;
        for navigateur in acteurs {
            if navigateur.lire(&bonne).await.statut == 200 {
                admis = Some(navigateur);
                break;
            }
        }
        for requete in &requetes {
            let Some(navigateur) = admis else { break };
            let reponse = navigateur.lire(&format!("{bonne}?{requete}")).await;
            assert!(reponse.statut < 500, "{bonne}?{requete} : {}", reponse.resume());
        }
        if route.chemin.contains('{') {
            for segment in [
                "x",
                "%00",
                "%FF",
                "00000000-0000-0000-0000-000000000000",
                "..%2F..",
                long.as_str(),
            ] {
                let chemin = ["{dossier}", "{piece}", "{import}", "{edition}", "{etape}"]
                    .iter()
                    .fold(route.chemin.to_owned(), |chemin, nom| chemin.replace(nom, segment));
                for navigateur in acteurs {
                    let statut = navigateur.lire(&chemin).await.statut;
                    // A hash that is none is answered in the form where it is typed.
                    assert!(matches!(statut, 303 | 400 | 404 | 414 | 422), "{chemin} : {statut}");
                }
            }
        }
    }
}
