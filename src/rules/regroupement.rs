//! Critères de regroupement (MÉMO): what more than half of the ESSMS must share, ELI-G03 to ELI-G05.

use crate::domain::nomenclature::{GrandSecteur, Hebergement, Liste, TypeProjet};
use crate::rules::constat::Resultat;
use crate::rules::contexte::{Contexte, Verdict};
use crate::rules::faits::{CategorieLue, Essms};
use crate::rules::francais::s;

/// A count over the ESSMS not excluded.
struct Majorite<V> {
    total: usize,
    /// The leading value and its count; the first of the list wins a tie.
    tete: Option<(V, usize)>,
    inconnus: usize,
}

/// What an ESSMS says: nothing yet, something that counts, or something that counts for no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::rules) enum Voix<V> {
    Inconnue,
    Pour(V),
    Blanche,
}

impl<V> From<Option<V>> for Voix<V> {
    fn from(valeur: Option<V>) -> Self {
        valeur.map_or(Self::Inconnue, Self::Pour)
    }
}

/// Whether the leading value is that of more than half. Exactly half is not a majority.
pub(in crate::rules) fn issue(total: usize, nombre: usize, inconnus: usize) -> Resultat {
    if total == 0 {
        Resultat::Inconnu
    } else if nombre * 2 > total {
        Resultat::Satisfait
    } else if (nombre + inconnus) * 2 <= total {
        Resultat::NonSatisfait
    } else {
        Resultat::Inconnu
    }
}

impl<V: Liste> Majorite<V> {
    fn compter(retenus: &[&Essms], voix: impl Fn(&Essms) -> Voix<V>) -> Self {
        let toutes: Vec<Voix<V>> = retenus.iter().map(|essms| voix(essms)).collect();
        let compte = |voulue: V| {
            let pour = toutes
                .iter()
                .filter(|v| matches!(v, Voix::Pour(valeur) if *valeur == voulue));
            pour.count()
        };
        let tete = V::TOUTES
            .iter()
            .map(|valeur| (*valeur, compte(*valeur)))
            .reduce(|tete, autre| if autre.1 > tete.1 { autre } else { tete });
        Self {
            total: toutes.len(),
            tete: tete.filter(|(_, nombre)| *nombre > 0),
            inconnus: toutes.iter().filter(|v| matches!(v, Voix::Inconnue)).count(),
        }
    }

    fn nombre(&self) -> usize {
        self.tete.map_or(0, |(_, nombre)| nombre)
    }

    fn resultat(&self) -> Resultat {
        issue(self.total, self.nombre(), self.inconnus)
    }

    /// The constat, given the name of what is shared and the sentence of the repair.
    fn verdict(&self, quoi: &str, reparer: impl FnOnce(V, &Self) -> String) -> Verdict {
        if self.total == 0 {
            return Verdict::sans_essms();
        }
        let compte = match self.tete {
            Some((valeur, nombre)) => format!("{} : {nombre} ESSMS sur {}", valeur.libelle(), self.total),
            None => format!("aucun renseigné sur {} ESSMS", self.total),
        };
        let verdict = match self.resultat() {
            Resultat::Satisfait => Verdict::satisfait(format!("{quoi} majoritaire — {compte}.")),
            Resultat::NonSatisfait => {
                let verdict = Verdict::non_satisfait(format!(
                    "{quoi} : plus de la moitié des ESSMS doivent avoir le même. Le plus fréquent — {compte}."
                ));
                match self.tete {
                    Some((valeur, _)) => verdict.reparer(reparer(valeur, self), Vec::new()),
                    None => verdict,
                }
            }
            _ => Verdict::inconnu(format!(
                "{quoi} à préciser pour {} ESSMS. Pour l’instant — {compte}.",
                self.inconnus
            )),
        };
        verdict
            .valeur("majoritaire", self.tete.map(|(valeur, _)| valeur.code()))
            .valeur("nombre", self.nombre())
            .valeur("total", self.total)
            .valeur("inconnus", self.inconnus)
    }

    /// How many must change to make a majority.
    fn a_changer(&self) -> usize {
        self.total / 2 + 1 - self.nombre()
    }

    /// How many more of the leading value make a majority.
    fn a_ajouter(&self) -> usize {
        self.total + 1 - 2 * self.nombre()
    }
}

/// ELI-G03 — « Les ESSMS ont majoritairement le même type de projet (acquisition OU mise en
/// conformité) » (MÉMO, « Critères de regroupement »); both together make a grappe mixte (FAQ-2024).
pub(in crate::rules) fn eli_g03(ctx: &Contexte) -> Verdict {
    Majorite::<TypeProjet>::compter(&ctx.retenus, |essms| essms.type_projet.into()).verdict(
        "Type de projet",
        |valeur, compte| {
            let cible = match valeur {
                TypeProjet::Acquisition => "acquisition",
                TypeProjet::MiseEnConformite => "mise en conformité",
            };
            format!("Passer {} ESSMS en {cible}.", compte.a_changer())
        },
    )
}

/// The sector that an ESSMS stands for: a category that has none counts for no sector.
pub(in crate::rules) fn voix_du_secteur(essms: &Essms) -> Voix<GrandSecteur> {
    match &essms.categorie {
        CategorieLue::Inconnue => Voix::Inconnue,
        lue => match lue.secteur() {
            Some(secteur) => Voix::Pour(secteur.grand_secteur()),
            None => Voix::Blanche,
        },
    }
}

/// ELI-G04 — « Les ESSMS sont majoritairement du même secteur (PA/PH/Domicile/Social) » (MÉMO, « Critères
/// de regroupement »).
pub(in crate::rules) fn eli_g04(ctx: &Contexte) -> Verdict {
    Majorite::<GrandSecteur>::compter(&ctx.retenus, voix_du_secteur).verdict("Secteur", |valeur, compte| {
        format!(
            "Ajouter {} ESSMS éligible{} du secteur {}.",
            compte.a_ajouter(),
            s(compte.a_ajouter()),
            valeur.libelle()
        )
    })
}

/// ELI-G05 — « Les ESSMS souhaitent majoritairement le même type d'hébergement (SAAS / externe / on
/// premise) » (MÉMO, « Critères de regroupement »).
pub(in crate::rules) fn eli_g05(ctx: &Contexte) -> Verdict {
    Majorite::<Hebergement>::compter(&ctx.retenus, |essms| essms.hebergement.into()).verdict(
        "Hébergement souhaité",
        |valeur, compte| {
            let cible = match valeur {
                Hebergement::Saas => "SaaS",
                Hebergement::Externe => "hébergement externe",
                Hebergement::OnPremise => "hébergement sur site",
            };
            format!("Passer {} ESSMS en {cible}.", compte.a_changer())
        },
    )
}
