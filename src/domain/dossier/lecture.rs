//! Reads what was typed into [`Reponses`], field by field, and gathers *all* the faults.

use chrono::NaiveDate;

use super::champ::{Bloc, Champ, Genre, Lignes, NON, OUI};
use super::reponses::{FORMAT_DATE, Reponses};
use crate::domain::argent::{Centimes, MontantErreur};

/// Why a typed value cannot be read. An absent value is never a fault: a draft is saved without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Faute {
    /// Too many characters.
    #[error("ce texte compte {nombre} caractères, il en faut {maximum} au plus")]
    TropLong {
        /// Characters typed.
        nombre: usize,
        /// Characters allowed.
        maximum: usize,
    },
    /// A character that no text holds.
    #[error("ce texte contient un caractère de contrôle, saisissez-le de nouveau au clavier")]
    Controle,
    /// Not an e-mail address.
    #[error("écrivez une adresse de courriel complète, comme nom@exemple.fr")]
    Courriel,
    /// Not a telephone number.
    #[error("écrivez un numéro de téléphone, comme 01 23 45 67 89")]
    Telephone,
    /// Not a whole number.
    #[error("écrivez un nombre entier, en chiffres")]
    Nombre,
    /// Not a number with two decimals.
    #[error("écrivez un nombre avec deux décimales au plus, comme 1,5")]
    Decimal,
    /// A number above the bound.
    #[error("écrivez un nombre inférieur ou égal à {0}")]
    TropGrand(u32),
    /// Not an amount.
    #[error("{0}")]
    Montant(MontantErreur),
    /// Not a day of the calendar.
    #[error("cette date n’existe pas, écrivez le jour, le mois et l’année, comme 27 3 2026")]
    Date,
    /// A day outside 2000–2100.
    #[error("écrivez une année entre 2000 et 2100")]
    Annee,
    /// Not one of the options.
    #[error("choisissez une des réponses proposées")]
    Choix,
    /// More than one value for a field that has one.
    #[error("ce champ a été envoyé plusieurs fois, ne donnez qu’une réponse")]
    Double,
    /// The end comes before the beginning.
    #[error("la fin ne peut pas précéder le début")]
    FinAvantDebut,
}

/// What was typed, as the form sent it: values by field name, in order.
pub trait Brut {
    /// The values sent under this name.
    fn valeurs(&self, nom: &str) -> &[String];
    /// The highest row number sent for this prefix, plus one.
    fn nombre_de_lignes(&self, nom: &str) -> usize;
}

/// A fault and the field it is on.
pub type FauteDeChamp = (String, Faute);

/// Whether an option that only the page knows may be chosen.
pub type Permis<'a> = &'a dyn Fn(super::champ::Options, &str) -> bool;

/// Reads a whole step.
///
/// # Errors
/// Every field that cannot be read.
pub fn lire(blocs: &[Bloc], brut: &dyn Brut, permis: Permis<'_>) -> Result<Reponses, Vec<FauteDeChamp>> {
    let mut reponses = Reponses::default();
    let mut fautes = Vec::new();
    for bloc in blocs {
        match bloc {
            Bloc::Champs(_, champs) => {
                for champ in *champs {
                    lire_un(champ, champ.nom, champ.nom, brut, permis, &mut reponses, &mut fautes);
                }
            }
            Bloc::Lignes(_, lignes) => lire_lignes(lignes, brut, permis, &mut reponses, &mut fautes),
        }
    }
    if fautes.is_empty() { Ok(reponses) } else { Err(fautes) }
}

/// Reads fields whose names carry a prefix (`750000001-type_projet`) into answers that do not.
pub fn lire_prefixe(
    champs: &[Champ],
    prefixe: &str,
    brut: &dyn Brut,
    permis: Permis<'_>,
    fautes: &mut Vec<FauteDeChamp>,
) -> Reponses {
    let mut reponses = Reponses::default();
    for champ in champs {
        let origine = format!("{prefixe}-{}", champ.nom);
        lire_un(champ, &origine, champ.nom, brut, permis, &mut reponses, fautes);
    }
    reponses
}

fn lire_un(
    champ: &Champ,
    origine: &str,
    destination: &str,
    brut: &dyn Brut,
    permis: Permis<'_>,
    reponses: &mut Reponses,
    fautes: &mut Vec<FauteDeChamp>,
) {
    match lire_champ(champ, origine, brut, permis) {
        Ok(valeurs) => reponses.mettre(destination, valeurs),
        Err(faute) => fautes.push((origine.to_owned(), faute)),
    }
}

/// Empty rows are dropped and the others numbered anew, so that a row is taken out by emptying it.
fn lire_lignes(
    lignes: &Lignes,
    brut: &dyn Brut,
    permis: Permis<'_>,
    reponses: &mut Reponses,
    fautes: &mut Vec<FauteDeChamp>,
) {
    let mut rang = 0;
    for ligne in 0..brut.nombre_de_lignes(lignes.nom).min(lignes.maximum) {
        let mut lue = Reponses::default();
        let avant = fautes.len();
        for champ in lignes.champs {
            let origine = format!("{}-{ligne}-{}", lignes.nom, champ.nom);
            lire_un(champ, &origine, champ.nom, brut, permis, &mut lue, fautes);
        }
        if let (Some(debut), Some(fin)) = (lue.date("debut"), lue.date("fin"))
            && fin < debut
        {
            fautes.push((format!("{}-{ligne}-fin", lignes.nom), Faute::FinAvantDebut));
        }
        if !lue.est_vide() || fautes.len() > avant {
            for (nom, valeurs) in lue.iter() {
                reponses.mettre(&format!("{}-{rang}-{nom}", lignes.nom), valeurs.to_vec());
            }
            rang += 1;
        }
    }
}

/// Reads one typed text, as a cell of a spreadsheet gives it; nothing typed is no answer.
///
/// # Errors
/// Why it cannot be read.
pub fn lire_seule(champ: &Champ, texte: &str) -> Result<Vec<String>, Faute> {
    match texte.trim() {
        "" => Ok(Vec::new()),
        texte => lire_texte(champ.genre, texte, &|_, _| false).map(|valeur| vec![valeur]),
    }
}

fn lire_champ(champ: &Champ, origine: &str, brut: &dyn Brut, permis: Permis<'_>) -> Result<Vec<String>, Faute> {
    match champ.genre {
        Genre::Date => lire_date(origine, brut),
        Genre::Cases(options) => {
            let mut choisies: Vec<String> = Vec::new();
            for valeur in brut.valeurs(origine).iter().filter(|v| !v.is_empty()) {
                if !options.iter().any(|(code, _)| code == valeur) {
                    return Err(Faute::Choix);
                }
                if !choisies.contains(valeur) {
                    choisies.push(valeur.clone());
                }
            }
            Ok(choisies)
        }
        genre => {
            let texte = match brut.valeurs(origine) {
                [] => return Ok(Vec::new()),
                [seul] => seul.trim(),
                _ => return Err(Faute::Double),
            };
            if texte.is_empty() {
                return Ok(Vec::new());
            }
            lire_texte(genre, texte, permis).map(|valeur| vec![valeur])
        }
    }
}

fn lire_texte(genre: Genre, texte: &str, permis: Permis<'_>) -> Result<String, Faute> {
    match genre {
        Genre::Texte(maximum) => texte_borne(texte, maximum, char::is_control),
        Genre::Zone(maximum) => {
            let uni = texte.replace("\r\n", "\n");
            texte_borne(&uni, maximum, |c| c.is_control() && !matches!(c, '\n' | '\t'))
        }
        Genre::Courriel => courriel(texte).map(str::to_owned).ok_or(Faute::Courriel),
        Genre::Telephone => telephone(texte).ok_or(Faute::Telephone),
        Genre::Nombre(maximum) => {
            let chiffres: String = texte.chars().filter(|c| !c.is_whitespace()).collect();
            if chiffres.is_empty() || !chiffres.bytes().all(|c| c.is_ascii_digit()) {
                return Err(Faute::Nombre);
            }
            match chiffres.parse::<u32>() {
                Ok(nombre) if nombre <= maximum => Ok(nombre.to_string()),
                _ => Err(Faute::TropGrand(maximum)),
            }
        }
        Genre::Decimal(maximum) => decimal(texte, maximum),
        Genre::Montant => Centimes::parse(texte).map(|m| m.0.to_string()).map_err(Faute::Montant),
        Genre::OuiNon if texte == OUI || texte == NON => Ok(texte.to_owned()),
        Genre::Choix(options) if options.iter().any(|(code, _)| *code == texte) => Ok(texte.to_owned()),
        Genre::Parmi(options) if permis(options, texte) => Ok(texte.to_owned()),
        Genre::OuiNon | Genre::Choix(_) | Genre::Parmi(_) | Genre::Date | Genre::Cases(_) => Err(Faute::Choix),
    }
}

fn texte_borne(texte: &str, maximum: usize, interdit: impl Fn(char) -> bool) -> Result<String, Faute> {
    let nombre = texte.chars().count();
    if nombre > maximum {
        return Err(Faute::TropLong { nombre, maximum });
    }
    if texte.chars().any(interdit) {
        return Err(Faute::Controle);
    }
    Ok(texte.to_owned())
}

/// An address with one `@`, a dotted domain, no space. The mail sent to it is the real proof.
pub fn courriel(texte: &str) -> Option<&str> {
    let (nom, domaine) = texte.split_once('@')?;
    let domaine_lisible = domaine.split('.').count() >= 2
        && domaine
            .split('.')
            .all(|p| !p.is_empty() && p.chars().all(|c| c.is_alphanumeric() || c == '-'));
    let nom_lisible = !nom.is_empty() && !nom.chars().any(|c| c.is_whitespace() || c.is_control() || c == '@');
    (nom_lisible && domaine_lisible && texte.chars().count() <= 254).then_some(texte)
}

fn telephone(texte: &str) -> Option<String> {
    let compact: String = texte
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-' | '(' | ')'))
        .collect();
    let chiffres = compact.strip_prefix('+').unwrap_or(&compact);
    ((9..=15).contains(&chiffres.len()) && chiffres.bytes().all(|c| c.is_ascii_digit())).then_some(compact)
}

fn decimal(texte: &str, maximum: u32) -> Result<String, Faute> {
    let centiemes = match Centimes::parse(texte) {
        Ok(Centimes(centiemes)) => centiemes,
        Err(MontantErreur::TropGrand) => return Err(Faute::TropGrand(maximum)),
        Err(MontantErreur::Illisible | MontantErreur::Decimales) => return Err(Faute::Decimal),
    };
    if centiemes > i64::from(maximum) * 100 {
        Err(Faute::TropGrand(maximum))
    } else {
        Ok(centiemes.to_string())
    }
}

/// A date is typed in three fields, `-jour`, `-mois`, `-annee`; all empty is no answer.
fn lire_date(origine: &str, brut: &dyn Brut) -> Result<Vec<String>, Faute> {
    let mut parties = [0u32; 3];
    let mut vides = 0;
    for (partie, suffixe) in parties.iter_mut().zip(["jour", "mois", "annee"]) {
        match brut.valeurs(&format!("{origine}-{suffixe}")) {
            [] => vides += 1,
            [seul] if seul.trim().is_empty() => vides += 1,
            [seul] if seul.trim().len() <= 4 && seul.trim().bytes().all(|c| c.is_ascii_digit()) => {
                *partie = seul.trim().parse().map_err(|_| Faute::Date)?;
            }
            [_] => return Err(Faute::Date),
            _ => return Err(Faute::Double),
        }
    }
    if vides == 3 {
        return Ok(Vec::new());
    }
    let [jour, mois, annee] = parties;
    let date = i32::try_from(annee)
        .ok()
        .and_then(|annee| NaiveDate::from_ymd_opt(annee, mois, jour))
        .filter(|_| vides == 0)
        .ok_or(Faute::Date)?;
    if !(2000..=2100).contains(&annee) {
        return Err(Faute::Annee);
    }
    Ok(vec![date.format(FORMAT_DATE).to_string()])
}

/// What a form shows for stored answers: the reverse of [`lire`]. Stored names carry the prefix
/// `stocke`, those of the form carry `affiche`.
pub fn ressaisir(
    champs: &[Champ],
    stocke: &str,
    affiche: &str,
    reponses: &Reponses,
    mut poser: impl FnMut(String, Vec<String>),
) {
    for champ in champs {
        let valeurs = reponses.valeurs(&format!("{stocke}{}", champ.nom));
        let nom = format!("{affiche}{}", champ.nom);
        let Some(premiere) = valeurs.first() else { continue };
        match champ.genre {
            Genre::Date => {
                let mut parties = premiere.splitn(3, '-');
                for suffixe in ["annee", "mois", "jour"] {
                    let partie = parties.next().unwrap_or_default().trim_start_matches('0');
                    poser(format!("{nom}-{suffixe}"), vec![partie.to_owned()]);
                }
            }
            Genre::Montant | Genre::Decimal(_) => {
                let centimes = premiere.parse().unwrap_or_default();
                poser(nom, vec![Centimes(centimes).saisie()]);
            }
            _ => poser(nom, valeurs.to_vec()),
        }
    }
}

/// What a person reads for stored values of a field.
pub fn en_clair(champ: &Champ, valeurs: &[String]) -> String {
    let un = |valeur: &String| match champ.genre {
        Genre::Date => NaiveDate::parse_from_str(valeur, FORMAT_DATE)
            .map_or_else(|_| valeur.clone(), |d| d.format("%d/%m/%Y").to_string()),
        Genre::Montant => Centimes(valeur.parse().unwrap_or_default()).to_string(),
        Genre::Decimal(_) => Centimes(valeur.parse().unwrap_or_default()).saisie(),
        Genre::OuiNon => if valeur == OUI { "Oui" } else { "Non" }.to_owned(),
        Genre::Choix(options) | Genre::Cases(options) => options
            .iter()
            .find(|(code, _)| code == valeur)
            .map_or_else(|| valeur.clone(), |(_, libelle)| (*libelle).to_owned()),
        _ => valeur.clone(),
    };
    valeurs.iter().map(un).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
#[path = "lecture_tests.rs"]
mod tests;
