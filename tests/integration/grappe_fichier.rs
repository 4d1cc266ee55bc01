//! A table sent to the grappe: each of its numbers is answered as a pasted one, each fault named with its row.

use portail_grappes::documents::{feuille::Colonne, feuille::Feuille, xlsx};
use portail_grappes::domain::finess::Finess;
use portail_grappes::web::chemins;
use rust_xlsxwriter::Workbook;
use sqlx::PgPool;
use uuid::Uuid;

use crate::mes_essms::repondre;
use crate::portail::dossier::{deposer, ouvrir, pret};
use crate::portail::navigateur::Fichier;
use crate::portail::registre::{ehpad, ferme, ime, og_a};
use crate::portail::{Navigateur, Portail, Qui, Reponse};

const DANS_LA_GRAPPE: &str = "select count(*) from grappe_essms where retire_le is null";

async fn envoyer(navigateur: &Navigateur, dossier: Uuid, nom: &str, octets: &[u8]) -> Reponse {
    let fichier = Fichier {
        champ: "fichier",
        nom,
        type_annonce: "application/octet-stream",
        octets,
    };
    navigateur.joindre(&chemins::grappe(dossier), &[], fichier).await
}

/// The answers of the page that follows, number by number.
async fn reponses(navigateur: &Navigateur, envoi: &Reponse) -> Vec<(String, String)> {
    assert_eq!(envoi.statut, 303, "{}", envoi.resume());
    let page = navigateur.page(envoi.vers()).await;
    let numeros = page.textes("#colles tbody th");
    numeros
        .into_iter()
        .zip(page.textes("#colles tbody .govuk-tag"))
        .collect()
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_workbook_and_a_csv_are_answered_number_by_number(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    repondre(&a, &ehpad(1), &[("hebergement", "saas")]).await;
    let id = ouvrir(&a, "Par fichier").await;
    // As people make them: a title, columns in their own order, numbers that are numbers, the EJ beside each ET.
    let mut classeur = Workbook::new();
    let feuille = classeur.add_worksheet();
    feuille.write_string(0, 0, "Nos établissements").unwrap();
    for (colonne, entete) in [(0, "FINESS EJ"), (1, "Hébergement souhaité"), (2, "N° FINESS (ET)")] {
        feuille.write_string(2, colonne, entete).unwrap();
    }
    for (rang, numero) in [(3, ehpad(1)), (4, ferme()), (5, ehpad(1))] {
        feuille.write_string(rang, 0, og_a().to_string()).unwrap();
        feuille.write_number(rang, 2, numero.parse::<u32>().unwrap()).unwrap();
    }
    let envoi = envoyer(&a, id, "grappe.xlsx", &classeur.save_to_buffer().unwrap()).await;
    let attendues = [
        (ehpad(1), "Ajouté"),
        (ferme(), "Ajouté, à vérifier"),
        (ehpad(1), "Donné plusieurs fois, gardé une fois"),
    ];
    assert_eq!(reponses(&a, &envoi).await, attendues.map(|(n, r)| (n, r.to_owned())));
    // The answers are those of Mes ESSMS, as when it is pasted; the file has no say in them.
    let page = a.page(&chemins::essms(id)).await;
    assert_eq!(page.champ(&format!("{}-hebergement", ehpad(1))), ["saas"]);

    let texte = format!(
        "Établissement;Numéro FINESS\r\nDéjà là;{}\r\nNouveau;{}\r\n",
        ehpad(1),
        ime(1)
    );
    let (octets, ..) = encoding_rs::WINDOWS_1252.encode(&texte);
    let envoi = envoyer(&a, id, "grappe.csv", &octets).await;
    let attendues = [(ime(1), "Ajouté"), (ehpad(1), "Déjà dans la grappe")];
    assert_eq!(reponses(&a, &envoi).await, attendues.map(|(n, r)| (n, r.to_owned())));
    // What Mes ESSMS exports is read too.
    let envoi = envoyer(&a, id, "mes-essms.xlsx", &a.page(chemins::MES_ESSMS_XLSX).await.corps).await;
    assert_eq!(envoi.statut, 303, "{}", envoi.resume());
    assert!(portail.nombre(DANS_LA_GRAPPE).await > 30);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_faults_of_a_file_are_named_by_row_and_corrected_in_the_box(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    let id = ouvrir(&a, "Par fichier").await;
    let feuille = Feuille {
        nom: "Grappe",
        colonnes: ["Nom", "Numéro FINESS"].map(Colonne::nouvelle).into(),
        lignes: [ehpad(1), "7507193".into(), og_a().to_string(), String::new(), ime(1)]
            .map(|numero| vec!["Un nom".to_owned(), numero])
            .into(),
    };
    let refus = envoyer(&a, id, "grappe.xlsx", &xlsx::ecrire(&feuille).unwrap()).await;
    assert_eq!(refus.statut, 422);
    let erreurs = refus.erreurs();
    assert_eq!(erreurs.len(), 3, "{erreurs:?}");
    assert_eq!(erreurs[0], "Tableau : aucun numéro FINESS à la ligne 5");
    assert!(erreurs[1].starts_with("Ligne 3 : « 7507193 »"), "{erreurs:?}");
    assert!(
        erreurs[2].starts_with("Ligne 4 : ") && erreurs[2].contains("Association Alpha"),
        "{erreurs:?}"
    );
    let reste = [ehpad(1), "7507193".into(), og_a().to_string(), ime(1)].join("\n");
    assert_eq!(refus.champ("numeros"), [reste.as_str()], "nothing of the file is lost");
    assert_eq!(refus.attributs("#organismes-colles a", "href").len(), 1);
    assert!(refus.tout().contains("2 numéros sont reconnus"), "{}", refus.tout());
    assert_eq!(portail.nombre(DANS_LA_GRAPPE).await, 0);
    let champs = [("numeros", reste.as_str()), ("fautes", "ignorer")];
    let envoi = a.enregistrer(&chemins::grappe_coller(id), &champs).await;
    assert_eq!(reponses(&a, &envoi).await.len(), 4);
    assert_eq!(portail.nombre(DANS_LA_GRAPPE).await, 2);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_file_that_cannot_be_added_says_why_and_adds_nothing(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    let id = ouvrir(&a, "Par fichier").await;
    let numero = |rang| Finess::depuis_racine(&format!("7509{rang:04}")).unwrap().to_string();
    let trop = ["FINESS".to_owned()]
        .into_iter()
        .chain((1..=501).map(numero))
        .collect::<Vec<_>>()
        .join("\n");
    for (nom, octets, motif) in [
        ("", &b""[..], "choisissez un fichier"),
        ("vide.csv", b"", "ce fichier est vide"),
        ("noms.csv", b"Nom;Ville\nTilleul;Paris\n", "aucun numéro FINESS"),
        ("lettre.pdf", b"%PDF-1.7 \n", "ce format n’est pas lu"),
        // What a password makes of a workbook is a compound file.
        (
            "secret.xlsx",
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
            "ce format n’est pas lu",
        ),
        ("coupe.xlsx", b"PK\x03\x04xx", "abîmé ou protégé"),
        ("gros.csv", &vec![b'a'; 5_000_001], "5 Mo"),
        ("tres-gros.csv", &vec![b'a'; 10_000_001], "5 Mo"),
        ("trop.csv", trop.as_bytes(), "au plus 500 ESSMS"),
    ] {
        let refus = envoyer(&a, id, nom, octets).await;
        assert_eq!(refus.statut, 422, "{motif}");
        assert_eq!(refus.erreurs().len(), 1, "{motif} : {:?}", refus.erreurs());
        assert!(refus.erreurs()[0].contains(motif), "{motif} : {:?}", refus.erreurs());
    }
    assert_eq!(portail.nombre(DANS_LA_GRAPPE).await, 0);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn only_who_may_write_the_draft_sends_it_a_table(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let id = pret(&a, "Par fichier", 1).await;
    let avant = portail.nombre(DANS_LA_GRAPPE).await;
    let tableau = format!("FINESS\n{}\n", ime(1));
    for (qui, attendu) in [(Qui::LectureA, 403), (Qui::DepotB, 404), (Qui::ArsIdf, 404)] {
        let autre = portail.connecte(qui).await;
        assert_eq!(envoyer(&autre, id, "a.csv", tableau.as_bytes()).await.statut, attendu);
    }
    deposer(&a, id).await;
    assert_eq!(envoyer(&a, id, "a.csv", tableau.as_bytes()).await.statut, 409);
    assert_eq!(portail.nombre(DANS_LA_GRAPPE).await, avant);
}
