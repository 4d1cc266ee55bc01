//! Rights, as a table made from the routes: every route × every account × whose dossier. Read it as a
//! diff: `cargo insta review` after a change that is meant.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use portail_grappes::domain::dossier::Etape;
use portail_grappes::routes::{self, Acces, Route};
use portail_grappes::web::chemins as c;
use reqwest::Method;
use reqwest::multipart::Form;
use sqlx::PgPool;
use uuid::Uuid;

use crate::portail::dossier::{emprunter, formulaire_essms, reponses};
use crate::portail::navigateur::{Fichier, pdf};
use crate::portail::registre::{ehpad, ehpads, og_c};
use crate::portail::{EDITION, Navigateur, Portail, Qui, Reponse, dossier};

/// A table for Mes ESSMS, or for a grappe.
const TABLEAU: Fichier<'_> = Fichier {
    champ: "fichier",
    nom: "essms.csv",
    type_annonce: "text/csv",
    octets: b"FINESS;DUI\n750000001;oui\n",
};

/// Everything in a path that a route may ask for.
pub struct Sujet {
    dossier: Uuid,
    piece: Uuid,
    commentaire: Uuid,
    import: Uuid,
    courriel: Uuid,
    jeton: Uuid,
    demande: Uuid,
    membre: Uuid,
    invitation: Uuid,
    modele: Uuid,
    premier: usize,
}

impl Sujet {
    /// The address of this route, about this dossier.
    pub fn adresse(&self, chemin: &str) -> String {
        chemin
            .replace("{dossier}", &self.dossier.to_string())
            .replace("{commentaire}", &self.commentaire.to_string())
            .replace("{piece}", &self.piece.to_string())
            .replace("{import}", &self.import.to_string())
            .replace("{courriel}", &self.courriel.to_string())
            .replace("{jeton}", &self.jeton.to_string())
            .replace("{cle}", "un-jeton-inconnu")
            .replace("{demande}", &self.demande.to_string())
            .replace("{membre}", &self.membre.to_string())
            .replace("{invitation}", &self.invitation.to_string())
            .replace("{modele}", &self.modele.to_string())
            .replace("{webinaire}", &WEBINAIRE.to_string())
            .replace("{inscription}", &INSCRIPTION.to_string())
            .replace("{question}", "meme-dui-pour-tous")
            .replace("{empreinte}", &"0".repeat(64))
            .replace("{edition}", EDITION)
            .replace("{regle}", "ELI-G01")
            .replace("{id}", EDITION)
            .replace("{etape}", "motivations")
            .replace("{finess}", &ehpad(1))
            .replace("{og}", og_c().as_str())
    }

    /// The request that succeeds when the account may do it.
    async fn demander(&self, navigateur: &Navigateur, route: &Route) -> Reponse {
        let adresse = self.adresse(route.chemin);
        if route.methode == Method::GET {
            return navigateur.lire(&adresse).await;
        }
        let formulaire: Vec<(String, String)> = match route.chemin {
            c::PIECES => {
                let champs = [("type_piece", "devis-editeur")];
                return navigateur.joindre(&adresse, &champs, pdf("devis.pdf")).await;
            }
            c::IMPORTS => {
                let sans_fichier = Form::new().text("csrf", navigateur.jeton.clone());
                return navigateur.joindre_nu(&adresse, sans_fichier).await;
            }
            c::MES_ESSMS_IMPORT => return navigateur.joindre(&adresse, &[], TABLEAU).await,
            c::GRAPPE => {
                let tableau = format!("FINESS\n{}\n", ehpad(34));
                let fichier = Fichier {
                    octets: tableau.as_bytes(),
                    ..TABLEAU
                };
                return navigateur.joindre(&adresse, &[], fichier).await;
            }
            c::ESSMS => formulaire_essms(&ehpads(self.premier..=self.premier + 15), "1"),
            c::ETAPE => reponses(Etape::Motivations, ""),
            c::DEPOT => dossier::attestation(navigateur, self.dossier).await,
            c::COURRIELS => vec![("courriel".to_owned(), self.courriel.to_string())],
            chemin => champs_simples(chemin, self.premier),
        };
        navigateur.envoyer(&adresse, &emprunter(&formulaire)).await
    }
}

/// Forms sent as they are, or whose refusal is what the table shows.
const SANS_CHAMP: &[&str] = &[
    c::INSCRIPTION,
    c::CONFIRMATION,
    c::CONNEXION_CODE,
    c::SECOND_FACTEUR,
    c::ACCEPTATION,
    c::OUBLI,
    c::REINITIALISATION,
    c::COMPTE_MOT_DE_PASSE,
    c::COMPTE_SESSIONS,
    c::RETRAIT,
    c::CONNEXION,
    c::DECONNEXION,
    c::DESABONNEMENT,
    c::DESINSCRIPTION,
    c::CONTACT,
    c::WEBINAIRE,
    c::WEBINAIRE_NOUVEAU,
    c::WEBINAIRE_MODIFIER,
    c::WEBINAIRE_SUIVI,
    c::WEBINAIRE_RETIRER,
    c::ABANDON,
    c::ACCORDS_SUIVRE,
    c::REPRISE,
    c::INSTRUCTION_PROPOSER,
    c::PIECE_RETIRER,
    c::PIECE_RETABLIR,
    c::MES_ESSMS_CHANGEMENTS,
    c::MES_ESSMS_COLONNES,
    c::MES_ESSMS_CONFIRMER,
    c::MES_ESSMS_ABANDONNER,
    c::API_SIMULATIONS,
    c::SIMULATEUR,
    c::SIMULATEUR_PDF,
    c::SIMULATEUR_JSON,
    c::SIMULATEUR_CSV,
    c::SIMULATEUR_CONTINUER,
];

/// Names of the fields that the table knows of a form.
pub fn champs_connus(chemin: &str) -> Vec<String> {
    let ailleurs = [
        c::PIECES,
        c::IMPORTS,
        c::MES_ESSMS_IMPORT,
        c::GRAPPE,
        c::ESSMS,
        c::ETAPE,
        c::COURRIELS,
    ];
    if ailleurs.contains(&chemin) {
        return Vec::new();
    }
    let champs = champs_simples(chemin, 1);
    champs.into_iter().map(|(nom, _)| nom).collect()
}

fn champs_simples(chemin: &str, premier: usize) -> Vec<(String, String)> {
    let un = |nom: &str, valeur: String| vec![(nom.to_owned(), valeur)];
    match chemin {
        c::WEBINAIRE_ANNULER => un("motif", "Salle indisponible".into()),
        c::NOUVEAU => [un("nom", "Autre grappe".into()), un("edition", EDITION.into())].concat(),
        c::GRAPPE_AJOUTER => un("finess", ehpad(33)),
        c::GRAPPE_COLLER => un("numeros", ehpad(34)),
        c::GRAPPE_RETIRER => un("finess", ehpad(premier + 1)),
        c::ET_SI => un("retirer", ehpad(premier + 1)),
        c::ECHANGES => un("texte", "Entre nous".into()),
        c::COMMENTAIRE => un("action", "resoudre".into()),
        c::AFFECTATION => un("collegue", String::new()),
        c::DEPOT => [un("attestation", "oui".into()), un("empreinte", String::new())].concat(),
        c::MODELE => [
            un("action", "retirer".into()),
            un("confirmation", "oui".into()),
            un("modele", VISES[3].to_string()),
        ]
        .concat(),
        c::INSTRUCTION_MODELE => un("confirmation", "oui".into()),
        // Not confirmed: the dossier stays deposited for the next who asks.
        c::RETRAIT_DEPOT => Vec::new(),
        c::ACCORDS_INVITER => [un("og", og_c().to_string()), un("courriel", "gamma@exemple.fr".into())].concat(),
        c::ACCORDS_REPONDRE => [un("action", "donner".into()), un("finess", ehpad(1))].concat(),
        c::PORTAGE => un("membre", og_c().to_string()),
        c::PORTAGE_REPONDRE | c::GRAPPE_INVITATION => un("action", "accepter".into()),
        c::COMPTE_COURRIELS => ["echeances", "activite", "echanges"]
            .map(|sorte| un(sorte, "immediat".into()))
            .concat(),
        c::INVITATIONS => [un("courriel", "autre@exemple.fr".into()), un("role", "lecture".into())].concat(),
        c::DEMANDE => [un("decision", "approuver".into()), un("role", "lecture".into())].concat(),
        c::MEMBRE => un("role", "edition".into()),
        c::COMPTE => un("nom", "Un nom".into()),
        c::INVITATION => un("action", "annuler".into()),
        c::MON_ESSMS => un("equipement", "Douze tablettes".into()),
        c::MES_ESSMS_PLUSIEURS => [
            un("finess", ehpad(2)),
            un("lot-dui_actuel", "oui".into()),
            un("deja", "garder".into()),
        ]
        .concat(),
        c::ESSMS_REPRENDRE => un("tous", "oui".into()),
        sans_champ if SANS_CHAMP.contains(&sans_champ) => Vec::new(),
        autre => panic!("a form that the rights table does not know: {autre}"),
    }
}

/// Undoes what the last request did, so that each is asked of the same dossiers.
async fn remettre(pool: &PgPool, brouillon: Uuid, piece_retiree: bool) {
    sqlx::query("delete from depot where dossier_id = $1")
        .bind(brouillon)
        .execute(pool)
        .await
        .unwrap();
    sqlx::query("update dossier set etat = 'brouillon', abandonne_le = null where id = $1")
        .bind(brouillon)
        .execute(pool)
        .await
        .unwrap();
    sqlx::query("update grappe_essms set retire_le = null")
        .execute(pool)
        .await
        .unwrap();
    sqlx::query("delete from grappe_essms where finess = any ($1)")
        .bind(vec![ehpad(33), ehpad(34)])
        .execute(pool)
        .await
        .unwrap();
    sqlx::query(
        "insert into participation (dossier_id, og, etat, invitee_le, invitee_par, expire_le, relancee_le)
         select $1, $2, 'invitee', '2024-04-01', id, '2024-06-01', '2024-04-01' from compte where og is not null limit 1
         on conflict (dossier_id, og) do update set etat = 'invitee', relancee_le = '2024-04-01'",
    )
    .bind(brouillon)
    .bind(og_c().as_str())
    .execute(pool)
    .await
    .unwrap();
    sqlx::query("update travail set etat = 'abandonne'")
        .execute(pool)
        .await
        .unwrap();
    sqlx::query("update piece set retire_le = case when $1 then depose_le end")
        .bind(piece_retiree)
        .execute(pool)
        .await
        .unwrap();
}

/// An account of the OG A that waits, another in use, an invitation, a model drawn from its first dossier and published.
pub const VISES: [Uuid; 4] = [
    Uuid::from_u128(0xde),
    Uuid::from_u128(0x3e),
    Uuid::from_u128(0x19),
    Uuid::from_u128(0x0030_de1e),
];

/// A webinar of the région 11.
pub const WEBINAIRE: Uuid = Uuid::from_u128(0x3eb);

/// Somebody registered for [`WEBINAIRE`].
pub const INSCRIPTION: Uuid = Uuid::from_u128(0x1e5c);

/// What the last request did to [`WEBINAIRE`] is undone.
pub async fn remettre_le_webinaire(pool: &PgPool) {
    sqlx::query(
        "insert into webinaire (id, region, titre, description, organisateur, debut, fin, lien, cree_le)
         values ($1, '11', 'Un webinaire', 'Une heure.', 'SESAN', '2024-06-01', '2024-06-02', 'https://visio.exemple.fr', '2024-04-01')
         on conflict (id) do update set annule_le = null",
    )
    .bind(WEBINAIRE)
    .execute(pool)
    .await
    .unwrap();
    sqlx::query(
        "insert into inscription_webinaire (id, webinaire_id, nom, courriel, etat, inscrit_le)
         values ($1, $2, 'Dominique Roy', 'dominique@exemple.fr', 'inscrit', '2024-04-01') on conflict do nothing",
    )
    .bind(INSCRIPTION)
    .bind(WEBINAIRE)
    .execute(pool)
    .await
    .unwrap();
}

/// What the last request did to [`VISES`] is undone.
pub async fn remettre_les_comptes(pool: &PgPool) {
    let [demande, membre, invitation, modele] = VISES;
    sqlx::query("delete from echec_connexion").execute(pool).await.unwrap();
    let og = crate::portail::registre::og_a().to_string();
    for (id, etat) in [(demande, "a_approuver"), (membre, "actif")] {
        sqlx::query(
            "insert into compte (id, courriel, nom, mot_de_passe, profil, og, role_og, etat, cree_le)
             values ($1, $2, 'Un collègue', '', 'og', $3, 'lecture', $4, '2024-04-01')
             on conflict (id) do update set etat = excluded.etat, role_og = 'lecture'",
        )
        .bind(id)
        .bind(format!("{etat}@exemple.fr"))
        .bind(&og)
        .bind(etat)
        .execute(pool)
        .await
        .unwrap();
    }
    sqlx::query(
        "insert into invitation (id, cle, og, courriel, role_og, invite_par, envoyee_le, expire_le)
         values ($1, '', $2, 'invite@exemple.fr', 'lecture', $3, '2024-04-01', '2024-06-01') on conflict do nothing",
    )
    .bind(invitation)
    .bind(&og)
    .bind(membre)
    .execute(pool)
    .await
    .unwrap();
    sqlx::query(
        r#"insert into modele (id, dossier_id, edition, region, titre, reponses, etat, propose_le, propose_par, repondu_le, repondu_par)
           select $1, d.id, d.edition, d.region, 'Un modèle', '{"motivations": {"objectifs": ["Un texte"]}}', 'accepte', d.cree_le,
               c.id, d.cree_le, $2
           from (select * from dossier order by cree_le, id limit 1) d, (select id from compte where profil = 'ars' limit 1) c
           on conflict (id) do update set etat = 'accepte', retire_le = null, retire_par = null"#,
    )
    .bind(modele)
    .bind(membre)
    .execute(pool)
    .await
    .unwrap();
}

async fn sujet(portail: &Portail, dossier: Uuid, import: Uuid, premier: usize) -> Sujet {
    let piece = sqlx::query_scalar("select id from piece where dossier_id = $1 order by id limit 1")
        .bind(dossier)
        .fetch_one(&portail.pool)
        .await
        .unwrap();
    let commentaire = Uuid::from_u128(0xc0 + premier as u128);
    sqlx::query(
        "insert into commentaire (id, dossier_id, etape, auteur, texte, ecrit_le)
         select $1, $2, 'motivations', id, 'Grappe secrète', '2024-05-01' from compte where courriel = 'depota@exemple.fr'",
    )
    .bind(commentaire)
    .bind(dossier)
    .execute(&portail.pool)
    .await
    .unwrap();
    let (courriel, jeton) = sqlx::query_as("select id, desabonnement from courriel where sorte = 'echanges'")
        .fetch_one(&portail.pool)
        .await
        .unwrap();
    Sujet {
        dossier,
        piece,
        commentaire,
        import,
        courriel,
        jeton,
        demande: VISES[0],
        membre: VISES[1],
        invitation: VISES[2],
        modele: VISES[3],
        premier,
    }
}

/// A draft and a deposited dossier, with what hangs on each.
pub async fn sujets(portail: &Portail) -> [Sujet; 2] {
    remettre_le_webinaire(&portail.pool).await;
    let depot_a = portail.connecte(Qui::DepotA).await;
    let brouillon = dossier::pret(&depot_a, "Grappe secrète", 1).await;
    let depose = dossier::pret(&depot_a, "Grappe secrète déposée", 17).await;
    dossier::deposer(&depot_a, depose).await;
    // A mail that one may refuse: an answer to a comment.
    let echanges = c::echanges(brouillon, Etape::Motivations);
    for collegue in [&depot_a, &portail.connecte(Qui::EditionA).await] {
        collegue.enregistrer(&echanges, &[("texte", "Un mot")]).await;
    }
    let import = import(&portail.connecte(Qui::Administration).await).await;
    [
        sujet(portail, brouillon, import, 1).await,
        sujet(portail, depose, import, 17).await,
    ]
}

/// An import that an administrator asked for, to be followed.
async fn import(administration: &Navigateur) -> Uuid {
    let fichier = crate::portail::navigateur::Fichier {
        champ: "fichiers",
        nom: "vide.csv",
        type_annonce: "text/csv",
        octets: b"rien",
    };
    let envoi = administration
        .joindre(c::IMPORTS, &[("fermetures", "aucune")], fichier)
        .await;
    dossier::numero_de(envoi.vers())
}

/// Destinations of redirects, numbered in the order they are met.
#[derive(Default)]
struct Renvois(Vec<String>);

impl Renvois {
    fn cellule(&mut self, reponse: &Reponse) -> String {
        if reponse.vers().is_empty() {
            return reponse.statut.to_string();
        }
        let page = reponse
            .vers_page()
            .split('/')
            .map(|segment| {
                if Uuid::parse_str(segment).is_ok() {
                    "…"
                } else {
                    segment
                }
            })
            .collect::<Vec<_>>()
            .join("/");
        let rang = self.0.iter().position(|p| *p == page).unwrap_or_else(|| {
            self.0.push(page);
            self.0.len() - 1
        });
        format!("{} [{}]", reponse.statut, rang + 1)
    }
}

fn ligne(route: &str, acces: &str, dossier: &str, cellules: &[String]) -> String {
    let mut ligne = format!("{route:<58}{acces:<18}{dossier:<11}");
    for cellule in cellules {
        let _ = write!(ligne, "{cellule:<14}");
    }
    ligne.trim_end().to_owned()
}

fn du_porteur(qui: Option<Qui>) -> bool {
    matches!(qui, Some(Qui::LectureA | Qui::EditionA | Qui::DepotA))
}

/// What no table may ever say: another tenant, an instructor elsewhere, who is not concerned, learn
/// nothing of a dossier, not even that it exists.
fn verifier_l_etancheite(route: &Route, qui: Option<Qui>, depose: bool, reponse: &Reponse) {
    if !route.chemin.contains("{dossier}") || du_porteur(qui) {
        return;
    }
    let instructeur = qui == Some(Qui::ArsIdf) && depose && route.acces == Acces::Instructeur;
    let connexion = qui.is_none() && reponse.statut == 303 && reponse.vers_page() == c::CONNEXION;
    // What the visitor sent is kept in the page that asks to log in, and nothing else is there.
    let reprise = qui.is_none() && reponse.statut == 403 && reponse.compte("form input[name=reprise_corps]") == 1;
    assert!(
        instructeur || connexion || reprise || reponse.statut == 404,
        "{} {} {qui:?} : {}",
        route.methode,
        route.chemin,
        reponse.resume()
    );
    if !instructeur {
        let texte = String::from_utf8_lossy(&reponse.corps);
        let (stockes, envoyes) = (["Grappe secrète", "IDF2024-"], ["Projet Tilleul", &ehpad(1)]);
        for secret in stockes.iter().chain(if reprise { &[] } else { envoyes.as_slice() }) {
            assert!(!texte.contains(secret), "{} {qui:?} : {secret}", route.chemin);
        }
    }
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn every_route_by_every_account(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let sujets = sujets(&portail).await;
    let brouillon = sujets[0].dossier;
    let mut acteurs = vec![(None, portail.anonyme())];
    for qui in Qui::TOUS {
        acteurs.push((Some(qui), portail.connecte(qui).await));
    }

    let mut renvois = Renvois::default();
    let titres: Vec<String> = std::iter::once("anonyme")
        .chain(Qui::TOUS.map(Qui::nom))
        .map(str::to_owned)
        .collect();
    let mut table = vec![ligne("Route", "Accès", "Dossier", &titres)];
    for route in routes::table() {
        let par_dossier = route.chemin.contains("{dossier}");
        for (rang, sujet) in sujets.iter().enumerate().take(if par_dossier { 2 } else { 1 }) {
            let mut cellules = Vec::new();
            for (qui, navigateur) in &mut acteurs {
                remettre(&portail.pool, brouillon, route.chemin == c::PIECE_RETABLIR).await;
                remettre_les_comptes(&portail.pool).await;
                remettre_le_webinaire(&portail.pool).await;
                let reponse = sujet.demander(navigateur, &route).await;
                verifier_l_etancheite(&route, *qui, rang == 1, &reponse);
                assert!(reponse.statut < 500, "{} {qui:?}", route.chemin);
                cellules.push(renvois.cellule(&reponse));
                if let (c::DECONNEXION, Some(qui)) = (route.chemin, *qui) {
                    *navigateur = portail.connecte(qui).await;
                }
            }
            let quel = ["brouillon", "déposé"][rang];
            table.push(ligne(
                &format!("{} {}", route.methode, route.chemin),
                &format!("{:?}", route.acces),
                if par_dossier { quel } else { "" },
                &cellules,
            ));
        }
    }
    for (rang, page) in renvois.0.iter().enumerate() {
        table.push(format!("[{}] {page}", rang + 1));
    }
    insta::assert_snapshot!("droits", table.join("\n"));
}

/// An address that exists is in the table, so that it declares its access; and nothing answers outside.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn no_address_escapes_the_table(pool: PgPool) {
    let source = include_str!("../../src/web/chemins.rs");
    let declarees: BTreeSet<&str> = source
        .lines()
        .filter_map(|l| l.trim().split_once(" = \"/")?.1.strip_suffix("\";"))
        .collect();
    let table = routes::table();
    let servies: BTreeSet<&str> = table.iter().filter_map(|r| r.chemin.strip_prefix('/')).collect();
    assert!(declarees.len() > 20);
    assert_eq!(declarees, servies);

    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    for chemin in ["/rien", "/porteur/dossiers", "/administration/comptes", "/apis"] {
        let reponse = a.lire(chemin).await;
        assert_eq!(reponse.statut, 404, "{chemin}");
        assert_eq!(reponse.texte("h1"), "Cette page n’existe pas");
    }
}
