//! Offers a model drawn from a deposited dossier: its texts, without what tells who is who, read again by the instructor.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use sqlx::PgConnection;

use crate::domain::courriel_modele::Acte;
use crate::domain::dossier::champ::{Genre, OUI};
use crate::domain::dossier::{Dossier, Etape, lecture};
use crate::domain::finess::Finess;
use crate::domain::masque::{Identites, Masque, masquer, reconnus};
use crate::domain::modele::{EtatModele, TITRE_AU_PLUS, Texte, Textes, masques, rassembler, textes_du_dossier};
use crate::domain::nomenclature::Liste;
use crate::store::acces::DossierInstruit;
use crate::store::evaluation::Contexte;
use crate::store::modeles::{self, Modele, Nouveau};
use crate::store::registre::charger_organismes;
use crate::store::{depots, dossiers, participations};
use crate::web::acces::Formulaire;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::formulaire::{ErreurChamp, Saisie};
use crate::web::modele::noter;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::session::Visiteur;

/// The field of the title.
const TITRE: &str = "titre";
/// The box that says that every text was read again.
const RELU: &str = "relu";

/// The box that keeps what the portal recognises, when it is wrong.
const GARDER: &str = "garder";
/// Whether that box is shown.
const RECONNUS: &str = "reconnus";

/// The page.
#[derive(Template)]
#[template(path = "instruction/proposer.html")]
pub struct Proposer {
    habillage: Habillage,
    saisie: Saisie,
    reference: String,
    action: String,
    retour: String,
    etapes: Vec<(&'static str, Vec<VueTexte>)>,
}

/// A text to read again.
struct VueTexte {
    nom: String,
    libelle: String,
    /// As its step asks it.
    genre: Genre,
}

impl VueTexte {
    /// Whether it takes several lines.
    fn long(&self) -> bool {
        matches!(self.genre, Genre::Zone(_))
    }

    /// Longest, in characters.
    fn maximum(&self) -> usize {
        match self.genre {
            Genre::Texte(maximum) | Genre::Zone(maximum) => maximum,
            _ => 0,
        }
    }
}

/// What one reads to offer a model.
struct Matiere {
    dossier: Dossier,
    identites: Identites,
    /// The last model made of the dossier.
    dernier: Option<Modele>,
}

impl Matiere {
    async fn lire(conn: &mut PgConnection, acces: &DossierInstruit) -> Result<Self, Echec> {
        let dossier = dossiers::load(conn, acces).await?;
        Ok(Self {
            identites: identites(conn, acces, &dossier).await?,
            dernier: modeles::load_dernier(conn, acces).await?,
            dossier,
        })
    }

    /// The page of the model that the dossier already has.
    fn deja(&self) -> Option<String> {
        let en_cours = |m: &&Modele| matches!(m.etat, EtatModele::Propose | EtatModele::Accepte);
        self.dernier
            .as_ref()
            .filter(en_cours)
            .map(|m| chemins::instruction_modele(m.id))
    }
}

/// Who and what the dossier names.
async fn identites(conn: &mut PgConnection, acces: &DossierInstruit, dossier: &Dossier) -> Result<Identites, Echec> {
    let contexte = Contexte::du_dossier(conn, dossier, &[]).await?;
    let invites = participations::list(conn, acces).await?.into_iter().map(|p| p.og);
    let gestionnaires = contexte.registre.values().map(|e| e.organisme);
    let ogs: Vec<Finess> = invites.chain(gestionnaires).chain([dossier.porteur]).collect();
    let organismes = charger_organismes(conn, &ogs).await?;
    let mut identites = Identites::default();
    for organisme in &organismes {
        for nom in organisme.nom.iter().chain(&organisme.nom_long) {
            identites = identites.avec_l_usage(nom, Masque::Organisme);
        }
    }
    for essms in contexte.registre.values() {
        for nom in std::iter::once(&essms.nom).chain(&essms.nom_long) {
            identites = identites.avec(nom, Masque::Etablissement);
        }
    }
    let communes = organismes.iter().filter_map(|o| o.commune.as_ref());
    for commune in communes.chain(contexte.registre.values().map(|e| &e.commune)) {
        identites = identites.avec(commune, Masque::Lieu);
    }
    let projet = dossier.reponses(Etape::Projet);
    let nommes = ["nom_projet", "reference_2021"].map(|champ| projet.texte(champ));
    for nom in [dossier.nom.as_str(), &dossier.reference]
        .into_iter()
        .chain(nommes.into_iter().flatten())
    {
        identites = identites.avec_l_usage(nom, Masque::Projet);
    }
    if let Some((_, domaine)) = projet.texte("contact_courriel").and_then(|c| c.split_once('@')) {
        identites = identites.avec(domaine, Masque::Site);
    }
    let signataire = depots::load_dernier(conn, acces).await?.map(|d| d.depose_par);
    let contact = projet.texte("contact_nom").map(str::to_owned);
    for nom in signataire.into_iter().chain(contact) {
        // What is between brackets says something of the account, such as « (fictif) ».
        let nom = nom.split('(').next().unwrap_or_default();
        identites = identites.avec(nom, Masque::Personne);
    }
    Ok(identites)
}

fn page(etat: &Etat, visiteur: &Visiteur, dossier: &Dossier, saisie: Saisie) -> Proposer {
    let textes = textes_du_dossier(dossier);
    let vue = |t: &Texte| VueTexte {
        nom: t.saisie(),
        libelle: t.libelle.clone(),
        genre: t.champ.genre,
    };
    let vues = |etape: &Etape| -> Vec<VueTexte> { textes.iter().filter(|t| t.etape == *etape).map(vue).collect() };
    let retour = chemins::instruction_dossier(dossier.id);
    Proposer {
        habillage: habiller(etat, visiteur, "Proposer comme modèle")
            .retour(retour.clone(), dossier.reference.clone())
            .erreurs(&saisie),
        saisie,
        reference: dossier.reference.clone(),
        action: chemins::instruction_proposer(dossier.id),
        retour,
        etapes: Etape::TOUTES
            .iter()
            .map(|etape| (etape.libelle(), vues(etape)))
            .filter(|(_, vues)| !vues.is_empty())
            .collect(),
    }
}

/// Shows the texts, or the model that the dossier already has.
///
/// # Errors
/// The database's.
pub async fn afficher(State(etat): State<Etat>, visiteur: Visiteur, acces: DossierInstruit) -> Result<Response, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let matiere = Matiere::lire(&mut tx, &acces).await?;
    tx.commit().await?;
    if let Some(deja) = matiere.deja() {
        return Ok(Redirect::to(&deja).into_response());
    }
    let mut saisie = Saisie::vide();
    for texte in masques(textes_du_dossier(&matiere.dossier), &matiere.identites) {
        saisie.fixer(texte.saisie(), texte.valeur);
    }
    let page = page(&etat, &visiteur, &matiere.dossier, saisie);
    Ok(Page(StatusCode::OK, page).into_response())
}

/// Offers the model, and asks the porteur to agree.
///
/// # Errors
/// The database's.
pub async fn proposer(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: DossierInstruit,
    Formulaire(mut saisie): Formulaire,
) -> Result<Response, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let matiere = Matiere::lire(&mut tx, &acces).await?;
    if let Some(deja) = matiere.deja() {
        return Ok(Redirect::to(&deja).into_response());
    }
    let titre = lire_titre(&mut saisie, &matiere.identites);
    let textes = lire_textes(&mut saisie, &matiere);
    if !saisie.contient(RELU, OUI) {
        let motif = "relisez chaque texte, puis cochez la case".to_owned();
        saisie.refuser(RELU, "", &ErreurChamp::Motif(motif));
    }
    if saisie.en_erreur() {
        let page = page(&etat, &visiteur, &matiere.dossier, saisie);
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let nouveau = Nouveau {
        id: etat.horloge.nouvel_id(),
        edition: &matiere.dossier.edition,
        region: &matiere.dossier.region,
        titre: &titre,
        textes: &textes,
        fictif: matiere.dossier.fictif,
    };
    // Somebody else offered one meanwhile: it is shown.
    let ecrit = modeles::create(&mut tx, &acces, &nouveau, etat.horloge.maintenant()).await?;
    let modele = modeles::load_dernier(&mut tx, &acces)
        .await?
        .ok_or_else(Echec::introuvable)?;
    if ecrit {
        noter(&mut tx, &etat, &acces, &modele, Acte::Propose).await?;
    }
    tx.commit().await?;
    let suite = chemins::instruction_modele(modele.id);
    Ok(Redirect::to(&chemins::fait(&suite, "proposition")).into_response())
}

/// Reads the title, in which nothing may tell who is who.
fn lire_titre(saisie: &mut Saisie, identites: &Identites) -> String {
    let titre = saisie.valeur(TITRE).split_whitespace().collect::<Vec<_>>().join(" ");
    let masque = masquer(&titre, identites);
    let erreur = match titre.chars().count() {
        0 => Some(ErreurChamp::Requis),
        n if n > TITRE_AU_PLUS => Some(ErreurChamp::TropLong { max: TITRE_AU_PLUS }),
        _ if titre.chars().any(char::is_control) => Some(ErreurChamp::Motif("écrivez un titre lisible".to_owned())),
        _ if masque != titre => Some(ErreurChamp::Motif(format!(
            "retirez ce qui dit de qui vient le modèle\u{a0}: «\u{a0}{masque}\u{a0}»"
        ))),
        _ => None,
    };
    if let Some(erreur) = erreur {
        saisie.refuser(TITRE, "Titre du modèle", &erreur);
    }
    titre
}

/// Reads the texts of the dossier's own fields, as the instructor left them. What still tells who is who is confirmed.
fn lire_textes(saisie: &mut Saisie, matiere: &Matiere) -> Textes {
    let mut textes = textes_du_dossier(&matiere.dossier);
    let gardes = saisie.contient(GARDER, OUI);
    for texte in &mut textes {
        let nom = texte.saisie();
        match lecture::lire_seule(texte.champ, saisie.valeur(&nom)) {
            Ok(lu) => texte.valeur = lu.into_iter().next().unwrap_or_default(),
            Err(faute) => saisie.refuser(&nom, &texte.libelle, &ErreurChamp::Motif(faute.to_string())),
        }
        let reconnus = reconnus(&texte.valeur, &matiere.identites);
        if reconnus.is_empty() {
            continue;
        }
        saisie.fixer(RECONNUS, OUI);
        if !gardes {
            let motif = format!(
                "le portail y reconnaît «\u{a0}{}\u{a0}»\u{a0}: retirez-le, ou confirmez plus bas qu’il reste",
                reconnus.join("\u{a0}», «\u{a0}")
            );
            saisie.refuser(nom, &texte.libelle, &ErreurChamp::Motif(motif));
        }
    }
    let rassembles = rassembler(&textes);
    if rassembles.is_empty() && !saisie.en_erreur() {
        let premier = textes.first().map_or_else(|| TITRE.to_owned(), Texte::saisie);
        let motif = "gardez au moins un texte".to_owned();
        saisie.refuser(premier, "", &ErreurChamp::Motif(motif));
    }
    rassembles
}
