//! A form that came when its session had ended. It is not taken, and nothing of it is lost: the page that
//! answers holds what was typed, to be sent again once logged in. Nothing is stored meanwhile.

use askama::Template;

use super::chemins;
use super::etat::Etat;
use super::formulaire::{CHAMP_CSRF, Saisie};
use super::page::{Habillage, Lien};
use super::pages::habiller;
use super::session::Visiteur;

/// Hidden field of the log-in form: where the kept form goes.
pub const CHAMP_CHEMIN: &str = "reprise_chemin";
/// Hidden field of the log-in form: what the kept form holds, encoded as browsers send it.
pub const CHAMP_CORPS: &str = "reprise_corps";

/// A form to send again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reprise {
    chemin: String,
    champs: Vec<(String, String)>,
}

impl Reprise {
    /// What was typed, meant for this path, if anything was; the token of the ended session stays behind, and so does what a
    /// page never shows.
    pub fn nouvelle(chemin: impl Into<String>, saisie: &Saisie) -> Option<Self> {
        let champs = saisie
            .paires()
            .filter(|(nom, _)| *nom != CHAMP_CSRF && !est_secret(nom));
        let champs: Vec<_> = champs.map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
        let chemin = chemin.into();
        (!champs.is_empty()).then_some(Self { chemin, champs })
    }

    /// The form that a log-in form carries; nothing when it carries none, or one that would leave the portal.
    pub fn portee(connexion: &Saisie) -> Option<Self> {
        let chemin = chemins::local(connexion.valeur(CHAMP_CHEMIN))?;
        let champs = form_urlencoded::parse(connexion.valeur(CHAMP_CORPS).as_bytes());
        Some(Self {
            chemin: chemin.to_owned(),
            champs: champs.into_owned().filter(|(nom, _)| nom != CHAMP_CSRF).collect(),
        })
    }

    /// Whether the form deposits a dossier: what counts is when it is sent again.
    fn depose(&self) -> bool {
        chemins::est_un_depot(&self.chemin)
    }

    /// Where it goes.
    pub fn chemin(&self) -> &str {
        &self.chemin
    }

    /// What it holds, field by field.
    pub fn champs(&self) -> &[(String, String)] {
        &self.champs
    }

    fn corps(&self) -> String {
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.champs)
            .finish()
    }
}

/// The log-in by the identity provider, if there is one, then back to this page.
pub fn vers_le_fournisseur(etat: &Etat, retour: &str) -> Option<Lien> {
    let adresse = chemins::avec_parametres(chemins::CONNEXION_IDENTITE, &[("retour", retour)]);
    let fournisseur = etat.identite.as_ref()?;
    Some(Lien::nouveau(format!("Se connecter avec {}", fournisseur.nom), adresse))
}

/// Passwords and one-time codes are typed anew.
fn est_secret(champ: &str) -> bool {
    champ.contains("mot_de_passe") || champ == "code"
}

/// The page that keeps the form: with the log-in fields for who is not logged in, else with one button.
#[derive(Template)]
#[template(path = "reprise.html")]
pub struct PageReprise {
    habillage: Habillage,
    reprise: Reprise,
    saisie: Saisie,
    /// Anti-forgery token of the session; empty for who is not logged in.
    jeton: String,
    /// The other way in, when there is one.
    fournisseur: Option<Lien>,
}

impl PageReprise {
    /// Title of the page.
    pub const TITRE: &'static str = "Votre session avait pris fin";

    /// The page of this form.
    pub fn nouvelle(etat: &Etat, visiteur: &Visiteur, reprise: Reprise) -> Self {
        Self {
            habillage: habiller(etat, visiteur, Self::TITRE),
            reprise,
            saisie: Saisie::vide(),
            jeton: visiteur.jeton_csrf(),
            fournisseur: vers_le_fournisseur(etat, ""),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_goes_through_the_log_in_form_without_its_token() {
        let saisie = Saisie::depuis_paires([
            ("csrf", "ancien"),
            ("texte", "a&b=c\r\né"),
            ("socle", "mss"),
            ("socle", "dmp"),
            ("mot_de_passe_actuel", "secret"),
            ("code", "123456"),
        ]);
        let reprise = Reprise::nouvelle("/porteur", &saisie).unwrap();
        let connexion = Saisie::depuis_paires([(CHAMP_CHEMIN, "/porteur".to_owned()), (CHAMP_CORPS, reprise.corps())]);
        assert_eq!(Reprise::portee(&connexion), Some(reprise.clone()));
        assert!(reprise.champs.iter().all(|(nom, _)| nom != CHAMP_CSRF));
        assert_eq!(reprise.champs.len(), 3);
        assert_eq!(
            Reprise::nouvelle("/porteur", &Saisie::depuis_paires([("csrf", "ancien")])),
            None
        );
    }

    #[test]
    fn a_form_never_leaves_the_portal() {
        for chemin in ["", "https://mal.example", "//mal.example", "/\\mal.example"] {
            let connexion = Saisie::depuis_paires([(CHAMP_CHEMIN, chemin), (CHAMP_CORPS, "a=b")]);
            assert_eq!(Reprise::portee(&connexion), None, "{chemin}");
        }
    }
}
