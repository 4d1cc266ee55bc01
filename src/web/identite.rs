//! An identity provider (`OpenID` Connect, as `ProConnect` speaks it): where it sends people, who it says they are.
//!
//! Its description and its keys are read at each log-in: logging in is rare, and a stale key would lock people out.

use std::pin::Pin;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreUserInfoClaims};
use openidconnect::url::Url;
use openidconnect::{
    AccessTokenHash, AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest, HttpResponse, IssuerUrl,
    LogoutRequest, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, PostLogoutRedirectUrl,
    ProviderMetadataWithLogout, RedirectUrl, Scope, TokenResponse,
};
use secrecy::{ExposeSecret, SecretString};

use super::chemins;
use crate::store::identites::Voyage;

/// How long the provider may take to answer a request.
const DELAI: Duration = Duration::from_secs(10);
/// Asked of the identity token: how the person was authenticated.
const CLAIMS: &str = r#"{"id_token":{"amr":null}}"#;
/// What `amr` holds when several factors were shown (RFC 8176).
const PLUSIEURS_FACTEURS: &str = "mfa";

/// An identity provider.
#[derive(Debug)]
pub struct Fournisseur {
    /// What people call it.
    pub nom: String,
    emetteur: IssuerUrl,
    client: ClientId,
    secret: SecretString,
    accueil: String,
    /// Whether an address that the provider says nothing of was checked by it.
    courriels_verifies: bool,
    http: reqwest::Client,
}

/// Whom the provider vouches for.
#[derive(Debug)]
pub struct Identite {
    /// Who says so.
    pub emetteur: String,
    /// Its number for the person.
    pub sujet: String,
    /// The person's address, if the provider checked it.
    pub courriel: Option<String>,
    /// Whether the person showed several factors.
    pub forte: bool,
    /// The identity token, for the log-out.
    pub jeton: String,
}

/// A request on its way.
type Appel = Pin<Box<dyn Future<Output = reqwest::Result<HttpResponse>> + Send>>;

async fn appeler(client: reqwest::Client, requete: HttpRequest) -> reqwest::Result<HttpResponse> {
    let requete = reqwest::Request::try_from(requete)?;
    let reponse = client.execute(requete).await?;
    let (statut, entetes) = (reponse.status(), reponse.headers().clone());
    let mut http = HttpResponse::new(reponse.bytes().await?.to_vec());
    *http.status_mut() = statut;
    *http.headers_mut() = entetes;
    Ok(http)
}

impl Fournisseur {
    /// A provider, and what it knows this portal as.
    ///
    /// # Errors
    /// When an address is not one.
    pub fn nouveau(
        nom: String,
        emetteur: String,
        client: String,
        secret: SecretString,
        adresse_publique: &str,
        courriels_verifies: bool,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            nom,
            emetteur: IssuerUrl::new(emetteur).context("adresse du fournisseur d’identité")?,
            client: ClientId::new(client),
            secret,
            accueil: adresse_publique.to_owned(),
            courriels_verifies,
            // Redirects are not followed: a provider may not send the portal's requests elsewhere.
            http: reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .timeout(DELAI)
                .build()?,
        })
    }

    /// What the library calls the provider with; its futures own what they use.
    fn http(&self) -> impl Fn(HttpRequest) -> Appel + Send + Sync + 'static {
        let client = self.http.clone();
        move |requete| Box::pin(appeler(client.clone(), requete))
    }

    async fn decrire(&self) -> anyhow::Result<ProviderMetadataWithLogout> {
        Ok(ProviderMetadataWithLogout::discover_async(self.emetteur.clone(), &self.http()).await?)
    }

    fn retour(&self) -> anyhow::Result<RedirectUrl> {
        Ok(RedirectUrl::new(format!(
            "{}{}",
            self.accueil,
            chemins::CONNEXION_RETOUR
        ))?)
    }

    fn secret(&self) -> ClientSecret {
        ClientSecret::new(self.secret.expose_secret().to_owned())
    }

    /// Where to send a visitor, who comes back with this state, and what to keep meanwhile.
    ///
    /// # Errors
    /// The provider's: it does not answer, or not what the protocol says.
    pub async fn depart(&self, etat: &str, retour: String) -> anyhow::Result<(String, Voyage)> {
        let client =
            CoreClient::from_provider_metadata(self.decrire().await?, self.client.clone(), Some(self.secret()))
                .set_redirect_uri(self.retour()?);
        let (defi, verificateur) = PkceCodeChallenge::new_random_sha256();
        let etat = CsrfToken::new(etat.to_owned());
        let (adresse, _, nonce) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || etat,
                Nonce::new_random,
            )
            .add_scope(Scope::new("email".to_owned()))
            .add_extra_param("claims", CLAIMS)
            .set_pkce_challenge(defi)
            .url();
        let voyage = Voyage {
            nonce: nonce.secret().clone(),
            verificateur: verificateur.into_secret(),
            retour,
        };
        Ok((adresse.into(), voyage))
    }

    /// Who came back, by the code that the provider gave.
    ///
    /// # Errors
    /// The provider's, or a token that does not stand: signature, audience, nonce, age.
    pub async fn identifier(&self, voyage: Voyage, code: String) -> anyhow::Result<Identite> {
        let http = self.http();
        let client =
            CoreClient::from_provider_metadata(self.decrire().await?, self.client.clone(), Some(self.secret()))
                .set_redirect_uri(self.retour()?);
        let jetons = client
            .exchange_code(AuthorizationCode::new(code))?
            .set_pkce_verifier(PkceCodeVerifier::new(voyage.verificateur))
            .request_async(&http)
            .await?;
        let jeton = jetons.id_token().ok_or_else(|| anyhow!("aucun jeton d’identité"))?;
        let verificateur = client.id_token_verifier();
        let dit = jeton.claims(&verificateur, &Nonce::new(voyage.nonce))?;
        if let Some(attendu) = dit.access_token_hash() {
            let (algorithme, cle) = (jeton.signing_alg()?, jeton.signing_key(&verificateur)?);
            if AccessTokenHash::from_token(jetons.access_token(), algorithme, cle)? != *attendu {
                bail!("le jeton d’accès n’est pas celui du jeton d’identité");
            }
        }
        let personne: CoreUserInfoClaims = client
            .user_info(jetons.access_token().clone(), Some(dit.subject().clone()))?
            .request_async(&http)
            .await?;
        let verifiee = personne.email_verified().unwrap_or(self.courriels_verifies);
        let facteurs = dit.auth_method_refs().into_iter().flatten();
        Ok(Identite {
            emetteur: self.emetteur.to_string(),
            sujet: dit.subject().to_string(),
            courriel: personne.email().filter(|_| verifiee).map(|c| c.to_string()),
            forte: facteurs
                .into_iter()
                .any(|facteur| facteur.as_str() == PLUSIEURS_FACTEURS),
            jeton: jeton.to_string(),
        })
    }

    /// Where a person logs out of the provider too; none when it offers no such page.
    ///
    /// # Errors
    /// The provider's.
    pub async fn sortie(&self, jeton: &str) -> anyhow::Result<Option<Url>> {
        let description = self.decrire().await?;
        let Some(fin) = &description.additional_metadata().end_session_endpoint else {
            return Ok(None);
        };
        let jeton: openidconnect::core::CoreIdToken = jeton.parse()?;
        let demande = LogoutRequest::from(fin.clone())
            .set_id_token_hint(&jeton)
            .set_post_logout_redirect_uri(PostLogoutRedirectUrl::new(format!("{}/", self.accueil))?);
        Ok(Some(demande.http_get_url()))
    }
}
