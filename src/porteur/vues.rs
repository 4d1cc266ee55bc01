//! View structs that several pages of the porteur share.

use chrono::{DateTime, Utc};
use chrono_tz::Europe::Paris;
use uuid::Uuid;

use super::atelier::{Atelier, Bilan};
use crate::domain::argent::Centimes;
use crate::domain::compte::Compte;
use crate::domain::dossier::champ::{Champ, Genre, Options, Requis};
use crate::domain::dossier::lecture::{Brut, Faute};
use crate::domain::dossier::{Etape, EtapeEnregistree, EtatDossier};
use crate::domain::nomenclature::Liste;
use crate::rules::constat::Constat;
use crate::rules::edition::NatureEcheance;
use crate::store::journal::ChampChange;
use crate::store::solution::SolutionDui;
use crate::web::chemins;
use crate::web::constat::VueConstat;
use crate::web::formulaire::{Choix, ErreurChamp, Saisie};
use crate::web::page::Lien;
use crate::web::vue::Etiquette;

/// What a page on a dossier has around its own content: the strip at its top never leaves the
/// dossier's state in doubt, nor its verdict.
pub struct Cadre {
    /// The dossier.
    pub dossier: Uuid,
    /// What people quote.
    pub reference: String,
    /// Name given by the porteur.
    pub nom: String,
    /// The edition's title.
    pub edition: String,
    /// Where it stands.
    pub etat: EtatDossier,
    /// Until when it can be deposited, or why not.
    pub echeance: String,
    /// Verdict on eligibility.
    pub eligibilite: Etiquette,
    /// « 14 éligibles, 1 en question, 1 exclu ».
    pub essms: String,
    /// Money established.
    pub certain: Centimes,
    /// Money if every open question turns out well.
    pub maximum: Centimes,
    /// What the interval depends on.
    pub note: String,
    /// Blocking constats.
    pub blocages: usize,
    /// Pages of the dossier.
    pub liens: Vec<Lien>,
    /// How fresh the registry is.
    pub repertoire: String,
    /// What the save that led here did.
    pub bilan: Option<Bilan>,
    /// Whether the visitor may write.
    pub modifiable: bool,
    /// Anti-forgery token of the page's forms.
    pub csrf: String,
}

impl Cadre {
    /// Around the page of this address.
    pub fn nouveau(atelier: &Atelier<'_>, compte: &Compte, ici: &str, bilan: Option<Bilan>, csrf: String) -> Self {
        let Atelier {
            dossier,
            edition,
            evaluation,
            ..
        } = atelier;
        let id = dossier.id;
        Self {
            dossier: id,
            reference: dossier.reference.clone(),
            nom: dossier.nom.clone(),
            edition: edition.titre.clone(),
            etat: dossier.etat,
            echeance: echeance(atelier),
            eligibilite: Etiquette::resultat(&evaluation.eligibilite, &crate::rules::constat::Gravite::Bloquant),
            essms: decompte(evaluation.decompte),
            certain: evaluation.financement.certain,
            maximum: evaluation.financement.maximum,
            note: note(atelier),
            blocages: evaluation.blocages().count(),
            liens: [
                ("Étapes", chemins::dossier(id)),
                ("Grappe", chemins::grappe(id)),
                ("Verdicts et financement", chemins::constats(id)),
                ("Journal", chemins::journal(id)),
            ]
            .into_iter()
            .map(|(libelle, href)| Lien::nouveau(libelle, href).courant_si(|href| href == ici))
            .collect(),
            repertoire: repertoire(atelier),
            bilan,
            modifiable: atelier.modifiable(compte),
            csrf,
        }
    }

    /// Whether the dossier is a draft.
    pub fn brouillon(&self) -> bool {
        self.etat == EtatDossier::Brouillon
    }

    /// The state in words.
    pub fn etat_libelle(&self) -> &'static str {
        self.etat.libelle()
    }

    /// Colour of the state.
    pub fn etat_classe(&self) -> &'static str {
        match self.etat {
            EtatDossier::Brouillon => "govuk-tag--yellow",
            EtatDossier::Depose => "govuk-tag--green",
        }
    }
}

fn note(atelier: &Atelier<'_>) -> String {
    use crate::rules::constat::Resultat;
    let financement = &atelier.evaluation.financement;
    match atelier.evaluation.eligibilite {
        Resultat::Satisfait if financement.certain == financement.maximum => String::new(),
        Resultat::Satisfait => "L’écart tient aux questions encore ouvertes.".to_owned(),
        _ => "Sous réserve de l’éligibilité du projet.".to_owned(),
    }
}

/// « 14 éligibles, 1 en question, 1 exclu ».
pub fn decompte(d: crate::rules::evaluation::Decompte) -> String {
    let s = |n: usize| if n > 1 { "s" } else { "" };
    format!(
        "{} éligible{}, {} en question, {} exclu{}",
        d.eligibles,
        s(d.eligibles),
        d.en_question,
        d.exclus,
        s(d.exclus)
    )
}

fn repertoire(atelier: &Atelier<'_>) -> String {
    match atelier.contexte.fraicheur {
        Some(f) => {
            let fictif = if f.fictif { " (données fictives)" } else { "" };
            format!("Répertoire FINESS au {}{fictif}", f.date_donnees.format("%d/%m/%Y"))
        }
        None => "Répertoire FINESS non chargé".to_owned(),
    }
}

fn echeance(atelier: &Atelier<'_>) -> String {
    if atelier.dossier.etat == EtatDossier::Depose {
        return "Dossier déposé".to_owned();
    }
    echeance_de(atelier.edition, atelier.instant)
}

/// Until when a dossier of this edition can be deposited, or why not.
pub fn echeance_de(edition: &crate::rules::edition::Edition, maintenant: DateTime<Utc>) -> String {
    let Some(e) = edition.prochaine_echeance(&maintenant) else {
        return "Les fenêtres de dépôt de cet appel à projets sont closes".to_owned();
    };
    let jour = e.instant.format("%d/%m/%Y");
    match e.nature {
        NatureEcheance::Fermeture => {
            let jours = (e.instant.date_naive() - maintenant.with_timezone(&Paris).date_naive()).num_days();
            let reste = match jours {
                0 => "dernier jour".to_owned(),
                1 => "il reste 1\u{a0}jour".to_owned(),
                n => format!("il reste {n}\u{a0}jours"),
            };
            format!("À déposer avant le {jour} à 23\u{a0}h\u{a0}59 (heure de Paris)\u{a0}: {reste}")
        }
        NatureEcheance::Ouverture => format!("Dépôt possible à partir du {jour}"),
    }
}

/// An instant as people read it, in Paris.
pub fn instant(quand: DateTime<Utc>) -> String {
    quand
        .with_timezone(&Paris)
        .format("%d/%m/%Y à %H\u{a0}h\u{a0}%M")
        .to_string()
}

/// Constats as cards: with the names of the ESSMS, and a link to where each is mended.
pub fn cartes(atelier: &Atelier<'_>, constats: &[&Constat], ici: Option<Etape>) -> Vec<VueConstat> {
    let nom = |finess: &str| {
        let numero = crate::domain::finess::Finess::parse(finess).ok()?;
        atelier.contexte.registre.get(&numero).map(|e| e.nom.clone())
    };
    constats
        .iter()
        .map(|constat| {
            let carte = VueConstat::from(*constat).nommer(nom);
            let etape = super::atelier::etape_de(&constat.code);
            let a_mender = constat.resultat != crate::rules::constat::Resultat::Satisfait && ici != Some(etape);
            if a_mender {
                carte.corriger(chemins::etape(atelier.dossier.id, etape), etape.libelle())
            } else {
                carte
            }
        })
        .collect()
}

/// A field as the template draws it.
pub struct ChampVue {
    /// Name in the form.
    pub nom: String,
    /// Label.
    pub libelle: &'static str,
    /// Help.
    pub aide: &'static str,
    /// Which input.
    pub genre: Genre,
    /// Whether it is never needed.
    pub facultatif: bool,
    /// Options of a list, radios or checkboxes.
    pub options: Vec<Choix>,
}

/// Fields drawn together, under a title.
pub struct BlocVue {
    /// Title.
    pub titre: String,
    /// Fields.
    pub champs: Vec<ChampVue>,
}

/// Options only the page knows.
#[derive(Default)]
pub struct OptionsVue {
    essms: Vec<Choix>,
    solutions: Vec<Choix>,
}

impl OptionsVue {
    /// The options of a dossier.
    pub fn nouvelles(atelier: &Atelier<'_>, solutions: &[SolutionDui]) -> Self {
        let essms = atelier.dossier.essms.iter().map(|e| {
            let connu = atelier.contexte.registre.get(&e.finess);
            let nom = connu.map_or("ESSMS inconnu du répertoire", |c| c.nom.as_str());
            Choix::nouveau(e.finess.to_string(), format!("{nom} ({})", e.finess))
        });
        Self {
            essms: essms.collect(),
            solutions: solutions.iter().map(choix_de_solution).collect(),
        }
    }

    /// Whether an option may be chosen.
    pub fn permet(&self, options: Options, valeur: &str) -> bool {
        self.de(options).iter().any(|c| c.valeur == valeur)
    }

    fn de(&self, options: Options) -> &[Choix] {
        match options {
            Options::EssmsDeLaGrappe => &self.essms,
            Options::Solutions => &self.solutions,
        }
    }

    /// Stored values of a field, in words.
    pub fn en_clair(&self, champ: &Champ, valeurs: &[String]) -> String {
        match (champ.genre, valeurs.first()) {
            (Genre::Parmi(options), Some(valeur)) => self
                .de(options)
                .iter()
                .find(|c| c.valeur == *valeur)
                .map_or_else(|| valeur.clone(), |c| c.libelle.clone().into_owned()),
            _ => crate::domain::dossier::lecture::en_clair(champ, valeurs),
        }
    }
}

fn choix_de_solution(s: &SolutionDui) -> Choix {
    let reference = match (s.segur, s.sad) {
        (true, true) => "référencée Ségur et SAD",
        (true, false) => "référencée Ségur",
        (false, true) => "référencée SAD",
        (false, false) => "non référencée",
    };
    let fictif = if s.fictif { ", fictive" } else { "" };
    Choix::nouveau(
        s.id.to_string(),
        format!("{} {} — {} ({reference}{fictif})", s.nom, s.version, s.editeur),
    )
}

impl ChampVue {
    /// Most characters of a long text; 0 for another field.
    pub fn maximum(&self) -> usize {
        match self.genre {
            Genre::Zone(maximum) => maximum,
            _ => 0,
        }
    }

    /// The drawing of a field whose name carries this prefix in the form.
    pub fn nouveau(champ: &'static Champ, prefixe: &str, options: &OptionsVue) -> Self {
        let codes = |liste: &'static [(&'static str, &'static str)]| {
            liste
                .iter()
                .map(|(code, libelle)| Choix::nouveau(*code, *libelle))
                .collect()
        };
        Self {
            nom: format!("{prefixe}{}", champ.nom),
            libelle: champ.libelle,
            aide: champ.aide,
            genre: champ.genre,
            facultatif: champ.requis == Requis::Non,
            options: match champ.genre {
                Genre::Choix(liste) | Genre::Cases(liste) => codes(liste),
                Genre::OuiNon => codes(&[("oui", "Oui"), ("non", "Non")]),
                Genre::Parmi(o) => options.de(o).to_vec(),
                _ => Vec::new(),
            },
        }
    }
}

impl Brut for Saisie {
    fn valeurs(&self, nom: &str) -> &[String] {
        Self::valeurs(self, nom)
    }

    fn nombre_de_lignes(&self, nom: &str) -> usize {
        self.noms()
            .filter_map(|n| {
                n.strip_prefix(nom)?
                    .strip_prefix('-')?
                    .split_once('-')?
                    .0
                    .parse::<usize>()
                    .ok()
            })
            .max()
            .map_or(0, |dernier| dernier.saturating_add(1))
    }
}

/// Marks the fields that could not be read; `libelle` tells what each is called.
pub fn refuser(saisie: &mut Saisie, fautes: &[(String, Faute)], libelle: impl Fn(&str) -> String) {
    for (nom, faute) in fautes {
        saisie.refuser(nom.clone(), &libelle(nom), &ErreurChamp::Motif(faute.to_string()));
    }
}

/// The step after this one.
pub fn suivante(etape: Etape) -> Option<Etape> {
    let rang = Etape::TOUTES.iter().position(|e| *e == etape)?;
    Etape::TOUTES.get(rang + 1).copied()
}

/// An answer that two people changed: what is stored, what was just typed.
pub struct Conflit {
    /// What the question is called.
    pub libelle: String,
    /// What is stored.
    pub enregistre: String,
    /// What was just typed.
    pub saisi: String,
    /// Who stored, and when.
    pub par: String,
}

/// The answers that two people changed, of a step that one of them has just saved.
pub fn conflits(enregistree: Option<&EtapeEnregistree>, changes: Vec<ChampChange>) -> Vec<Conflit> {
    let par = enregistree
        .map(|e| format!("{}, le {}", e.modifie_par, instant(e.modifie_le)))
        .unwrap_or_default();
    changes
        .into_iter()
        .map(|c| Conflit {
            libelle: c.libelle,
            enregistre: c.avant,
            saisi: c.apres,
            par: par.clone(),
        })
        .collect()
}
