//! The simulateur: every line answered, the state in the form and in the link, what it gives to keep, and the draft that
//! an account makes of it.

use portail_grappes::domain::dossier::esquisse::{Esquisse, deplier};
use portail_grappes::domain::finess::Finess;
use portail_grappes::rules::edition::Edition;
use portail_grappes::simulation::simuler;
use portail_grappes::web::chemins as c;
use portail_grappes::web::etat::Depart;
use serde_json::Value;
use sqlx::PgPool;

use crate::mes_essms::repondre;
use crate::portail::dossier::{deposer, pret};
use crate::portail::navigateur::Fichier;
use crate::portail::registre::{SOLUTION, ehpad, ehpads, ferme, ime, og_a, og_b};
use crate::portail::{EDITION, MAINTENANT, Navigateur, Portail, Qui, Reponse};

/// Answers of a grappe that is eligible.
fn favorables() -> Vec<(String, String)> {
    let oui = ["meme_solution", "medicalise", "ror_complet"].map(|nom| (nom, "oui"));
    let non = [
        "deja_finance",
        "sons",
        "rattache_ght",
        "activites_confort",
        "engage_ailleurs",
    ]
    .map(|nom| (nom, "non"));
    let choix = [
        ("type_projet", "acquisition"),
        ("hebergement", "saas"),
        ("entite_nationale", "aucune"),
        ("autodiagnostic", "si_esms"),
    ];
    let tous = oui.into_iter().chain(non).chain(choix);
    let mut champs: Vec<(String, String)> = tous
        .map(|(nom, valeur)| (format!("tous-{nom}"), valeur.to_owned()))
        .collect();
    for (nom, valeur) in [
        ("edition", EDITION.to_owned()),
        ("projet-solution", SOLUTION.to_string()),
        ("projet-porteur", og_a().to_string()),
        ("projet-soumis_ccp", "non".to_owned()),
        ("projet-marche_public_identique", "non".to_owned()),
    ] {
        champs.push((nom.to_owned(), valeur));
    }
    champs
}

async fn simuler_avec(navigateur: &Navigateur, adresse: &str, numeros: &str, champs: &[(String, String)]) -> Reponse {
    let mut envoyes = vec![("numeros", numeros)];
    envoyes.extend(champs.iter().map(|(nom, valeur)| (nom.as_str(), valeur.as_str())));
    navigateur.envoyer_nu(adresse, &envoyes).await
}

/// The link that the result gives, without the site.
fn lien(resultat: &Reponse) -> String {
    let adresse = resultat.valeur("#partage");
    adresse.strip_prefix("https://portail.exemple.fr").unwrap().to_owned()
}

fn verdict(page: &Reponse) -> Vec<String> {
    page.textes("#verdict dd")
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_visitor_learns_the_verdict_the_money_and_what_is_missing(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let visiteur = portail.anonyme();
    let vide = visiteur.page(c::SIMULATEUR).await;
    assert_eq!(
        vide.valeur("#edition option[selected]"),
        EDITION,
        "the one that is open"
    );
    let quinze = ehpads(1..=15).join("\n");
    let reponse = simuler_avec(&visiteur, c::SIMULATEUR, &quinze, &favorables()).await;
    assert_eq!(reponse.statut, 200, "{}", reponse.resume());
    assert_eq!(reponse.texte("h1"), "Résultat de la simulation");
    assert_eq!(verdict(&reponse)[0], "Satisfait");
    let canonique = reponse.attributs("link[rel=canonical]", "href");
    assert!(
        canonique[0].ends_with(c::SIMULATEUR),
        "search engines keep the form, not its answers: {canonique:?}"
    );
    assert!(
        reponse.compte("#niveau-projet") == 1
            && reponse.compte("#niveau-certains_essms") + reponse.compte("#niveau-tous_essms") > 0
    );
    assert_eq!(
        reponse.compte("svg[role=img] rect.portail-graphique__maximum"),
        reponse.compte("#versements tbody tr")
    );
    assert!(!reponse.texte("svg title").is_empty());
    let sans_reponse = [("edition".to_owned(), EDITION.to_owned())];
    let reponse = simuler_avec(&visiteur, c::SIMULATEUR, &quinze, &sans_reponse).await;
    assert_eq!(verdict(&reponse)[0], "À compléter");
    let questions = reponse.attributs("section[aria-labelledby=titre-manques] li > a", "href");
    assert!(questions.contains(&"#tous-type_projet".to_owned()), "{questions:?}");
    for ancre in questions {
        assert_eq!(reponse.compte(&format!("[id=\"{}\"]", &ancre[1..])), 1, "{ancre}");
    }
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_grant_of_a_grappe_that_is_not_eligible_is_under_a_reserve_and_a_print_is_dated(pool: PgPool) {
    const RESERVE: &str = "Sous réserve de l’éligibilité du projet.";
    let portail = Portail::ouvrir_comme(pool, MAINTENANT, Depart::BoiteLocale).await;
    let visiteur = portail.anonyme();
    let simuler = async |combien| {
        let numeros = ehpads(1..=combien).join("\n");
        simuler_avec(&visiteur, c::SIMULATEUR, &numeros, &favorables()).await
    };
    let petite = simuler(13).await;
    assert_eq!(verdict(&petite)[0], "Non satisfait");
    assert!(petite.texte(".portail-intervalle__note").starts_with(RESERVE));
    assert!(petite.texte("section[aria-labelledby=titre-argent]").contains(RESERVE));
    let papier = petite.texte("main .portail-papier");
    assert!(
        papier.starts_with("Simulation du 01/05/2024 à") && papier.contains("données fictives"),
        "{papier}"
    );
    assert!(petite.texte("#repertoire").starts_with("Répertoire FINESS au "));
    assert_eq!(petite.compte("#sans-recherche"), 0);
    let entiere = simuler(15).await;
    assert_eq!(verdict(&entiere)[0], "Satisfait");
    assert!(!entiere.tout().contains(RESERVE));
    let numeros: Vec<String> = (0..101)
        .map(|n| Finess::depuis_racine(&format!("77{n:06}")).unwrap().to_string())
        .collect();
    let immense = simuler_avec(&visiteur, c::SIMULATEUR, &numeros.join("\n"), &favorables()).await;
    assert!(immense.texte("#sans-recherche").starts_with("Au-delà de 100"));
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn five_hundred_noisy_lines_are_each_answered_and_nothing_is_lost(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let visiteur = portail.anonyme();
    let bruit = |rang: usize| match rang % 10 {
        0 => format!(
            "{rang}. « {} » ; EHPAD Tilleul ; 75014 PARIS ; 01 23 45 67 89",
            ehpad(rang % 34 + 1)
        ),
        1 => ehpad((rang - 1) % 34 + 1)
            .chars()
            .map(String::from)
            .collect::<Vec<_>>()
            .join(" "),
        2 => og_b().to_string(),
        3 => ferme(),
        4 => Finess::depuis_racine("75099999").unwrap().to_string(),
        5 => "75 01".to_owned(),
        6 => "Total".to_owned(),
        7 => "990000018".to_owned(),
        8 => format!("\t{}\t", ime(rang % 18 + 1)),
        _ => "<script>alert(1)</script> &amp; 7501".to_owned(),
    };
    let lignes: Vec<String> = (0..500).map(bruit).collect();
    let champs = [("edition".to_owned(), EDITION.to_owned())];
    let reponse = simuler_avec(&visiteur, c::SIMULATEUR, &lignes.join("\r\n"), &champs).await;
    assert_eq!(reponse.statut, 200, "{}", reponse.resume());
    let mut repondues: Vec<usize> = reponse
        .textes("#reponses tbody th")
        .iter()
        .map(|t| t.parse().unwrap())
        .collect();
    repondues.dedup();
    assert_eq!(repondues, (1..=500).collect::<Vec<_>>());
    let etiquettes = reponse.textes("#reponses .govuk-tag");
    for attendue in [
        "Reconnu",
        "Doublon",
        "Organisme",
        "Fermé",
        "Illisible",
        "Aucun numéro",
        "Inconnu",
    ] {
        assert!(etiquettes.iter().any(|e| e == attendue), "{attendue}");
    }
    assert_eq!(
        reponse.champ("numeros")[0].lines().count(),
        500,
        "what was typed is kept"
    );
    assert_eq!(reponse.valeur("#reponses button[name=organisme]"), og_b().to_string());
    let champs = [
        ("edition".to_owned(), EDITION.to_owned()),
        ("organisme".to_owned(), og_b().to_string()),
    ];
    let prise = simuler_avec(&visiteur, c::SIMULATEUR, &og_b().to_string(), &champs).await;
    assert_eq!(prise.champ("numeros")[0].lines().count(), 18, "its ESSMS in its place");
    assert_eq!(prise.compte("#essms tbody tr"), 18);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn what_cannot_be_read_is_refused_with_everything_kept(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let visiteur = portail.anonyme();
    let refuse = async |numeros: &str, champs: &[(&str, &str)]| {
        let champs: Vec<(String, String)> = champs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        let reponse = simuler_avec(&visiteur, c::SIMULATEUR, numeros, &champs).await;
        assert_eq!(reponse.statut, 422, "{numeros}");
        assert_eq!(reponse.compte("#verdict"), 0);
        reponse
    };
    let rien = refuse("", &[("edition", EDITION)]).await;
    assert!(rien.erreurs()[0].contains("au moins un numéro"), "{:?}", rien.erreurs());
    let edition = refuse(&ehpad(1), &[("edition", "idf-1999"), ("tous-hebergement", "saas")]).await;
    assert_eq!(edition.texte("#numeros"), ehpad(1));
    assert_eq!(edition.valeur("#tous-hebergement option[selected]"), "saas");
    let part = format!("{}-part_heures_eligibles", ehpad(1));
    let propre = refuse(
        &ehpad(1),
        &[("edition", EDITION), (&part, "beaucoup"), ("tous-sons", "peut-être")],
    )
    .await;
    assert_eq!(propre.erreurs().len(), 2, "{:?}", propre.erreurs());
    assert_eq!(propre.valeur(&format!("[id=\"{part}\"]")), "beaucoup");
    let trop: Vec<String> = (0..501)
        .map(|n| {
            // Scattered: numbers in a row are short once compressed.
            let racine = format!("93{:06}", n * 7_919 % 1_000_000);
            Finess::depuis_racine(&racine).unwrap().to_string()
        })
        .collect();
    let refus = refuse(&trop.join(" "), &[("edition", EDITION)]).await;
    assert!(
        refus.erreurs()[0].contains("501 ESSMS, au plus 500"),
        "{:?}",
        refus.erreurs()
    );
    let juste = simuler_avec(
        &visiteur,
        c::SIMULATEUR,
        &trop[..500].join(" "),
        &[("edition".to_owned(), EDITION.to_owned())],
    )
    .await;
    assert_eq!(juste.statut, 200);
    assert_eq!(
        (juste.compte("#partage"), juste.compte("#trop-long")),
        (0, 1),
        "too long to be a link, and it says so"
    );
    assert!(!juste.texte("#trop-long").contains("ramenez-la"), "it may be continued");
    let continuer = juste.attributs("main a[role=button]", "href")[0].clone();
    assert!(continuer.starts_with(c::SIMULATEUR_CONTINUER), "{continuer}");
    let continuer = visiteur.page(&continuer).await;
    assert_eq!(
        (continuer.compte("#garder"), continuer.compte("#garder-fichier")),
        (0, 1)
    );
    let long = format!("{}{}", "Total\n".repeat(2_000), ehpad(1));
    let refus = refuse(&long, &[("edition", EDITION)]).await;
    assert!(
        refus.erreurs()[0].contains("2001 lignes, au plus 2000"),
        "{:?}",
        refus.erreurs()
    );
    assert_eq!(
        refus.compte("#reponses tbody tr"),
        2_000,
        "what is not read is not answered"
    );
    assert_eq!(
        refus.champ("numeros")[0].lines().count(),
        2_001,
        "what was typed is kept"
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn what_is_too_long_costs_neither_reading_nor_room(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let visiteur = portail.anonyme();
    let champs = [("edition".to_owned(), EDITION.to_owned())];
    // Every number is another one: each was once compared with all those before it.
    let nombreux: String = (0..60_000)
        .map(|n| Finess::depuis_racine(&format!("93{n:06}")).unwrap().to_string() + " ")
        .collect();
    for page in [c::SIMULATEUR, c::SIMULATEUR_PDF, c::SIMULATEUR_JSON, c::SIMULATEUR_CSV] {
        let refus = simuler_avec(&visiteur, page, &nombreux, &champs).await;
        assert_eq!(refus.statut, 422, "{page}");
        assert!(refus.erreurs()[0].contains("600 ko de texte"), "{:?}", refus.erreurs());
        assert_eq!(refus.champ("numeros")[0].len(), nombreux.len());
        assert_eq!(refus.compte("#reponses"), 0);
    }
    let fichier = Fichier {
        champ: "fichier",
        nom: "essms.txt",
        type_annonce: "text/plain",
        octets: &"Total\n".repeat(2_001).into_bytes(),
    };
    let numero = ehpad(1);
    let champs = [("edition", EDITION), ("numeros", numero.as_str())];
    let refus = visiteur.joindre(c::SIMULATEUR, &champs, fichier).await;
    assert!(
        refus.erreurs()[0].contains("Fichier : 2001 lignes"),
        "{:?}",
        refus.erreurs()
    );
    assert_eq!(refus.texte("#numeros"), ehpad(1));
    let envoyer = async |genre: &str, corps: &str| {
        let requete = visiteur.requete(reqwest::Method::POST, c::SIMULATEUR);
        Reponse::de(requete.header("content-type", genre).body(corps.to_owned())).await
    };
    let corps = format!("--b\r\nContent-Disposition: form-data; name=\"numeros\"\r\n\r\n{numero}\r\n--b--\r\n");
    let lu = envoyer("Multipart/Form-Data; boundary=b", &corps).await;
    assert_eq!(lu.texte("#numeros"), numero, "whatever the case of its type");
    assert_eq!(envoyer("text/plain", "numeros=1").await.statut, 415);
    let majuscules = envoyer("Application/X-WWW-Form-Urlencoded", &format!("numeros={numero}")).await;
    assert_eq!(majuscules.texte("#numeros"), numero);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_link_reopens_the_same_result_and_holds_numbers_and_answers_only(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let visiteur = portail.anonyme();
    let mut champs = favorables();
    champs.push((format!("{}-hebergement", ehpad(3)), "externe".to_owned()));
    let colle = ehpads(1..=16)
        .iter()
        .map(|n| format!("{n} jean.dupont@exemple.fr"))
        .collect::<Vec<_>>()
        .join("\n");
    let resultat = simuler_avec(&visiteur, c::SIMULATEUR, &colle, &champs).await;
    let lien = lien(&resultat);
    assert!(lien.len() < 1_000, "{}", lien.len());
    let rouvert = visiteur.page(&lien).await;
    for partie in [
        "#verdict dd",
        ".portail-intervalle dd",
        ".portail-constat__phrase",
        "#lignes-financement td",
    ] {
        assert_eq!(rouvert.textes(partie), resultat.textes(partie), "{partie}");
    }
    assert_eq!(rouvert.valeur("#partage"), resultat.valeur("#partage"));
    let deplie = deplier(lien.split_once("?e=").unwrap().1);
    assert!(deplie.entier);
    assert!(
        !format!("{:?}", deplie.champs).contains("jean"),
        "what stood beside the numbers is not in it"
    );
    assert_eq!(
        portail.nombre("select count(*) from dossier").await,
        0,
        "nothing is stored"
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_link_cut_or_of_another_time_gives_a_page_with_what_could_be_read(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let visiteur = portail.anonyme();
    let esquisse = |edition: &str| Esquisse {
        edition: edition.to_owned(),
        numeros: ehpads(1..=30).iter().map(|n| Finess::parse(n).unwrap()).collect(),
        ..Esquisse::default()
    };
    let entier = esquisse(EDITION).lien();
    let coupe = visiteur
        .lire(&format!("{}?e={}", c::SIMULATEUR, &entier[..entier.len() - 8]))
        .await;
    assert_eq!(coupe.statut, 422);
    assert!(
        coupe.erreurs()[0].starts_with("Ce lien est incomplet"),
        "{:?}",
        coupe.erreurs()
    );
    assert!(coupe.champ("numeros")[0].lines().count() > 15);
    let ancien = visiteur
        .lire(&format!("{}?e={}", c::SIMULATEUR, esquisse("idf-1999").lien()))
        .await;
    assert_eq!((ancien.statut, ancien.champ("numeros")[0].lines().count()), (422, 30));
    for faux in ["0", "1", "zzz", "%00", "1%F0%9F%98%80", &"1A".repeat(3_000)] {
        for page in [c::SIMULATEUR, c::SIMULATEUR_PDF] {
            let reponse = visiteur.lire(&format!("{page}?e={faux}")).await;
            assert_eq!((reponse.statut, reponse.compte("#numeros")), (422, 1), "{page} {faux}");
        }
        let continuer = visiteur.lire(&format!("{}?e={faux}", c::SIMULATEUR_CONTINUER)).await;
        assert_eq!(continuer.vers_page(), c::SIMULATEUR, "{faux}");
    }
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_json_given_is_the_contract_and_reloads_the_same_result(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let visiteur = portail.anonyme();
    let mut champs = favorables();
    champs.push((format!("{}-hebergement", ehpad(3)), "externe".to_owned()));
    champs.push((format!("{}-part_heures_eligibles", ehpad(4)), "62,5".to_owned()));
    champs.push(("projet-depenses".to_owned(), "400 000".to_owned()));
    let quinze = ehpads(1..=15).join("\n");
    let resultat = simuler_avec(&visiteur, c::SIMULATEUR, &quinze, &champs).await;
    let fichier = simuler_avec(&visiteur, c::SIMULATEUR_JSON, &quinze, &champs).await;
    assert!(fichier.entete("content-disposition").contains("simulation.json"));
    let par_le_contrat: Value =
        serde_json::from_str(&simuler(&String::from_utf8(fichier.corps.clone()).unwrap(), Edition::livrees()).unwrap())
            .unwrap();
    assert_eq!(par_le_contrat["eligibilite"], "satisfait");
    let recharge = visiteur.joindre(
        c::SIMULATEUR,
        &[("edition", "ara-2022")],
        Fichier {
            champ: "fichier",
            nom: "simulation.json",
            type_annonce: "application/json",
            octets: &fichier.corps,
        },
    );
    let recharge = recharge.await;
    assert_eq!(recharge.statut, 200, "{:?}", recharge.erreurs());
    assert_eq!(lien(&recharge), lien(&resultat));
    assert_eq!(
        recharge.textes(".portail-constat__phrase"),
        resultat.textes(".portail-constat__phrase")
    );
    let faux = Fichier {
        champ: "fichier",
        nom: "faux.json",
        type_annonce: "application/json",
        octets: b"{\"edition\": \"idf-2024\", \"essms\": [{\"finess\": \"1\"}]}",
    };
    let numero = ehpad(1);
    let champs = [("edition", EDITION), ("numeros", numero.as_str())];
    let faux = visiteur.joindre(c::SIMULATEUR, &champs, faux).await;
    assert_eq!((faux.statut, faux.texte("#numeros")), (422, ehpad(1)));
    assert!(faux.erreurs()[0].contains("essms[0].finess"), "{:?}", faux.erreurs());
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn tables_and_texts_are_read_and_a_table_and_a_pdf_are_given(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let visiteur = portail.anonyme();
    let csv = format!("FINESS;Nom\r\n{};Tilleul\r\n{};Tilleul\r\n", ehpad(1), ehpad(2));
    let envoyer = async |octets: &[u8]| {
        let fichier = Fichier {
            champ: "fichier",
            nom: "essms.csv",
            type_annonce: "text/csv",
            octets,
        };
        visiteur.joindre(c::SIMULATEUR, &[("edition", EDITION)], fichier).await
    };
    let lu = envoyer(csv.as_bytes()).await;
    assert_eq!((lu.statut, lu.compte("#essms tbody tr")), (200, 2));
    for illisible in [&b"%PDF-1.7"[..], b"PK\x03\x04cass\xe9", b"\xd0\xcf\x11\xe0ancien"] {
        let refus = envoyer(illisible).await;
        assert_eq!((refus.statut, refus.compte("#fichier-erreur")), (422, 1));
    }
    let gros = envoyer(&vec![b' '; 5_000_001]).await;
    assert!(gros.erreurs()[0].contains("dépasse 5"), "{:?}", gros.erreurs());
    let quinze = ehpads(1..=15).join("\n");
    let resultat = simuler_avec(&visiteur, c::SIMULATEUR, &quinze, &favorables()).await;
    let table = simuler_avec(&visiteur, c::SIMULATEUR_CSV, &quinze, &favorables()).await;
    let texte = String::from_utf8(table.corps).unwrap();
    assert_eq!(texte.lines().count(), 16);
    assert!(texte.contains(&format!("{};EHPAD Tilleul 1;", ehpad(1))), "{texte}");
    let par_lien = visiteur
        .page(&lien(&resultat).replace(c::SIMULATEUR, c::SIMULATEUR_PDF))
        .await;
    let par_formulaire = simuler_avec(&visiteur, c::SIMULATEUR_PDF, &quinze, &favorables()).await;
    for pdf in [&par_lien, &par_formulaire] {
        assert_eq!(pdf.entete("content-type"), "application/pdf");
        assert!(String::from_utf8_lossy(&pdf.corps).contains("pdfuaid:part"));
    }
    assert_eq!(par_lien.corps, par_formulaire.corps);
    assert_eq!(par_lien.entete("x-robots-tag"), "noindex");
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_repair_is_applied_in_one_click_and_single_rows_are_changed(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let visiteur = portail.anonyme();
    let treize = ehpads(1..=13).join("\n");
    let resultat = simuler_avec(&visiteur, c::SIMULATEUR, &treize, &favorables()).await;
    assert_eq!(verdict(&resultat)[0], "Non satisfait");
    let details = resultat.textes("#details-remede li li");
    assert!(
        details.len() == 2 && details[0].starts_with("EHPAD Tilleul 1"),
        "{details:?}"
    );
    assert!(resultat.tout().contains("Sous réserve que les ESSMS ajoutés"));
    let essayer = resultat.attributs(".portail-remede a", "href");
    let repare = visiteur.page(&essayer[0]).await;
    assert_eq!(verdict(&repare)[0], "Satisfait");
    assert_eq!(repare.compte("#essms tbody tr"), 15);
    let mut champs = favorables();
    champs.push(("modifier".to_owned(), ehpad(2)));
    let ouverte = simuler_avec(&visiteur, c::SIMULATEUR, &treize, &champs).await;
    assert_eq!(ouverte.compte(&format!("[id=\"{}-hebergement\"]", ehpad(2))), 1);
    assert_eq!(ouverte.compte(&format!("[id=\"{}-hebergement\"]", ehpad(3))), 0);
    champs.pop();
    champs.push((format!("{}-hebergement", ehpad(2)), "externe".to_owned()));
    let changee = simuler_avec(&visiteur, c::SIMULATEUR, &treize, &champs).await;
    assert_eq!(
        changee.attributs(&format!("input[name=\"{}-hebergement\"]", ehpad(2)), "value"),
        ["externe"]
    );
    let champs = [
        ("edition".to_owned(), EDITION.to_owned()),
        ("q".to_owned(), "tilleul".to_owned()),
        ("action".to_owned(), "chercher".to_owned()),
    ];
    let cherche = simuler_avec(&visiteur, c::SIMULATEUR, &ehpad(1), &champs).await;
    assert_eq!((cherche.statut, cherche.compte("#trouves input")), (200, 20));
    // The Enter key sends no action: it searches when there is something to search, and else simulates.
    for (nom, valeur, cherches) in [("", "", 20), ("action", "simuler", 0), ("modifier", "rien", 0)] {
        let champs = [("edition", EDITION), ("q", "tilleul"), (nom, valeur)].map(|(n, v)| (n.to_owned(), v.to_owned()));
        let page = simuler_avec(&visiteur, c::SIMULATEUR, &ehpad(1), &champs).await;
        assert_eq!(
            (page.statut, page.compte("#trouves input")),
            (200, cherches),
            "{valeur}"
        );
        assert_eq!(
            page.valeur("#q").is_empty(),
            cherches == 0,
            "what was searched is done with"
        );
    }
    let champs = [
        ("edition".to_owned(), EDITION.to_owned()),
        ("ajouter".to_owned(), ehpad(9)),
    ];
    let ajoute = simuler_avec(&visiteur, c::SIMULATEUR, &ehpad(1), &champs).await;
    assert_eq!(ajoute.compte("#essms tbody tr"), 2);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn amounts_and_shares_that_a_rule_waits_for_are_missing_too(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let visiteur = portail.anonyme();
    let quinze = ehpads(1..=15).join("\n");
    let manques = async |autres: &[(String, &str)]| {
        let mut champs = favorables();
        champs.retain(|(nom, _)| autres.iter().all(|(autre, _)| autre != nom));
        champs.extend(autres.iter().map(|(nom, valeur)| (nom.clone(), (*valeur).to_owned())));
        let page = simuler_avec(&visiteur, c::SIMULATEUR, &quinze, &champs).await;
        let ancres = page.attributs("section[aria-labelledby=titre-manques] li > a", "href");
        for ancre in &ancres {
            assert_eq!(page.compte(&format!("[id=\"{}\"]", &ancre[1..])), 1, "{ancre}");
        }
        ancres
    };
    let plan = [
        "#projet-depenses",
        "#projet-autofinancement",
        "#projet-autres_ressources",
    ];
    let sans = manques(&[]).await;
    assert!(plan.iter().all(|ancre| sans.iter().any(|a| a == ancre)), "{sans:?}");
    // The plan stays unknown, so the whole does not change; the rule does.
    let sans_nature = manques(&[("tous-autodiagnostic".to_owned(), "")]).await;
    assert!(
        sans_nature.iter().any(|a| a == "#tous-autodiagnostic"),
        "{sans_nature:?}"
    );
    let part = manques(&[("tous-activites_confort".to_owned(), "oui")]).await;
    assert!(part.iter().any(|a| a == "#tous-part_heures_eligibles"), "{part:?}");
    let propre = manques(&[(format!("{}-activites_confort", ehpad(2)), "oui")]).await;
    assert!(propre.iter().any(|a| a == "#essms"), "{propre:?}");
    let dites = ["depenses", "autofinancement", "autres_ressources"].map(|nom| (format!("projet-{nom}"), "1000"));
    let avec = manques(&dites).await;
    assert!(!plan.iter().any(|ancre| avec.iter().any(|a| a == ancre)), "{avec:?}");
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_siren_a_lost_zero_and_a_porteur_gone_are_told(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let visiteur = portail.anonyme();
    let siren = Finess::depuis_racine("55208131").unwrap();
    sqlx::query("update organisme set siren = $1 where finess = $2")
        .bind(siren.to_string())
        .bind(og_a().to_string())
        .execute(&portail.pool)
        .await
        .unwrap();
    let ain = Finess::depuis_racine("01000002").unwrap().to_string();
    sqlx::query("update essms set finess = $1 where finess = $2")
        .bind(&ain)
        .bind(ehpad(34))
        .execute(&portail.pool)
        .await
        .unwrap();
    let colle = format!("{};{siren}\n{};{siren}\n{}\n20240115", ehpad(1), ehpad(2), &ain[1..]);
    let champs = [
        ("edition".to_owned(), EDITION.to_owned()),
        ("projet-porteur".to_owned(), og_b().to_string()),
    ];
    let page = simuler_avec(&visiteur, c::SIMULATEUR, &colle, &champs).await;
    assert_eq!(page.compte("#essms tbody tr"), 3);
    let etiquettes = page.textes("#reponses .govuk-tag");
    assert_eq!(
        etiquettes,
        ["Reconnu", "SIREN", "Reconnu", "Doublon", "Reconnu", "Illisible"]
    );
    assert!(page.tout().contains("SIREN d’un organisme : non compté"));
    assert!(page.tout().contains("Il manquait le zéro du début"));
    assert_eq!(page.champ("projet-porteur"), [og_b().to_string()]);
    assert!(
        page.texte("#projet-porteur option[selected]")
            .contains("n’est plus dans la grappe")
    );
    let lignes: Vec<String> = (0..301)
        .map(|n| Finess::depuis_racine(&format!("77{n:06}")).unwrap().to_string())
        .collect();
    sqlx::query(
        "insert into essms (finess, organisme, nom, commune_insee, commune, code_postal, departement, categorie, etat,
            date_donnees, mots, recherche)
         select n, $2, 'EHPAD Chêne', '77001', 'VILLE', '77001', '77', '500', 'ouvert', '2024-04-01', 'ehpad chene',
            to_tsvector('simple', 'ehpad chene') from unnest($1::text[]) n",
    )
    .bind(&lignes)
    .bind(og_a().to_string())
    .execute(&portail.pool)
    .await
    .unwrap();
    let champs = [
        ("edition".to_owned(), EDITION.to_owned()),
        ("q".to_owned(), "chene".to_owned()),
    ];
    let cherche = simuler_avec(&visiteur, c::SIMULATEUR, "", &champs).await;
    assert!(
        cherche.texte("#trouves legend").starts_with("Plus de 300 résultats"),
        "{}",
        cherche.texte("#trouves legend")
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn what_a_document_says_and_the_form_does_not_take_is_told(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let visiteur = portail.anonyme();
    let ouvrir = async |octets: &[u8], champs: &[(&str, &str)]| {
        let fichier = Fichier {
            champ: "fichier",
            nom: "simulation.json",
            type_annonce: "application/json",
            octets,
        };
        visiteur.joindre(c::SIMULATEUR, champs, fichier).await
    };
    let exemple = include_bytes!("../../docs/simulation.json");
    let lu = ouvrir(exemple, &[("edition", EDITION)]).await;
    assert_eq!(lu.statut, 200, "{:?}", lu.erreurs());
    let ecarts = lu.textes("#ecarts li").join(" | ");
    for dit in [
        "« Exemple DUI » du projet",
        "l’état de l’ESSMS 750000127",
        "le nombre d’ESSMS",
    ] {
        assert!(ecarts.contains(dit), "{dit} : {ecarts}");
    }
    assert_eq!(
        lu.champ("tous-autre_solution"),
        ["Exemple DUI"],
        "its name at least is kept"
    );
    let numero = ehpad(1);
    for deja in [("numeros", numero.as_str()), ("tous-hebergement", "saas")] {
        let refus = ouvrir(exemple, &[("edition", EDITION), deja]).await;
        assert!(
            refus.erreurs()[0].contains("choisissez entre ce fichier"),
            "{:?}",
            refus.erreurs()
        );
        assert_eq!(refus.champ(deja.0), [deja.1]);
    }
    let fichier = simuler_avec(&visiteur, c::SIMULATEUR_JSON, &numero, &favorables()).await;
    let mut document: Value = serde_json::from_slice(&fichier.corps).unwrap();
    let nom = document["projet"]["solution"]["nom"].as_str().unwrap().to_uppercase();
    document["projet"]["solution"]["nom"] = nom.into();
    let recharge = ouvrir(document.to_string().as_bytes(), &[("edition", EDITION)]).await;
    assert_eq!(
        recharge.champ("projet-solution"),
        [SOLUTION.to_string()],
        "whatever the case of its name"
    );
    assert_eq!(recharge.compte("#ecarts"), 0, "{:?}", recharge.textes("#ecarts li"));
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn no_page_tells_that_an_essms_is_in_a_dossier(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let visiteur = portail.anonyme();
    let champs = [("edition".to_owned(), EDITION.to_owned())];
    let vingt = ehpads(1..=20).join("\n");
    let avant = simuler_avec(&visiteur, c::SIMULATEUR, &vingt, &champs).await;
    let porteur = portail.connecte(Qui::DepotA).await;
    deposer(&porteur, pret(&porteur, "Grappe secrète", 1).await).await;
    let apres = simuler_avec(&visiteur, c::SIMULATEUR, &vingt, &champs).await;
    assert_eq!(avant.corps, apres.corps);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_account_makes_a_draft_of_it(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let collegue = portail.connecte(Qui::DepotA).await;
    let gardees = [("hebergement", "externe"), ("sons", "oui"), ("sons_logiciel", "Nord")];
    repondre(&collegue, &ehpad(1), &gardees).await;
    let mut visiteur = portail.anonyme();
    let mut champs = favorables();
    champs.push((format!("{}-hebergement", ehpad(3)), "externe".to_owned()));
    let resultat = simuler_avec(&visiteur, c::SIMULATEUR, &ehpads(1..=15).join("\n"), &champs).await;
    let adresse = lien(&resultat).replace(c::SIMULATEUR, c::SIMULATEUR_CONTINUER);
    let page = visiteur.page(&adresse).await;
    let connexion = page.attributs("main a[role=button]", "href")[0].clone();
    let retour = visiteur.page(&connexion).await.valeur("input[name=retour]");
    assert_eq!(retour, adresse, "the state goes through the log-in");
    let courriel = Qui::EditionA.courriel();
    let entree = visiteur
        .envoyer_nu(
            c::CONNEXION,
            &[
                ("courriel", &courriel),
                ("mot_de_passe", crate::portail::MOT_DE_PASSE),
                ("retour", &retour),
            ],
        )
        .await;
    assert_eq!(entree.vers(), adresse);
    visiteur.prendre_le_jeton().await;
    let page = visiteur.page(&adresse).await;
    let e = page.valeur("input[name=e]");
    let sans_nom = visiteur
        .envoyer(c::SIMULATEUR_CONTINUER, &[("e", &e), ("nom", " ")])
        .await;
    assert_eq!(sans_nom.statut, 422);
    assert_eq!(portail.nombre("select count(*) from dossier").await, 0);
    let creee = visiteur
        .envoyer(c::SIMULATEUR_CONTINUER, &[("e", &e), ("nom", "Grappe essayée")])
        .await;
    let grappe = visiteur.page(creee.vers()).await;
    assert_eq!(grappe.compte("#composition tbody tr"), 15, "{}", grappe.resume());
    let essms = portail
        .texte("select string_agg(reponses->'hebergement'->>0, ',' order by rang) from grappe_essms where rang <= 3")
        .await;
    assert_eq!(essms, "saas,saas,externe", "what was simulated stays");
    let complete = portail
        .texte("select string_agg(coalesce(reponses->'sons_logiciel'->>0, 'rien'), ',' order by rang) from grappe_essms where rang <= 2")
        .await;
    assert_eq!(
        complete, "Nord,rien",
        "what the simulateur does not ask comes from Mes ESSMS"
    );
    assert_eq!(
        portail
            .nombre("select count(*) from grappe_essms where reponses ? 'engage_ailleurs'")
            .await,
        0
    );
    assert_eq!(
        portail
            .texte("select reponses->'soumis_ccp'->>0 from dossier_etape where etape = 'projet'")
            .await,
        "non"
    );
    for (qui, dit) in [(Qui::LectureA, "Votre rôle permet"), (Qui::ArsIdf, "Seul un compte")] {
        let page = portail.connecte(qui).await.page(&adresse).await;
        assert_eq!(page.compte("input[name=nom]"), 0);
        assert!(page.tout().contains(dit), "{qui:?}");
    }
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_draft_of_a_closed_appel_a_projets_is_made_by_who_says_that_they_know(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let mut champs = favorables();
    champs.retain(|(nom, _)| nom != "edition");
    champs.push(("edition".to_owned(), "idf-2021-t2".to_owned()));
    let visiteur = portail.anonyme();
    let resultat = simuler_avec(&visiteur, c::SIMULATEUR, &ehpads(1..=15).join("\n"), &champs).await;
    let adresse = lien(&resultat).replace(c::SIMULATEUR, c::SIMULATEUR_CONTINUER);
    let dit = visiteur.page(&adresse).await.texte("#appel-clos");
    assert!(
        dit.starts_with("Appel à projets clos depuis le 15/10/2021"),
        "before one logs in: {dit}"
    );
    let redacteur = portail.connecte(Qui::EditionA).await;
    let page = redacteur.page(&adresse).await;
    assert_eq!((page.compte("#appel-clos"), page.compte("input[name=clos]")), (1, 1));
    let e = page.valeur("input[name=e]");
    let mut envoyes = vec![("e", e.as_str()), ("nom", "Grappe d’hier")];
    let refus = redacteur.envoyer(c::SIMULATEUR_CONTINUER, &envoyes).await;
    assert_eq!(refus.statut, 422);
    assert_eq!(refus.attributs(".govuk-error-summary__list a", "href"), ["#clos"]);
    assert_eq!(refus.champ("nom"), ["Grappe d’hier"]);
    assert_eq!(portail.nombre("select count(*) from dossier").await, 0);
    envoyes.push(("clos", "oui"));
    let creee = redacteur.envoyer(c::SIMULATEUR_CONTINUER, &envoyes).await;
    assert_eq!(redacteur.page(creee.vers()).await.compte("#composition tbody tr"), 15);
    assert_eq!(portail.texte("select edition from dossier").await, "idf-2021-t2");
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_numbers_of_ogs_beside_those_of_essms_are_not_counted(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let visiteur = portail.anonyme();
    let numero = |racine: String| Finess::depuis_racine(&racine).unwrap().to_string();
    let essms: Vec<String> = (0..300).map(|n| numero(format!("77{n:06}"))).collect();
    let ogs: Vec<String> = (0..250).map(|n| numero(format!("78{n:06}"))).collect();
    sqlx::query(
        "insert into organisme (finess, raison_sociale, departement, date_donnees, mots)
         select n, 'OG', '78', '2024-04-01', 'og' from unnest($1::text[]) n",
    )
    .bind(&ogs)
    .execute(&portail.pool)
    .await
    .unwrap();
    let lignes: Vec<String> = essms
        .iter()
        .zip(ogs.iter().cycle())
        .map(|(et, ej)| format!("{et};{ej}"))
        .collect();
    let champs = [("edition".to_owned(), EDITION.to_owned())];
    let lue = simuler_avec(&visiteur, c::SIMULATEUR, &lignes.join("\n"), &champs).await;
    assert_eq!(lue.statut, 200, "{:?}", lue.erreurs());
    assert_eq!(lue.compte("#essms tbody tr"), 300);
    let plus = essms.iter().chain(&ogs).cloned().collect::<Vec<_>>().join(" ");
    let autres: Vec<String> = (0..201).map(|n| numero(format!("79{n:06}"))).collect();
    let trop = simuler_avec(
        &visiteur,
        c::SIMULATEUR,
        &format!("{plus} {}", autres.join(" ")),
        &champs,
    )
    .await;
    assert_eq!(trop.statut, 422);
    assert!(
        trop.erreurs()[0].contains("501 ESSMS, au plus 500"),
        "{:?}",
        trop.erreurs()
    );
}
