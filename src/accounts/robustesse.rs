//! A new password, judged by how hard it is to guess and not by the kinds of characters it holds (OWASP ASVS 2.1, CNIL
//! 2022-100): long enough, not among the known ones, not made of the person's own words. The advice is in French.

use tokio::task::spawn_blocking;
use zxcvbn::feedback::{Feedback, Suggestion, Warning};
use zxcvbn::{Score, zxcvbn};

use super::mot_de_passe::hacher;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::formulaire::{ErreurChamp, Saisie};

/// Fewest characters.
pub const AU_MOINS: usize = 12;
/// Most characters: longer than any password people type; hashing is not offered as a way to be kept busy.
pub const AU_PLUS: usize = 200;
/// Name of the field, and its label.
pub const CHAMP: &str = "nouveau_mot_de_passe";
/// Its label.
pub const LIBELLE: &str = "Mot de passe";
/// What is asked, beside the field.
pub const AIDE: &str = "12\u{a0}caractères au moins. Plusieurs mots sans lien entre eux font un bon mot de passe\u{a0}; \
                        ni chiffre ni signe n’est exigé.";
/// Words that anybody would try here.
const MOTS_DU_PORTAIL: [&str; 5] = ["portail", "grappe", "grappes", "esms", "numerique"];

/// Reads the new password of a form; none, and the field refused, when it would be guessed. `mots`: what others know of the
/// person.
///
/// # Errors
/// The portal's own.
pub async fn choisir(etat: &Etat, saisie: &mut Saisie, mots: &[&str]) -> Result<Option<String>, Echec> {
    let mot_de_passe = saisie.valeur(CHAMP).to_owned();
    if let Err(erreur) = longueur(&mot_de_passe) {
        saisie.refuser(CHAMP, LIBELLE, &erreur);
        return Ok(None);
    }
    if saisie.en_erreur() {
        return Ok(None);
    }
    let mots: Vec<String> = mots.iter().flat_map(|m| decouper(m)).collect();
    let _place = etat.hachages.acquire().await.map_err(Echec::interne)?;
    let (conseil, hachage) = spawn_blocking(move || match faiblesse(&mot_de_passe, &mots) {
        Some(conseil) => (Some(conseil), None),
        None => (None, Some(hacher(&mot_de_passe))),
    })
    .await
    .map_err(Echec::interne)?;
    if let Some(conseil) = conseil {
        saisie.refuser(CHAMP, LIBELLE, &ErreurChamp::Motif(conseil));
    }
    hachage.transpose()
}

fn longueur(mot_de_passe: &str) -> Result<(), ErreurChamp> {
    match mot_de_passe.chars().count() {
        0 => Err(ErreurChamp::Requis),
        n if n < AU_MOINS => Err(ErreurChamp::TropCourt { min: AU_MOINS }),
        n if n > AU_PLUS => Err(ErreurChamp::TropLong { max: AU_PLUS }),
        _ => Ok(()),
    }
}

/// The words of a name or of an address.
fn decouper(texte: &str) -> Vec<String> {
    let mots = texte
        .split(|c: char| !c.is_alphanumeric())
        .filter(|m| m.chars().count() > 2);
    let entier = std::iter::once(texte).filter(|t| !t.is_empty());
    entier.chain(mots).map(str::to_lowercase).collect()
}

/// Why this password would be guessed, and what to do; none when it is good enough (10⁸ guesses at least).
fn faiblesse(mot_de_passe: &str, mots: &[String]) -> Option<String> {
    let connus: Vec<&str> = mots.iter().map(String::as_str).chain(MOTS_DU_PORTAIL).collect();
    let jugement = zxcvbn(mot_de_passe, &connus);
    if jugement.score() >= Score::Three {
        return None;
    }
    let conseils = jugement.feedback();
    let defaut = conseils
        .and_then(Feedback::warning)
        .map_or("il se devinerait trop vite", defaut);
    let remede = conseils
        .and_then(|f| f.suggestions().first().copied())
        .map_or("ajoutez un mot ou deux, peu courants", remede);
    Some(format!(
        "ce mot de passe est trop facile à deviner\u{a0}: {defaut}\u{a0}; {remede}"
    ))
}

fn defaut(defaut: Warning) -> &'static str {
    match defaut {
        Warning::StraightRowsOfKeysAreEasyToGuess | Warning::ShortKeyboardPatternsAreEasyToGuess => {
            "des touches voisines du clavier se devinent vite"
        }
        Warning::RepeatsLikeAaaAreEasyToGuess | Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => {
            "répéter des caractères n’aide guère"
        }
        Warning::ThisIsATop10Password
        | Warning::ThisIsATop100Password
        | Warning::ThisIsACommonPassword
        | Warning::ThisIsSimilarToACommonlyUsedPassword => "il ressemble à un mot de passe très courant",
        Warning::SequencesLikeAbcAreEasyToGuess => "les suites comme abc ou 6543 se devinent vite",
        Warning::RecentYearsAreEasyToGuess => "les années récentes se devinent vite",
        Warning::AWordByItselfIsEasyToGuess => "un mot seul se devine vite",
        Warning::DatesAreOftenEasyToGuess => "les dates se devinent vite",
        Warning::NamesAndSurnamesByThemselvesAreEasyToGuess | Warning::CommonNamesAndSurnamesAreEasyToGuess => {
            "les noms et prénoms se devinent vite"
        }
    }
}

fn remede(remede: Suggestion) -> &'static str {
    match remede {
        Suggestion::UseAFewWordsAvoidCommonPhrases | Suggestion::NoNeedForSymbolsDigitsOrUppercaseLetters => {
            "employez plusieurs mots sans lien entre eux"
        }
        Suggestion::AddAnotherWordOrTwo | Suggestion::AllUppercaseIsAlmostAsEasyToGuessAsAllLowercase => {
            "ajoutez un mot ou deux, peu courants"
        }
        Suggestion::CapitalizationDoesntHelpVeryMuch
        | Suggestion::ReversedWordsArentMuchHarderToGuess
        | Suggestion::PredictableSubstitutionsDontHelpVeryMuch => {
            "ajoutez un mot plutôt que des majuscules ou des signes"
        }
        Suggestion::UseALongerKeyboardPatternWithMoreTurns
        | Suggestion::AvoidRepeatedWordsAndCharacters
        | Suggestion::AvoidSequences => "évitez les répétitions et les suites",
        Suggestion::AvoidRecentYears
        | Suggestion::AvoidYearsThatAreAssociatedWithYou
        | Suggestion::AvoidDatesAndYearsThatAreAssociatedWithYou => "évitez les années et les dates",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn juge(mot_de_passe: &str, mots: &[&str]) -> Option<String> {
        let mots: Vec<String> = mots.iter().flat_map(|m| decouper(m)).collect();
        faiblesse(mot_de_passe, &mots)
    }

    #[test]
    fn several_words_are_enough_and_no_kind_of_character_is_asked() {
        assert_eq!(juge("cheval agrafe batterie correcte", &[]), None);
    }

    #[test]
    fn what_anybody_would_try_is_refused_with_advice_in_french() {
        for faible in [
            "aaaaaaaaaaaaaa",
            "azertyazerty",
            "motdepasse1234",
            "123456789012",
            "Portailgrappes",
        ] {
            let conseil = juge(faible, &[]).unwrap_or_else(|| panic!("{faible}"));
            assert!(
                conseil.starts_with("ce mot de passe est trop facile à deviner"),
                "{conseil}"
            );
            assert!(!conseil.ends_with('.'), "{conseil}");
        }
    }

    #[test]
    fn the_persons_own_words_count_for_nothing() {
        assert!(juge("kerguelenmorvan", &["Yannig Kerguelen", "y.morvan@exemple.fr"]).is_some());
        assert_eq!(juge("kerguelenmorvan", &[]), None);
    }

    #[test]
    fn the_length_is_counted_in_characters() {
        assert!(longueur(&"é".repeat(AU_MOINS)).is_ok());
        assert!(longueur(&"é".repeat(AU_PLUS)).is_ok());
        assert!(longueur(&"é".repeat(AU_MOINS - 1)).is_err());
        assert!(longueur(&"é".repeat(AU_PLUS + 1)).is_err());
        assert_eq!(longueur(""), Err(ErreurChamp::Requis));
    }
}
