//! What is sent to the simulateur: a form, with or without a file.

use axum::extract::multipart::Field;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header;
use sqlx::PgConnection;

use crate::documents::lecture::{self, OCTETS_AU_PLUS};
use crate::domain::dossier::esquisse::{NUMEROS, PROJET, TOUS};
use crate::simulation::ecarts::ecarts;
use crate::simulation::{Demande, en_texte};
use crate::store::esquisse::{charger, depuis, faits};
use crate::store::solution::lister_solutions;
use crate::web::acces::{AVEC_FICHIERS, FormulaireAnonyme, est_de_type};
use crate::web::echec::Echec;
use crate::web::erreur::Erreur;
use crate::web::esquisse;
use crate::web::etat::Etat;
use crate::web::formulaire::{ErreurChamp, Saisie};
use crate::web::tableur;

/// All the fields but the file: two hundred thousand numbers.
const CHAMPS_AU_PLUS: usize = 2 * 1024 * 1024;
/// Faults of a document told at once.
const FAUTES_DITES: usize = 10;

/// A form and its file.
pub struct Recu {
    /// The fields.
    pub saisie: Saisie,
    /// The file, if one was chosen.
    pub fichier: Option<Fichier>,
}

/// A file as it was sent.
pub struct Fichier {
    /// Its bytes; none when it is too big.
    octets: Option<Vec<u8>>,
}

impl FromRequest<Etat> for Recu {
    type Rejection = Echec;

    async fn from_request(requete: Request, etat: &Etat) -> Result<Self, Echec> {
        let genre = requete.headers().get(header::CONTENT_TYPE);
        if !genre.is_some_and(|g| est_de_type(g, AVEC_FICHIERS)) {
            let FormulaireAnonyme(saisie) = FormulaireAnonyme::from_request(requete, etat).await?;
            return Ok(Self { saisie, fichier: None });
        }
        let multipart = Multipart::from_request(requete, etat).await;
        recevoir(multipart.map_err(|_| Echec::Page(Erreur::Illisible))?).await
    }
}

async fn recevoir(mut multipart: Multipart) -> Result<Recu, Echec> {
    let illisible = |_| Echec::Page(Erreur::Illisible);
    let mut recu = Recu {
        saisie: Saisie::vide(),
        fichier: None,
    };
    let mut reste = CHAMPS_AU_PLUS;
    while let Some(champ) = multipart.next_field().await.map_err(illisible)? {
        let Some(nom) = champ.name().map(str::to_owned) else {
            continue;
        };
        if nom == "fichier" {
            let octets = octets(champ, OCTETS_AU_PLUS).await?;
            if octets.as_ref().is_none_or(|o| !o.is_empty()) {
                recu.fichier = Some(Fichier { octets });
            }
            continue;
        }
        let Some(lus) = octets(champ, reste).await? else {
            return Err(Erreur::TropVolumineux.into());
        };
        reste -= lus.len();
        recu.saisie.ajouter(nom, String::from_utf8_lossy(&lus));
    }
    Ok(recu)
}

/// The bytes of a field; none when there are too many. Read to the end all the same: a browser shows no page to who
/// closes on it.
async fn octets(mut champ: Field<'_>, au_plus: usize) -> Result<Option<Vec<u8>>, Echec> {
    let mut lus = Some(Vec::new());
    while let Some(morceau) = champ.chunk().await.map_err(|_| Echec::Page(Erreur::Illisible))? {
        lus = lus.filter(|l| l.len() + morceau.len() <= au_plus).map(|mut l| {
            l.extend_from_slice(&morceau);
            l
        });
    }
    Ok(lus)
}

/// Puts in the form what a file says: all of it for a document of the API, its lines for a table or a text. Gives what a
/// document says and the form does not take.
///
/// # Errors
/// The database's.
pub async fn lire_fichier(
    conn: &mut PgConnection,
    etat: &Etat,
    saisie: &mut Saisie,
    fichier: Fichier,
) -> Result<Vec<String>, Echec> {
    let Some(octets) = fichier.octets else {
        saisie.refuser("fichier", "Fichier", &ErreurChamp::FichierTropGros { max_mo: 5 });
        return Ok(Vec::new());
    };
    let debut = octets
        .iter()
        .find(|o| !o.is_ascii_whitespace() && !b"\xEF\xBB\xBF".contains(o));
    if debut == Some(&b'{') {
        return lire_document(conn, etat, saisie, &octets).await;
    }
    let lu = tableur::decoder(move || lecture::lignes(&octets)).await?;
    // A file that says too much is not poured into the form: it stays whole where it is.
    let borne = lu.map_err(|illisible| illisible.to_string()).and_then(|lignes| {
        let texte = lignes.join("\n");
        esquisse::borner(&texte).refus.map_or(Ok(texte), Err)
    });
    match borne {
        Ok(texte) => saisie.ajouter(NUMEROS, texte),
        Err(motif) => saisie.refuser("fichier", "Fichier", &ErreurChamp::Motif(motif)),
    }
    Ok(Vec::new())
}

/// Whether something was answered in the form: a document, which answers everything, would take its place.
fn repondue(saisie: &Saisie) -> bool {
    let reponse = |nom: &str| {
        let prefixe = nom.split_once('-').map(|(prefixe, _)| prefixe);
        nom == NUMEROS || nom == "ajouter" || matches!(prefixe, Some(PROJET | TOUS))
    };
    saisie
        .paires()
        .any(|(nom, valeur)| reponse(nom) && !valeur.trim().is_empty())
}

async fn lire_document(
    conn: &mut PgConnection,
    etat: &Etat,
    saisie: &mut Saisie,
    octets: &[u8],
) -> Result<Vec<String>, Echec> {
    let texte = octets.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(octets);
    match en_texte(texte).and_then(|texte| Demande::lire(texte, &etat.editions)) {
        Ok(_) if repondue(saisie) => {
            let motif = "une simulation enregistrée remplace tout le formulaire\u{a0}: choisissez entre ce fichier et vos \
                         réponses, qu’il faut vider pour l’ouvrir";
            saisie.refuser("fichier", "Fichier", &ErreurChamp::Motif(motif.to_owned()));
        }
        Ok(demande) => {
            let solutions = lister_solutions(&mut *conn).await?;
            let esquisse = depuis(&demande.code_edition, &demande.faits, &solutions);
            let contexte = charger(conn, &esquisse.numeros).await?;
            *saisie = Saisie::depuis_paires(esquisse.champs());
            let repris = faits(&contexte, &esquisse, etat.horloge.maintenant());
            return Ok(ecarts(&demande.faits, &repris));
        }
        Err(erreurs) => {
            for faute in erreurs.erreurs.iter().take(FAUTES_DITES) {
                let ou = if faute.chemin.is_empty() {
                    String::new()
                } else {
                    format!("{}, ", faute.chemin)
                };
                let motif = format!("{ou}{}", faute.message);
                saisie.refuser("fichier", "Fichier", &ErreurChamp::Motif(motif));
            }
        }
    }
    Ok(Vec::new())
}
