//! What anybody reads: appels à projets by région, their rules explained and compared, calendars, legal pages, files for robots.

use std::collections::BTreeSet;

use portail_grappes::domain::nomenclature::Liste;
use portail_grappes::routes::{self, Acces};
use portail_grappes::rules::edition::Edition;
use portail_grappes::rules::exposition::{Famille, Fiche, Regle};
use portail_grappes::web::chemins as c;
use portail_grappes::web::etat::{Depart, Mentions};
use reqwest::Method;
use sqlx::PgPool;

use crate::portail::dossier::ouvrir;
use crate::portail::{ADRESSE_PUBLIQUE, EDITION, MAINTENANT, Portail, Qui, Reponse};

/// Public pages that the plan leaves out: those of one person, of one account, of a demonstration, and files.
const HORS_PLAN: [&str; 28] = [
    c::CONNEXION,
    c::CONNEXION_CODE,
    c::CONNEXION_IDENTITE,
    c::CONNEXION_RETOUR,
    c::INSCRIPTION,
    c::CONFIRMATION,
    c::ACCEPTATION,
    c::OUBLI,
    c::REINITIALISATION,
    c::DESABONNEMENT,
    c::BOITE,
    c::BOITE_COURRIEL,
    c::BOITE_HTML,
    c::AAP_CALENDRIER,
    c::SECURITE,
    c::ROBOTS,
    c::PLAN,
    c::VERIFICATION,
    c::VERIFICATION_DEPOT,
    c::SIMULATEUR_PDF,
    c::SIMULATEUR_CONTINUER,
    c::WEBINAIRE,
    c::WEBINAIRE_ICS,
    c::DESINSCRIPTION,
    c::API_AAP,
    c::API_UN_AAP,
    c::API_ESSMS,
    c::API_OPENAPI,
];

fn region(code: &str) -> String {
    c::avec_parametres(c::ACCUEIL, &[("region", code)])
}

/// As the tests read pages: every space a plain one.
fn plat(texte: &str) -> String {
    texte.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn texte(reponse: &Reponse) -> String {
    String::from_utf8(reponse.corps.clone()).unwrap()
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn home_shows_the_open_appel_of_ones_region_and_how_long_remains(pool: PgPool) {
    let portail = Portail::ouvrir_le(pool, "2024-05-20T20:00:00+02:00").await;
    let visiteur = portail.anonyme();
    let page = visiteur.page(&region("11")).await;
    assert_eq!(page.champ("region"), ["11"], "the choice stays chosen");
    let cartes = page.textes("main > .portail-carte");
    assert_eq!(cartes.len(), 1, "{cartes:?}");
    assert!(
        cartes[0].contains("Ouvert Il reste 12 jours et 4 heures, jusqu’au 1er juin 2024 à 23 h 59 (heure de Paris)."),
        "{cartes:?}"
    );
    assert!(cartes[0].contains("Ensuite : du 2 juin 2024"), "{cartes:?}");
    assert!(
        page.entetes.get("set-cookie").is_none(),
        "nothing is remembered but in the address"
    );
    let portes = page.attributs(".portail-cartes h3 a", "href");
    assert_eq!(portes, [c::SIMULATEUR, c::CONNEXION, c::AIDE]);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn home_says_what_to_do_where_nothing_is_open(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let visiteur = portail.anonyme();
    let sans_aap = visiteur.page(&region("53")).await;
    assert!(
        sans_aap
            .tout()
            .contains("Ce portail ne connaît aucun appel à projets de la région Bretagne")
    );
    assert!(sans_aap.tout().contains("Demandez à l’ARS de votre région"));
    assert_eq!(sans_aap.compte("main > .portail-carte"), 0);
    let clos = visiteur.page(&region("84")).await;
    assert!(
        clos.tout()
            .contains("Aucun appel à projets n’est ouvert ni annoncé dans la région"),
        "{}",
        clos.tout()
    );
    assert!(
        clos.texte("details .portail-carte")
            .contains("Clos depuis le 30 septembre 2022")
    );
    let tous = visiteur.page(c::ACCUEIL).await;
    assert_eq!(tous.compte("main > .portail-carte"), 1);
    assert_eq!(tous.compte("details .portail-carte"), 2);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn home_refuses_what_is_no_region_and_keeps_the_rest(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    for code in ["999", "<b>11</b>", "11'; --", "１１"] {
        let page = portail.anonyme().lire(&region(code)).await;
        assert_eq!(page.statut, 422, "{code}");
        assert!(
            page.erreurs()[0].contains("n’est pas une région"),
            "{:?}",
            page.erreurs()
        );
        assert!(page.erreurs()[0].contains(code), "what was asked is said back");
        assert_eq!(page.compte("main > .portail-carte"), 1, "everything is still shown");
    }
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_appel_shows_everything_its_edition_sets_and_whom_to_write_to(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let visiteur = portail.anonyme();
    for edition in Edition::livrees() {
        let page = visiteur.page(&c::aap(&edition.code)).await;
        let liens = page.attributs("main a", "href");
        for critere in &edition.criteres {
            let adresse = c::regle(&edition.code, critere.code.code());
            assert!(liens.contains(&adresse), "{adresse}");
        }
        for contact in &edition.contacts {
            assert!(
                liens.contains(&format!("mailto:{}", contact.courriel)),
                "{}",
                contact.courriel
            );
        }
        for adresse in [c::aap_calendrier(&edition.code), c::regles_aap(&edition.code)] {
            assert!(liens.contains(&adresse), "{adresse}");
        }
        let tout = page.tout();
        for piece in &edition.pieces {
            assert!(tout.contains(&plat(&piece.libelle)), "{}", piece.libelle);
        }
        assert_eq!(page.compte("#versements tbody tr"), edition.versements.len());
    }
    let page = visiteur.page(&c::aap(EDITION)).await;
    let etats = page.textes("main > ul:first-of-type .govuk-tag");
    assert_eq!(etats[..3], ["Clos", "Ouvert", "À venir"], "{etats:?}");
    assert!(
        page.tout()
            .contains("plusieurs régions se dépose au plus tard le 1er juin 2024")
    );
    assert_eq!(visiteur.lire(&c::aap("idf-1999")).await.statut, 404);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_windows_go_into_a_calendar(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let visiteur = portail.anonyme();
    let fichier = visiteur.lire(&c::aap_calendrier(EDITION)).await;
    assert_eq!(fichier.entete("content-type"), "text/calendar; charset=utf-8");
    assert_eq!(
        fichier.entete("content-disposition"),
        "attachment; filename=\"idf-2024.ics\""
    );
    let calendrier: icalendar::Calendar = texte(&fichier).parse().unwrap();
    // Three windows, the last day of projects over several régions, six meetings.
    assert_eq!(calendrier.events().count(), 3 * 2 + 1 + 6);
    // Folded lines aside.
    let plat = texte(&fichier).replace("\r\n ", "");
    assert!(
        plat.contains(&format!("{ADRESSE_PUBLIQUE}{}", c::aap(EDITION))),
        "{plat}"
    );
    assert!(plat.contains("DTSTART:20240601T215959Z"), "{plat}");
    assert_eq!(visiteur.lire(&c::aap_calendrier("idf-1999")).await.statut, 404);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn every_rule_of_every_edition_has_its_page(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let visiteur = portail.anonyme();
    for edition in Edition::livrees() {
        for fiche in Fiche::toutes(edition) {
            let adresse = c::regle(&edition.code, fiche.regle.code());
            let page = visiteur.page(&adresse).await;
            assert!(page.texte("h1").starts_with(fiche.regle.code()), "{adresse}");
            assert!(
                page.tout()
                    .contains(fiche.regle.disposition().split_whitespace().next().unwrap()),
                "{adresse}"
            );
            assert!(page.compte("section[aria-labelledby^='exemple-']") > 0, "{adresse}");
            let expliques = page.textes("main dt.govuk-summary-list__key");
            for mot in ["À compléter", "À apprécier par l’ARS"] {
                assert!(
                    expliques.iter().any(|dit| dit == mot),
                    "{adresse}: {mot}, {expliques:?}"
                );
            }
            let argent = expliques.iter().any(|dit| dit == "Financement certain, maximum");
            assert_eq!(argent, fiche.famille == Famille::Financement, "{adresse}");
            assert!(page.tout().contains(&plat(&fiche.sources[0].titre)), "{adresse}");
            let mut ids = page.attributs("[id]", "id");
            let nombre = ids.len();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), nombre, "{adresse} : un identifiant est employé deux fois");
        }
    }
    for inconnue in ["ELI-G99", "FIN", "eli-g01", "ELI-G01'", "%00"] {
        assert_eq!(
            visiteur.lire(&c::regle(EDITION, inconnue)).await.statut,
            404,
            "{inconnue}"
        );
    }
    // A rule that another edition has.
    assert_eq!(visiteur.lire(&c::regle("idf-2021-t2", "ELI-E06")).await.statut, 404);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_rule_is_shown_at_work_with_the_values_of_its_edition(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let visiteur = portail.anonyme();
    let taille = visiteur.page(&c::regle(EDITION, "ELI-G01")).await;
    let tout = taille.tout();
    for attendu in [
        "Minimum 15 ESSMS",
        "Maximum 49 ESSMS",
        "La grappe compte 15 ESSMS éligibles : entre 15 et 49.",
        "il en manque 3 pour atteindre 15",
        "Ajouter 3 ESSMS éligibles.",
        "relève de l’AAP national",
        "une réponse manque, la règle ne dit encore ni oui ni non",
    ] {
        assert!(tout.contains(attendu), "{attendu} : {tout}");
    }
    assert!(taille.compte(".portail-constat--bloquant") >= 2);
    let amorcage = visiteur.page(&c::regle("idf-2021-t2", "ELI-G01")).await;
    assert!(
        amorcage.compte(".portail-constat--alerte") >= 1,
        "too small only warned in 2021"
    );
    let usage = visiteur.page(&c::regle(EDITION, "FIN-01")).await;
    let cellules = usage.textes("#lignes-1 td");
    assert_eq!(cellules, ["7 000 €", "15", "105 000 €", "105 000 €"]);
    let ailleurs = taille.attributs("main a", "href");
    assert!(ailleurs.contains(&c::regle("ara-2022", "ELI-G01")));
    assert!(ailleurs.contains(&c::regles_differences("ara-2022", EDITION)));
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn rules_are_searched_by_a_plain_form(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let visiteur = portail.anonyme();
    let chercher = |q: &'static str, famille: &'static str| {
        c::avec_parametres(&c::regles_aap(EDITION), &[("q", q), ("famille", famille)])
    };
    let toutes = visiteur.page(&c::regles_aap(EDITION)).await;
    let nombre = Regle::toutes(Edition::livree(EDITION).unwrap()).len();
    assert_eq!(toutes.compte("main li > a[href*='/regles/']"), nombre);
    let trouvees = visiteur.page(&chercher("HEBERGEMENT", "")).await;
    assert_eq!(trouvees.champ("q"), ["HEBERGEMENT"]);
    let liens = trouvees.attributs("main li > a", "href");
    assert!(
        liens.contains(&c::regle(EDITION, "ELI-G05")) && liens.len() < nombre,
        "{liens:?}"
    );
    let usage = visiteur.page(&chercher("", "usage")).await;
    assert_eq!(usage.compte("main li > a[href*='/regles/USA']"), 5);
    assert_eq!(usage.compte("main li > a[href*='/regles/']"), 5);
    let rien = visiteur.page(&chercher("<script>zzz", "inconnue")).await;
    assert!(rien.tout().contains("Aucune règle ne contient tous ces mots"));
    assert_eq!(rien.champ("q"), ["<script>zzz"]);
    assert_eq!(visiteur.lire(&c::regles_aap("idf-1999")).await.statut, 404);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn two_editions_are_compared_side_by_side(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let visiteur = portail.anonyme();
    let page = visiteur.page(c::REGLES_DIFFERENCES).await;
    assert_eq!(
        [page.champ("a"), page.champ("b")],
        [["ara-2022"], ["idf-2024"]],
        "the two latest"
    );
    let page = visiteur.page(&c::regles_differences("idf-2021-t2", EDITION)).await;
    let lignes = page.textes("#tableau-seuils tbody tr");
    let ligne = |sujet: &str| lignes.iter().find(|l| l.starts_with(sujet)).unwrap().clone();
    assert!(ligne("Maximum").contains("Identique"));
    assert!(
        ligne("En dessous du minimum").contains("avertit, sans bloquer bloque le dépôt"),
        "{lignes:?}"
    );
    let regles = page.textes("#tableau-regles tbody tr");
    assert!(
        regles
            .iter()
            .any(|l| l.starts_with("ELI-E06") && l.contains("Le second seulement")),
        "{regles:?}"
    );
    assert!(
        regles
            .iter()
            .any(|l| l.starts_with("E21-01") && l.contains("Le premier seulement")),
        "{regles:?}"
    );
    assert!(page.tout().contains("25 000 € par ESSMS"), "{}", page.tout());
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn what_cannot_be_compared_is_refused_and_the_form_kept(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let visiteur = portail.anonyme();
    for (a, b, faute) in [
        ("idf-1999", EDITION, "aucun appel à projets n’a le code « idf-1999 »"),
        (EDITION, EDITION, "choisissez un appel à projets différent du premier"),
    ] {
        let page = visiteur.lire(&c::regles_differences(a, b)).await;
        assert_eq!(page.statut, 422);
        assert!(
            page.erreurs()[0].replace('\u{a0}', " ").contains(faute),
            "{:?}",
            page.erreurs()
        );
        assert_eq!(page.champ("b"), [EDITION], "the other choice is kept");
        assert_eq!(page.compte("table"), 0);
    }
    let deux_fautes = visiteur.lire(&c::regles_differences("x", "y")).await;
    assert_eq!(deux_fautes.erreurs().len(), 2);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn each_verdict_of_a_dossier_leads_to_its_rule(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    let id = ouvrir(&a, "Grappe Seine").await;
    let page = a.page(&c::constats(id)).await;
    let cartes = page.compte("article.portail-constat");
    let liens = page.attributs("article.portail-constat a[href*='/regles/']", "href");
    assert!(cartes > 10);
    assert_eq!(liens.len(), cartes);
    for lien in liens.iter().collect::<BTreeSet<_>>() {
        assert_eq!(a.lire(lien).await.statut, 200, "{lien}");
    }
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn every_public_page_is_in_the_plan_or_left_out_on_purpose(pool: PgPool) {
    let portail = Portail::ouvrir_comme(pool, MAINTENANT, Depart::BoiteLocale).await;
    let visiteur = portail.anonyme();
    let plan = visiteur.lire(c::PLAN).await;
    assert_eq!(plan.entete("content-type"), "application/xml; charset=utf-8");
    let texte = texte(&plan);
    let adresses: Vec<&str> = texte
        .split("<loc>")
        .skip(1)
        .map(|suite| suite.split("</loc>").next().unwrap())
        .collect();
    let chemins: BTreeSet<&str> = adresses
        .iter()
        .map(|adresse| adresse.strip_prefix(ADRESSE_PUBLIQUE).unwrap())
        .collect();
    assert_eq!(chemins.len(), adresses.len(), "each address once");
    for chemin in &chemins {
        let page = visiteur.lire(chemin).await;
        assert_eq!(page.statut, 200, "{chemin}");
        let canonique = page.attributs("link[rel=canonical]", "href");
        assert_eq!(canonique, [format!("{ADRESSE_PUBLIQUE}{chemin}")]);
        let description = page.attributs("meta[name=description]", "content");
        assert!(
            (20..=300).contains(&description[0].chars().count()),
            "{chemin} {description:?}"
        );
        assert_eq!(page.attributs("html", "lang"), ["fr"]);
    }
    let publiques = routes::table()
        .into_iter()
        .filter(|r| r.acces == Acces::Public && r.methode == Method::GET);
    for route in publiques {
        let adresse = route
            .chemin
            .replace("{edition}", EDITION)
            .replace("{regle}", "ELI-G01")
            .replace("{question}", "meme-dui-pour-tous");
        let listee = chemins.contains(adresse.as_str());
        let laissee = HORS_PLAN.contains(&route.chemin);
        assert!(
            listee != laissee,
            "{} : listée {listee}, laissée {laissee}",
            route.chemin
        );
    }
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn robots_read_the_public_pages_only(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let robots = portail.anonyme().lire(c::ROBOTS).await;
    assert_eq!(robots.entete("content-type"), "text/plain; charset=utf-8");
    let texte = texte(&robots);
    for interdit in [c::PORTEUR, c::INSTRUCTION, c::ADMINISTRATION, c::COMPTE] {
        assert!(texte.lines().any(|l| l == format!("Disallow: {interdit}")), "{texte}");
    }
    assert!(
        texte.ends_with(&format!("Sitemap: {ADRESSE_PUBLIQUE}{}\n", c::PLAN)),
        "{texte}"
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_service_that_names_nobody_invents_nothing(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let visiteur = portail.anonyme();
    assert_eq!(visiteur.lire(c::SECURITE).await.statut, 404);
    assert_eq!(visiteur.lire(c::MENTIONS).await.statut, 404);
    let accueil = visiteur.page(c::ACCUEIL).await;
    assert_eq!(accueil.compte(&format!("footer a[href='{}']", c::MENTIONS)), 0);
    let donnees = visiteur.page(c::CONFIDENTIALITE).await;
    assert!(
        donnees.tout().contains("CNIL")
            && donnees.tout().contains("L’exploitant ne s’est pas encore nommé")
            && !donnees.tout().contains("Base légale"),
        "{}",
        donnees.tout()
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_operator_is_named_in_the_legal_pages(pool: PgPool) {
    let identite = Some(Mentions {
        editeur: "GIP Exemple <Paris>".to_owned(),
        responsable: "Camille Martin, directrice".to_owned(),
        hebergeur: "Hébergeur Exemple".to_owned(),
        contact_donnees: "dpo@exemple.fr".to_owned(),
        base_legale: "Mission d’intérêt public.".to_owned(),
        conservation: "deux ans après la clôture du projet.".to_owned(),
    });
    let operateur = portail_grappes::web::etat::Operateur {
        contact_securite: Some("mailto:securite@exemple.fr".to_owned()),
        identite,
    };
    let portail = Portail::ouvrir_pour(pool, operateur).await;
    let visiteur = portail.anonyme();
    let mentions = visiteur.page(c::MENTIONS).await;
    assert!(
        mentions
            .textes(".govuk-summary-list__value")
            .contains(&"GIP Exemple <Paris>".to_owned())
    );
    assert_eq!(mentions.compte(&format!("footer a[href='{}']", c::MENTIONS)), 1);
    let donnees = visiteur.page(c::CONFIDENTIALITE).await;
    for dit in [
        "Mission d’intérêt public.",
        "dpo@exemple.fr",
        "deux ans après la clôture du projet.",
    ] {
        assert!(donnees.tout().contains(dit), "{dit}");
    }
    let securite = visiteur.lire(c::SECURITE).await;
    assert_eq!(securite.entete("content-type"), "text/plain; charset=utf-8");
    assert_eq!(
        texte(&securite),
        "Contact: mailto:securite@exemple.fr\nExpires: 2024-10-28T08:00:00Z\nPreferred-Languages: fr\n\
         Canonical: https://portail.exemple.fr/.well-known/security.txt\n"
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_demonstration_says_that_nobody_operates_it(pool: PgPool) {
    let portail = Portail::ouvrir_comme(pool, MAINTENANT, Depart::BoiteLocale).await;
    let visiteur = portail.anonyme();
    assert!(
        visiteur
            .page(c::MENTIONS)
            .await
            .tout()
            .contains("personne n’exploite ce portail")
    );
    assert!(
        visiteur
            .page(c::CONFIDENTIALITE)
            .await
            .tout()
            .contains("N’y saisissez aucune donnée réelle")
    );
    let securite = texte(&visiteur.lire(c::SECURITE).await);
    assert!(
        securite.starts_with(&format!("Contact: {ADRESSE_PUBLIQUE}{}\n", c::CONTACT)),
        "{securite}"
    );
    assert!(visiteur.page(c::ACCUEIL).await.texte("main").contains("Démonstration"));
}
