//! Accepts the invitation of a colleague: the person says who they are and chooses a password. An address that has an account
//! already is told what to do instead.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::robustesse;
use crate::domain::compte::{Compte, Profil};
use crate::domain::nomenclature::Liste;
use crate::store::acces::Refus;
use crate::store::acces::organisme::{self, InvitationOuverte};
use crate::store::comptes::{self, NouveauCompte};
use crate::store::invitations;
use crate::web::acces::{FormulaireAnonyme, Jeton};
use crate::web::avis;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::formulaire::Saisie;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::session::Visiteur;
use crate::web::titulaire;
use crate::web::vue::Ligne;

/// The page.
#[derive(Template)]
#[template(path = "comptes/acceptation.html")]
pub struct Acceptation {
    habillage: Habillage,
    saisie: Saisie,
    action: String,
    conditions: &'static str,
    connexion: &'static str,
    courriel: String,
    lignes: Vec<Ligne>,
    etape: Etape,
}

/// What the page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Etape {
    Formulaire,
    Fait,
    Perimee,
    /// The address has an account of this OG.
    DejaDeLOg,
    /// The address has an account of another OG, or of another kind.
    DejaAilleurs,
}

impl Etape {
    fn titre(self) -> &'static str {
        match self {
            Self::Formulaire => "Rejoindre votre organisme",
            Self::Fait => "Votre compte est ouvert",
            Self::Perimee => "Cette invitation n’est plus valable",
            Self::DejaDeLOg | Self::DejaAilleurs => "Vous avez déjà un compte",
        }
    }
}

fn page(etat: &Etat, visiteur: &Visiteur, etape: Etape, saisie: Saisie) -> Acceptation {
    Acceptation {
        habillage: habiller(etat, visiteur, etape.titre()).erreurs(&saisie),
        saisie,
        action: String::new(),
        conditions: chemins::CONDITIONS,
        connexion: chemins::CONNEXION,
        courriel: String::new(),
        lignes: Vec::new(),
        etape,
    }
}

fn perimee(etat: &Etat, visiteur: &Visiteur) -> Response {
    let page = page(etat, visiteur, Etape::Perimee, Saisie::vide());
    Page(StatusCode::NOT_FOUND, page).into_response()
}

async fn ouvrir(etat: &Etat, jeton: &Jeton) -> Result<Option<InvitationOuverte>, Echec> {
    match organisme::invitation(&etat.pool, &jeton.cle(), etat.horloge.maintenant()).await {
        Ok(acces) => Ok(Some(acces)),
        Err(Refus::Absent) => Ok(None),
        Err(refus) => Err(refus.into()),
    }
}

/// The page of an invitation that is good: its form, unless the address has an account.
async fn montrer(
    etat: &Etat,
    visiteur: &Visiteur,
    jeton: &Jeton,
    acces: &InvitationOuverte,
    saisie: Saisie,
) -> Result<Acceptation, Echec> {
    let invitation = acces.invitation();
    let mut conn = etat.pool.acquire().await?;
    let deja = comptes::load_par_courriel(&mut conn, &invitation.courriel).await?;
    let etape = match deja.map(|(compte, _)| compte.profil) {
        None => Etape::Formulaire,
        Some(Profil::Og { og, .. } | Profil::EnAttente { og }) if og == invitation.og => Etape::DejaDeLOg,
        Some(_) => Etape::DejaAilleurs,
    };
    let mut page = page(etat, visiteur, etape, saisie);
    page.action = chemins::acceptation(&jeton.0);
    page.courriel.clone_from(&invitation.courriel);
    page.lignes = vec![
        Ligne::nouvelle(
            "Organisme gestionnaire",
            titulaire::organisme(&mut conn, invitation.og).await?,
        ),
        Ligne::nouvelle("Invitation de", invitation.invite_par.clone()),
        Ligne::nouvelle("Adresse de courriel", invitation.courriel.clone()),
        Ligne::nouvelle("Rôle", invitation.role.libelle()),
    ];
    Ok(page)
}

/// Shows the form.
///
/// # Errors
/// The database's.
pub async fn afficher(State(etat): State<Etat>, visiteur: Visiteur, jeton: Jeton) -> Result<Response, Echec> {
    let Some(acces) = ouvrir(&etat, &jeton).await? else {
        return Ok(perimee(&etat, &visiteur));
    };
    let page = montrer(&etat, &visiteur, &jeton, &acces, Saisie::vide()).await?;
    Ok(Page(StatusCode::OK, page).into_response())
}

/// Opens the account. The token in the address is the proof, of the address too.
///
/// # Errors
/// The database's.
pub async fn accepter(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    jeton: Jeton,
    FormulaireAnonyme(mut saisie): FormulaireAnonyme,
) -> Result<Response, Echec> {
    let Some(acces) = ouvrir(&etat, &jeton).await? else {
        return Ok(perimee(&etat, &visiteur));
    };
    let invitation = acces.invitation();
    let nom = titulaire::nom(&mut saisie);
    titulaire::conditions(&mut saisie);
    let mots = [nom.as_str(), &invitation.courriel];
    let choisi = robustesse::choisir(&etat, &mut saisie, &mots).await?;
    let Some(hachage) = choisi.filter(|_| !saisie.en_erreur()) else {
        let page = montrer(&etat, &visiteur, &jeton, &acces, saisie).await?;
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let maintenant = etat.horloge.maintenant();
    let compte = Compte {
        id: etat.horloge.nouvel_id(),
        courriel: invitation.courriel.clone(),
        nom,
        profil: Profil::Og {
            og: invitation.og,
            role: invitation.role,
        },
    };
    let nouveau = NouveauCompte {
        compte: &compte,
        mot_de_passe: &hachage,
        conditions_le: Some(maintenant),
        fictif: etat.demonstration,
    };
    let mut tx = acces.commencer(&etat.pool).await?;
    if !invitations::consommer(&mut tx, &acces, &jeton.cle()).await? {
        return Ok(perimee(&etat, &visiteur));
    }
    if comptes::create(&mut tx, &nouveau, maintenant).await?.is_none() {
        drop(tx);
        let page = montrer(&etat, &visiteur, &jeton, &acces, saisie).await?;
        return Ok(Page(StatusCode::CONFLICT, page).into_response());
    }
    let action = format!(
        "A accepté l’invitation de {} ({})",
        invitation.invite_par, invitation.courriel
    );
    avis::noter(&mut tx, &etat, invitation.og, &compte.nom, action).await?;
    tx.commit().await?;
    let page = page(&etat, &visiteur, Etape::Fait, Saisie::vide());
    Ok(Page(StatusCode::OK, page).into_response())
}
