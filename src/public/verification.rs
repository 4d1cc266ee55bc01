//! Verifies a deposit by its hash, without an account: that it exists, when it arrived and what became of it. Neither
//! its porteur nor its ESSMS. A hash cannot be guessed: whoever has it was given the accusé.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use crate::store::depots::{self, Verifie};
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::formulaire::{ErreurChamp, Saisie};
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::parametres::Parametres;
use crate::web::session::Visiteur;
use crate::web::vue::{Ligne, instant_exact};

/// Octets of a SHA-256.
const OCTETS: usize = 32;

/// The page.
#[derive(Template)]
#[template(path = "public/verification.html")]
pub struct Verification {
    habillage: Habillage,
    saisie: Saisie,
    action: &'static str,
    resultat: Option<Resultat>,
}

/// What is answered about a hash.
struct Resultat {
    empreinte: String,
    depot: Option<Trouve>,
}

/// A deposit found.
struct Trouve {
    intact: bool,
    etat: String,
    lignes: Vec<Ligne>,
}

/// The query of the form.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Demande {
    /// What was typed: a hash, or the address that an accusé gives.
    pub empreinte: Option<String>,
}

/// The hash within what was typed: 64 hexadecimal figures once spaces are taken out, or what ends an address.
fn lire(texte: &str) -> Option<Vec<u8>> {
    let fin = texte.trim().trim_end_matches('/').rsplit('/').next()?;
    let chiffres: Vec<u32> = fin
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '\u{200b}')
        .map(|c| c.to_digit(16))
        .collect::<Option<_>>()?;
    let octets = chiffres.chunks_exact(2).map(|c| u8::try_from(c[0] * 16 + c[1]).ok());
    let octets: Vec<u8> = octets.collect::<Option<_>>()?;
    (chiffres.len() == 2 * OCTETS).then_some(octets)
}

fn page(etat: &Etat, visiteur: &Visiteur, saisie: Saisie, resultat: Option<Resultat>) -> Verification {
    Verification {
        habillage: habiller(etat, visiteur, "Vérifier un dépôt")
            .retour(chemins::ACCUEIL, "Accueil")
            .erreurs(&saisie),
        saisie,
        action: chemins::VERIFICATION,
        resultat,
    }
}

/// Shows the form, or sends to the address of what was typed in it.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Parametres(demande): Parametres<Demande>,
) -> Response {
    let mut saisie = Saisie::vide();
    let Some(texte) = demande.empreinte else {
        return Page(StatusCode::OK, page(&etat, &visiteur, saisie, None)).into_response();
    };
    if let Some(sha256) = lire(&texte) {
        let adresse = chemins::verification(&crate::domain::texte::hexadecimal(&sha256));
        return Redirect::to(&adresse).into_response();
    }
    saisie.fixer("empreinte", texte);
    refuser(&mut saisie);
    Page(StatusCode::UNPROCESSABLE_ENTITY, page(&etat, &visiteur, saisie, None)).into_response()
}

fn refuser(saisie: &mut Saisie) {
    let motif = "recopiez les 64\u{a0}caractères de l’empreinte (chiffres, et lettres de a à f), ou l’adresse entière";
    saisie.refuser("empreinte", "Empreinte", &ErreurChamp::Motif(motif.to_owned()));
}

/// Says what is known of the deposit of this hash. The chain of hashes is computed anew.
///
/// # Errors
/// The database's.
pub async fn verifier(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Path(empreinte): Path<String>,
) -> Result<Response, Echec> {
    let mut saisie = Saisie::vide();
    saisie.fixer("empreinte", &empreinte);
    let Some(sha256) = lire(&empreinte) else {
        refuser(&mut saisie);
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page(&etat, &visiteur, saisie, None)).into_response());
    };
    let verifie = depots::verifier(&etat.pool, &sha256).await?;
    if let Some(v) = verifie.as_ref().filter(|v| !v.intact) {
        tracing::error!(depot.reference = %v.reference, depot.rang = v.rang, "a frozen deposit does not match its hash");
    }
    let statut = if verifie.is_some() {
        StatusCode::OK
    } else {
        StatusCode::NOT_FOUND
    };
    let resultat = Resultat {
        empreinte: crate::domain::texte::hexadecimal(&sha256),
        depot: verifie.map(|v| trouve(&etat, v)),
    };
    Ok(Page(statut, page(&etat, &visiteur, saisie, Some(resultat))).into_response())
}

fn trouve(etat: &Etat, v: Verifie) -> Trouve {
    let titre = etat
        .edition(&v.edition)
        .map_or(v.edition.as_str(), |e| e.titre.as_str());
    let (devenu, precision) = match (v.remplace_le, v.retire_le) {
        (Some(quand), _) => (
            "Remplacé",
            format!("par un dépôt plus récent, arrivé le {}", instant_exact(quand)),
        ),
        (None, Some(quand)) => ("Retiré", format!("par son porteur le {}", instant_exact(quand))),
        (None, None) => ("En vigueur", "c’est le dépôt que l’ARS examine".to_owned()),
    };
    let mut lignes = vec![
        Ligne::nouvelle("Référence du dossier", v.reference),
        Ligne::nouvelle("Appel à projets", titre),
        Ligne::nouvelle("Arrivé au serveur le", instant_exact(v.depose_le)),
        Ligne::nouvelle("Dépôt numéro", v.rang.to_string()),
        Ligne::nouvelle("Ce qu’il est devenu", format!("{devenu}\u{a0}: {precision}")),
    ];
    if v.fictif {
        lignes.push(Ligne::nouvelle("Nature", "Données fictives, d’une démonstration"));
    }
    Trouve {
        intact: v.intact,
        etat: devenu.to_owned(),
        lignes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_read_as_typed_as_pasted_from_the_pdf_or_within_its_address() {
        let empreinte = "0a".repeat(31) + "Ff";
        let attendu = [vec![0x0a; 31], vec![0xff]].concat();
        for texte in [
            empreinte.clone(),
            format!(" {}\n", empreinte.to_uppercase()),
            format!("{} {}", &empreinte[..16], &empreinte[16..]),
            format!("{}\u{200b}{}", &empreinte[..16], &empreinte[16..]),
            format!("https://portail.exemple.fr/verification/{empreinte}/"),
        ] {
            assert_eq!(lire(&texte), Some(attendu.clone()), "{texte}");
        }
    }

    #[test]
    fn what_is_no_hash_is_not_read_as_one() {
        for texte in [
            "",
            "/",
            &"0".repeat(63),
            &"0".repeat(65),
            &"g".repeat(64),
            &"é".repeat(64),
        ] {
            assert_eq!(lire(texte), None, "{texte}");
        }
    }
}
