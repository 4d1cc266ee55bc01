//! A piece on its way in: read whole within a bound, known by its content rather than by its name.

use axum::extract::Multipart;
use axum::extract::multipart::Field;

use crate::domain::nomenclature::Liste;
use crate::rules::edition::{Contenu, Piece as PieceDeLEdition};
use crate::web::echec::Echec;
use crate::web::erreur::Erreur;
use crate::web::formulaire::{CHAMP_CSRF, ErreurChamp, Saisie};
use crate::web::session::Visiteur;

/// A scanned convention of fifty pages weighs less.
const TAILLE_MAX_MO: u64 = 10;
const TAILLE_MAX: usize = 10_000_000;
/// File systems stop at 255 octets.
const NOM_AU_PLUS: usize = 200;

/// The formats that a piece may have, in words.
pub fn formats(piece: &PieceDeLEdition) -> String {
    piece
        .contenus
        .iter()
        .map(|c| c.libelle())
        .collect::<Vec<_>>()
        .join(", ")
}

/// What was sent, read whole: bounded, so that it fits in memory.
pub struct Envoi {
    /// The other fields.
    pub saisie: Saisie,
    /// Name of the file, without folders.
    pub nom: String,
    /// Its bytes; none when it is too big.
    pub octets: Vec<u8>,
    /// Whether it is bigger than a piece may be.
    pub trop_gros: bool,
}

/// Reads the form and its file.
///
/// # Errors
/// A body cut short; a form without its token.
pub async fn recevoir(mut multipart: Multipart, visiteur: &Visiteur) -> Result<Envoi, Echec> {
    let illisible = |_| Echec::Page(Erreur::Illisible);
    let mut envoi = Envoi {
        saisie: Saisie::vide(),
        nom: String::new(),
        octets: Vec::new(),
        trop_gros: false,
    };
    while let Some(champ) = multipart.next_field().await.map_err(illisible)? {
        match champ.name() {
            // The token comes first in our form: without it not one octet of the file is read.
            Some("fichier") if !visiteur.jeton_valable(envoi.saisie.valeur(CHAMP_CSRF)) => {
                return Err(Erreur::FormulaireExpire.into());
            }
            Some("fichier") => recevoir_fichier(champ, &mut envoi).await?,
            Some(nom) => {
                let nom = nom.to_owned();
                let valeur = champ.text().await.map_err(illisible)?;
                envoi.saisie.ajouter(nom, valeur);
            }
            None => {}
        }
    }
    if !visiteur.jeton_valable(envoi.saisie.valeur(CHAMP_CSRF)) {
        return Err(Erreur::FormulaireExpire.into());
    }
    Ok(envoi)
}

async fn recevoir_fichier(mut champ: Field<'_>, envoi: &mut Envoi) -> Result<(), Echec> {
    let nom = champ
        .file_name()
        .unwrap_or_default()
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or_default();
    envoi.nom = nom.chars().filter(|c| !c.is_control()).take(NOM_AU_PLUS).collect();
    while let Some(morceau) = champ.chunk().await.map_err(|_| Echec::Page(Erreur::Illisible))? {
        if envoi.octets.len() + morceau.len() > TAILLE_MAX {
            // Read to the end all the same: a browser shows no page to who closes on it.
            envoi.trop_gros = true;
            envoi.octets.clear();
        }
        if !envoi.trop_gros {
            envoi.octets.extend_from_slice(&morceau);
        }
    }
    Ok(())
}

/// What the content really is, among the kinds that pieces may be.
pub fn contenu_reel(octets: &[u8]) -> Option<(Contenu, &'static str)> {
    let nature = infer::get(octets)?;
    let contenu = match nature.extension() {
        "pdf" => Contenu::Pdf,
        "docx" => Contenu::Docx,
        "odt" => Contenu::Odt,
        "xlsx" => Contenu::Xlsx,
        "ods" => Contenu::Ods,
        "jpg" => Contenu::Jpeg,
        "png" => Contenu::Png,
        _ => return None,
    };
    Some((contenu, nature.mime_type()))
}

/// Why the file cannot be the piece wanted.
pub fn faute_du_fichier(
    voulue: Option<&PieceDeLEdition>,
    nom: &str,
    octets: &[u8],
    trop_gros: bool,
    reel: Option<(Contenu, &str)>,
) -> Option<ErreurChamp> {
    if trop_gros {
        return Some(ErreurChamp::FichierTropGros { max_mo: TAILLE_MAX_MO });
    }
    if nom.is_empty() {
        return Some(ErreurChamp::Motif("choisissez un fichier".into()));
    }
    if octets.is_empty() {
        return Some(ErreurChamp::FichierVide);
    }
    let voulue = voulue?;
    let accepte = reel.is_some_and(|(contenu, _)| voulue.contenus.contains(&contenu));
    (!accepte).then(|| ErreurChamp::FichierType {
        acceptes: formats(voulue),
    })
}
