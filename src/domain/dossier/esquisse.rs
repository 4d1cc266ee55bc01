//! A grappe that is only sketched: its ESSMS and what is said of them, without a dossier. It fits in an address, which
//! names nobody and is all that there is of it.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

use super::champ::{Champ, Genre, Options, Requis};
use super::etapes::{FAITS_ESSMS, champ};
use super::lecture::{Brut, FauteDeChamp, Permis, lire_prefixe, ressaisir};
use super::reponses::Reponses;
use super::{EssmsGrappe, Etape};
use crate::domain::finess::Finess;

/// Prefix of the fields on the project.
pub const PROJET: &str = "projet";
/// Prefix of the fields that answer for every ESSMS.
pub const TOUS: &str = "tous";
/// Name of the field of the appel à projets.
pub const EDITION: &str = "edition";
/// Name of the field of the numbers.
pub const NUMEROS: &str = "numeros";
/// Whether an ESSMS is in another dossier, as the visitor says: the portal reads none to answer.
pub const ENGAGE: &str = "engage_ailleurs";
/// The OG that carries the project.
pub const PORTEUR: &str = "porteur";
/// Whether the étude d'écart is attached.
pub const ETUDE: &str = "etude_ecart";
/// Expenses, all together.
pub const DEPENSES: &str = "depenses";

/// The form of links changes with this sign: an old link is then known for one.
const VERSION: char = '1';
/// What a link may become once unfolded: five hundred ESSMS with every answer.
const DEPLIE_AU_PLUS: u64 = 512 * 1024;

/// Questions on the project.
static CHAMPS_DU_PROJET: LazyLock<Vec<Champ>> = LazyLock::new(|| {
    let repris = [
        (Etape::Solution, "solution"),
        (Etape::Projet, "soumis_ccp"),
        (Etape::Projet, "marche_public_identique"),
        (Etape::Solution, "cibles_atteignables"),
        (Etape::Financement, "autofinancement"),
        (Etape::Financement, "autres_ressources"),
    ];
    let porteur = Champ::requis(
        PORTEUR,
        "Organisme qui porte le projet",
        Genre::Parmi(Options::EssmsDeLaGrappe),
    );
    let etude = Champ::requis(ETUDE, "Une étude d’écart est-elle prête\u{a0}?", Genre::OuiNon)
        .aide("Demandée quand la solution est référencée Ségur pour un autre secteur que celui d’un ESSMS.");
    let depenses = Champ::requis(DEPENSES, "Total des dépenses du projet", Genre::Montant);
    let mut champs: Vec<Champ> = repris
        .into_iter()
        .filter_map(|(etape, nom)| champ(etape, nom))
        .map(|(champ, _)| sans_marque(*champ))
        .collect();
    champs.insert(1, porteur);
    champs.insert(5, etude);
    champs.insert(6, depenses);
    champs
});

/// Questions on each ESSMS.
static CHAMPS_D_UN_ESSMS: LazyLock<Vec<Champ>> = LazyLock::new(|| {
    let engage = Champ::requis(ENGAGE, "Engagé dans un autre dossier en cours", Genre::OuiNon)
        .aide("Le simulateur ne lit aucun dossier\u{a0}: dites ce que vous savez.");
    let faits = FAITS_ESSMS.iter().filter(|c| c.nom != "personnes_accompagnees");
    faits.map(|c| sans_marque(*c)).chain([engage]).collect()
});

/// Nothing is needed of a sketch: no question is marked as more optional than another.
fn sans_marque(champ: Champ) -> Champ {
    Champ {
        requis: match champ.requis {
            Requis::Non => Requis::Oui,
            autre => autre,
        },
        ..champ
    }
}

/// Questions on the project.
pub fn champs_du_projet() -> &'static [Champ] {
    &CHAMPS_DU_PROJET
}

/// Questions on each ESSMS.
pub fn champs_d_un_essms() -> &'static [Champ] {
    &CHAMPS_D_UN_ESSMS
}

/// A sketch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Esquisse {
    /// Code of the appel à projets.
    pub edition: String,
    /// The ESSMS, each once.
    pub numeros: Vec<Finess>,
    /// Answers on the project.
    pub projet: Reponses,
    /// Answers that hold for every ESSMS that has none of its own.
    pub communs: Reponses,
    /// Answers of single ESSMS.
    pub propres: BTreeMap<Finess, Reponses>,
}

impl Esquisse {
    /// Reads the answers of a form about these ESSMS, and every fault.
    pub fn lire(brut: &dyn Brut, numeros: Vec<Finess>, permis: Permis<'_>) -> (Self, Vec<FauteDeChamp>) {
        let mut fautes = Vec::new();
        let mut lire = |champs, prefixe: &str| lire_prefixe(champs, prefixe, brut, permis, &mut fautes);
        let projet = lire(champs_du_projet(), PROJET);
        let communs = lire(champs_d_un_essms(), TOUS);
        let propres = numeros
            .iter()
            .map(|numero| (*numero, lire(champs_d_un_essms(), numero.as_str())))
            .filter(|(_, reponses)| !reponses.est_vide())
            .collect();
        let edition = brut.valeurs(EDITION).first().cloned().unwrap_or_default();
        let esquisse = Self {
            edition,
            numeros,
            projet,
            communs,
            propres,
        };
        (esquisse, fautes)
    }

    /// Answers for an ESSMS: its own, or else those that hold for all.
    pub fn reponses(&self, finess: Finess) -> Reponses {
        let mut reponses = self.communs.clone();
        for (nom, valeurs) in self.propres.get(&finess).into_iter().flat_map(Reponses::iter) {
            reponses.mettre(nom, valeurs.to_vec());
        }
        reponses
    }

    /// The grappe, each ESSMS with its answers.
    pub fn essms(&self) -> Vec<EssmsGrappe> {
        let grappe = |finess: &Finess| EssmsGrappe {
            finess: *finess,
            reponses: self.reponses(*finess),
        };
        self.numeros.iter().map(grappe).collect()
    }

    /// Gives an ESSMS an answer of its own.
    pub fn repondre(&mut self, finess: Finess, champ: &str, valeur: &str) {
        let propres = self.propres.entry(finess).or_default();
        propres.mettre(champ, vec![valeur.to_owned()]);
    }

    /// The same said in fewer words: what most ESSMS answer holds for all, and is nobody's own.
    #[must_use]
    pub fn factorisee(mut self) -> Self {
        self.propres.retain(|finess, _| self.numeros.contains(finess));
        for champ in champs_d_un_essms() {
            let donnees: Vec<(Finess, Vec<String>)> = self
                .numeros
                .iter()
                .map(|n| (*n, self.reponses(*n).valeurs(champ.nom).to_vec()))
                .collect();
            let Some(commune) = la_plus_donnee(&donnees) else {
                continue;
            };
            for (finess, valeurs) in donnees {
                let propre = if valeurs == commune { Vec::new() } else { valeurs };
                self.propres.entry(finess).or_default().mettre(champ.nom, propre);
            }
            self.communs.mettre(champ.nom, commune);
        }
        self.propres.retain(|_, reponses| !reponses.est_vide());
        self
    }

    /// The fields of the form that say it.
    pub fn champs(&self) -> Vec<(String, String)> {
        let numeros: Vec<&str> = self.numeros.iter().map(Finess::as_str).collect();
        let mut paires = vec![
            (EDITION.to_owned(), self.edition.clone()),
            (NUMEROS.to_owned(), numeros.join("\n")),
        ];
        let mut poser = |champs, prefixe: &str, reponses| {
            ressaisir(champs, "", &format!("{prefixe}-"), reponses, |nom, valeurs| {
                paires.extend(valeurs.into_iter().map(|valeur| (nom.clone(), valeur)));
            });
        };
        poser(champs_du_projet(), PROJET, &self.projet);
        poser(champs_d_un_essms(), TOUS, &self.communs);
        for (finess, reponses) in &self.propres {
            poser(champs_d_un_essms(), finess.as_str(), reponses);
        }
        paires
    }

    /// The parameter of an address that says it.
    pub fn lien(&self) -> String {
        let mut requete = form_urlencoded::Serializer::new(String::new());
        let texte = requete.extend_pairs(self.champs()).finish();
        let mut encodeur = ZlibEncoder::new(Vec::new(), Compression::best());
        // Writing to memory cannot fail.
        let _ = encodeur.write_all(texte.as_bytes());
        format!(
            "{VERSION}{}",
            URL_SAFE_NO_PAD.encode(encodeur.finish().unwrap_or_default())
        )
    }
}

/// The answer that most give, the first of those; none when some give none, which no common answer could say.
fn la_plus_donnee(donnees: &[(Finess, Vec<String>)]) -> Option<Vec<String>> {
    if donnees.iter().any(|(_, valeurs)| valeurs.is_empty()) {
        return None;
    }
    let fois = |valeurs: &[String]| donnees.iter().filter(|(_, v)| v == valeurs).count();
    let (_, commune) = donnees.iter().rev().max_by_key(|(_, valeurs)| fois(valeurs))?;
    Some(commune.clone())
}

/// What a link holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deplie {
    /// The fields of the form.
    pub champs: Vec<(String, String)>,
    /// Whether it was read to its end: not cut, not changed, not of another version.
    pub entier: bool,
}

/// Reads a link, or as much of it as can be.
pub fn deplier(lien: &str) -> Deplie {
    let Some(suite) = lien.strip_prefix(VERSION) else {
        return Deplie::default();
    };
    // Cut anywhere: what comes before is still good.
    let bons: String = suite
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .collect();
    let longueur = if bons.len() % 4 == 1 {
        bons.len() - 1
    } else {
        bons.len()
    };
    let octets = decoder(&bons[..longueur]);
    let mut texte = Vec::new();
    let mut decodeur = ZlibDecoder::new(octets.as_slice()).take(DEPLIE_AU_PLUS);
    let lu = decodeur.read_to_end(&mut texte);
    let champs: Vec<(String, String)> = form_urlencoded::parse(&texte)
        .map(|(nom, valeur)| (nom.into_owned(), valeur.into_owned()))
        .collect();
    let entier = lu.is_ok_and(|lus| lus > 0) && longueur == suite.len() && decodeur.limit() > 0;
    Deplie { champs, entier }
}

/// The last character of a text that was cut may hold bits that say nothing.
fn decoder(texte: &str) -> Vec<u8> {
    let tolerant = base64::engine::GeneralPurpose::new(
        &base64::alphabet::URL_SAFE,
        base64::engine::GeneralPurposeConfig::new()
            .with_encode_padding(false)
            .with_decode_allow_trailing_bits(true)
            .with_decode_padding_mode(base64::engine::DecodePaddingMode::RequireNone),
    );
    tolerant.decode(texte).unwrap_or_default()
}

#[cfg(test)]
#[path = "esquisse_tests.rs"]
mod tests;
