//! Mes ESSMS in a spreadsheet: out, and in after a check, every row and every cell answered.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use chrono::TimeDelta;
use portail_grappes::documents::{csv, feuille::Colonne, feuille::Feuille, xlsx};
use portail_grappes::web::chemins;
use rust_xlsxwriter::Workbook;
use sqlx::PgPool;

use crate::mes_essms::{fiche, repondre};
use crate::portail::navigateur::Fichier;
use crate::portail::registre::{ehpad, ferme, ime, og_a};
use crate::portail::{Navigateur, Portail, Qui, Reponse};

async fn envoyer(navigateur: &Navigateur, nom: &str, octets: &[u8]) -> Reponse {
    let fichier = Fichier {
        champ: "fichier",
        nom,
        type_annonce: "application/octet-stream",
        octets,
    };
    navigateur.joindre(chemins::MES_ESSMS_IMPORT, &[], fichier).await
}

/// The check of a file that must be read.
async fn verifier(navigateur: &Navigateur, octets: &[u8]) -> Reponse {
    let envoi = envoyer(navigateur, "essms.csv", octets).await;
    assert_eq!(envoi.statut, 303, "{}", envoi.resume());
    navigateur.page(envoi.vers()).await
}

async fn confirmer(navigateur: &Navigateur, page: &Reponse) -> Reponse {
    let (import, empreinte) = (
        page.valeur("form[action$=confirmer] input[name=import]"),
        page.valeur("input[name=empreinte]"),
    );
    let champs = [("import", import.as_str()), ("empreinte", empreinte.as_str())];
    navigateur.envoyer(chemins::MES_ESSMS_CONFIRMER, &champs).await
}

/// Cells of the first sheet of an XLSX, as texts.
fn lignes(octets: &[u8]) -> Vec<Vec<String>> {
    let mut classeur: Xlsx<_> = Xlsx::new(Cursor::new(octets.to_vec())).unwrap();
    let feuille = classeur.worksheet_range_at(0).unwrap().unwrap();
    feuille
        .rows()
        .map(|ligne| {
            ligne
                .iter()
                .map(|c| match c {
                    Data::String(texte) => texte.clone(),
                    Data::Empty => String::new(),
                    autre => panic!("not a text: {autre:?}"),
                })
                .collect()
        })
        .collect()
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn what_is_exported_is_imported_back_without_a_change(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    repondre(
        &a,
        &ehpad(1),
        &[("hebergement", "saas"), ("equipement", "=1+1"), ("sons", "oui")],
    )
    .await;
    let sortie = a.page(chemins::MES_ESSMS_XLSX).await;
    assert!(sortie.entete("content-disposition").contains("mes-essms.xlsx"));
    let table = lignes(&sortie.corps);
    assert_eq!(table.len(), 35);
    assert_eq!(
        table[0][..5],
        ["Numéro FINESS", "Nom", "Commune", "Catégorie", "A déjà un DUI"]
    );
    let un = table.iter().find(|l| l[0] == ehpad(1)).unwrap();
    assert!(
        un.contains(&"SaaS".to_owned()) && un.contains(&"'=1+1".to_owned()),
        "{un:?}"
    );
    let texte = a.page(chemins::MES_ESSMS_CSV).await;
    assert!(texte.corps.starts_with("\u{feff}Numéro FINESS;Nom;".as_bytes()));
    for octets in [sortie.corps, texte.corps] {
        let page = verifier(&a, &octets).await;
        assert_eq!(page.texte("#changements"), "Ce qui va changer : 0 ESSMS");
        assert!(
            page.tout().contains("34 lignes disent déjà la même chose"),
            "{}",
            page.tout()
        );
        assert_eq!(page.compte("#erreurs"), 0);
    }
    // Who only reads takes it out, and sends nothing.
    let lecture = portail.connecte(Qui::LectureA).await;
    assert_eq!(lecture.lire(chemins::MES_ESSMS_XLSX).await.statut, 200);
    assert_eq!(envoyer(&lecture, "a.csv", b"FINESS;a\n1;2\n").await.statut, 403);
    // Nothing of the other OG's goes out.
    let b = portail.connecte(Qui::DepotB).await.page(chemins::MES_ESSMS_CSV).await;
    assert!(!String::from_utf8_lossy(&b.corps).contains("Tilleul"));
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn each_row_and_each_cell_is_answered_and_the_good_ones_come_in(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    repondre(
        &a,
        &ehpad(1),
        &[("hebergement", "externe"), ("personnes_accompagnees", "60")],
    )
    .await;
    // Any order, any case, one row of each kind, in the encoding of an old spreadsheet.
    let texte = format!(
        "hebergement;Inutile de le dire;N° FINESS;File active;SONS;Équipement\n\
         SaaS;;{};80;oui;\n;;{};;;Été\nnuage;;{};beaucoup;peut-être;\n;;{};1;;\n;;{};1;;\n;;{};1;;\n;;{};1;;\n\
         ;;750000000;1;;\n;;;5;;\n;;{};1;;\n",
        ehpad(1),
        ehpad(2),
        ehpad(3),
        ime(1),
        og_a(),
        ferme(),
        ehpad(1),
        "750199999",
    );
    let (octets, ..) = encoding_rs::WINDOWS_1252.encode(&texte);
    let page = verifier(&a, &octets).await;
    // One heading is unknown: a person says what it is.
    assert!(page.tout().contains("Que contient chaque colonne"), "{}", page.tout());
    assert_eq!(page.compte("#avant-apres"), 0);
    let import = page.valeur("form[action$=colonnes] input[name=import]");
    let mut colonnes = vec![("import", import.as_str())];
    let noms = [
        "colonne-0",
        "colonne-1",
        "colonne-2",
        "colonne-3",
        "colonne-4",
        "colonne-5",
    ];
    for nom in noms {
        let choisie: &'static str = page.champ(nom).join("").leak();
        colonnes.push((nom, choisie));
    }
    assert_eq!(colonnes[2], ("colonne-1", ""));
    let refus = a.envoyer(chemins::MES_ESSMS_COLONNES, &colonnes).await;
    assert_eq!(
        (refus.statut, refus.champ("colonne-0")),
        (422, vec!["hebergement".to_owned()])
    );
    colonnes[2].1 = "sons";
    let double = a.envoyer(chemins::MES_ESSMS_COLONNES, &colonnes).await;
    assert!(
        double.statut == 422 && double.erreurs()[0].contains("deux colonnes"),
        "{:?}",
        double.erreurs()
    );
    colonnes[2].1 = "rien";
    let envoi = a.envoyer(chemins::MES_ESSMS_COLONNES, &colonnes).await;
    assert_eq!(envoi.statut, 303, "{}", envoi.resume());
    let page = a.page(envoi.vers()).await;
    assert_eq!(page.texte("#changements"), "Ce qui va changer : 2 ESSMS");
    let apercu = page.texte("#avant-apres tbody");
    for attendu in [
        "Hébergement souhaité : Hébergement externe → SaaS",
        "60 → 80",
        "rien → Oui",
        "rien → Été",
    ] {
        assert!(apercu.contains(attendu), "{attendu} : {apercu}");
    }
    let erreurs = page.textes("#erreurs tbody tr");
    assert_eq!(erreurs.len(), 10, "{erreurs:#?}");
    for (rang, mots) in [
        (0, ["Ligne 4", "hebergement", "nuage", "SaaS"]),
        (1, ["Ligne 4", "File active", "beaucoup", "nombre entier"]),
        (2, ["Ligne 4", "SONS", "peut-être", "Oui ou Non"]),
        (
            3,
            [
                "Ligne 5",
                "N° FINESS",
                &*ime(1),
                "pas un ESSMS géré par votre organisme",
            ],
        ),
        (4, ["Ligne 6", "N° FINESS", og_a().as_str(), "organisme (EJ)"]),
        (5, ["Ligne 7", "N° FINESS", &*ferme(), "fermé"]),
        (6, ["Ligne 8", "N° FINESS", &*ehpad(1), "déjà à la ligne 2"]),
        (7, ["Ligne 9", "N° FINESS", "750000000", "clé"]),
        (8, ["Ligne 10", "N° FINESS", "vide", "manque le numéro"]),
        (9, ["Ligne 11", "N° FINESS", "750199999", ""]),
    ] {
        assert!(
            mots.iter().all(|mot| erreurs[rang].contains(mot)),
            "{mots:?} : {}",
            erreurs[rang]
        );
    }
    assert_eq!(
        portail.nombre("select count(*) from journal_essms").await,
        1,
        "nothing is written yet"
    );
    let envoi = confirmer(&a, &page).await;
    assert_eq!(envoi.statut, 303, "{}", envoi.resume());
    assert_eq!(a.page(&fiche(&ehpad(1))).await.champ("personnes_accompagnees"), ["80"]);
    assert_eq!(a.page(&fiche(&ehpad(2))).await.champ("equipement"), ["Été"]);
    assert!(
        a.page(&fiche(&ehpad(1)))
            .await
            .tout()
            .contains("Import de « essms.csv »")
    );
    // The others wait, to be downloaded with why, corrected and sent again.
    let page = a.page(envoi.vers()).await;
    assert!(page.tout().contains("2 ESSMS importés"));
    let fichier = a.page(chemins::MES_ESSMS_ERREURS).await;
    let table = lignes(&fichier.corps);
    assert_eq!(table[0].last().unwrap(), "Erreur");
    assert!(table[1].last().unwrap().contains("File active"), "{:?}", table[1]);
    assert_eq!(table[1][2], ehpad(3));
    let corrige = format!("FINESS;Hébergement;Erreur\n{};SaaS;x\n", ehpad(3));
    let page = verifier(&a, corrige.as_bytes()).await;
    let envoi = confirmer(&a, &page).await;
    assert_eq!(envoi.vers_page(), chemins::MES_ESSMS);
    assert_eq!(portail.nombre("select count(*) from import_essms").await, 0);
    assert_eq!(a.lire(chemins::MES_ESSMS_ERREURS).await.statut, 404);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn what_changed_since_the_check_is_checked_again(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    let tableau = |valeur: &str| format!("FINESS;Hébergement\n{};{valeur}\n", ehpad(1));
    let page = verifier(&a, tableau("SaaS").as_bytes()).await;
    let autre = portail.connecte(Qui::DepotA).await;
    repondre(&autre, &ehpad(1), &[("hebergement", "externe")]).await;
    let conflit = confirmer(&a, &page).await;
    assert_eq!(conflit.statut, 409);
    assert!(
        conflit
            .texte("#avant-apres tbody")
            .contains("Hébergement externe → SaaS")
    );
    // Another file took its place in another tab: not that one is imported.
    verifier(&a, tableau("Sur site (on premise)").as_bytes()).await;
    assert_eq!(confirmer(&a, &conflit).await.statut, 409);
    assert_eq!(a.page(&fiche(&ehpad(1))).await.champ("hebergement"), ["externe"]);
    // Nobody else sees it, and it does not wait for ever.
    assert_eq!(autre.page(chemins::MES_ESSMS_IMPORT).await.compte("#changements"), 0);
    let page = a.page(chemins::MES_ESSMS_IMPORT).await;
    portail.avancer(TimeDelta::hours(25));
    let mut a = a;
    a.se_connecter(&Qui::EditionA.courriel(), crate::portail::MOT_DE_PASSE)
        .await;
    assert_eq!(confirmer(&a, &page).await.statut, 409);
    assert_eq!(a.page(chemins::MES_ESSMS_IMPORT).await.compte("#changements"), 0);
    // Once confirmed, a second click finds nothing to import.
    let page = verifier(&a, tableau("SaaS").as_bytes()).await;
    assert_eq!(confirmer(&a, &page).await.statut, 303);
    assert_eq!(confirmer(&a, &page).await.statut, 409);
    verifier(&a, tableau("SaaS").as_bytes()).await;
    assert_eq!(a.envoyer(chemins::MES_ESSMS_ABANDONNER, &[]).await.statut, 303);
    assert_eq!(portail.nombre("select count(*) from import_essms").await, 0);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_file_that_cannot_be_read_says_why(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    for (octets, motif) in [
        (&b""[..], "pas vide"),
        (b"%PDF-1.7 \n", "format"),
        (b"FINESS;a\n", "aucune ligne"),
        (b"PK\x03\x04xx", "abîmé"),
        (&vec![b'a'; 5_000_001], "5 Mo"),
        (&vec![b'a'; 10_000_001], "5 Mo"),
    ] {
        let refus = envoyer(&a, "f.xlsx", octets).await;
        assert_eq!(refus.statut, 422, "{motif}");
        assert!(refus.erreurs()[0].contains(motif), "{motif} : {:?}", refus.erreurs());
    }
    assert_eq!(portail.nombre("select count(*) from import_essms").await, 0);
    let sans_jeton = reqwest::multipart::Form::new().text("csrf", "faux");
    assert_eq!(a.joindre_nu(chemins::MES_ESSMS_IMPORT, sans_jeton).await.statut, 403);
}

/// A workbook as people make them: numbers that lost their zero, a title above, true numbers.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_workbook_made_by_hand_is_understood(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    let mut classeur = Workbook::new();
    let page = classeur.add_worksheet();
    page.write_string(0, 0, "Nos établissements").unwrap();
    for (rang, entete) in ["Personnes accompagnées", "FINESS ET", "Part d’heures éligibles"]
        .into_iter()
        .enumerate()
    {
        page.write_string(2, u16::try_from(rang).unwrap(), entete).unwrap();
    }
    page.write_number(3, 0, 42).unwrap();
    page.write_number(3, 1, ehpad(1).parse::<u32>().unwrap()).unwrap();
    page.write_number(3, 2, 87.5).unwrap();
    let page = verifier(&a, &classeur.save_to_buffer().unwrap()).await;
    assert_eq!(confirmer(&a, &page).await.statut, 303);
    let page = a.page(&fiche(&ehpad(1))).await;
    assert_eq!(page.champ("personnes_accompagnees"), ["42"]);
    assert_eq!(page.champ("part_heures_eligibles"), ["87,50"]);
}

#[test]
fn both_formats_hold_the_same_cells() {
    let feuille = Feuille {
        nom: "Essai",
        colonnes: vec![Colonne::nouvelle("FINESS"), Colonne::nouvelle("Réponse")],
        lignes: vec![vec!["010000024".into(), "@a;\"b\"".into()]],
    };
    assert_eq!(lignes(&xlsx::ecrire(&feuille).unwrap())[1], ["010000024", "'@a;\"b\""]);
    let texte = String::from_utf8(csv::ecrire(&feuille)).unwrap();
    assert_eq!(texte, "\u{feff}FINESS;Réponse\r\n010000024;\"'@a;\"\"b\"\"\"\r\n");
}
