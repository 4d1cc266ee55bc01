//! Pieces and viruses, with a real clamd: refused at once, or found later; and what is said when nothing looked.

use portail_grappes::web::antivirus::rattraper;
use portail_grappes::web::chemins;
use sqlx::PgPool;
use uuid::Uuid;

use crate::portail::clamd::{Clamd, NOM, VIRUS};
use crate::portail::dossier::{deposer, ouvrir, pret};
use crate::portail::navigateur::{Fichier, PDF, pdf};
use crate::portail::{Navigateur, Portail, Qui, Reponse};

const DEVIS: [(&str, &str); 1] = [("type_piece", "devis-editeur")];

async fn envoyer(navigateur: &Navigateur, dossier: Uuid, octets: &[u8]) -> Reponse {
    let fichier = Fichier {
        champ: "fichier",
        nom: "devis.pdf",
        type_annonce: "application/pdf",
        octets,
    };
    navigateur.joindre(&chemins::pieces(dossier), &DEVIS, fichier).await
}

fn infecte() -> Vec<u8> {
    [PDF, VIRUS].concat()
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_virus_is_refused_at_once_with_its_name_and_nothing_is_kept(pool: PgPool) {
    let mut clamd = Clamd::arrete();
    clamd.demarrer().await;
    let portail = Portail::ouvrir_analyse(pool, clamd.adresse()).await;
    let a = portail.connecte(Qui::EditionA).await;
    let id = ouvrir(&a, "Pièces").await;
    let refus = envoyer(&a, id, &infecte()).await;
    assert_eq!(refus.statut, 422, "{}", refus.resume());
    assert!(refus.erreurs()[0].contains(NOM), "{:?}", refus.erreurs());
    assert_eq!(portail.nombre("select count(*) from piece").await, 0);
    let saine = a.joindre(&chemins::pieces(id), &DEVIS, pdf("devis.pdf")).await;
    let page = a.page(saine.vers()).await;
    assert!(
        page.texte(".portail-piece").contains("aucun virus trouvé"),
        "{}",
        page.texte(".portail-piece")
    );
}

/// Nobody misses a deadline for an antivirus: it looks when it is back, and what it finds is given to nobody.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn what_came_while_it_did_not_answer_is_looked_at_later(pool: PgPool) {
    let mut clamd = Clamd::arrete();
    let portail = Portail::ouvrir_analyse(pool, clamd.adresse()).await;
    let a = portail.connecte(Qui::DepotA).await;
    let id = pret(&a, "Pièces", 1).await;
    let convention = "select id from piece where dossier_id = $1 and type_piece = 'convention-partenariat'";
    let convention: Uuid = sqlx::query_scalar(convention)
        .bind(id)
        .fetch_one(&portail.pool)
        .await
        .unwrap();
    let page = a.page(&chemins::pieces(id)).await;
    assert!(page.tout().contains("non analysée par un antivirus"));
    assert_eq!(rattraper(&portail.etat).await.unwrap(), 0);
    deposer(&a, id).await;

    // Its bytes in the store are those of a virus.
    let chemin: String = sqlx::query_scalar("select chemin from piece where id = $1")
        .bind(convention)
        .fetch_one(&portail.pool)
        .await
        .unwrap();
    std::fs::write(portail.pieces.join(chemin), infecte()).unwrap();
    clamd.demarrer().await;
    let analysees = rattraper(&portail.etat).await.unwrap();
    assert_eq!(analysees, 3, "each piece of the dossier");
    assert_eq!(rattraper(&portail.etat).await.unwrap(), 0, "once");
    let page = a.page(&chemins::pieces(id)).await;
    let dit = page.textes(".portail-piece");
    assert_eq!(
        dit.iter().filter(|d| d.contains("aucun virus trouvé")).count(),
        2,
        "{dit:?}"
    );
    assert!(
        dit.iter().any(|d| d.starts_with("À remplacer") && d.contains(NOM)),
        "{dit:?}"
    );
    assert_eq!(page.compte(&format!("a[href='{}']", chemins::piece(id, convention))), 0);
    let ars = portail.connecte(Qui::ArsIdf).await;
    for (navigateur, adresse) in [
        (&a, chemins::piece(id, convention)),
        (&ars, chemins::instruction_piece(id, convention)),
    ] {
        let refus = navigateur.lire(&adresse).await;
        assert_eq!(
            (refus.statut, refus.texte("h1").as_str()),
            (403, "Cette pièce contient un virus")
        );
    }
    assert!(ars.page(&chemins::instruction_dossier(id)).await.tout().contains(NOM));
    // Taken back, the dossier lacks it again.
    a.enregistrer(&chemins::retrait_depot(id), &[("confirmation", "oui")])
        .await;
    let depot = crate::portail::dossier::tenter_le_depot(&a, id).await;
    assert_eq!(depot.statut, 422);
    assert!(depot.erreurs()[0].starts_with("REC-05 : "), "{:?}", depot.erreurs());
}
