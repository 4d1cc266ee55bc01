//! What several forms ask of a person, read the same way: a name, an address, a role, the terms of use.

use sqlx::PgConnection;

use super::formulaire::{Choix, ErreurChamp, Saisie};
use crate::domain::compte::RoleOg;
use crate::domain::dossier::lecture;
use crate::domain::finess::Finess;
use crate::domain::nomenclature::Liste;
use crate::store::registre::charger_organismes;

/// Longest name.
const NOM_AU_PLUS: usize = 120;

/// Reads the field `nom`.
pub fn nom(saisie: &mut Saisie) -> String {
    let nom = saisie.valeur("nom").split_whitespace().collect::<Vec<_>>().join(" ");
    let erreur = match nom.chars().count() {
        0 => Some(ErreurChamp::Requis),
        n if n > NOM_AU_PLUS => Some(ErreurChamp::TropLong { max: NOM_AU_PLUS }),
        _ if nom.chars().any(char::is_control) => Some(ErreurChamp::Motif("écrivez un nom lisible".to_owned())),
        _ => None,
    };
    if let Some(erreur) = erreur {
        saisie.refuser("nom", "Prénom et nom", &erreur);
    }
    nom
}

/// Reads the field `courriel`.
pub fn courriel(saisie: &mut Saisie) -> String {
    let texte = saisie.valeur("courriel").trim().to_owned();
    if texte.is_empty() {
        saisie.refuser("courriel", "Adresse de courriel", &ErreurChamp::Requis);
    } else if lecture::courriel(&texte).is_none() {
        let motif = "écrivez une adresse de courriel complète, comme nom@exemple.fr".to_owned();
        saisie.refuser("courriel", "Adresse de courriel", &ErreurChamp::Motif(motif));
    }
    texte
}

/// A text of the form, without the ends that nobody meant.
pub fn texte(saisie: &mut Saisie, nom: &str, libelle: &str, maximum: usize) -> String {
    let texte = saisie.valeur(nom).replace("\r\n", "\n").trim().to_owned();
    if texte.chars().count() > maximum {
        saisie.refuser(nom, libelle, &ErreurChamp::TropLong { max: maximum });
    } else if texte.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        let motif = "retirez les caractères de contrôle".to_owned();
        saisie.refuser(nom, libelle, &ErreurChamp::Motif(motif));
    }
    texte
}

/// Refuses the form unless the terms of use are accepted.
pub fn conditions(saisie: &mut Saisie) {
    if !saisie.contient("conditions", "oui") {
        let motif = "cochez la case pour accepter les conditions d’utilisation".to_owned();
        saisie.refuser("conditions", "", &ErreurChamp::Motif(motif));
    }
}

/// Name of an OG, or its number when the registry has none.
///
/// # Errors
/// The database's.
pub async fn organisme(conn: &mut PgConnection, og: Finess) -> sqlx::Result<String> {
    let trouve = charger_organismes(conn, &[og]).await?.into_iter().next();
    Ok(trouve.and_then(|o| o.nom).unwrap_or_else(|| og.to_string()))
}

/// The roles, each with what it lets do.
pub fn roles() -> Vec<Choix> {
    let aide = |role| match role {
        RoleOg::Lecture => "Lit les dossiers de l’organisme.",
        RoleOg::Edition => "Lit, ouvre et remplit les dossiers.",
        RoleOg::Depot => "Fait tout cela, dépose les dossiers et gère les comptes de l’organisme.",
    };
    let choix = |role: &RoleOg| Choix::nouveau(role.code(), role.libelle()).aide(aide(*role));
    RoleOg::TOUTES.iter().map(choix).collect()
}

/// Reads the field `role`.
pub fn role(saisie: &mut Saisie) -> Option<RoleOg> {
    let role = RoleOg::depuis(saisie.valeur("role"));
    if role.is_none() {
        saisie.refuser("role", "Rôle", &ErreurChamp::ChoixRequis);
    }
    role
}
