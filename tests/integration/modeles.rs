//! Models: offered by the ARS, agreed to by the porteur, read by every porteur, who starts from them.

use portail_grappes::domain::compte::Perimetre;
use portail_grappes::domain::dossier::Etape;
use portail_grappes::store::acces::commencer;
use portail_grappes::web::chemins;
use sqlx::PgPool;
use uuid::Uuid;

use crate::portail::dossier::{deposer, emprunter, numero_de, ouvrir, pret, reponses};
use crate::portail::registre::{ehpad, og_b};
use crate::portail::{EDITION, Navigateur, Portail, Qui, Reponse};

const TITRE: &str = "Un DUI pour des EHPAD indépendants";

/// Agrees, behind the portal's back.
const ACCEPTER: &str =
    "update modele set etat = 'accepte', repondu_le = now(), repondu_par = propose_par where id = $1";

/// A dossier of the OG A whose texts tell who it is, deposited.
struct Cas {
    portail: Portail,
    a: Navigateur,
    ars: Navigateur,
    dossier: Uuid,
}

async fn cas(pool: PgPool) -> Cas {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let ars = portail.connecte(Qui::ArsIdf).await;
    let dossier = pret(&a, "Grappe Tilleul", 1).await;
    let essms: String = sqlx::query_scalar("select nom from essms where finess = $1")
        .bind(ehpad(1))
        .fetch_one(&portail.pool)
        .await
        .unwrap();
    let objectifs = format!(
        "L’ASSOCIATION ALPHA équipe {} ({}).\nMme Martin : 01 23 45 67 89, camille@exemple.fr",
        essms.to_lowercase(),
        ehpad(1)
    );
    let mut champs = reponses(Etape::Motivations, "");
    champs.retain(|(nom, _)| nom != "objectifs");
    champs.extend([
        ("objectifs".to_owned(), objectifs),
        ("version".to_owned(), "1".to_owned()),
    ]);
    a.enregistrer(&chemins::etape(dossier, Etape::Motivations), &emprunter(&champs))
        .await;
    deposer(&a, dossier).await;
    Cas {
        portail,
        a,
        ars,
        dossier,
    }
}

/// The fields of the form that offers a model, as it is shown.
fn formulaire(page: &Reponse) -> Vec<(String, String)> {
    let noms = [
        page.attributs("main textarea", "name"),
        page.attributs("main form input[type=text]", "name"),
    ];
    noms.concat()
        .into_iter()
        .filter(|nom| nom != "titre")
        .map(|nom| {
            let valeur = page.champ(&nom).concat();
            (nom, valeur)
        })
        .collect()
}

impl Cas {
    /// Offers a model as the page fills it; its number.
    async fn proposer(&self) -> Uuid {
        let adresse = chemins::instruction_proposer(self.dossier);
        let mut champs = formulaire(&self.ars.page(&adresse).await);
        champs.extend([("titre", TITRE), ("relu", "oui")].map(|(n, v)| (n.to_owned(), v.to_owned())));
        self.ars.enregistrer(&adresse, &emprunter(&champs)).await;
        self.numero().await
    }

    async fn numero(&self) -> Uuid {
        sqlx::query_scalar("select id from modele order by propose_le desc, id desc limit 1")
            .fetch_one(&self.portail.pool)
            .await
            .unwrap()
    }

    async fn repondre(&self, modele: Uuid, action: &str) -> Reponse {
        let modele = modele.to_string();
        let champs = [("action", action), ("modele", modele.as_str()), ("confirmation", "oui")];
        self.a.envoyer(&chemins::modele(self.dossier), &champs).await
    }

    /// Addressees of the mails about models that say this, in order.
    async fn prevenus(&self, acte: &str) -> Vec<String> {
        sqlx::query_scalar(
            "select c.courriel from courriel m join compte c on c.id = m.compte_id where m.evenement ->> 'acte' = $1
             order by c.courriel",
        )
        .bind(acte)
        .fetch_all(&self.portail.pool)
        .await
        .unwrap()
    }
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_texts_offered_tell_neither_who_nor_where(pool: PgPool) {
    let cas = cas(pool).await;
    let adresse = chemins::instruction_proposer(cas.dossier);
    let lien = format!("main a[href='{adresse}']");
    assert_eq!(
        cas.ars
            .page(&chemins::instruction_dossier(cas.dossier))
            .await
            .compte(&lien),
        1
    );
    let page = cas.ars.page(&adresse).await;
    let objectifs = page.champ("motivations-objectifs").concat();
    assert_eq!(
        objectifs.trim().replace('\r', ""),
        "L’[organisme] équipe [établissement] ([numéro FINESS]).\nMme [personne] : [téléphone], [adresse électronique]"
    );
    let tout = String::from_utf8_lossy(&page.corps).into_owned();
    for identite in [
        "Tilleul",
        "Alpha",
        "camille",
        "Martin",
        "46 000",
        "46000",
        &ehpad(1),
        "Trois ans",
        "640",
    ] {
        assert!(!tout.contains(identite), "{identite}");
    }
    // What is refused comes back as it was typed.
    let mut champs = formulaire(&page);
    champs.push(("titre".to_owned(), "Le dossier d’Association Alpha".to_owned()));
    let refus = cas.ars.envoyer(&adresse, &emprunter(&champs)).await;
    assert_eq!(refus.statut, 422);
    assert_eq!(refus.champ("titre"), ["Le dossier d’Association Alpha"]);
    let erreurs = refus.erreurs().join(" ");
    assert!(
        erreurs.contains("[organisme]") && erreurs.contains("Relisez chaque texte"),
        "{erreurs}"
    );
    for (titre, textes, statut) in [("", false, 422), (TITRE, true, 422), (&"é".repeat(121), false, 422)] {
        let mut champs = formulaire(&page);
        if textes {
            for (_, valeur) in &mut champs {
                valeur.clear();
            }
        }
        champs.extend([("titre", titre), ("relu", "oui")].map(|(n, v)| (n.to_owned(), v.to_owned())));
        let refus = cas.ars.envoyer(&adresse, &emprunter(&champs)).await;
        assert_eq!(refus.statut, statut, "{titre} {textes}");
    }
    assert_eq!(cas.portail.nombre("select count(*) from modele").await, 0);
    let ailleurs = cas.portail.connecte(Qui::ArsAra).await;
    assert_eq!(ailleurs.envoyer(&adresse, &[("titre", TITRE)]).await.statut, 404);
    let brouillon = ouvrir(&cas.a, "Brouillon").await;
    let adresse = chemins::instruction_proposer(brouillon);
    assert_eq!(cas.ars.envoyer(&adresse, &[("titre", TITRE)]).await.statut, 404);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_signatory_agrees_to_what_it_read_and_every_porteur_reads_nothing_else(pool: PgPool) {
    let cas = cas(pool).await;
    let modele = cas.proposer().await;
    assert_eq!(cas.prevenus("propose").await, [Qui::DepotA.courriel()]);
    // Offered twice, it is shown.
    let encore = cas.ars.lire(&chemins::instruction_proposer(cas.dossier)).await;
    assert_eq!(encore.vers(), chemins::instruction_modele(modele));
    let b = cas.portail.connecte(Qui::DepotB).await;
    let publie = chemins::modele_publie(modele);
    assert_eq!(b.lire(&publie).await.statut, 404, "not agreed to yet");
    assert_eq!(b.page(chemins::NOUVEAU).await.compte("#modeles"), 0);

    let adresse = chemins::modele(cas.dossier);
    let taches = cas.a.page(&chemins::dossier(cas.dossier)).await;
    assert_eq!(taches.attributs("#modele-ars a", "href"), [adresse.as_str()]);
    let numero = modele.to_string();
    let accepter = [("action", "accepter"), ("modele", numero.as_str())];
    for (qui, statut) in [
        (Qui::EditionA, 403),
        (Qui::DepotB, 404),
        (Qui::ArsIdf, 404),
        (Qui::Accompagnement, 404),
    ] {
        let navigateur = cas.portail.connecte(qui).await;
        assert_eq!(navigateur.envoyer(&adresse, &accepter).await.statut, statut, "{qui:?}");
    }
    let edition = cas.portail.connecte(Qui::EditionA).await;
    assert_eq!(edition.page(&adresse).await.compte("main form"), 0);
    let lu = cas.a.page(&adresse).await;
    let autre = [("action", "accepter"), ("modele", "autre")];
    assert_eq!(cas.a.envoyer(&adresse, &autre).await.statut, 409, "not what was read");
    assert_eq!(cas.repondre(modele, "accepter").await.statut, 303);
    assert_eq!(cas.repondre(modele, "refuser").await.statut, 409, "answered");
    assert_eq!(cas.prevenus("accepte").await, [Qui::ArsIdf.courriel()]);

    let liste = b.page(chemins::NOUVEAU).await;
    assert_eq!(liste.attributs("#modeles a", "href"), [publie.as_str()]);
    assert!(liste.texte("#modeles").contains(TITRE) && liste.texte("#modeles").contains("Île-de-France"));
    let apercu = b.page(&publie).await;
    let textes = |page: &Reponse| page.textes(".govuk-summary-list__value");
    assert_eq!(textes(&apercu), textes(&lu));
    for page in [&liste, &apercu] {
        let tout = String::from_utf8_lossy(&page.corps).into_owned();
        let dossier = cas.dossier.to_string();
        for identite in ["Tilleul", "Alpha", "Martin", "IDF2024-", &dossier, &ehpad(1)] {
            assert!(!tout.contains(identite), "{identite}");
        }
    }
    let journal = cas.a.page(&chemins::journal(cas.dossier)).await.tout();
    assert!(journal.contains("proposé par l’ARS") && journal.contains("accepté par le porteur"));
    for qui in [Qui::ArsIdf, Qui::Accompagnement, Qui::Administration] {
        assert_eq!(
            cas.portail.connecte(qui).await.lire(&publie).await.statut,
            404,
            "{qui:?}"
        );
    }
    assert_eq!(
        cas.portail.anonyme().lire(&publie).await.vers_page(),
        chemins::CONNEXION
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_dossier_starts_from_a_model_and_says_so(pool: PgPool) {
    let cas = cas(pool).await;
    let modele = cas.proposer().await;
    cas.repondre(modele, "accepter").await;
    let b = cas.portail.connecte(Qui::DepotB).await;
    let lien = b
        .page(&chemins::modele_publie(modele))
        .await
        .attributs("main a[href*='modele=']", "href")
        .remove(0);
    let numero = modele.to_string();
    assert_eq!(b.page(&lien).await.champ("modele"), std::slice::from_ref(&numero));
    let champs = [("nom", "Nouveau"), ("edition", EDITION), ("modele", numero.as_str())];
    let reponse = b.enregistrer(chemins::NOUVEAU, &champs).await;
    let dossier = numero_de(reponse.vers());
    let arrivee = b.page(reponse.vers()).await.tout();
    for phrase in [
        TITRE,
        "Textes repris d’un modèle publié par une ARS : Projet et porteur, Solution DUI et achat, Motivations",
        "Ces textes ne sont pas les vôtres",
    ] {
        assert!(arrivee.contains(phrase), "{phrase} : {arrivee}");
    }
    let motivations = b.page(&chemins::etape(dossier, Etape::Motivations)).await;
    assert!(motivations.champ("objectifs").concat().contains("L’[organisme] équipe"));
    // What stands in the place of names is told before the deposit.
    let depot = b.page(&chemins::depot(dossier)).await;
    let champ = format!("{}#objectifs", chemins::etape(dossier, Etape::Motivations));
    assert_eq!(
        depot.compte(&format!(
            "section[aria-labelledby='titre-a-completer'] a[href='{champ}']"
        )),
        1
    );
    let projet = b.page(&chemins::etape(dossier, Etape::Projet)).await;
    assert!(projet.champ("contact_nom").concat().is_empty());
    assert!(
        b.page(&chemins::journal(dossier))
            .await
            .tout()
            .contains("à partir du modèle")
    );
    let lecture = cas.portail.connecte(Qui::LectureA).await;
    let apercu = lecture.page(&chemins::modele_publie(modele)).await;
    assert_eq!(apercu.compte("main a[href*='modele=']"), 0);

    // Taken back: nobody starts from it any more, who did keeps its texts.
    let sans_case = [("action", "retirer"), ("modele", numero.as_str())];
    assert_eq!(
        cas.a.envoyer(&chemins::modele(cas.dossier), &sans_case).await.statut,
        422
    );
    assert_eq!(cas.repondre(modele, "retirer").await.statut, 303);
    assert_eq!(cas.prevenus("retire_par_le_porteur").await, [Qui::ArsIdf.courriel()]);
    let refus = b.envoyer(chemins::NOUVEAU, &champs).await;
    assert_eq!((refus.statut, refus.champ("nom")), (422, vec!["Nouveau".to_owned()]));
    assert_eq!(b.lire(&chemins::modele_publie(modele)).await.statut, 404);
    let motivations = b.page(&chemins::etape(dossier, Etape::Motivations)).await;
    assert!(motivations.champ("objectifs").concat().contains("L’[organisme] équipe"));
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_model_refused_or_taken_back_is_offered_anew(pool: PgPool) {
    let cas = cas(pool).await;
    let refuse = cas.proposer().await;
    assert_eq!(
        cas.repondre(refuse, "retirer").await.statut,
        409,
        "nothing is published"
    );
    assert_eq!(cas.repondre(refuse, "refuser").await.statut, 303);
    assert_eq!(cas.prevenus("refuse").await, [Qui::ArsIdf.courriel()]);
    let adresse = chemins::instruction_modele(refuse);
    assert_eq!(cas.ars.page(&adresse).await.compte("main form"), 0);
    assert_eq!(cas.ars.envoyer(&adresse, &[("confirmation", "oui")]).await.statut, 409);

    let modele = cas.proposer().await;
    let adresse = chemins::instruction_modele(modele);
    assert_eq!(cas.ars.envoyer(&adresse, &[]).await.statut, 422, "not confirmed");
    let ailleurs = cas.portail.connecte(Qui::ArsAra).await;
    assert_eq!(ailleurs.lire(&adresse).await.statut, 404);
    assert_eq!(ailleurs.envoyer(&adresse, &[("confirmation", "oui")]).await.statut, 404);
    assert_eq!(ailleurs.page(chemins::INSTRUCTION).await.compte("#modeles"), 0);
    assert_eq!(cas.repondre(modele, "accepter").await.statut, 303);
    // Its deposit is taken back: the ARS no longer reads the dossier, and still may take its model back.
    cas.a
        .enregistrer(&chemins::retrait_depot(cas.dossier), &[("confirmation", "oui")])
        .await;
    assert_eq!(
        cas.ars.lire(&chemins::instruction_dossier(cas.dossier)).await.statut,
        404
    );
    assert_eq!(cas.ars.page(chemins::INSTRUCTION).await.compte("#modeles a"), 2);
    cas.ars.enregistrer(&adresse, &[("confirmation", "oui")]).await;
    assert_eq!(cas.prevenus("retire_par_l_ars").await, [Qui::DepotA.courriel()]);
    let journal = cas.a.page(&chemins::journal(cas.dossier)).await.tout();
    assert!(journal.contains("retiré par l’ARS"));
}

/// What names a dossier beyond the short names of its OG; what the instructor writes back is read again.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn what_still_tells_who_is_who_is_taken_out_or_confirmed(pool: PgPool) {
    let cas = cas(pool).await;
    sqlx::query("update organisme set raison_longue = 'Association départementale Alpha et amis', commune = 'Oyonnax' where finess = $1")
        .bind(crate::portail::registre::og_a().as_str())
        .execute(&cas.portail.pool)
        .await
        .unwrap();
    let texte = "L’association départementale Alpha et amis, à Oyonnax (www.alpha.fr, 06/12/34/56/78), porte Tilleul.";
    sqlx::query(
        "update dossier_etape set reponses = jsonb_set(reponses, '{objectifs}', jsonb_build_array($2::text))
         where dossier_id = $1 and etape = 'motivations'",
    )
    .bind(cas.dossier)
    .bind(texte)
    .execute(&cas.portail.pool)
    .await
    .unwrap();
    let adresse = chemins::instruction_proposer(cas.dossier);
    let page = cas.ars.page(&adresse).await;
    assert_eq!(
        page.champ("motivations-objectifs").concat().trim(),
        "L’[organisme], à [lieu] ([site internet], [téléphone]), porte [projet]."
    );
    assert_eq!(page.compte("#garder"), 0);
    let mut champs = formulaire(&page);
    for (nom, valeur) in &mut champs {
        if nom == "motivations-objectifs" {
            *valeur = "Tilleul et acacia".to_owned();
        }
    }
    champs.extend([("titre", TITRE), ("relu", "oui")].map(|(n, v)| (n.to_owned(), v.to_owned())));
    let refus = cas.ars.envoyer(&adresse, &emprunter(&champs)).await;
    assert_eq!(refus.statut, 422);
    assert!(
        refus.erreurs()[0].contains("le portail y reconnaît « Tilleul »"),
        "{:?}",
        refus.erreurs()
    );
    assert_eq!(
        refus.champ("motivations-objectifs").concat().trim(),
        "Tilleul et acacia"
    );
    assert_eq!(refus.compte("#garder"), 1);
    champs.push(("garder".to_owned(), "oui".to_owned()));
    assert_eq!(cas.ars.envoyer(&adresse, &emprunter(&champs)).await.statut, 303);
}

/// Who offered a model may have left: its région is told.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn when_the_instructor_has_left_those_of_the_region_are_told(pool: PgPool) {
    let cas = cas(pool).await;
    let modele = cas.proposer().await;
    sqlx::query(
        "insert into compte (id, courriel, nom, mot_de_passe, profil, regions, cree_le)
         values (gen_random_uuid(), 'successeur@exemple.fr', 'Successeur', '', 'ars', '{11}', now())",
    )
    .execute(&cas.portail.pool)
    .await
    .unwrap();
    sqlx::query("update compte set etat = 'retire' where courriel = $1")
        .bind(Qui::ArsIdf.courriel())
        .execute(&cas.portail.pool)
        .await
        .unwrap();
    assert_eq!(cas.repondre(modele, "accepter").await.statut, 303);
    assert_eq!(cas.prevenus("accepte").await, ["successeur@exemple.fr"]);
}

/// The second wall.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn postgresql_shows_a_model_to_its_own_only_and_lets_nobody_agree_for_another(pool: PgPool) {
    let cas = cas(pool).await;
    let modele = cas.proposer().await;
    let og = |og| Perimetre {
        og: Some(og),
        regions: Vec::new(),
    };
    let ars = |region: &str| Perimetre {
        og: None,
        regions: vec![region.to_owned()],
    };
    let a = og(crate::portail::registre::og_a());
    for (perimetre, vus) in [(&a, 1), (&og(og_b()), 0), (&ars("11"), 1), (&ars("84"), 0)] {
        let mut tx = commencer(&cas.portail.pool, perimetre).await.unwrap();
        let lus: i64 = sqlx::query_scalar("select count(*) from modele")
            .fetch_one(&mut *tx)
            .await
            .unwrap();
        assert_eq!(lus, vus, "{perimetre:?}");
    }
    let changer = async |perimetre: &Perimetre, sql: &'static str| -> Result<u64, sqlx::Error> {
        let mut tx = commencer(&cas.portail.pool, perimetre).await.unwrap();
        let fait = sqlx::query(sql).bind(modele).execute(&mut *tx).await;
        fait.map(|f| f.rows_affected())
    };
    assert!(changer(&ars("11"), ACCEPTER).await.is_err(), "the ARS does not agree");
    assert_eq!(changer(&og(og_b()), ACCEPTER).await.unwrap(), 0);
    assert_eq!(changer(&a, ACCEPTER).await.unwrap(), 1);
    assert!(
        changer(&a, "update modele set titre = 'Autre' where id = $1")
            .await
            .is_err()
    );
    assert!(changer(&a, "delete from modele where id = $1").await.is_err());
    // A draft is not offered, nor a dossier of another région.
    let brouillon = ouvrir(&cas.a, "Brouillon").await;
    for (dossier, perimetre) in [(brouillon, ars("11")), (cas.dossier, ars("84"))] {
        let mut tx = commencer(&cas.portail.pool, &perimetre).await.unwrap();
        let ajout = sqlx::query(
            "insert into modele (id, dossier_id, edition, region, titre, reponses, etat, propose_le, propose_par)
             values (gen_random_uuid(), $1, $2, '11', 'Un titre', '{}', 'propose', now(), $3)",
        )
        .bind(dossier)
        .bind(EDITION)
        .bind(Uuid::nil())
        .execute(&mut *tx)
        .await;
        let erreur = ajout.unwrap_err().to_string();
        assert!(erreur.contains("row-level security"), "{erreur}");
    }
}
