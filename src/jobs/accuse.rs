//! The accusé de réception as PDF, from the frozen deposit: for the page that downloads it and for the mail it is
//! attached to.

use crate::documents::accuse::{Accuse, ecrire};
use crate::domain::dossier::fige::{Contenu, PieceFigee};
use crate::domain::texte::hexadecimal;
use crate::store::depots::Depot;
use crate::web::chemins;
use crate::web::etat::Etat;
use crate::web::vue::instant_exact;

/// Name of the file.
pub fn nom_du_fichier(reference: &str, rang: i32) -> String {
    format!("accuse-{reference}-depot-{rang}.pdf")
}

/// The octets of the PDF, made beside the threads that answer requests.
///
/// # Errors
/// A document that cannot be made.
pub async fn rendre(etat: &Etat, depot: &Depot, contenu: Contenu) -> anyhow::Result<Vec<u8>> {
    let accuse = donnees(etat, depot, contenu);
    Ok(tokio::task::spawn_blocking(move || ecrire(&accuse)).await??)
}

fn donnees(etat: &Etat, depot: &Depot, contenu: Contenu) -> Accuse {
    let edition = etat.edition(&contenu.edition);
    let titre = edition.map_or(contenu.edition.as_str(), |e| e.titre.as_str());
    let ligne = |cle: &str, valeur: String| (cle.to_owned(), valeur);
    let lignes = vec![
        ligne("Référence", contenu.reference.clone()),
        ligne("Dossier", contenu.nom),
        ligne(
            "Porteur",
            match contenu.porteur_nom {
                Some(nom) => format!("{nom} (FINESS {})", contenu.porteur),
                None => format!("FINESS {}", contenu.porteur),
            },
        ),
        ligne(
            "Appel à projets",
            format!("{titre} (règles en version {})", depot.edition_version),
        ),
        ligne("Arrivé au serveur le", instant_exact(depot.depose_le)),
        ligne("Signé par", contenu.depose_par),
        ligne("Dépôt numéro", depot.rang.to_string()),
        ligne("ESSMS dans la grappe", contenu.essms.len().to_string()),
    ];
    let piece = |p: PieceFigee| {
        let demandee = edition.and_then(|e| e.pieces.iter().find(|d| d.code == p.type_piece));
        (demandee.map_or(p.type_piece, |d| d.libelle.clone()), p.nom, p.sha256)
    };
    let empreinte = hexadecimal(&depot.sha256);
    Accuse {
        reference: contenu.reference,
        lignes,
        verification: format!(
            "{}{}",
            etat.courrier.adresse_publique,
            chemins::verification(&empreinte)
        ),
        empreinte,
        precedent: contenu.precedent,
        pieces: contenu.pieces.into_iter().map(piece).collect(),
        fictif: depot.fictif,
        depose_le: depot.depose_le,
    }
}
