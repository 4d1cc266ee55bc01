//! What tells who people and organisms are, taken out of a text before others read it: e-mail addresses, web sites, numbers, and the
//! names one gives. It proposes; a person reads what it made.

use std::collections::BTreeSet;
use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use super::nomenclature::{Liste, liste};
use super::texte::cle_de_comparaison;

liste! {
    /// What stands in the place of what was taken out.
    Masque {
        /// The name of an OG.
        Organisme = "organisme", "[organisme]";
        /// The name of an ESSMS.
        Etablissement = "etablissement", "[établissement]";
        /// The name or the reference of a dossier or its project.
        Projet = "projet", "[projet]";
        /// The commune of an OG or an ESSMS.
        Lieu = "lieu", "[lieu]";
        /// The name of a person.
        Personne = "personne", "[personne]";
        /// A FINESS number, or one that looks like it: SIREN, SIRET.
        Finess = "finess", "[numéro FINESS]";
        /// An e-mail address.
        Courriel = "courriel", "[adresse électronique]";
        /// A web site.
        Site = "site", "[site internet]";
        /// A telephone number.
        Telephone = "telephone", "[téléphone]";
    }
}

/// The names to take out.
#[derive(Debug, Default)]
pub struct Identites {
    /// Each as it is compared, the longest first.
    noms: Vec<(String, Masque)>,
    /// First names and surnames: alone, they are taken out where they begin by a capital.
    prenoms_et_noms: BTreeSet<String>,
}

/// Shorter words of a person's name (« de », « Le ») tell nothing alone.
const NOM_AU_MOINS: usize = 3;
/// Digits of a FINESS number or a SIREN; a telephone number has one more. Dates and amounts have fewer.
const CHIFFRES_AU_MOINS: usize = 9;
/// Signs in a row between two digits of one number, as in « +33 (0)1 ».
const SEPARATEURS_AU_PLUS: usize = 3;
/// Words that a name begins with and that tell nothing: what follows them is how one calls it.
const MOTS_COMMUNS: &[&str] = &[
    "association",
    "fondation",
    "mutuelle",
    "groupe",
    "groupement",
    "union",
    "societe",
    "projet",
    "grappe",
    "dossier",
];
/// A shorter rest is too common a word to be a name.
const RESTE_AU_MOINS: usize = 4;

impl Identites {
    /// With this name, taken out whatever its case, accents and signs. Without effect when it has neither letter nor digit.
    #[must_use]
    pub fn avec(mut self, nom: &str, masque: Masque) -> Self {
        let mots = mots(nom);
        let cle: String = mots.iter().map(|mot| mot.cle.as_str()).collect();
        if masque == Masque::Personne {
            let longs = mots.into_iter().filter(|mot| mot.cle.chars().count() >= NOM_AU_MOINS);
            self.prenoms_et_noms.extend(longs.map(|mot| mot.cle));
        }
        if !cle.is_empty() {
            let rang = self.noms.partition_point(|(autre, _)| autre.len() >= cle.len());
            self.noms.insert(rang, (cle, masque));
        }
        self
    }

    /// With this name, and with what remains of it once its common first words are left out: « Association Alpha » is « Alpha » too.
    #[must_use]
    pub fn avec_l_usage(self, nom: &str, masque: Masque) -> Self {
        let commun = |mot: &&Mot| MOTS_COMMUNS.contains(&mot.cle.as_str());
        let mots = mots(nom);
        let communs = mots.iter().take_while(commun).count();
        let reste = mots.get(communs).map_or("", |mot| &nom[mot.place.start..]);
        let identites = if communs < mots.len() {
            self.avec(nom, masque)
        } else {
            self
        };
        if reste.chars().count() >= RESTE_AU_MOINS {
            identites.avec(reste, masque)
        } else {
            identites
        }
    }

    /// Where the names stand.
    fn trouver(&self, texte: &str) -> Vec<(Range<usize>, Masque)> {
        let mots = mots(texte);
        let mut trouves = Vec::new();
        let mut rang = 0;
        while let Some(mot) = mots.get(rang) {
            let nom = self
                .noms
                .iter()
                .find_map(|(cle, masque)| Some((commence(&mots[rang..], cle)?, *masque)));
            let seul = || {
                let capitale = texte[mot.place.clone()].chars().next().is_some_and(char::is_uppercase);
                (capitale && self.prenoms_et_noms.contains(&mot.cle)).then_some((1, Masque::Personne))
            };
            match nom.or_else(seul) {
                Some((nombre, masque)) => {
                    trouves.push((mot.place.start..mots[rang + nombre - 1].place.end, masque));
                    rang += nombre;
                }
                None => rang += 1,
            }
        }
        trouves
    }
}

/// A word of a text, and how it is compared.
struct Mot {
    place: Range<usize>,
    cle: String,
}

fn mots(texte: &str) -> Vec<Mot> {
    let mut mots = Vec::new();
    let mut debut = None;
    for (place, c) in texte.char_indices().chain([(texte.len(), ' ')]) {
        match (debut, c.is_alphanumeric() || is_combining_mark(c)) {
            (None, true) => debut = Some(place),
            (Some(d), false) => {
                let cle = cle_de_comparaison(&texte[d..place])
                    .replace('œ', "oe")
                    .replace('æ', "ae");
                mots.push(Mot { place: d..place, cle });
                debut = None;
            }
            _ => {}
        }
    }
    mots
}

/// How many of the first words make this name, written together or apart.
fn commence(mots: &[Mot], nom: &str) -> Option<usize> {
    let mut reste = nom;
    for (rang, mot) in mots.iter().enumerate() {
        reste = reste.strip_prefix(mot.cle.as_str())?;
        if reste.is_empty() {
            return Some(rang + 1);
        }
    }
    None
}

/// E-mail addresses, or what looks like them.
fn courriels(texte: &str) -> Vec<(Range<usize>, Masque)> {
    let mut trouves: Vec<(Range<usize>, Masque)> = Vec::new();
    for (arobase, _) in texte.match_indices('@') {
        let avant = |c: char| c.is_alphanumeric() || is_combining_mark(c) || "._%+-'’".contains(c);
        let apres = |c: char| c.is_alphanumeric() || is_combining_mark(c) || ".-".contains(c);
        let debut = texte[..arobase].trim_end_matches(avant).len();
        let reste = &texte[arobase + 1..];
        let domaine = reste[..reste.len() - reste.trim_start_matches(apres).len()].trim_end_matches(['.', '-']);
        if debut < arobase && !domaine.is_empty() && trouves.last().is_none_or(|(dernier, _)| dernier.end <= debut) {
            trouves.push((debut..arobase + 1 + domaine.len(), Masque::Courriel));
        }
    }
    trouves
}

/// Web sites, as they are pasted.
fn sites(texte: &str) -> Vec<(Range<usize>, Masque)> {
    let minuscules = texte.to_ascii_lowercase();
    let mut trouves = Vec::new();
    let mut lu = 0;
    while let Some(ecart) = ["http://", "https://", "www."]
        .iter()
        .filter_map(|d| minuscules[lu..].find(d))
        .min()
    {
        let debut = lu + ecart;
        let fin = texte[debut..].find(|c: char| c.is_whitespace() || "«»\"<>".contains(c));
        let site =
            texte[debut..fin.map_or(texte.len(), |f| debut + f)].trim_end_matches(['.', ',', ';', ':', ')', '!', '?']);
        lu = debut + site.len();
        trouves.push((debut..lu, Masque::Site));
    }
    trouves
}

/// French telephone numbers, five pairs parted by one and the same sign: dates are not.
fn telephones(texte: &str) -> Vec<(Range<usize>, Masque)> {
    let mut trouves: Vec<(Range<usize>, Masque)> = Vec::new();
    for (debut, _) in texte.match_indices('0') {
        let avant = texte[..debut].chars().next_back();
        let deja = trouves.last().is_some_and(|(dernier, _)| dernier.end > debut);
        if deja || avant.is_some_and(|c| c.is_ascii_digit()) {
            continue;
        }
        if let Some(longueur) = cinq_paires(&texte[debut..]) {
            trouves.push((debut..debut + longueur, Masque::Telephone));
        }
    }
    trouves
}

/// How many octets five pairs of digits take at the start of a text, when the same sign stands between them and no digit follows.
fn cinq_paires(texte: &str) -> Option<usize> {
    let signe = texte
        .chars()
        .nth(2)
        .filter(|c| !c.is_alphanumeric() && !c.is_control())?;
    let mut reste = texte;
    for rang in 0..5 {
        if rang > 0 {
            reste = reste.strip_prefix(signe)?;
        }
        let paire = reste.get(..2).filter(|p| p.bytes().all(|o| o.is_ascii_digit()))?;
        reste = &reste[paire.len()..];
    }
    let suite = reste.chars().next().is_some_and(|c| c.is_ascii_digit());
    (!suite).then_some(texte.len() - reste.len())
}

/// FINESS and telephone numbers, or what looks like them: nine digits or more, whatever parts them on a line.
fn numeros(texte: &str) -> Vec<(Range<usize>, Masque)> {
    let mut trouves = Vec::new();
    let mut lu = 0;
    while let Some(ecart) = texte[lu..].find(|c: char| c.is_ascii_digit()) {
        let debut = lu + ecart;
        let (chiffres, longueur) = suite_de_chiffres(&texte[debut..]);
        lu = debut + longueur;
        if chiffres.len() < CHIFFRES_AU_MOINS {
            continue;
        }
        let international = texte[..debut].ends_with('+');
        let telephone = international || (chiffres.starts_with('0') && chiffres.len() > CHIFFRES_AU_MOINS);
        let masque = if telephone { Masque::Telephone } else { Masque::Finess };
        trouves.push((debut - usize::from(international)..lu, masque));
    }
    trouves
}

/// The digits at the start of a text, and how many octets they take with what parts them. Corsica's departments are 2A and 2B.
fn suite_de_chiffres(texte: &str) -> (String, usize) {
    let (mut chiffres, mut longueur, mut separateurs) = (String::new(), 0, 0);
    for (place, c) in texte.char_indices() {
        if c.is_ascii_digit() || (chiffres == "2" && separateurs == 0 && "AaBb".contains(c)) {
            chiffres.push(c);
            longueur = place + c.len_utf8();
            separateurs = 0;
        } else if separateurs < SEPARATEURS_AU_PLUS && (" \u{a0}\u{202f}\u{2009}.-\u{2010}\u{2011}()".contains(c)) {
            separateurs += 1;
        } else {
            break;
        }
    }
    (chiffres, longueur)
}

/// A piece of a text: read still, or recognised.
enum Morceau<'a> {
    Texte(&'a str),
    Reconnu(Masque, &'a str),
}

fn chercher(morceaux: Vec<Morceau<'_>>, trouver: impl Fn(&str) -> Vec<(Range<usize>, Masque)>) -> Vec<Morceau<'_>> {
    let mut restes = Vec::with_capacity(morceaux.len());
    for morceau in morceaux {
        let Morceau::Texte(texte) = morceau else {
            restes.push(morceau);
            continue;
        };
        let mut lu = 0;
        for (place, masque) in trouver(texte) {
            restes.push(Morceau::Texte(&texte[lu..place.start]));
            restes.push(Morceau::Reconnu(masque, &texte[place.clone()]));
            lu = place.end;
        }
        restes.push(Morceau::Texte(&texte[lu..]));
    }
    restes
}

fn decouper<'a>(texte: &'a str, identites: &Identites) -> Vec<Morceau<'a>> {
    // Addresses first: they hold names. Then names, which may hold numbers.
    let mut morceaux = chercher(vec![Morceau::Texte(texte)], courriels);
    morceaux = chercher(morceaux, sites);
    morceaux = chercher(morceaux, |t| identites.trouver(t));
    morceaux = chercher(morceaux, telephones);
    chercher(morceaux, numeros)
}

/// The text without what tells who is who, as far as a program sees it.
pub fn masquer(texte: &str, identites: &Identites) -> String {
    let morceaux = decouper(texte, identites).into_iter();
    morceaux
        .map(|morceau| match morceau {
            Morceau::Texte(texte) => texte,
            Morceau::Reconnu(masque, _) => masque.libelle(),
        })
        .collect()
}

/// What [`masquer`] would take out of this text, in reading order.
pub fn reconnus<'a>(texte: &'a str, identites: &Identites) -> Vec<&'a str> {
    let morceaux = decouper(texte, identites).into_iter();
    let reconnu = |morceau| match morceau {
        Morceau::Texte(_) => None,
        Morceau::Reconnu(_, texte) => Some(texte),
    };
    morceaux.filter_map(reconnu).collect()
}

/// Whether words still stand in the place of what was taken out of a model.
pub fn est_a_completer(texte: &str) -> bool {
    Masque::TOUTES.iter().any(|masque| texte.contains(masque.libelle()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn identites() -> Identites {
        Identites::default()
            .avec("Association Alpha", Masque::Organisme)
            .avec("E.H.P.A.D. Les Œillets de l’Éventail", Masque::Etablissement)
            .avec("EHPAD", Masque::Etablissement)
            .avec("Camille de Saint-Éloi", Masque::Personne)
    }

    #[test]
    fn names_are_taken_out_however_they_are_written() {
        for (texte, attendu) in [
            ("L’ASSOCIATION ALPHA porte", "L’[organisme] porte"),
            ("Association\nalpha, Alphabet", "[organisme], Alphabet"),
            ("l’Ehpad les oeillets de l'eventail.", "l’[établissement]."),
            ("Un EHPAD seul, deux ehpads", "Un [établissement] seul, deux ehpads"),
            ("Camille de Saint-Eloi, Mme Éloi", "[personne], Mme [personne]"),
            (
                "une camille de fleurs, de Saint",
                "une camille de fleurs, de [personne]",
            ),
            ("Une association Alpine", "Une association Alpine"),
        ] {
            assert_eq!(masquer(texte, &identites()), attendu, "{texte}");
        }
    }

    #[test]
    fn addresses_and_numbers_are_taken_out_and_dates_and_amounts_are_not() {
        for (texte, attendu) in [
            (
                "écrire à c.de-saint@alpha.exemple.fr.",
                "écrire à [adresse électronique].",
            ),
            ("seul @ ou @nom restent", "seul @ ou @nom restent"),
            ("01 23 45 67 89", "[téléphone]"),
            ("(01.23.45.67.89)", "([téléphone])"),
            ("06/12/34/56/78, 06–12–34–56–78", "[téléphone], [téléphone]"),
            ("01/02/2024/05/06/07", "01/02/2024/05/06/07"),
            (
                "voir www.alpha-asso.fr/dui, ou (HTTPS://alpha.fr).",
                "voir [site internet], ou ([site internet]).",
            ),
            ("+33 (0)1 23 45 67 89 ou rien", "[téléphone] ou rien"),
            (
                "FINESS 750000123, 75 000\u{a0}012-3",
                "FINESS [numéro FINESS], [numéro FINESS]",
            ),
            ("2A0000123 et 2b 000 012 3", "[numéro FINESS] et [numéro FINESS]"),
            ("SIRET 123 456 789 00012", "SIRET [numéro FINESS]"),
            ("du 01/09/2024 au 31/12/2024", "du 01/09/2024 au 31/12/2024"),
            ("1 053 500 € pour 16 ESSMS en 2024", "1 053 500 € pour 16 ESSMS en 2024"),
        ] {
            assert_eq!(masquer(texte, &identites()), attendu, "{texte}");
        }
    }

    #[test]
    fn a_name_is_taken_out_without_its_common_words_too_but_never_those_alone() {
        let identites = Identites::default()
            .avec_l_usage("Association Alpha", Masque::Organisme)
            .avec_l_usage("Projet Tilleul", Masque::Projet)
            .avec_l_usage("Grappe", Masque::Projet)
            .avec_l_usage("alpha-asso.fr", Masque::Site);
        let texte = "Le projet Tilleul (ou Tilleul) de l’association Alpha, voir alpha-asso.fr. Alpha et sa grappe\u{a0}: un projet.";
        assert_eq!(
            masquer(texte, &identites),
            "Le [projet] (ou [projet]) de l’[organisme], voir [site internet]. [organisme] et sa grappe\u{a0}: un projet."
        );
        assert_eq!(
            reconnus(texte, &identites),
            [
                "projet Tilleul",
                "Tilleul",
                "association Alpha",
                "alpha-asso.fr",
                "Alpha"
            ]
        );
        assert!(est_a_completer(&masquer(texte, &identites)) && !est_a_completer(texte));
    }

    #[test]
    fn an_empty_name_takes_nothing_out() {
        let identites = Identites::default()
            .avec(" … ", Masque::Personne)
            .avec("", Masque::Organisme);
        assert_eq!(masquer("Rien… à dire", &identites), "Rien… à dire");
    }

    /// A name of a few words that no mask holds.
    fn nom() -> impl Strategy<Value = String> {
        proptest::collection::vec("[b-d]{3,6}|[b-d]{3,5}é", 1..4).prop_map(|mots| mots.join(" "))
    }

    /// The same name as somebody else writes it.
    fn autrement(nom: &str, facon: usize) -> String {
        match facon {
            0 => nom.to_owned(),
            1 => nom.to_uppercase(),
            2 => nom.replace('é', "e").replace(' ', "-"),
            3 => nom.replace(' ', ""),
            _ => nom.replace('é', "e\u{301}").replace(' ', "\u{a0}\n"),
        }
    }

    proptest! {
        #[test]
        fn no_given_name_survives(
            noms in proptest::collection::vec((nom(), 0..3usize), 1..6),
            suite in proptest::collection::vec((0..6usize, 0..5usize, "[x-z]{0,4}[ ,.;’(]{1,2}"), 0..12),
        ) {
            let masques = [Masque::Organisme, Masque::Etablissement, Masque::Personne];
            let identites = noms.iter().fold(Identites::default(), |i, (nom, m)| i.avec(nom, masques[*m]));
            let mut texte = String::new();
            for (quel, facon, entre) in &suite {
                texte.extend([entre.as_str(), &autrement(&noms[quel % noms.len()].0, *facon), " "]);
            }
            let masque = Masque::TOUTES.iter().fold(masquer(&texte, &identites), |t, m| t.replace(m.libelle(), "|"));
            for segment in masque.split('|') {
                let reste: Vec<String> = mots(segment).into_iter().map(|m| m.cle).collect();
                for (nom, _) in &noms {
                    prop_assert!(!format!(" {} ", segment.to_lowercase()).contains(&format!(" {nom} ")), "{nom}: {masque}");
                    let cle = cle_de_comparaison(nom);
                    let suites = (0..reste.len()).flat_map(|d| (d + 1..=reste.len()).map(move |f| (d, f)));
                    for (debut, fin) in suites {
                        prop_assert!(reste[debut..fin].concat() != cle, "{nom}: {masque}");
                    }
                }
            }
        }

        #[test]
        fn no_number_nor_address_survives(
            chiffres in "[0-9]{9,10}", separateur in "[ .\u{a0}-]?", compte in "[a-z]{1,8}", domaine in "[a-z]{1,8}",
            avant in "[a-z ]{0,9}", apres in "[a-z, ]{0,9}",
        ) {
            let ecrit: Vec<String> = chiffres.chars().map(String::from).collect();
            let texte = format!("{avant} {}; {compte}@{domaine}.fr {apres}", ecrit.join(&separateur));
            let masque = masquer(&texte, &Identites::default());
            prop_assert!(!masque.contains(|c: char| c.is_ascii_digit() || c == '@'), "{masque}");
        }

        #[test]
        fn no_text_makes_it_panic(texte in "\\PC*", nom in "\\PC*") {
            let _ = masquer(&texte, &Identites::default().avec(&nom, Masque::Personne));
        }
    }
}
