//! The spreadsheet that waits to be imported, as the page of the import shows it once it is checked.

use sqlx::PgConnection;

use super::verification::{Faute, LigneVerifiee, Sort, empreinte, numeros, verifier};
use crate::documents::lecture::Tableau;
use crate::domain::dossier::tableau_essms::{Destination, destinations};
use crate::store::acces::EspaceOg;
use crate::store::import_essms::Attente;
use crate::store::journal::ChampChange;
use crate::store::{mes_essms, reconnaissance};
use crate::web::echec::Echec;
use crate::web::formulaire::{Choix, Saisie};

/// Rows of each kind shown; the file of errors has them all.
const LIGNES_MONTREES: usize = 300;

/// A spreadsheet that waits, checked.
pub struct Verifiee {
    pub(super) id: String,
    pub(super) nom: String,
    /// Shown until a person says what each column holds.
    pub(super) a_confirmer: bool,
    pub(super) colonnes: Vec<ColonneVue>,
    pub(super) destinations: Vec<Choix>,
    pub(super) changees: Vec<Changee>,
    pub(super) refusees: Vec<Refusee>,
    pub(super) nombre_changees: usize,
    pub(super) nombre_refusees: usize,
    pub(super) nombre_inchangees: usize,
    pub(super) empreinte: String,
}

impl Verifiee {
    /// Changed rows that the page does not show.
    pub fn changees_cachees(&self) -> usize {
        self.nombre_changees - self.changees.len()
    }

    /// Rows set aside that the page does not show.
    pub fn refusees_cachees(&self) -> usize {
        self.nombre_refusees - self.refusees.len()
    }
}

/// A column of the file.
pub struct ColonneVue {
    pub(super) nom: String,
    pub(super) libelle: String,
}

/// A row that changes answers.
pub struct Changee {
    pub(super) numero: usize,
    pub(super) nom: String,
    pub(super) champs: Vec<ChampChange>,
}

/// A row set aside.
pub struct Refusee {
    pub(super) numero: usize,
    pub(super) nom: String,
    pub(super) fautes: Vec<Faute>,
}

/// What each column holds, as stored; `None` when a person has to say.
pub fn lues(attente: &Attente<Tableau>) -> Vec<Option<Destination>> {
    attente.colonnes.iter().map(|code| Destination::depuis(code)).collect()
}

/// The rows of a spreadsheet whose columns are known.
///
/// # Errors
/// The database's.
pub async fn examiner(
    conn: &mut PgConnection,
    espace: &EspaceOg,
    attente: &Attente<Tableau>,
) -> Result<Vec<LigneVerifiee>, Echec> {
    let colonnes: Vec<Destination> = lues(attente)
        .into_iter()
        .map(|c| c.unwrap_or(Destination::Rien))
        .collect();
    let numeros = numeros(&attente.tableau, &colonnes);
    let miens = mes_essms::list(conn, espace, Some(&numeros)).await?;
    let reconnus = reconnaissance::reconnaitre(conn, &numeros).await?.into_iter().collect();
    Ok(verifier(&attente.tableau, &colonnes, &miens, &reconnus))
}

/// Name, in the form, of what a column holds.
pub fn nom_de_colonne(rang: usize) -> String {
    format!("colonne-{rang}")
}

/// The spreadsheet that waits as the page shows it, its columns put in the form.
///
/// # Errors
/// The database's.
pub async fn verifiee(
    conn: &mut PgConnection,
    espace: &EspaceOg,
    attente: &Attente<Tableau>,
    saisie: &mut Saisie,
) -> Result<Verifiee, Echec> {
    let lignes = if attente.confirme {
        examiner(conn, espace, attente).await?
    } else {
        Vec::new()
    };
    for (rang, code) in attente.colonnes.iter().enumerate() {
        if saisie.valeurs(&nom_de_colonne(rang)).is_empty() {
            saisie.fixer(nom_de_colonne(rang), code);
        }
    }
    let colonne = |(rang, entete): (usize, &String)| {
        let exemple = attente
            .tableau
            .lignes
            .iter()
            .find_map(|l| l.cellules.get(rang).filter(|c| !c.is_empty()));
        let entete = if entete.is_empty() {
            "Colonne sans en-tête"
        } else {
            entete
        };
        ColonneVue {
            nom: nom_de_colonne(rang),
            libelle: match exemple {
                Some(exemple) => format!("{entete} (par exemple «\u{a0}{}\u{a0}»)", abrege(exemple)),
                None => format!("{entete} (vide)"),
            },
        }
    };
    let mut vue = Verifiee {
        id: attente.id.to_string(),
        nom: attente.nom.clone(),
        a_confirmer: !attente.confirme,
        colonnes: attente.tableau.entetes.iter().enumerate().map(colonne).collect(),
        destinations: destinations()
            .chain([Destination::Rien])
            .map(|d| Choix::nouveau(d.code(), d.entete()))
            .collect(),
        changees: Vec::new(),
        refusees: Vec::new(),
        nombre_changees: 0,
        nombre_refusees: 0,
        nombre_inchangees: 0,
        empreinte: empreinte(&lignes),
    };
    for LigneVerifiee { numero, nom, sort } in lignes {
        match sort {
            Sort::Inchangee => vue.nombre_inchangees += 1,
            Sort::Change(_, _, champs) => {
                vue.nombre_changees += 1;
                if vue.changees.len() < LIGNES_MONTREES {
                    vue.changees.push(Changee { numero, nom, champs });
                }
            }
            Sort::Refusee(fautes) => {
                vue.nombre_refusees += 1;
                if vue.refusees.len() < LIGNES_MONTREES {
                    vue.refusees.push(Refusee { numero, nom, fautes });
                }
            }
        }
    }
    Ok(vue)
}

fn abrege(texte: &str) -> String {
    let court: String = texte.chars().take(30).collect();
    if court.len() < texte.len() {
        format!("{court}…")
    } else {
        court
    }
}
