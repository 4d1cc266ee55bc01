//! Where an appel à projets stands for a visitor, at an instant: open, to come, closed.

use chrono::{DateTime, TimeDelta, Utc};

use crate::rules::edition::{Edition, Fenetre};
use crate::rules::exposition::en_toutes_lettres;
use crate::web::chemins;
use crate::web::page::Lien;
use crate::web::vue::{Etiquette, Ton};

/// Where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Situation {
    /// A window is open.
    Ouvert,
    /// None is, one will.
    AVenir,
    /// None will.
    Clos,
}

impl Situation {
    /// Where an edition stands at an instant.
    pub fn de(edition: &Edition, maintenant: DateTime<Utc>) -> Self {
        if edition.fenetre_ouverte(&maintenant).is_some() {
            Self::Ouvert
        } else if edition.prochaine_fermeture(&maintenant).is_some() {
            Self::AVenir
        } else {
            Self::Clos
        }
    }

    fn etiquette(self) -> Etiquette {
        match self {
            Self::Ouvert => Etiquette::nouvelle("Ouvert", Ton::Succes),
            Self::AVenir => Etiquette::nouvelle("À venir", Ton::Information),
            Self::Clos => Etiquette::nouvelle("Clos", Ton::Neutre),
        }
    }
}

/// A window, as visitors read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FenetreVue {
    /// « Du 19 février 2024 au 22 mars 2024 à 23 h 59 ».
    pub dates: String,
    /// Whether it is open.
    pub etiquette: Etiquette,
    /// How long it still is, or why it starts late; empty when there is nothing to say.
    pub precision: String,
}

/// An appel à projets, in a list.
#[derive(Debug, Clone)]
pub struct Carte {
    /// Its title.
    pub titre: String,
    /// The authority.
    pub autorite: String,
    /// Its page.
    pub href: String,
    /// Where it stands.
    pub situation: Situation,
    /// The same, as a tag.
    pub etiquette: Etiquette,
    /// How long remains, when it opens or when it closed.
    pub phrase: String,
    /// Windows after the one the phrase is about.
    pub ensuite: Vec<String>,
    /// Its rules, its calendar.
    pub liens: Vec<Lien>,
}

impl Carte {
    /// An edition at an instant.
    pub fn de(edition: &Edition, maintenant: DateTime<Utc>) -> Self {
        let situation = Situation::de(edition, maintenant);
        let ensuite = edition.fenetres.iter().filter(|f| f.debut() > maintenant);
        let nommee = usize::from(situation == Situation::AVenir);
        Self {
            titre: edition.titre.clone(),
            autorite: edition.autorite.clone(),
            href: chemins::aap(&edition.code),
            situation,
            etiquette: situation.etiquette(),
            phrase: phrase(edition, maintenant),
            ensuite: ensuite.skip(nommee).map(dates).collect(),
            liens: vec![
                Lien::nouveau("Lire les règles", chemins::regles_aap(&edition.code)),
                Lien::nouveau("Ajouter à mon agenda", chemins::aap_calendrier(&edition.code)),
            ],
        }
    }

    /// Those of these editions that are listed, what is open first, the latest first among equals.
    pub fn rangees<'a>(editions: impl DoubleEndedIterator<Item = &'a Edition>, maintenant: DateTime<Utc>) -> Vec<Self> {
        let mut cartes: Vec<Self> = editions.rev().map(|e| Self::de(e, maintenant)).collect();
        cartes.sort_by_key(|carte| carte.situation);
        cartes
    }
}

/// What matters of its calendar at an instant, in a sentence.
pub fn phrase(edition: &Edition, maintenant: DateTime<Utc>) -> String {
    if let Some(fenetre) = edition.fenetre_ouverte(&maintenant) {
        return format!(
            "Il reste {}, jusqu’au {} à 23\u{a0}h\u{a0}59 (heure de Paris).",
            reste(fenetre, maintenant),
            en_toutes_lettres(fenetre.fermeture)
        );
    }
    match (edition.prochaine_fermeture(&maintenant), edition.derniere_fermeture()) {
        (Some(fenetre), _) => format!("Prochaine fenêtre\u{a0}: {}.", dates(fenetre)),
        (None, Some(jour)) => format!("Clos depuis le {} à 23\u{a0}h\u{a0}59.", en_toutes_lettres(jour)),
        (None, None) => String::new(),
    }
}

/// The windows of an edition, each with its state at an instant.
pub fn fenetres(edition: &Edition, maintenant: DateTime<Utc>) -> Vec<FenetreVue> {
    let vue = |fenetre: &Fenetre| {
        let situation = if fenetre.contient(&maintenant) {
            Situation::Ouvert
        } else if fenetre.debut() > maintenant {
            Situation::AVenir
        } else {
            Situation::Clos
        };
        let precision = match situation {
            Situation::Ouvert => format!("Il reste {}.", reste(fenetre, maintenant)),
            Situation::AVenir | Situation::Clos => fenetre.interruption.clone().unwrap_or_default(),
        };
        FenetreVue {
            dates: crate::web::vue::majuscule(&dates(fenetre)),
            etiquette: situation.etiquette(),
            precision,
        }
    };
    edition.fenetres.iter().map(vue).collect()
}

fn dates(fenetre: &Fenetre) -> String {
    format!(
        "du {} au {} à 23\u{a0}h\u{a0}59",
        en_toutes_lettres(fenetre.ouverture),
        en_toutes_lettres(fenetre.fermeture)
    )
}

/// How long a window stays open; its last second is still within it.
fn reste(fenetre: &Fenetre, maintenant: DateTime<Utc>) -> String {
    duree(fenetre.fin().to_utc() + TimeDelta::seconds(1) - maintenant)
}

/// « 12 jours et 4 heures »: the two largest units, the second left out when it is nothing.
fn duree(duree: TimeDelta) -> String {
    let minutes = duree.num_minutes();
    let (jours, heures, minutes) = (minutes / (24 * 60), minutes / 60 % 24, minutes % 60);
    let dit = |nombre: i64, unite: &str| match nombre {
        0 => None,
        1 => Some(format!("1\u{a0}{unite}")),
        n => Some(format!("{n}\u{a0}{unite}s")),
    };
    let unites = if jours > 0 {
        [dit(jours, "jour"), dit(heures, "heure")]
    } else {
        [dit(heures, "heure"), dit(minutes, "minute")]
    };
    let unites: Vec<String> = unites.into_iter().flatten().collect();
    if unites.is_empty() {
        "moins d’une minute".to_owned()
    } else {
        unites.join(" et ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn a(instant: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(instant).unwrap().to_utc()
    }

    fn edition() -> &'static Edition {
        Edition::livree("idf-2024").unwrap()
    }

    #[test]
    fn what_remains_is_said_in_two_units_to_the_last_second() {
        for (instant, attendu) in [
            ("2024-05-20T20:00:00+02:00", "12 jours et 4 heures"),
            ("2024-05-31T00:00:00+02:00", "2 jours"),
            ("2024-06-01T10:30:00+02:00", "13 heures et 30 minutes"),
            ("2024-06-01T22:59:00+02:00", "1 heure et 1 minute"),
            ("2024-06-01T23:00:00+02:00", "1 heure"),
            ("2024-06-01T23:59:59+02:00", "moins d’une minute"),
        ] {
            let phrase = phrase(edition(), a(instant)).replace('\u{a0}', " ");
            assert_eq!(
                phrase,
                format!("Il reste {attendu}, jusqu’au 1er juin 2024 à 23 h 59 (heure de Paris)."),
            );
        }
    }

    #[test]
    fn an_edition_is_to_come_then_open_then_closed() {
        for (instant, attendue) in [
            ("2024-02-18T23:59:59+01:00", Situation::AVenir),
            ("2024-02-19T00:00:00+01:00", Situation::Ouvert),
            ("2024-09-15T23:59:59+02:00", Situation::Ouvert),
            ("2024-09-16T00:00:00+02:00", Situation::Clos),
        ] {
            assert_eq!(Situation::de(edition(), a(instant)), attendue, "{instant}");
        }
    }

    #[test]
    fn the_windows_after_are_listed_once() {
        let avant = Carte::de(edition(), a("2024-01-01T00:00:00Z"));
        assert!(
            avant.phrase.starts_with("Prochaine fenêtre\u{a0}: du 19 février 2024"),
            "{}",
            avant.phrase
        );
        assert_eq!(avant.ensuite.len(), 2);
        let pendant = Carte::de(edition(), a("2024-03-01T00:00:00Z"));
        assert_eq!(pendant.ensuite.len(), 2);
        assert!(Carte::de(edition(), a("2025-01-01T00:00:00Z")).ensuite.is_empty());
    }

    #[test]
    fn what_is_open_comes_first() {
        let cartes = Carte::rangees(Edition::livrees().iter(), a("2022-05-01T00:00:00Z"));
        let codes: Vec<Situation> = cartes.iter().map(|c| c.situation).collect();
        assert_eq!(codes, [Situation::Ouvert, Situation::AVenir, Situation::Clos]);
    }
}
