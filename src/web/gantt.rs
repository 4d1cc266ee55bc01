//! Geometry of a planning, in whole units: the template only writes attributes.

use chrono::{Datelike, Months, NaiveDate};

/// Units from the left of the drawing to the first day.
const MARGE_GAUCHE: i64 = 230;
/// Width of the drawing; the viewer scales it.
const LARGEUR: i64 = 960;
/// Height of the line of months.
const ENTETE: i64 = 34;
/// Height of one line.
const RANG: i64 = 30;
/// Height of one bar in its line.
const BARRE: i64 = 16;
/// Holds « 09/2024 ».
const LARGEUR_MOIS: i64 = 55;
/// Characters of a label that fit in the left margin.
const LIBELLE_MAX: usize = 30;

/// What a bar stands for; each nature has its own shade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// A step of the project.
    Etape,
    /// A date to reach: VA, VSR, payment.
    Jalon,
    /// Something that happens beside the project.
    Autre,
}

impl Nature {
    /// CSS class of the bar.
    pub fn classe(&self) -> &'static str {
        match self {
            Self::Etape => "portail-gantt__barre",
            Self::Jalon => "portail-gantt__barre--jalon",
            Self::Autre => "portail-gantt__barre--autre",
        }
    }
}

/// One line of a planning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Periode {
    /// Wording.
    pub libelle: String,
    /// First day.
    pub debut: NaiveDate,
    /// Last day.
    pub fin: NaiveDate,
    /// What it stands for.
    pub nature: Nature,
}

/// A planning, drawn: nothing but integers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gantt {
    /// Distinguishes the drawings of one page.
    pub id: String,
    /// Title.
    pub titre: String,
    /// Width of the drawing.
    pub largeur: i64,
    /// Height of the drawing.
    pub hauteur: i64,
    /// Lines between months, with the wording of the month when there is room.
    pub mois: Vec<Mois>,
    /// Bars.
    pub barres: Vec<Barre>,
    /// Where today, or another date of interest, stands.
    pub repere: Option<Repere>,
}

/// A line between months.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mois {
    /// Distance from the left.
    pub x: i64,
    /// Wording; empty when there is no room.
    pub libelle: String,
}

/// A vertical line on one date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repere {
    /// Distance from the left.
    pub x: i64,
    /// Wording.
    pub libelle: String,
}

/// A bar and its label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Barre {
    /// The whole wording, for the table beside.
    pub libelle: String,
    /// The wording that fits in the margin.
    pub court: String,
    /// Distance from the left.
    pub x: i64,
    /// Distance from the top.
    pub y: i64,
    /// Width.
    pub largeur: i64,
    /// Height.
    pub hauteur: i64,
    /// Baseline of the label.
    pub y_texte: i64,
    /// Shade.
    pub nature: Nature,
    /// First day, as written.
    pub debut: String,
    /// Last day, as written.
    pub fin: String,
}

impl Gantt {
    /// Draws the periods in their order, between the first of the month of the earliest day and the end of the
    /// month of the latest; `repere` marks a date when it falls between them. No period: nothing to draw.
    pub fn nouveau(id: &str, titre: &str, periodes: &[Periode], repere: Option<(NaiveDate, &str)>) -> Option<Self> {
        let debut = periodes.iter().map(|p| p.debut).min()?.with_day(1)?;
        let fin =
            (periodes.iter().map(|p| p.fin.max(p.debut)).max()?.with_day(1)?).checked_add_months(Months::new(1))?;
        let jours = (fin - debut).num_days().max(1);
        let abscisse = |jour: NaiveDate| MARGE_GAUCHE + (jour - debut).num_days() * (LARGEUR - MARGE_GAUCHE) / jours;
        let barres: Vec<Barre> = (0i64..)
            .zip(periodes)
            .map(|(rang, p)| {
                let y = ENTETE + rang * RANG + (RANG - BARRE) / 2;
                let apres = p.fin.max(p.debut).succ_opt().unwrap_or(p.fin);
                Barre {
                    court: abrege(&p.libelle),
                    libelle: p.libelle.clone(),
                    x: abscisse(p.debut),
                    y,
                    largeur: (abscisse(apres) - abscisse(p.debut)).max(4),
                    hauteur: BARRE,
                    y_texte: y + BARRE - 3,
                    nature: p.nature,
                    debut: p.debut.format("%d/%m/%Y").to_string(),
                    fin: p.fin.format("%d/%m/%Y").to_string(),
                }
            })
            .collect();
        let nombre_de_mois =
            i64::from((fin.year() - debut.year()) * 12) + i64::from(fin.month()) - i64::from(debut.month());
        let pas = (nombre_de_mois * LARGEUR_MOIS / (LARGEUR - MARGE_GAUCHE) + 1).max(1);
        let mois = (0i64..nombre_de_mois)
            .filter_map(|n| Some((n, debut.checked_add_months(Months::new(u32::try_from(n).ok()?))?)))
            .map(|(n, jour)| Mois {
                x: abscisse(jour),
                libelle: if n % pas == 0 && abscisse(jour) + LARGEUR_MOIS <= LARGEUR {
                    jour.format("%m/%Y").to_string()
                } else {
                    String::new()
                },
            })
            .collect();
        Some(Self {
            id: id.to_owned(),
            titre: titre.to_owned(),
            largeur: LARGEUR,
            hauteur: ENTETE + i64::try_from(barres.len()).ok()? * RANG + 8,
            mois,
            barres,
            repere: repere
                .filter(|(jour, _)| (debut..fin).contains(jour))
                .map(|(jour, libelle)| Repere {
                    x: abscisse(jour),
                    libelle: libelle.to_owned(),
                }),
        })
    }

    /// What the drawing shows, in one sentence.
    pub fn description(&self) -> String {
        let nombre = self.barres.len();
        let s = if nombre > 1 { "s" } else { "" };
        format!("{nombre} période{s}, détaillée{s} dans le tableau qui suit.")
    }
}

/// The label, cut where the margin ends.
fn abrege(libelle: &str) -> String {
    if libelle.chars().count() <= LIBELLE_MAX {
        return libelle.to_owned();
    }
    let debut: String = libelle.chars().take(LIBELLE_MAX - 1).collect();
    format!("{}…", debut.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jour(annee: i32, mois: u32, jour: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(annee, mois, jour).unwrap()
    }

    fn periode(debut: NaiveDate, fin: NaiveDate) -> Periode {
        Periode {
            libelle: "Paramétrage du dossier usager informatisé".into(),
            debut,
            fin,
            nature: Nature::Etape,
        }
    }

    #[test]
    fn a_period_of_the_whole_span_fills_the_drawing() {
        let gantt = Gantt::nouveau("g", "Planning", &[periode(jour(2024, 4, 1), jour(2024, 6, 30))], None).unwrap();
        assert_eq!(gantt.barres[0].x, MARGE_GAUCHE);
        assert_eq!(gantt.barres[0].largeur, LARGEUR - MARGE_GAUCHE);
        assert_eq!(gantt.mois.len(), 3);
        assert_eq!(gantt.barres[0].court, "Paramétrage du dossier usager…");
    }

    #[test]
    fn nothing_leaves_the_drawing() {
        let periodes = [
            periode(jour(2024, 1, 31), jour(2024, 1, 1)),
            periode(jour(2024, 12, 31), jour(2026, 2, 28)),
        ];
        let gantt = Gantt::nouveau("g", "Planning", &periodes, Some((jour(2027, 1, 1), "aujourd’hui"))).unwrap();
        assert!(
            gantt
                .barres
                .iter()
                .all(|b| b.x >= MARGE_GAUCHE && b.x + b.largeur <= LARGEUR && b.largeur >= 4)
        );
        assert!(gantt.mois.iter().filter(|m| !m.libelle.is_empty()).count() <= 14);
        assert_eq!(gantt.repere, None);
    }

    #[test]
    fn no_period_draws_nothing() {
        assert_eq!(Gantt::nouveau("g", "Planning", &[], None), None);
    }
}
