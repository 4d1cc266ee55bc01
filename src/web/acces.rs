//! Extractors: a handler asks for who or what it may touch, and is not reached without it.

use axum::RequestExt as _;
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, Uri, header};
use axum::response::IntoResponse;
use futures_util::StreamExt as _;
use uuid::Uuid;

use super::chemins;
use super::echec::Echec;
use super::erreur::Erreur;
use super::etat::Etat;
use super::formulaire::{CHAMP_CSRF, Saisie};
use super::reprise::Reprise;
use super::session::{self, Arrivee, Visiteur};
use crate::domain::compte::Compte;
use crate::domain::finess::Finess;
use crate::store::acces::modele::{self, ModeleInstruit};
use crate::store::acces::organisme::{self, DemandeATraiter, MembreGere, OrganismeGere};
use crate::store::acces::partage::{self, InvitationRecue};
use crate::store::acces::webinaire::{self, Organisation, WebinaireGere};
use crate::store::acces::{
    self, DossierDeposable, DossierInstruit, DossierLisible, DossierModifiable, DossierNonDepose, DossierPartage,
    DossierPorte, DossierRetirable, DossierSigne, EspaceOg, FaitsModifiables,
};

impl<S: Send + Sync> FromRequestParts<S> for Visiteur {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

impl FromRequestParts<Etat> for Arrivee {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, etat: &Etat) -> Result<Self, Self::Rejection> {
        let notee = parts.extensions.get::<Self>().copied();
        Ok(notee.unwrap_or_else(|| Self(etat.horloge.maintenant())))
    }
}

/// Somebody logged in; a visitor is sent to the log-in page, and back.
pub struct Connecte(pub Compte);

impl<S: Send + Sync> FromRequestParts<S> for Connecte {
    type Rejection = Echec;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Echec> {
        compte(parts).map(Self)
    }
}

fn compte(parts: &Parts) -> Result<Compte, Echec> {
    let visiteur = parts.extensions.get::<Visiteur>();
    visiteur
        .and_then(Visiteur::compte)
        .cloned()
        .ok_or_else(|| Echec::Connexion(connexion_puis(&parts.method, &parts.uri, &parts.headers)))
}

/// Type of a form without files.
const FORMULAIRE: &str = "application/x-www-form-urlencoded";
/// Type of a form with files.
pub const AVEC_FICHIERS: &str = "multipart/form-data";

/// Whether a header names this type, whatever its case and its parameters.
pub fn est_de_type(entete: &HeaderValue, genre: &str) -> bool {
    let texte = entete.to_str().unwrap_or_default();
    let dit = texte.split(';').next().unwrap_or_default();
    dit.trim().eq_ignore_ascii_case(genre)
}

/// What a visitor is answered where one has to be logged in: the log-in page, then back to the page asked
/// for, or to the page whose form was posted. A form is kept meanwhile; files are not, and the page says it.
pub async fn connexion_d_abord(requete: Request) -> Echec {
    let connexion = connexion_puis(requete.method(), requete.uri(), requete.headers());
    let [fichiers, formulaire] = [AVEC_FICHIERS, FORMULAIRE].map(|sorte| poste(&requete, sorte));
    if fichiers {
        // Such a form is sent to the address of its own page.
        let page = chemins::fait(requete.uri().path(), chemins::FICHIER_NON_RECU);
        ecouler(requete).await;
        return Echec::Connexion(connexion_vers(&page));
    }
    if !formulaire {
        return Echec::Connexion(connexion);
    }
    let chemin = requete.uri().path().to_owned();
    match FormulaireAnonyme::from_request(requete, &()).await {
        Ok(FormulaireAnonyme(saisie)) => {
            Reprise::nouvelle(chemin, &saisie).map_or(Echec::Connexion(connexion), Echec::Reprise)
        }
        Err(echec) => echec,
    }
}

/// Whether a request posts a form of this type.
fn poste(requete: &Request, sorte: &str) -> bool {
    let genre = requete.headers().get(header::CONTENT_TYPE);
    requete.method() == Method::POST && genre.is_some_and(|g| est_de_type(g, sorte))
}

/// Reads what is sent to its end and keeps nothing of it: a browser shows no page to who closes on it.
async fn ecouler(requete: Request) {
    let mut morceaux = requete.with_limited_body().into_body().into_data_stream();
    while let Some(Ok(_)) = morceaux.next().await {}
}

/// The log-in page, with where to come back to.
fn connexion_puis(methode: &Method, adresse: &Uri, entetes: &HeaderMap) -> String {
    if methode == Method::GET {
        return connexion_vers(adresse.path());
    }
    let page = entetes.get(header::REFERER).and_then(|r| r.to_str().ok());
    connexion_vers(page.and_then(chemin_de).unwrap_or(chemins::ACCUEIL))
}

fn connexion_vers(page: &str) -> String {
    chemins::avec_parametres(chemins::CONNEXION, &[("retour", page)])
}

/// The path of an absolute address, without its query.
fn chemin_de(adresse: &str) -> Option<&str> {
    let (_, reste) = adresse.split_once("://")?;
    let chemin = &reste[reste.find('/')?..];
    chemin.split(['?', '#']).next()
}

async fn identifiant<S: Send + Sync>(parts: &mut Parts, etat: &S, nom: &str) -> Result<Uuid, Echec> {
    let parametres = RawPathParams::from_request_parts(parts, etat)
        .await
        .map_err(|_| Echec::introuvable())?;
    parametres
        .iter()
        .find(|(cle, _)| *cle == nom)
        .and_then(|(_, valeur)| Uuid::parse_str(valeur).ok())
        .ok_or_else(Echec::introuvable)
}

/// Each capability is extracted the same way: the account of the session, the number in the path,
/// one scoped SELECT.
macro_rules! capacite {
    ($($type:ident par $fonction:ident;)+) => {
        $(impl FromRequestParts<Etat> for $type {
            type Rejection = Echec;

            async fn from_request_parts(parts: &mut Parts, etat: &Etat) -> Result<Self, Echec> {
                let compte = compte(parts)?;
                let dossier = identifiant(parts, etat, "dossier").await?;
                Ok(acces::$fonction(&etat.pool, &compte, dossier).await?)
            }
        })+
    };
}

capacite! {
    DossierLisible par lisible;
    DossierPorte par porte;
    DossierModifiable par modifiable;
    DossierNonDepose par non_depose;
    DossierDeposable par deposable;
    DossierRetirable par retirable;
    DossierSigne par signe;
    FaitsModifiables par faits_modifiables;
    DossierPartage par partage;
    DossierInstruit par instruit;
}

impl FromRequestParts<Etat> for InvitationRecue {
    type Rejection = Echec;

    async fn from_request_parts(parts: &mut Parts, etat: &Etat) -> Result<Self, Echec> {
        let dossier = identifiant(parts, etat, "dossier").await?;
        Ok(partage::invitation(&etat.pool, &compte(parts)?, dossier).await?)
    }
}

impl FromRequestParts<Etat> for ModeleInstruit {
    type Rejection = Echec;

    async fn from_request_parts(parts: &mut Parts, etat: &Etat) -> Result<Self, Echec> {
        let id = identifiant(parts, etat, "modele").await?;
        Ok(modele::instruit(&etat.pool, &compte(parts)?, id).await?)
    }
}

impl FromRequestParts<Etat> for EspaceOg {
    type Rejection = Echec;

    async fn from_request_parts(parts: &mut Parts, _: &Etat) -> Result<Self, Echec> {
        Ok(acces::espace_og(&compte(parts)?)?)
    }
}

/// The ESSMS named in the path.
pub struct NumeroEssms(pub Finess);

impl FromRequestParts<Etat> for NumeroEssms {
    type Rejection = Echec;

    async fn from_request_parts(parts: &mut Parts, etat: &Etat) -> Result<Self, Echec> {
        finess(parts, etat, "finess").await.map(Self)
    }
}

/// The OG named in the path.
pub struct NumeroDOrganisme(pub Finess);

impl FromRequestParts<Etat> for NumeroDOrganisme {
    type Rejection = Echec;

    async fn from_request_parts(parts: &mut Parts, etat: &Etat) -> Result<Self, Echec> {
        finess(parts, etat, "og").await.map(Self)
    }
}

async fn finess(parts: &mut Parts, etat: &Etat, nom: &str) -> Result<Finess, Echec> {
    let parametres = RawPathParams::from_request_parts(parts, etat)
        .await
        .map_err(|_| Echec::introuvable())?;
    let numero = parametres.iter().find(|(cle, _)| *cle == nom);
    numero
        .and_then(|(_, texte)| Finess::parse(texte).ok())
        .ok_or_else(Echec::introuvable)
}

impl FromRequestParts<Etat> for OrganismeGere {
    type Rejection = Echec;

    async fn from_request_parts(parts: &mut Parts, _: &Etat) -> Result<Self, Echec> {
        Ok(organisme::gere(&compte(parts)?)?)
    }
}

impl FromRequestParts<Etat> for MembreGere {
    type Rejection = Echec;

    async fn from_request_parts(parts: &mut Parts, etat: &Etat) -> Result<Self, Echec> {
        let id = identifiant(parts, etat, "membre").await?;
        Ok(organisme::membre(&etat.pool, &compte(parts)?, id).await?)
    }
}

impl FromRequestParts<Etat> for DemandeATraiter {
    type Rejection = Echec;

    async fn from_request_parts(parts: &mut Parts, etat: &Etat) -> Result<Self, Echec> {
        let id = identifiant(parts, etat, "demande").await?;
        Ok(organisme::demande(&etat.pool, &compte(parts)?, id, etat.horloge.maintenant()).await?)
    }
}

impl FromRequestParts<Etat> for WebinaireGere {
    type Rejection = Echec;

    async fn from_request_parts(parts: &mut Parts, etat: &Etat) -> Result<Self, Echec> {
        let id = identifiant(parts, etat, "webinaire").await?;
        Ok(webinaire::gere(&etat.pool, &compte(parts)?, id).await?)
    }
}

impl FromRequestParts<Etat> for Organisation {
    type Rejection = Echec;

    async fn from_request_parts(parts: &mut Parts, _: &Etat) -> Result<Self, Echec> {
        Ok(webinaire::organisation(&compte(parts)?)?)
    }
}

/// The one-time token named in the path.
pub struct Jeton(pub String);

impl FromRequestParts<Etat> for Jeton {
    type Rejection = Echec;

    async fn from_request_parts(parts: &mut Parts, etat: &Etat) -> Result<Self, Echec> {
        let parametres = RawPathParams::from_request_parts(parts, etat).await;
        let jeton = parametres.ok().and_then(|p| {
            let trouve = p.iter().find(|(nom, _)| *nom == "cle");
            trouve.map(|(_, valeur)| valeur.to_owned())
        });
        jeton.map(Self).ok_or_else(Echec::introuvable)
    }
}

impl Jeton {
    /// What the database keeps of it.
    pub fn cle(&self) -> Vec<u8> {
        session::cle(&self.0)
    }
}

/// Identifiers named in the path; what is no identifier is a page that does not exist.
macro_rules! numero {
    ($($(#[$doc:meta])* $type:ident = $nom:literal;)+) => { $(
        $(#[$doc])*
        pub struct $type(pub Uuid);

        impl FromRequestParts<Etat> for $type {
            type Rejection = Echec;

            async fn from_request_parts(parts: &mut Parts, etat: &Etat) -> Result<Self, Echec> {
                identifiant(parts, etat, $nom).await.map(Self)
            }
        }
    )+ };
}

numero! {
    /// The comment named in the path.
    NumeroDeCommentaire = "commentaire";
    /// The model named in the path.
    NumeroDeModele = "modele";
    /// The piece named in the path.
    NumeroDePiece = "piece";
    /// The invitation named in the path.
    NumeroDInvitation = "invitation";
    /// The mail named in the path.
    NumeroDeCourriel = "courriel";
    /// The webinar named in the path.
    NumeroDeWebinaire = "webinaire";
    /// The registration for a webinar named in the path.
    NumeroDInscription = "inscription";
    /// The token of a link of unsubscription.
    JetonDeDesabonnement = "jeton";
}

/// A form of this portal, as typed, whose anti-forgery token is right.
pub struct Formulaire(pub Saisie);

impl FromRequest<Etat> for Formulaire {
    type Rejection = Echec;

    async fn from_request(requete: Request, etat: &Etat) -> Result<Self, Echec> {
        let visiteur = requete.extensions().get::<Visiteur>().cloned().unwrap_or_default();
        let chemin = requete.uri().path().to_owned();
        let FormulaireAnonyme(saisie) = FormulaireAnonyme::from_request(requete, etat).await?;
        if !visiteur.jeton_valable(saisie.valeur(CHAMP_CSRF)) {
            let expire = || Erreur::FormulaireExpire.into();
            return Err(Reprise::nouvelle(chemin, &saisie).map_or_else(expire, Echec::Reprise));
        }
        Ok(Self(saisie))
    }
}

/// A form sent before anybody is logged in: there is no token yet, the `Origin` layer stands alone. What is of another
/// type is refused unread: the room made for files is not for a form.
pub struct FormulaireAnonyme(pub Saisie);

impl<S: Send + Sync> FromRequest<S> for FormulaireAnonyme {
    type Rejection = Echec;

    async fn from_request(requete: Request, etat: &S) -> Result<Self, Echec> {
        let genre = requete.headers().get(header::CONTENT_TYPE);
        if !genre.is_some_and(|g| est_de_type(g, FORMULAIRE)) {
            return Err(Erreur::TypeInattendu.into());
        }
        let octets = axum::body::Bytes::from_request(requete, etat).await.map_err(|refus| {
            let statut = refus.into_response().status();
            Echec::Page(if statut == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
                Erreur::TropVolumineux
            } else {
                Erreur::Illisible
            })
        })?;
        Ok(Self(Saisie::depuis_paires(
            form_urlencoded::parse(&octets).map(|(n, v)| (n.into_owned(), v.into_owned())),
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn retour(methode: &str, chemin: &str, referent: Option<&str>) -> String {
        let mut requete = Request::builder().method(methode).uri(chemin);
        if let Some(referent) = referent {
            requete = requete.header(header::REFERER, referent);
        }
        let requete = requete.body(()).unwrap();
        connexion_puis(requete.method(), requete.uri(), requete.headers())
    }

    #[test]
    fn one_comes_back_to_the_page_asked_for_or_to_the_page_of_the_form() {
        assert_eq!(retour("GET", "/porteur", None), "/connexion?retour=%2Fporteur");
        let page = "http://portail.example/porteur/dossiers/1/grappe?q=a";
        assert_eq!(
            retour("POST", "/x/coller", Some(page)),
            "/connexion?retour=%2Fporteur%2Fdossiers%2F1%2Fgrappe"
        );
        assert_eq!(retour("POST", "/x/coller", None), "/connexion?retour=%2F");
        assert_eq!(
            retour("POST", "/x/coller", Some("n’importe quoi")),
            "/connexion?retour=%2F"
        );
    }
}
