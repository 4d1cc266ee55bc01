//! What the pages about models share: their texts, step by step, and what is done about them, journaled and told.

use sqlx::PgConnection;

use super::etat::Etat;
use super::vue::{Etiquette, Ligne, Ton, majuscule};
use crate::domain::compte::RoleOg;
use crate::domain::courriel::Evenement;
use crate::domain::courriel_modele::{Acte, EvenementModele};
use crate::domain::modele::{EtatModele, Textes, dans_l_ordre};
use crate::domain::nomenclature::Liste;
use crate::store::acces::Lecture;
use crate::store::courriels::{self, Courriel, Destinataire};
use crate::store::journal::{self, Entree};
use crate::store::modeles::{self, Modele};
use crate::store::participations;

/// The texts of a model, step by step.
pub fn sections(textes: &Textes) -> Vec<(&'static str, Vec<Ligne>)> {
    let lus = dans_l_ordre(textes);
    let lignes = |etape| {
        let de_l_etape = lus.iter().filter(|t| t.etape == etape);
        de_l_etape
            .map(|t| Ligne::nouvelle(t.libelle.clone(), t.valeur.clone()))
            .collect()
    };
    textes.keys().map(|etape| (etape.libelle(), lignes(*etape))).collect()
}

/// Where a model stands, as a tag.
pub fn etiquette(etat: EtatModele) -> Etiquette {
    let ton = match etat {
        EtatModele::Propose => Ton::Information,
        EtatModele::Accepte => Ton::Succes,
        EtatModele::Refuse | EtatModele::Retire => Ton::Neutre,
    };
    Etiquette::nouvelle(etat.libelle(), ton)
}

/// Writes in the dossier's journal what was done about its model, and tells the other side: the signatories of the porteur, or
/// the instructor who offered it, else those of its région.
///
/// # Errors
/// The database's.
pub async fn noter(
    conn: &mut PgConnection,
    etat: &Etat,
    acces: &impl Lecture,
    modele: &Modele,
    acte: Acte,
) -> sqlx::Result<()> {
    let maintenant = etat.horloge.maintenant();
    let fait = match acte {
        Acte::Propose => "proposé par l’ARS",
        Acte::Accepte => "accepté par le porteur, et publié",
        Acte::Refuse => "refusé par le porteur",
        Acte::RetireParLArs => "retiré par l’ARS",
        Acte::RetireParLePorteur => "retiré par le porteur",
    };
    let entree = Entree {
        id: etat.horloge.nouvel_id(),
        compte: acces.compte().id,
        action: &majuscule(&format!("modèle «\u{a0}{}\u{a0}» {fait}", modele.titre)),
        etape: None,
        champs: &[],
        effets: &[],
    };
    journal::create(conn, modele.dossier, &entree, maintenant).await?;
    let evenement = Evenement::Modele(EvenementModele {
        modele: modele.id,
        dossier: modele.dossier,
        reference: modele.reference.clone(),
        titre: modele.titre.clone(),
        par: acces.compte().nom.clone(),
        acte,
    });
    let comptes = if acte.pour_le_porteur() {
        participations::list_comptes(conn, modele.porteur, RoleOg::Depot).await?
    } else {
        modeles::list_instructeurs(conn, modele.id).await?
    };
    for compte in comptes {
        let courriel = Courriel {
            id: etat.horloge.nouvel_id(),
            destinataire: Destinataire::Compte(compte),
            evenement: &evenement,
            secret: None,
            cle: None,
        };
        courriels::enfiler(conn, &courriel, maintenant).await?;
    }
    Ok(())
}
