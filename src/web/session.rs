//! Sessions and anti-forgery tokens: an opaque token in a cookie, its SHA-256 in the database.

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use subtle::ConstantTimeEq;

use super::agent::famille;
use super::chemins;
use super::echec::Echec;
use super::entames::{self, Entame};
use super::etat::Etat;
use crate::domain::compte::Compte;
use crate::store::sessions::{self, NouvelleSession, Ouverte, Session};

/// A working day away from the desk closes the session.
const INACTIVITE: TimeDelta = TimeDelta::hours(8);
/// However busy, a session is opened anew each week.
const DUREE: TimeDelta = TimeDelta::days(7);
/// A request notes that the session is in use at most this often: a read stays a read.
const GRAIN: TimeDelta = TimeDelta::minutes(5);
/// 256 bits: nobody guesses it.
const OCTETS: usize = 32;

/// Who sends the request, as far as the cookie tells.
#[derive(Clone, Default)]
pub struct Visiteur {
    /// The open session, if there is one.
    pub session: Option<Session>,
    cle: Option<Vec<u8>>,
    /// Comes back from the log-in, having sent a file whose session had ended.
    pub fichier_non_recu: bool,
}

impl Visiteur {
    /// The account logged in.
    pub fn compte(&self) -> Option<&Compte> {
        self.session.as_ref().map(|s| &s.compte)
    }

    /// Whether a second factor was shown.
    pub fn forte(&self) -> bool {
        self.session.as_ref().is_some_and(|s| s.forte)
    }

    /// What the database keeps of the session's token; empty without session.
    pub fn cle(&self) -> &[u8] {
        self.cle.as_deref().unwrap_or_default()
    }

    /// The anti-forgery token of a page, masked anew so that compression cannot leak it; empty without session.
    pub fn jeton_csrf(&self) -> String {
        self.session
            .as_ref()
            .map(|s| masquer(&s.jeton_csrf))
            .unwrap_or_default()
    }

    /// Whether a form carries this session's token.
    pub fn jeton_valable(&self, envoye: &str) -> bool {
        let Some(session) = &self.session else { return false };
        demasquer(envoye).is_some_and(|jeton| bool::from(jeton.ct_eq(&session.jeton_csrf)))
    }
}

/// What was shown to log in, beyond the first factor.
#[derive(Debug, Default)]
pub struct Preuves {
    /// Whether a second factor was shown, to the portal or to the identity provider.
    pub forte: bool,
    /// The provider's identity token, when it vouched for the log-in.
    pub jeton_identite: Option<String>,
}

/// A token for a link of a mail, and what the database keeps of it.
///
/// # Errors
/// The system's, without randomness.
pub fn jeton() -> Result<(String, Vec<u8>), Echec> {
    let jeton = URL_SAFE_NO_PAD.encode(alea()?);
    let cle = cle(&jeton);
    Ok((jeton, cle))
}

fn alea() -> Result<[u8; OCTETS], Echec> {
    let mut octets = [0; OCTETS];
    getrandom::fill(&mut octets).map_err(|e| Echec::interne(format!("no randomness: {e}")))?;
    Ok(octets)
}

fn masquer(jeton: &[u8]) -> String {
    // Without randomness the token goes out under a null mask: still a token.
    let masque = alea().unwrap_or([0; OCTETS]);
    let mut octets = masque.to_vec();
    octets.extend(jeton.iter().zip(masque).map(|(j, m)| j ^ m));
    URL_SAFE_NO_PAD.encode(octets)
}

fn demasquer(envoye: &str) -> Option<Vec<u8>> {
    let octets = URL_SAFE_NO_PAD.decode(envoye).ok()?;
    let (masque, cache) = octets.split_at_checked(OCTETS)?;
    (cache.len() == OCTETS).then(|| masque.iter().zip(cache).map(|(m, j)| m ^ j).collect())
}

fn nom_du_cookie(etat: &Etat) -> &'static str {
    if etat.cookies_surs { "__Host-session" } else { "session" }
}

/// What the database keeps of a token: its SHA-256.
pub fn cle(jeton: &str) -> Vec<u8> {
    Sha256::digest(jeton.as_bytes()).to_vec()
}

/// When the request reached the server, by its clock: the instant that decides whether a deposit is in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrivee(pub DateTime<Utc>);

/// Layer: notes the [`Arrivee`], reads the cookie, puts a [`Visiteur`] in the request.
///
/// # Errors
/// The database's.
pub async fn reconnaitre(
    State(etat): State<Etat>,
    jar: CookieJar,
    mut requete: Request,
    suite: Next,
) -> Result<Response, Echec> {
    // Before anything is waited for: who sends a deposit does not answer for how long the portal takes to read it.
    let arrivee = etat.horloge.maintenant();
    requete.extensions_mut().insert(Arrivee(arrivee));
    let jeton = jar.get(nom_du_cookie(&etat)).map(Cookie::value);
    let entame = jeton.and_then(|jeton| entames::Cle::de(&requete, jeton));
    if let Some(cle) = &entame {
        let debut = etat.entames.arriver(cle, arrivee);
        requete.extensions_mut().insert(Entame(Some(debut)));
    }
    let mut visiteur = visiteur(&etat, jeton).await?;
    visiteur.fichier_non_recu = requete.uri().query().is_some_and(chemins::dit_fichier_non_recu);
    requete.extensions_mut().insert(visiteur);
    let reponse = suite.run(requete).await;
    if let Some(cle) = entame
        && !reponse.status().is_server_error()
    {
        etat.entames.repondre(&cle);
    }
    Ok(reponse)
}

async fn visiteur(etat: &Etat, jeton: Option<&str>) -> Result<Visiteur, Echec> {
    let Some(jeton) = jeton else {
        return Ok(Visiteur::default());
    };
    let cle = cle(jeton);
    let maintenant = etat.horloge.maintenant();
    let mut conn = etat.pool.acquire().await?;
    let session = sessions::load(&mut conn, &cle, maintenant, maintenant - INACTIVITE).await?;
    if session.as_ref().is_some_and(|s| maintenant - s.vue_le > GRAIN) {
        sessions::toucher(&mut conn, &cle, maintenant).await?;
    }
    Ok(Visiteur {
        cle: session.is_some().then_some(cle),
        session,
        fichier_non_recu: false,
    })
}

/// Opens a session for this account: its cookie, to go out with the response, and who the browser now is.
/// Whatever session the browser had is closed: a token never survives a log-in.
///
/// # Errors
/// The database's.
pub async fn ouvrir(
    conn: &mut PgConnection,
    etat: &Etat,
    ancien: &Visiteur,
    compte: &Compte,
    preuves: &Preuves,
    entetes: &HeaderMap,
) -> Result<(Cookie<'static>, Visiteur), Echec> {
    fermer(conn, ancien).await?;
    let (jeton, cle) = jeton()?;
    let maintenant = etat.horloge.maintenant();
    let jeton_csrf = alea()?;
    let nouvelle = NouvelleSession {
        cle: &cle,
        compte: compte.id,
        jeton_csrf: &jeton_csrf,
        navigateur: &famille(entetes),
        forte: preuves.forte,
        jeton_identite: preuves.jeton_identite.as_deref(),
        expire_le: maintenant + DUREE,
    };
    sessions::create(conn, &nouvelle, maintenant).await?;
    let session = Session {
        compte: compte.clone(),
        jeton_csrf: jeton_csrf.to_vec(),
        vue_le: maintenant,
        forte: preuves.forte,
    };
    let visiteur = Visiteur {
        session: Some(session),
        cle: Some(cle),
        fichier_non_recu: false,
    };
    Ok((cookie(etat, jeton), visiteur))
}

/// Closes the visitor's session.
///
/// # Errors
/// The database's.
pub async fn fermer(conn: &mut PgConnection, visiteur: &Visiteur) -> Result<(), Echec> {
    if let Some(cle) = &visiteur.cle {
        sessions::delete(conn, cle).await?;
    }
    Ok(())
}

/// The sessions of the visitor's account that are still good.
///
/// # Errors
/// The database's.
pub async fn lister(conn: &mut PgConnection, etat: &Etat, visiteur: &Visiteur) -> Result<Vec<Ouverte>, Echec> {
    let Some(compte) = visiteur.compte() else {
        return Ok(Vec::new());
    };
    let maintenant = etat.horloge.maintenant();
    let cle = visiteur.cle.as_deref().unwrap_or_default();
    Ok(sessions::list(conn, compte.id, cle, maintenant, maintenant - INACTIVITE).await?)
}

/// Closes the other sessions of the visitor's account.
///
/// # Errors
/// The database's.
pub async fn fermer_les_autres(conn: &mut PgConnection, visiteur: &Visiteur) -> Result<(), Echec> {
    if let (Some(compte), Some(cle)) = (visiteur.compte(), &visiteur.cle) {
        sessions::delete_autres(conn, compte.id, cle).await?;
    }
    Ok(())
}

fn cookie(etat: &Etat, jeton: String) -> Cookie<'static> {
    Cookie::build((nom_du_cookie(etat), jeton))
        .path("/")
        .http_only(true)
        .secure(etat.cookies_surs)
        .same_site(SameSite::Lax)
        .build()
}

/// A cookie that makes the browser forget the session.
pub fn cookie_oublie(etat: &Etat) -> Cookie<'static> {
    let mut cookie = cookie(etat, String::new());
    cookie.make_removal();
    cookie
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_masked_anew_and_read_back() {
        let jeton = [7; OCTETS];
        let (un, deux) = (masquer(&jeton), masquer(&jeton));
        assert_ne!(un, deux);
        assert_eq!(demasquer(&un), Some(jeton.to_vec()));
        assert_eq!(demasquer(&deux), Some(jeton.to_vec()));
    }

    #[test]
    fn a_mangled_token_is_no_token() {
        for faux in ["", "abc", "é", &"A".repeat(85), &"A".repeat(200)] {
            assert_eq!(demasquer(faux), None, "{faux}");
        }
    }
}
