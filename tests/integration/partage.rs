//! The grappe of several OGs: invited, read by its membres, consented to, left, carried by another.

use chrono::TimeDelta;
use portail_grappes::domain::dossier::Etape;
use portail_grappes::web::chemins;
use sqlx::PgPool;
use uuid::Uuid;

use crate::brouillon::ecrire;
use crate::et_si::a_appliquer;
use crate::portail::dossier::{coller, emprunter, formulaire_essms, ouvrir, reponses};
use crate::portail::puits::Puits;
use crate::portail::registre::{ehpad, ime, og_a, og_b, og_c};
use crate::portail::{EDITION, Navigateur, Portail, Qui};
use crate::rappels::passer;

/// A dossier of the OG A that holds two EHPADs of its own and three IMEs of the OG B.
struct Cas {
    portail: Portail,
    a: Navigateur,
    b: Navigateur,
    dossier: Uuid,
}

async fn cas(pool: PgPool) -> Cas {
    let portail = Portail::ouvrir(pool).await;
    let (a, b) = (portail.connecte(Qui::DepotA).await, portail.connecte(Qui::DepotB).await);
    let dossier = ouvrir(&a, "Grappe à deux").await;
    coller(&a, dossier, &[ehpad(1), ehpad(2), ime(1), ime(2), ime(3)]).await;
    Cas { portail, a, b, dossier }
}

impl Cas {
    async fn inviter(&self) {
        let og = og_b().to_string();
        self.a
            .enregistrer(&chemins::accords_inviter(self.dossier), &[("og", &og)])
            .await;
    }

    async fn accepter(&self) {
        self.inviter().await;
        self.b
            .enregistrer(&chemins::grappe_invitation(self.dossier), &[("action", "accepter")])
            .await;
    }

    /// The answer of the OG B for these ESSMS.
    async fn repondre(&self, action: &str, essms: &[String]) {
        let mut champs = vec![("action", action), ("motif", "Nous avons changé d’avis")];
        champs.extend(essms.iter().map(|n| ("finess", n.as_str())));
        self.b
            .enregistrer(&chemins::accords_repondre(self.dossier), &champs)
            .await;
    }

    async fn accords(&self, navigateur: &Navigateur) -> crate::portail::Reponse {
        navigateur.page(&chemins::accords(self.dossier)).await
    }

    /// Subjects of the mails written to this account, in order.
    async fn courriels(&self, qui: Qui) -> Vec<String> {
        sqlx::query_scalar(
            "select coalesce(m.evenement ->> 'quoi', m.evenement ->> 'genre') from courriel m join compte c on c.id = m.compte_id
             where c.courriel = $1 order by m.cree_le, m.id",
        )
        .bind(qui.courriel())
        .fetch_all(&self.portail.pool)
        .await
        .unwrap()
    }

    /// The ESSMS that the mails on the composition named to this account: those that come in, then those that go out.
    async fn compositions(&self, qui: Qui) -> Vec<String> {
        sqlx::query_scalar(
            "select (m.evenement ->> 'entrent') || ' ' || (m.evenement ->> 'sortent')
             from courriel m join compte c on c.id = m.compte_id
             where c.courriel = $1 and m.evenement ->> 'quoi' = 'composition' order by m.cree_le, m.id",
        )
        .bind(qui.courriel())
        .fetch_all(&self.portail.pool)
        .await
        .unwrap()
    }

    /// Tries this as the porteur, then applies it; what the preview says it changes.
    async fn essayer(&self, requete: &str) -> String {
        let page = self
            .a
            .page(&format!("{}?{requete}", chemins::et_si(self.dossier)))
            .await;
        let champs = a_appliquer(&page);
        let suite = self
            .a
            .enregistrer(&chemins::et_si(self.dossier), &emprunter(&champs))
            .await;
        let bilan = self.a.page(suite.vers()).await;
        format!(
            "{}\n{}",
            page.texte("#essai"),
            bilan.texte(".govuk-notification-banner")
        )
    }

    async fn role_de_b(&self, role: &str) {
        sqlx::query("update compte set role_og = $1 where courriel = $2")
            .bind(role)
            .bind(Qui::DepotB.courriel())
            .execute(&self.portail.pool)
            .await
            .unwrap();
    }
}

fn essms_de_b() -> [String; 3] {
    [ime(1), ime(2), ime(3)]
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_invited_og_sees_who_asks_and_its_own_essms_only_then_reads_everything(pool: PgPool) {
    let cas = cas(pool).await;
    assert_eq!(
        cas.accords(&cas.a).await.textes("section h3 + p .govuk-tag"),
        ["À inviter"]
    );
    assert_eq!(cas.b.lire(&chemins::dossier(cas.dossier)).await.statut, 404);
    assert_eq!(cas.b.lire(&chemins::grappe_invitation(cas.dossier)).await.statut, 404);
    cas.inviter().await;

    let tableau = cas.b.page(chemins::PORTEUR).await;
    let lien = chemins::grappe_invitation(cas.dossier);
    assert!(tableau.attributs("section h3 a", "href").contains(&lien));
    let page = cas.b.page(&lien).await;
    assert_eq!(page.texte("h1"), "Association Alpha vous invite dans sa grappe");
    assert_eq!(page.compte("#demandes li"), 3);
    let tout = page.tout();
    assert!(
        tout.contains("Grappe à deux") && !tout.contains("Tilleul") && !tout.contains(&ehpad(1)),
        "{tout}"
    );
    for adresse in [
        chemins::dossier(cas.dossier),
        chemins::accords(cas.dossier),
        chemins::journal(cas.dossier),
    ] {
        assert_eq!(cas.b.lire(&adresse).await.statut, 404, "{adresse}");
    }

    cas.b.enregistrer(&lien, &[("action", "accepter")]).await;
    assert_eq!(cas.b.lire(&lien).await.statut, 404, "answered");
    for adresse in [
        chemins::dossier(cas.dossier),
        chemins::grappe(cas.dossier),
        chemins::et_si(cas.dossier),
        chemins::constats(cas.dossier),
        chemins::journal(cas.dossier),
        chemins::etape(cas.dossier, Etape::Projet),
        chemins::pieces(cas.dossier),
        chemins::depot(cas.dossier),
    ] {
        let page = cas.b.page(&adresse).await;
        assert!(
            page.texte("#membre").contains("portée par Association Alpha"),
            "{adresse}"
        );
        assert_eq!(page.compte("main form[method=post]"), 0, "{adresse}");
    }
    assert_eq!(cas.courriels(Qui::DepotB).await, ["invitation"]);
    assert_eq!(cas.courriels(Qui::DepotA).await, ["acceptation"]);
    assert_eq!(cas.courriels(Qui::EditionA).await, ["acceptation"]);
    // Its own tableau keeps apart what it carries and what it takes part in.
    let tableau = cas.b.page(chemins::PORTEUR).await;
    assert!(tableau.tout().contains("Aucun dossier en cours"));
    assert!(tableau.tout().contains("3 ESSMS attendent votre accord"));
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_link_of_the_mail_is_for_the_accounts_of_the_invited_og(pool: PgPool) {
    let cas = cas(pool).await;
    cas.inviter().await;
    let lire = "select secret from courriel order by cree_le desc, id desc limit 1";
    let lien = cas.portail.texte(lire).await;
    assert_eq!(cas.b.lire(&lien).await.vers(), chemins::grappe_invitation(cas.dossier));
    assert_eq!(cas.a.lire(&lien).await.statut, 404, "the porteur");
    assert!(
        cas.portail
            .anonyme()
            .lire(&lien)
            .await
            .vers()
            .starts_with(chemins::CONNEXION)
    );
    let empreintes = "select count(*) from participation where cle is not null and octet_length(cle) = 32";
    assert_eq!(cas.portail.nombre(empreintes).await, 1);
    // Another one replaces it.
    cas.portail.avancer(TimeDelta::days(2));
    let a = cas.portail.connecte(Qui::DepotA).await;
    let b = cas.portail.connecte(Qui::DepotB).await;
    a.enregistrer(&chemins::accords_suivre(cas.dossier, og_b()), &[("action", "relancer")])
        .await;
    assert_eq!(b.lire(&lien).await.statut, 404);
    let autre = cas.portail.texte(lire).await;
    b.enregistrer(&chemins::grappe_invitation(cas.dossier), &[("action", "accepter")])
        .await;
    assert_eq!(b.lire(&autre).await.vers(), chemins::accords(cas.dossier));
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_invitation_expires_and_is_sent_again_at_most_once_a_day(pool: PgPool) {
    let cas = cas(pool).await;
    cas.inviter().await;
    let suivre = chemins::accords_suivre(cas.dossier, og_b());
    let trop_tot = cas.a.enregistrer(&suivre, &[("action", "relancer")]).await;
    assert!(trop_tot.vers().contains("trop-tot"));
    assert!(
        cas.a
            .page(trop_tot.vers())
            .await
            .tout()
            .contains("il y a moins d’un jour")
    );
    assert_eq!(cas.courriels(Qui::DepotB).await.len(), 1);

    cas.portail.avancer(TimeDelta::days(30));
    let (a, b) = (
        cas.portail.connecte(Qui::DepotA).await,
        cas.portail.connecte(Qui::DepotB).await,
    );
    let invitation = chemins::grappe_invitation(cas.dossier);
    assert!(b.page(&invitation).await.tout().contains("Cette invitation a expiré"));
    assert_eq!(b.envoyer(&invitation, &[("action", "accepter")]).await.statut, 409);
    assert!(cas.accords(&a).await.tout().contains("Invitation expirée"));
    a.enregistrer(&suivre, &[("action", "relancer")]).await;
    b.enregistrer(&invitation, &[("action", "accepter")]).await;
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_og_without_account_is_invited_by_an_address_and_a_wrong_form_is_kept(pool: PgPool) {
    let cas = cas(pool).await;
    let inviter = chemins::accords_inviter(cas.dossier);
    let c = og_c().to_string();
    for (og, courriel, erreur) in [
        (c.clone(), "", "n’a pas encore de compte"),
        (c.clone(), "gamma arobase", "adresse de courriel complète"),
        (og_a().to_string(), "", "votre organisme porte déjà"),
        (ehpad(1), "", "choisissez un organisme du répertoire"),
        ("n’importe quoi".to_owned(), "", "choisissez un organisme du répertoire"),
    ] {
        let refus = cas.a.envoyer(&inviter, &[("og", &og), ("courriel", courriel)]).await;
        assert_eq!(refus.statut, 422, "{og} {courriel}");
        assert!(
            refus.erreurs().iter().any(|e| e.contains(erreur)),
            "{:?}",
            refus.erreurs()
        );
        if og == c {
            assert_eq!(refus.champ("courriel"), [courriel], "what was typed");
        }
    }
    // An address that received too many invitations waits, whoever sends them; what was typed stays.
    for _ in 0..3 {
        let collegue = [("courriel", "occupee@exemple.fr"), ("role", "lecture")];
        cas.a.enregistrer(chemins::INVITATIONS, &collegue).await;
    }
    let champs = [("og", c.as_str()), ("courriel", "occupee@exemple.fr")];
    let refus = cas.a.envoyer(&inviter, &champs).await;
    assert_eq!((refus.statut, refus.entete("retry-after")), (429, "900"));
    assert!(refus.erreurs()[0].starts_with("3 invitations"), "{:?}", refus.erreurs());
    assert_eq!(refus.champ("courriel"), ["occupee@exemple.fr"]);
    cas.a
        .enregistrer(&inviter, &[("og", &c), ("courriel", "gamma@exemple.fr")])
        .await;
    let adresses =
        "select string_agg(adresse || ' ' || sorte, ',') from courriel where adresse <> 'occupee@exemple.fr'";
    assert_eq!(cas.portail.texte(adresses).await, "gamma@exemple.fr securite");
    // Taken back: nothing waits any more, and the grappe is as it was.
    cas.a
        .enregistrer(&chemins::accords_suivre(cas.dossier, og_c()), &[("action", "retirer")])
        .await;
    assert_eq!(
        cas.portail
            .nombre("select count(*) from participation where etat = 'invitee'")
            .await,
        0
    );
    let page = cas.a.page(&format!("{}?q=gamma", chemins::accords(cas.dossier))).await;
    assert_eq!(page.compte("#organismes-trouves a"), 1);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn what_each_place_in_the_grappe_may_do(pool: PgPool) {
    let cas = cas(pool).await;
    cas.inviter().await;
    let invitation = chemins::grappe_invitation(cas.dossier);
    cas.role_de_b("edition").await;
    assert!(
        cas.b
            .page(&invitation)
            .await
            .tout()
            .contains("rôle « Dépôt (signataire) » peut répondre")
    );
    assert_eq!(cas.b.envoyer(&invitation, &[("action", "accepter")]).await.statut, 403);
    cas.role_de_b("depot").await;
    assert_eq!(cas.b.envoyer(&invitation, &[("action", "")]).await.statut, 422);
    cas.b.enregistrer(&invitation, &[("action", "accepter")]).await;
    let og = og_c().to_string();
    // The porteur's business.
    for (adresse, champs) in [
        (chemins::grappe_coller(cas.dossier), vec![("numeros", ime(4))]),
        (chemins::grappe_retirer(cas.dossier), vec![("finess", ehpad(1))]),
        (chemins::et_si(cas.dossier), vec![("retirer", ehpad(1))]),
        (
            chemins::etape(cas.dossier, Etape::Motivations),
            vec![("objectifs", "Pris".to_owned())],
        ),
        (chemins::accords_inviter(cas.dossier), vec![("og", og.clone())]),
        (
            chemins::accords_suivre(cas.dossier, og_b()),
            vec![("action", "retirer".to_owned())],
        ),
        (chemins::portage(cas.dossier), vec![("membre", og_b().to_string())]),
        (chemins::abandon(cas.dossier), vec![]),
        (chemins::depot(cas.dossier), vec![("attestation", "oui".to_owned())]),
    ] {
        let champs: Vec<(&str, &str)> = champs.iter().map(|(n, v)| (*n, v.as_str())).collect();
        assert_eq!(cas.b.envoyer(&adresse, &champs).await.statut, 403, "{adresse}");
    }
    // What the porteur's colleagues say to each other is theirs.
    let echanges = chemins::echanges(cas.dossier, Etape::Motivations);
    assert_eq!(cas.b.lire(&echanges).await.statut, 403);
    assert_eq!(cas.b.envoyer(&echanges, &[("texte", "Bonjour")]).await.statut, 403);
    // A membre's business.
    for adresse in [
        chemins::accords_repondre(cas.dossier),
        chemins::portage_repondre(cas.dossier),
    ] {
        assert_eq!(
            cas.a.envoyer(&adresse, &[("action", "donner")]).await.statut,
            403,
            "{adresse}"
        );
    }
    cas.role_de_b("edition").await;
    let donner = [("action", "donner"), ("finess", &ime(1))];
    let refus = cas.b.envoyer(&chemins::accords_repondre(cas.dossier), &donner).await;
    assert_eq!(refus.statut, 403, "consents are signed");
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_deposit_waits_for_every_consent_and_the_consent_brings_mes_essms(pool: PgPool) {
    let cas = cas(pool).await;
    cas.b
        .enregistrer(
            &chemins::mon_essms(portail_grappes::domain::finess::Finess::parse(&ime(1)).unwrap()),
            &[("version", "0"), ("sons", "non"), ("personnes_accompagnees", "47")],
        )
        .await;
    cas.accepter().await;
    let attendus = async || -> Vec<String> {
        let page = cas.a.page(&chemins::depot(cas.dossier)).await;
        let manques = page.textes("#titre-manques ~ ul a");
        manques.into_iter().filter(|m| m.contains("accord de son")).collect()
    };
    let taches = async || cas.a.page(&chemins::dossier(cas.dossier)).await.tout();
    assert!(taches().await.contains("3 ESSMS attendent l’accord de leur organisme"));
    let rien = cas
        .b
        .envoyer(&chemins::accords_repondre(cas.dossier), &[("action", "donner")])
        .await;
    assert_eq!(rien.statut, 422);
    let d_un_autre = [("action", "donner"), ("finess", &ehpad(1)), ("motif", "Un motif")];
    let refus = cas
        .b
        .envoyer(&chemins::accords_repondre(cas.dossier), &d_un_autre)
        .await;
    assert_eq!((refus.statut, refus.champ("motif")), (422, vec!["Un motif".to_owned()]));

    cas.repondre("donner", &[ime(1), ime(2)]).await;
    assert!(taches().await.contains("1 ESSMS attend l’accord"));
    let page = cas.accords(&cas.a).await;
    assert!(page.texte("#bilan-accords").contains("2 accords sur 3"));
    assert!(
        page.texte(&format!("#accord-{}", ime(1)))
            .contains("OG B dépôt (essai)")
    );
    cas.repondre("donner", &[ime(3)]).await;
    assert!(attendus().await.is_empty());
    assert!(!taches().await.contains("attend l’accord"));
    let faits = cas.a.page(&chemins::essms(cas.dossier)).await;
    assert_eq!(faits.champ(&format!("{}-personnes_accompagnees", ime(1))), ["47"]);
    let texte = "select distinct texte from consentement";
    assert!(
        cas.portail
            .texte(texte)
            .await
            .contains("accepte que cet ESSMS fasse partie de la grappe")
    );
    // Out and back: it is asked anew.
    cas.a
        .enregistrer(&chemins::grappe_retirer(cas.dossier), &[("finess", &ime(1))])
        .await;
    cas.a
        .enregistrer(&chemins::grappe_ajouter(cas.dossier), &[("finess", &ime(1))])
        .await;
    assert!(taches().await.contains("1 ESSMS attend l’accord"));
    assert_eq!(cas.courriels(Qui::DepotA).await, ["acceptation", "accord", "accord"]);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_refusal_or_a_withdrawal_takes_the_essms_out_and_keeps_its_answers(pool: PgPool) {
    let cas = cas(pool).await;
    cas.accepter().await;
    cas.repondre("donner", &essms_de_b()).await;
    let faits = formulaire_essms(&essms_de_b(), "0");
    cas.b
        .enregistrer(&chemins::essms(cas.dossier), &emprunter(&faits))
        .await;
    cas.repondre("refuser", &[ime(1)]).await;
    let grappe = cas.a.page(&chemins::grappe(cas.dossier)).await;
    assert_eq!(grappe.compte("#composition tbody tr"), 4);
    let page = cas.accords(&cas.a).await;
    let parti = page.texte("#partis tbody tr");
    assert!(
        parti.contains("Accord retiré") && parti.contains("Nous avons changé d’avis"),
        "{parti}"
    );
    assert!(
        page.attributs("#titre-partis ~ p a", "href")
            .iter()
            .any(|h| h.ends_with("#titre-chercher"))
    );
    let journal = cas.a.page(&chemins::journal(cas.dossier)).await.tout();
    assert!(journal.contains("Accord refusé ou retiré pour 1 ESSMS") && journal.contains("OG B dépôt (essai)"));
    // Back at the porteur's hand: its answers are there, its consent is not.
    cas.a
        .enregistrer(&chemins::grappe_ajouter(cas.dossier), &[("finess", &ime(1))])
        .await;
    let page = cas.accords(&cas.a).await;
    assert!(page.texte(&format!("#accord-{}", ime(1))).contains("Accord attendu"));
    assert_eq!(page.compte("#partis"), 0);
    let faits = cas.a.page(&chemins::essms(cas.dossier)).await;
    assert_eq!(faits.champ(&format!("{}-personnes_accompagnees", ime(1))), ["80"]);

    // Leaving is confirmed; what was typed stays.
    let champs = [("action", "quitter"), ("motif", "Un autre projet")];
    let refus = cas.b.envoyer(&chemins::accords_repondre(cas.dossier), &champs).await;
    assert_eq!(
        (refus.statut, refus.champ("motif")),
        (422, vec!["Un autre projet".to_owned()])
    );
    assert!(
        refus.erreurs()[0].starts_with("Cochez la case"),
        "{:?}",
        refus.erreurs()
    );
    let champs = [champs[0], champs[1], ("depart", "oui")];
    cas.b
        .enregistrer(&chemins::accords_repondre(cas.dossier), &champs)
        .await;
    assert_eq!(cas.b.lire(&chemins::dossier(cas.dossier)).await.statut, 404);
    let grappe = cas.a.page(&chemins::grappe(cas.dossier)).await;
    assert_eq!(grappe.compte("#composition tbody tr"), 2);
    let page = cas.accords(&cas.a).await;
    assert!(page.tout().contains("Ne participe plus") && page.compte("#partis tbody tr") == 3);
    assert_eq!(
        cas.courriels(Qui::EditionA).await,
        ["acceptation", "accord", "retrait", "depart"]
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn who_declines_takes_its_essms_out_of_a_dossier_it_never_saw(pool: PgPool) {
    let mut cas = cas(pool).await;
    cas.inviter().await;
    let invitation = chemins::grappe_invitation(cas.dossier);
    let trop_long = "x".repeat(2001);
    let refus = cas
        .b
        .envoyer(&invitation, &[("action", "refuser"), ("motif", &trop_long)])
        .await;
    assert_eq!((refus.statut, refus.champ("motif")), (422, vec![trop_long]));
    let fait = cas
        .b
        .enregistrer(&invitation, &[("action", "refuser"), ("motif", "Autre projet")])
        .await;
    assert!(
        cas.b
            .page(fait.vers())
            .await
            .tout()
            .contains("L’invitation est refusée")
    );
    let grappe = cas.a.page(&chemins::grappe(cas.dossier)).await;
    assert_eq!(grappe.compte("#composition tbody tr"), 2);
    let page = cas.accords(&cas.a).await.tout();
    assert!(page.contains("A refusé") && page.contains("Autre projet"));
    assert_eq!(cas.courriels(Qui::DepotA).await, ["refus"]);
    assert_eq!(cas.b.envoyer(&invitation, &[("action", "accepter")]).await.statut, 404);
    // Invited anew the day after, it may change its mind.
    cas.portail.avancer(TimeDelta::days(1));
    cas.a = cas.portail.connecte(Qui::DepotA).await;
    cas.b = cas.portail.connecte(Qui::DepotB).await;
    cas.accepter().await;
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn two_ogs_answer_at_once_for_their_own_essms(pool: PgPool) {
    let cas = cas(pool).await;
    cas.accepter().await;
    let adresse = chemins::essms(cas.dossier);
    let (chez_a, chez_b) = (cas.a.page(&adresse).await, cas.b.page(&adresse).await);
    let siens = chez_b.attributs("input[name=essms]", "value");
    assert_eq!(siens, essms_de_b(), "a membre answers for its own");
    let formulaire = |page: &crate::portail::Reponse, numeros: &[String]| {
        let mut champs = formulaire_essms(numeros, &page.valeur("input[name=version]"));
        champs.push(("base".to_owned(), page.valeur("input[name=base]")));
        champs
    };
    let de_b = formulaire(&chez_b, &essms_de_b());
    cas.b.enregistrer(&adresse, &emprunter(&de_b)).await;
    // The form of the porteur, older, still shows the ESSMS of the membre as they were.
    let mut de_a = formulaire(&chez_a, &[ehpad(1), ehpad(2)]);
    de_a.extend(essms_de_b().map(|n| ("essms".to_owned(), n)));
    cas.a.enregistrer(&adresse, &emprunter(&de_a)).await;
    let apres = cas.a.page(&adresse).await;
    for numero in [ehpad(1), ehpad(2), ime(1), ime(3)] {
        assert_eq!(
            apres.champ(&format!("{numero}-personnes_accompagnees")),
            ["80"],
            "{numero}"
        );
    }
    // What it sends for another OG's is not read.
    let mut force = formulaire(&cas.b.page(&adresse).await, &[ehpad(1)]);
    for (nom, valeur) in &mut force {
        if nom.ends_with("personnes_accompagnees") {
            "999".clone_into(valeur);
        }
    }
    cas.b.enregistrer(&adresse, &emprunter(&force)).await;
    let apres = cas.a.page(&adresse).await;
    assert_eq!(apres.champ(&format!("{}-personnes_accompagnees", ehpad(1))), ["80"]);
    // The answers for all complete those of the membre, and replace the porteur's own only.
    let mut pour_tous = formulaire(&cas.a.page(&adresse).await, &[ehpad(1), ehpad(2), ime(1)]);
    for (nom, valeur) in [
        ("tous-personnes_accompagnees", "99"),
        ("tous-remplacer", "oui"),
        ("essms", &ime(2)),
    ] {
        pour_tous.push((nom.to_owned(), valeur.to_owned()));
    }
    let page = cas.a.page(&adresse).await;
    assert!(
        page.texte("#tous-remplacer-aide")
            .contains("Celles des ESSMS d’un autre organisme")
    );
    cas.a.enregistrer(&adresse, &emprunter(&pour_tous)).await;
    let apres = cas.a.page(&adresse).await;
    for (numero, attendu) in [(ehpad(1), "99"), (ehpad(2), "99"), (ime(1), "80"), (ime(2), "99")] {
        let personnes = apres.champ(&format!("{numero}-personnes_accompagnees"));
        assert_eq!(personnes, [attendu], "{numero}");
    }
    cas.role_de_b("lecture").await;
    assert_eq!(cas.b.page(&adresse).await.compte("main form[method=post]"), 0);
    assert_eq!(cas.b.envoyer(&adresse, &[("version", "9")]).await.statut, 403);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_membre_takes_over_with_both_consents(pool: PgPool) {
    let cas = cas(pool).await;
    cas.accepter().await;
    cas.repondre("donner", &essms_de_b()).await;
    let mut projet = reponses(Etape::Projet, &ehpad(1));
    projet.push(("version".to_owned(), "0".to_owned()));
    cas.a
        .enregistrer(&chemins::etape(cas.dossier, Etape::Projet), &emprunter(&projet))
        .await;
    let (portage, reponse) = (chemins::portage(cas.dossier), chemins::portage_repondre(cas.dossier));
    let b = og_b().to_string();
    assert_eq!(cas.a.envoyer(&portage, &[("membre", "")]).await.statut, 422);
    assert_eq!(
        cas.a.envoyer(&portage, &[("membre", og_c().as_str())]).await.statut,
        409
    );
    assert_eq!(
        cas.b.envoyer(&reponse, &[("action", "accepter")]).await.statut,
        409,
        "not proposed"
    );
    cas.a
        .enregistrer(&portage, &[("membre", &b), ("action", "proposer")])
        .await;
    assert_eq!(cas.a.envoyer(&portage, &[("membre", &b)]).await.statut, 409, "already");
    cas.a
        .enregistrer(&portage, &[("membre", &b), ("action", "annuler")])
        .await;
    cas.a.enregistrer(&portage, &[("membre", &b)]).await;
    cas.b.enregistrer(&reponse, &[("action", "refuser")]).await;
    cas.a.enregistrer(&portage, &[("membre", &b)]).await;
    assert!(
        cas.b
            .page(chemins::PORTEUR)
            .await
            .tout()
            .contains("vous propose de porter cette grappe")
    );
    assert!(
        cas.accords(&cas.b)
            .await
            .tout()
            .contains("réputé donné par la personne qui vous fait cette proposition")
    );
    cas.portail.avancer(TimeDelta::minutes(1));
    cas.b.enregistrer(&reponse, &[("action", "accepter")]).await;

    let chez_a = cas.a.page(&chemins::dossier(cas.dossier)).await;
    assert!(chez_a.texte("#membre").contains("portée par Fondation Bêta"));
    let chez_b = cas.b.page(&chemins::dossier(cas.dossier)).await;
    assert_eq!(chez_b.compte("#membre"), 0);
    assert!(chez_b.tout().contains("À relire : le porteur a changé"));
    let page = cas.accords(&cas.b).await;
    assert!(
        page.texte("#bilan-accords").contains("2 accords sur 2"),
        "{}",
        page.texte("#bilan-accords")
    );
    assert!(
        page.texte(&format!("#accord-{}", ehpad(1)))
            .contains("OG A dépôt (essai)")
    );
    assert!(
        cas.b
            .page(&chemins::journal(cas.dossier))
            .await
            .tout()
            .contains("Fondation Bêta")
    );
    // Read again, even unchanged.
    let etape = chemins::etape(cas.dossier, Etape::Projet);
    assert!(cas.b.page(&etape).await.tout().contains("À relire."));
    for (nom, valeur) in &mut projet {
        if nom == "version" {
            "1".clone_into(valeur);
        }
    }
    cas.b.enregistrer(&etape, &emprunter(&projet)).await;
    assert!(!cas.b.page(&etape).await.tout().contains("À relire."));
    assert_eq!(
        cas.a.envoyer(&etape, &emprunter(&projet)).await.statut,
        403,
        "no longer the porteur"
    );
    let fin = |v: Vec<String>| v.last().cloned().unwrap_or_default();
    assert_eq!(fin(cas.courriels(Qui::DepotA).await), "portage_accepte");
    assert_eq!(fin(cas.courriels(Qui::DepotB).await), "portage_accepte");
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_porteur_reminds_a_membre_and_ends_its_participation(pool: PgPool) {
    let cas = cas(pool).await;
    cas.accepter().await;
    let suivre = chemins::accords_suivre(cas.dossier, og_b());
    assert_eq!(
        cas.a
            .envoyer(&chemins::accords_suivre(cas.dossier, og_c()), &[])
            .await
            .statut,
        404,
        "not invited"
    );
    cas.portail.avancer(TimeDelta::days(1));
    let a = cas.portail.connecte(Qui::EditionA).await;
    a.enregistrer(&suivre, &[("action", "relancer")]).await;
    assert!(cas.accords(&a).await.tout().contains("dernière relance le 02/05/2024"));
    a.enregistrer(&suivre, &[("action", "retirer")]).await;
    let grappe = a.page(&chemins::grappe(cas.dossier)).await;
    assert_eq!(grappe.compte("#composition tbody tr"), 2);
    assert_eq!(cas.courriels(Qui::DepotB).await, ["invitation", "relance", "fin"]);
    let b = cas.portail.connecte(Qui::DepotB).await;
    assert_eq!(b.lire(&chemins::dossier(cas.dossier)).await.statut, 404);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn after_the_deposit_nothing_is_taken_back_and_the_page_says_whom_to_ask(pool: PgPool) {
    let cas = cas(pool).await;
    cas.accepter().await;
    cas.repondre("donner", &essms_de_b()).await;
    sqlx::query("update dossier set etat = 'depose' where id = $1")
        .bind(cas.dossier)
        .execute(&cas.portail.pool)
        .await
        .unwrap();
    let champs = [("action", "refuser"), ("finess", &ime(1))];
    let refus = cas.b.envoyer(&chemins::accords_repondre(cas.dossier), &champs).await;
    assert_eq!(refus.statut, 409);
    let page = cas.accords(&cas.b).await;
    assert!(page.tout().contains("écrivez au porteur et à l’ARS"));
    assert!(cas.accords(&cas.a).await.tout().contains("écrivez à l’ARS"));
    assert_eq!(page.compte("main form[method=post]"), 0);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn what_two_persons_do_at_once_leaves_no_half_consent(pool: PgPool) {
    let cas = cas(pool).await;
    let redaction = cas.portail.connecte(Qui::EditionA).await;
    let (inviter, og) = (chemins::accords_inviter(cas.dossier), og_b().to_string());
    let og = [("og", og.as_str())];
    let (un, deux) = tokio::join!(cas.a.envoyer(&inviter, &og), redaction.envoyer(&inviter, &og));
    let mut statuts = [un.statut, deux.statut];
    statuts.sort_unstable();
    assert_eq!(statuts, [303, 422], "the second says that it was just invited");
    assert_eq!(cas.portail.nombre("select count(*) from participation").await, 1);
    assert_eq!(cas.courriels(Qui::DepotB).await, ["invitation"]);
    let (accepter, invitation) = ([("action", "accepter")], chemins::grappe_invitation(cas.dossier));
    let (un, deux) = tokio::join!(
        cas.b.envoyer(&invitation, &accepter),
        cas.b.envoyer(&invitation, &accepter)
    );
    let mut statuts = [un.statut, deux.statut];
    statuts.sort_unstable();
    assert!(statuts[0] == 303 && [404, 409].contains(&statuts[1]), "{statuts:?}");
    // The porteur takes out what the membre agrees for.
    let (retirer, repondre) = (
        chemins::grappe_retirer(cas.dossier),
        chemins::accords_repondre(cas.dossier),
    );
    for numero in essms_de_b() {
        let champs = [("action", "donner"), ("finess", numero.as_str())];
        let (un, deux) = tokio::join!(cas.a.envoyer(&retirer, &champs[1..]), cas.b.envoyer(&repondre, &champs));
        assert!(
            un.statut == 303 && [303, 422].contains(&deux.statut),
            "{} {}",
            un.statut,
            deux.statut
        );
    }
    let orphelins = "select count(*) from consentement c join grappe_essms g using (dossier_id, finess) where g.retire_le is not null";
    assert_eq!(cas.portail.nombre(orphelins).await, 0);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_membre_reads_a_dossier_and_copies_none_of_it(pool: PgPool) {
    let cas = cas(pool).await;
    cas.accepter().await;
    let page = cas.b.page(chemins::NOUVEAU).await;
    assert!(!page.tout().contains("Grappe à deux"));
    let modele = cas.dossier.to_string();
    let champs = [("nom", "Copie"), ("edition", EDITION), ("modele", modele.as_str())];
    let refus = cas.b.envoyer(chemins::NOUVEAU, &champs).await;
    assert_eq!(refus.statut, 422, "{}", refus.resume());
    assert_eq!(cas.portail.nombre("select count(*) from dossier").await, 1);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_membre_is_saved_as_it_types_for_its_own_essms_only(pool: PgPool) {
    let cas = cas(pool).await;
    cas.accepter().await;
    let adresse = chemins::essms(cas.dossier);
    let page = cas.b.page(&adresse).await;
    let mut champs = formulaire_essms(&[ehpad(1), ime(1)], &page.valeur("input[name=version]"));
    champs.push(("base".to_owned(), page.valeur("input[name=base]")));
    let (statut, dit) = ecrire(&cas.b, &adresse, &emprunter(&champs)).await;
    assert_eq!(statut, 200, "{dit}");
    let apres = cas.a.page(&adresse).await;
    let personnes = |numero: String| apres.champ(&format!("{numero}-personnes_accompagnees"));
    assert_eq!(personnes(ime(1)), ["80"]);
    assert_ne!(personnes(ehpad(1)), ["80"]);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_membre_reads_neither_who_takes_care_of_a_step_nor_where_another_og_was_written_to(pool: PgPool) {
    let cas = cas(pool).await;
    cas.accepter().await;
    let collegue: Uuid = sqlx::query_scalar("select id from compte where courriel = $1")
        .bind(Qui::EditionA.courriel())
        .fetch_one(&cas.portail.pool)
        .await
        .unwrap();
    let collegue = collegue.to_string();
    let adresse = chemins::affectation(cas.dossier, Etape::Motivations);
    cas.a.enregistrer(&adresse, &[("collegue", &collegue)]).await;
    let og = og_c().to_string();
    let champs = [("og", og.as_str()), ("courriel", "direction@exemple.fr")];
    cas.a.enregistrer(&chemins::accords_inviter(cas.dossier), &champs).await;

    let journal = chemins::journal(cas.dossier);
    for (adresse, dit) in [
        (journal, "confiée"),
        (chemins::accords(cas.dossier), "direction@exemple.fr"),
    ] {
        assert!(cas.a.page(&adresse).await.tout().contains(dit), "{adresse}");
        assert!(!cas.b.page(&adresse).await.tout().contains(dit), "{adresse}");
    }
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_og_is_not_invited_again_the_same_day(pool: PgPool) {
    let cas = cas(pool).await;
    cas.inviter().await;
    let og = og_b().to_string();
    let encore = cas
        .a
        .envoyer(&chemins::accords_inviter(cas.dossier), &[("og", &og)])
        .await;
    assert_eq!(encore.statut, 422);
    assert!(
        encore.erreurs()[0].contains("moins d’un jour"),
        "{:?}",
        encore.erreurs()
    );
    cas.portail.avancer(TimeDelta::days(1));
    let a = cas.portail.connecte(Qui::DepotA).await;
    a.enregistrer(&chemins::accords_inviter(cas.dossier), &[("og", &og)])
        .await;
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_refusal_that_comes_after_an_acceptance_changes_nothing(pool: PgPool) {
    let cas = cas(pool).await;
    cas.accepter().await;
    let adresse = chemins::grappe_invitation(cas.dossier);
    let refus = cas
        .b
        .envoyer(&adresse, &[("action", "refuser"), ("motif", "Trop tard")])
        .await;
    assert_eq!(refus.statut, 404, "it is answered");
    assert_eq!(
        cas.portail
            .nombre("select count(*) from grappe_essms where retire_le is null")
            .await,
        5
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_membre_is_told_that_its_porteur_gives_up_and_begins_again(pool: PgPool) {
    let cas = cas(pool).await;
    cas.accepter().await;
    let avant = cas.courriels(Qui::DepotB).await.len();
    cas.a.enregistrer(&chemins::abandon(cas.dossier), &[]).await;
    cas.a.enregistrer(&chemins::reprise(cas.dossier), &[]).await;
    cas.a.enregistrer(&chemins::reprise(cas.dossier), &[]).await;
    assert_eq!(cas.courriels(Qui::DepotB).await[avant..], ["abandon", "reprise"]);
}

fn nomme(rang: usize) -> String {
    format!("IME Marronnier {rang} ({})", ime(rang))
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_membre_is_asked_for_each_essms_that_the_porteur_adds_whatever_the_door(pool: PgPool) {
    let cas = cas(pool).await;
    cas.inviter().await;
    coller(&cas.a, cas.dossier, &[ime(4)]).await;
    assert!(cas.compositions(Qui::DepotB).await.is_empty(), "it takes no part yet");
    cas.b
        .enregistrer(&chemins::grappe_invitation(cas.dossier), &[("action", "accepter")])
        .await;
    cas.portail.avancer(TimeDelta::minutes(5));
    // By numbers, those of the porteur among them; by a search; by a change tried then applied.
    coller(&cas.a, cas.dossier, &[ime(5), ehpad(3), ime(6)]).await;
    cas.a
        .enregistrer(&chemins::grappe_ajouter(cas.dossier), &[("finess", &ime(7))])
        .await;
    let essai = cas.essayer(&format!("ajouter={}+{}", ime(8), ehpad(4))).await;
    let annonce = format!("{} : ajouté, l’accord de son organisme sera à donner", nomme(8));
    assert!(essai.contains(&annonce), "{essai}");
    assert!(essai.contains(&format!("({}) : ajouté", ehpad(4))), "{essai}");
    let dits = cas.compositions(Qui::DepotB).await;
    let attendus = [
        format!(r#"["{}", "{}"] []"#, nomme(5), nomme(6)),
        format!(r#"["{}"] []"#, nomme(7)),
        format!(r#"["{}"] []"#, nomme(8)),
    ];
    assert_eq!(dits, attendus);
    // Nobody is told of its own ESSMS, and the board says when each was asked for.
    assert!(cas.compositions(Qui::DepotA).await.is_empty());
    coller(&cas.a, cas.dossier, &[ehpad(9)]).await;
    assert_eq!(cas.compositions(Qui::DepotB).await.len(), 3);
    let tableau = cas.accords(&cas.a).await;
    let ligne = tableau.texte(&format!("#accord-{}", ime(7)));
    assert!(ligne.contains("demandé le"), "{ligne}");
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_consent_that_falls_is_announced_told_and_asked_anew(pool: PgPool) {
    let cas = cas(pool).await;
    cas.accepter().await;
    let grappe = chemins::grappe(cas.dossier);
    assert_eq!(cas.a.page(&grappe).await.compte("#accords-en-jeu"), 0);
    cas.repondre("donner", &[ime(1), ime(2)]).await;
    let page = cas.a.page(&grappe).await;
    assert!(
        page.texte("#accords-en-jeu")
            .starts_with("2 ESSMS ont l’accord d’un autre organisme"),
        "{}",
        page.texte("#accords-en-jeu")
    );
    // Taken out: the notice counts the consents that fall, the membre is told, undoing asks it anew.
    let retirer = [("finess", ime(1)), ("finess", ime(3)), ("finess", ehpad(1))];
    let retirer = retirer.each_ref().map(|(nom, valeur)| (*nom, valeur.as_str()));
    let suite = cas.a.enregistrer(&chemins::grappe_retirer(cas.dossier), &retirer).await;
    let page = cas.a.page(suite.vers()).await;
    let bilan = page.texte(".govuk-notification-banner");
    assert!(
        bilan.contains("3 ESSMS concernés, un accord donné tombe") && bilan.contains("leur sera demandé de nouveau"),
        "{bilan}"
    );
    let retires = page
        .attributs(".govuk-notification-banner input[name=finess]", "value")
        .remove(0);
    cas.a
        .enregistrer(&chemins::grappe_ajouter(cas.dossier), &[("finess", &retires)])
        .await;
    let ligne = cas.accords(&cas.b).await.texte(&format!("#accord-{}", ime(1)));
    assert!(ligne.contains("Accord attendu"), "{ligne}");
    // The same, tried before it is applied.
    let essai = cas.essayer(&format!("retirer={}", ime(2))).await;
    assert!(
        essai.contains("retiré, l’accord donné par son organisme tombe")
            && essai.contains("1 ESSMS retiré, un accord donné tombe"),
        "{essai}"
    );
    let attendus = [
        format!(r#"[] ["{}", "{}"]"#, nomme(1), nomme(3)),
        format!(r#"["{}", "{}"] []"#, nomme(1), nomme(3)),
        format!(r#"[] ["{}"]"#, nomme(2)),
    ];
    assert_eq!(cas.compositions(Qui::DepotB).await, attendus);
    let journal = cas.a.page(&chemins::journal(cas.dossier)).await.tout();
    assert!(journal.contains("avec l’accord de son organisme"), "{journal}");
    // What is the porteur's own costs no consent; what the membre takes out itself is no news to it.
    let suite = cas
        .a
        .enregistrer(&chemins::grappe_retirer(cas.dossier), &[("finess", &ehpad(2))])
        .await;
    let bilan = cas.a.page(suite.vers()).await.texte(".govuk-notification-banner");
    assert!(!bilan.contains("tombe") && !bilan.contains("de nouveau"), "{bilan}");
    cas.repondre("refuser", &[ime(3)]).await;
    assert_eq!(cas.compositions(Qui::DepotB).await.len(), 3);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_membre_is_told_the_day_after_which_answers_others_changed_on_its_essms(pool: PgPool) {
    let cas = cas(pool).await;
    cas.accepter().await;
    cas.repondre("donner", &[ime(1)]).await;
    let faits = formulaire_essms(&[ime(3)], "0");
    cas.b
        .enregistrer(&chemins::essms(cas.dossier), &emprunter(&faits))
        .await;
    // One through the step, another tried then applied, and one of the porteur's own.
    let version = cas
        .a
        .page(&chemins::essms(cas.dossier))
        .await
        .champ("version")
        .remove(0);
    let faits = formulaire_essms(&[ime(1), ehpad(1)], &version);
    cas.a
        .enregistrer(&chemins::essms(cas.dossier), &emprunter(&faits))
        .await;
    cas.essayer(&format!("{}-hebergement=externe", ime(2))).await;
    let puits = Puits::ouvrir().await;
    for quand in [
        "2024-05-01T23:00:00+02:00",
        "2024-05-02T05:59:59+02:00",
        "2024-05-02T06:00:00+02:00",
        "2024-05-02T12:00:00+02:00",
        "2024-05-03T12:00:00+02:00",
    ] {
        passer(&cas.portail, &puits.url, quand).await;
        let dits = cas
            .courriels(Qui::DepotB)
            .await
            .iter()
            .filter(|q| *q == "reponses")
            .count();
        assert_eq!(dits, usize::from(quand > "2024-05-02T06"), "{quand}");
    }
    puits.fermer().await;
    let dit = cas
        .portail
        .texte("select (evenement ->> 'jour') || ' ' || (evenement ->> 'essms') from courriel where evenement ->> 'quoi' = 'reponses'")
        .await;
    assert_eq!(dit, format!(r#"2024-05-01 ["{}", "{}"]"#, nomme(1), nomme(2)));
}
