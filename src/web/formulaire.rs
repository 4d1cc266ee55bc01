//! What was typed in a form, kept as typed, with what could not be read: a page that refuses it shows it again.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::vue::majuscule;

pub use super::champ::{Attendu, Choix, ErreurChamp};

/// Name of the hidden field that carries the anti-forgery token.
pub const CHAMP_CSRF: &str = "csrf";

/// Raw values of a form by field, and the errors found in them.
///
/// A template asks it for everything a field shows: `{{ champ::texte(saisie=saisie, nom="nom_projet", …) }}`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Saisie {
    valeurs: BTreeMap<String, Vec<String>>,
    erreurs: Vec<Refus>,
}

/// One field that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Refus {
    nom: String,
    message: String,
    resume: String,
}

impl Saisie {
    /// Nothing typed yet.
    pub fn vide() -> Self {
        Self::default()
    }

    /// From the pairs of a decoded form; a repeated name keeps all its values, in order.
    pub fn depuis_paires<N, V>(paires: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: Into<String>,
        V: Into<String>,
    {
        let mut saisie = Self::default();
        for (nom, valeur) in paires {
            saisie.ajouter(nom, valeur);
        }
        saisie
    }

    /// Adds one value to a field.
    pub fn ajouter(&mut self, nom: impl Into<String>, valeur: impl Into<String>) {
        self.valeurs.entry(nom.into()).or_default().push(valeur.into());
    }

    /// Gives a field one value, in place of those it had: to show what is stored.
    pub fn fixer(&mut self, nom: impl Into<String>, valeur: impl Into<String>) {
        self.valeurs.insert(nom.into(), vec![valeur.into()]);
    }

    /// Takes a field out.
    pub fn oter(&mut self, nom: &str) {
        self.valeurs.remove(nom);
    }

    /// First value of a field, as typed; empty when there is none.
    pub fn valeur(&self, nom: &str) -> &str {
        self.valeurs(nom).first().map_or("", String::as_str)
    }

    /// Value of one part (`jour`, `mois`, `annee`) of a composite field.
    pub fn partie(&self, nom: &str, partie: &str) -> &str {
        self.valeur(&format!("{nom}-{partie}"))
    }

    /// Every value of a field, in order.
    pub fn valeurs(&self, nom: &str) -> &[String] {
        self.valeurs.get(nom).map_or(&[], Vec::as_slice)
    }

    /// Whether a field has this value among its values.
    pub fn contient(&self, nom: &str, valeur: &str) -> bool {
        self.valeurs(nom).iter().any(|v| v == valeur)
    }

    /// Every field and value, by field.
    pub fn paires(&self) -> impl Iterator<Item = (&str, &str)> {
        self.valeurs
            .iter()
            .flat_map(|(nom, valeurs)| valeurs.iter().map(|v| (nom.as_str(), v.as_str())))
    }

    /// Fields that were sent, in alphabetical order.
    pub fn noms(&self) -> impl Iterator<Item = &str> {
        self.valeurs.keys().map(String::as_str)
    }

    /// Reads the three inputs of a date field: `None` when all three are empty.
    ///
    /// # Errors
    /// [`ErreurChamp::Illisible`] when they are not a day that exists, in the years 1000 to 9999.
    pub fn date(&self, nom: &str) -> Result<Option<NaiveDate>, ErreurChamp> {
        let [jour, mois, annee] = ["jour", "mois", "annee"].map(|partie| self.partie(nom, partie).trim());
        if jour.is_empty() && mois.is_empty() && annee.is_empty() {
            return Ok(None);
        }
        let lue = || {
            let annee: i32 = annee.parse().ok().filter(|a| (1000..=9999).contains(a))?;
            NaiveDate::from_ymd_opt(annee, mois.parse().ok()?, jour.parse().ok()?)
        };
        lue().map(Some).ok_or(ErreurChamp::Illisible(Attendu::Date))
    }

    /// Refuses a field. `libelle` is its label: the summary of the errors names the field with it.
    pub fn refuser(&mut self, nom: impl Into<String>, libelle: &str, erreur: &ErreurChamp) {
        let phrase = erreur.phrase();
        let resume = if libelle.is_empty() {
            majuscule(&phrase)
        } else {
            format!("{libelle}\u{a0}: {phrase}")
        };
        self.erreurs.push(Refus {
            nom: nom.into(),
            message: majuscule(&phrase),
            resume,
        });
    }

    /// First error of a field, as shown beside it.
    pub fn erreur(&self, nom: &str) -> Option<&str> {
        self.erreurs.iter().find(|r| r.nom == nom).map(|r| r.message.as_str())
    }

    /// Every error in the order found, with the wording of the summary.
    pub fn erreurs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.erreurs.iter().map(|r| (r.nom.as_str(), r.resume.as_str()))
    }

    /// Whether anything was refused.
    pub fn en_erreur(&self) -> bool {
        !self.erreurs.is_empty()
    }

    /// Ids of the hint and of the error of a field, for `aria-describedby`; empty when it has neither.
    pub fn decrit_par(&self, nom: &str, aide: &str) -> String {
        let aide = (!aide.is_empty()).then(|| format!("{nom}-aide"));
        let erreur = self.erreur(nom).map(|_| format!("{nom}-erreur"));
        aide.into_iter().chain(erreur).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_kept_as_typed() {
        let saisie = Saisie::depuis_paires([("nom", " Les Tilleuls "), ("socle", "mss"), ("socle", "dmp")]);
        assert_eq!(saisie.valeur("nom"), " Les Tilleuls ");
        assert_eq!(saisie.valeurs("socle"), ["mss", "dmp"]);
        assert!(saisie.contient("socle", "dmp") && !saisie.contient("socle", "nom"));
        assert_eq!((saisie.valeur("absent"), saisie.valeurs("absent").len()), ("", 0));
        assert_eq!(saisie.noms().collect::<Vec<_>>(), ["nom", "socle"]);
    }

    #[test]
    fn an_error_is_named_in_the_summary_and_bare_beside_the_field() {
        let mut saisie = Saisie::vide();
        saisie.refuser("montant", "Autofinancement", &ErreurChamp::Illisible(Attendu::Montant));
        saisie.refuser("montant", "Autofinancement", &ErreurChamp::Requis);
        saisie.refuser("jeton", "", &ErreurChamp::Requis);
        assert_eq!(
            saisie.erreur("montant"),
            Some("Écrivez un montant en chiffres, par exemple 12\u{202f}500 ou 12\u{202f}500,50")
        );
        let resume: Vec<_> = saisie.erreurs().collect();
        assert_eq!(resume[1], ("montant", "Autofinancement\u{a0}: renseignez ce champ"));
        assert_eq!(resume[2], ("jeton", "Renseignez ce champ"));
        assert!(saisie.en_erreur());
    }

    #[test]
    fn hints_and_errors_are_both_announced() {
        let mut saisie = Saisie::vide();
        assert_eq!(saisie.decrit_par("nom", ""), "");
        assert_eq!(saisie.decrit_par("nom", "Une aide"), "nom-aide");
        saisie.refuser("nom", "Nom", &ErreurChamp::Requis);
        assert_eq!(saisie.decrit_par("nom", "Une aide"), "nom-aide nom-erreur");
        assert_eq!(saisie.decrit_par("nom", ""), "nom-erreur");
    }

    #[test]
    fn a_date_exists_or_is_refused_or_is_empty() {
        let date = |jour: &str, mois: &str, annee: &str| {
            Saisie::depuis_paires([("d-jour", jour), ("d-mois", mois), ("d-annee", annee)]).date("d")
        };
        assert_eq!(date("29", "2", "2024"), Ok(NaiveDate::from_ymd_opt(2024, 2, 29)));
        assert_eq!(date(" ", "", ""), Ok(None));
        for (jour, mois, annee) in [
            ("29", "2", "2023"),
            ("1", "13", "2024"),
            ("1", "1", "24"),
            ("", "1", "2024"),
        ] {
            assert_eq!(date(jour, mois, annee), Err(ErreurChamp::Illisible(Attendu::Date)));
        }
    }
}
