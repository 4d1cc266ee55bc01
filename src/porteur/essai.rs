//! What « et si… » tries: read from an address or a form, judged, put in words.

use sqlx::PgConnection;

use super::atelier::Atelier;
use super::collage::fautes;
use super::comparaison::Comparaison;
use super::composition::{Composition, ESSMS_AU_PLUS, Mouvement, mouvements};
use super::remede::Proposition;
use super::vues::{Conflit, OptionsVue, conflits};
use super::{essms, etape};
use crate::domain::dossier::champ::{Genre, NON, OUI, Options};
use crate::domain::dossier::hypothese::{Hypothese, SOLUTION, champs, valeur};
use crate::domain::dossier::saisie_finess::lire_colle;
use crate::domain::dossier::{Dossier, Etape, EtatDossier, etapes};
use crate::domain::finess::Finess;
use crate::store::acces::Lecture;
use crate::store::dossiers;
use crate::store::journal::ChampChange;
use crate::store::reconnaissance::{Reconnaissance, reconnaitre};
use crate::store::solution::lister_solutions;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::formulaire::{Choix, ErreurChamp, Saisie};

/// What is tried.
pub(super) struct Essai {
    pub comparaison: Comparaison,
    /// Each change, in a sentence.
    pub changes: Vec<String>,
    /// The fields of the form that applies it.
    pub champs: Vec<(String, String)>,
    /// The answers that it changes, as they are seen now.
    pub base: String,
    pub resume: String,
}

/// An answer that can be tried.
pub(super) struct Colonne {
    pub champ: &'static str,
    pub libelle: &'static str,
    pub options: Vec<Choix>,
}

impl Essai {
    /// Both states of the dossier, and what leads from one to the other.
    pub fn nouveau(
        avant: &Atelier<'_>,
        apres: &Atelier<'_>,
        hypothese: &Hypothese,
        options: &OptionsVue,
    ) -> Result<Self, Echec> {
        let changes = changements(avant, apres, hypothese, options);
        Ok(Self {
            comparaison: Comparaison::entre(avant, apres),
            changes: changes.iter().map(phrase).collect(),
            champs: hypothese.champs(),
            base: serde_json::to_string(&hypothese.base(&avant.dossier)).map_err(Echec::interne)?,
            resume: hypothese.resume(),
        })
    }
}

impl Colonne {
    /// Name of its field, for an ESSMS or for all.
    pub fn nom(&self, prefixe: &str) -> String {
        format!("{prefixe}-{}", self.champ)
    }
}

/// An ESSMS of the grappe, or one that is added.
pub(super) struct Ligne {
    pub finess: String,
    pub nom: String,
    pub ajoute: bool,
    /// What it answers now, in words, in the order of the columns.
    pub actuels: Vec<String>,
}

/// Everything the page is made of.
pub(super) struct Contenu<'a> {
    pub avant: Atelier<'a>,
    pub apres: Option<Atelier<'a>>,
    pub hypothese: Hypothese,
    pub saisie: Saisie,
    pub options: OptionsVue,
    pub proposition: Option<Proposition>,
    pub notes: Vec<String>,
    pub sans_effet: bool,
    pub conflits: Vec<Conflit>,
}

/// Reads what is to be tried, and judges it. Nothing is written.
pub(super) async fn essayer<'a>(
    conn: &mut PgConnection,
    etat: &'a Etat,
    acces: &impl Lecture,
    avant: Atelier<'a>,
    mut saisie: Saisie,
) -> Result<Contenu<'a>, Echec> {
    let colle = lire_colle(&saisie.valeurs("ajouter").join("\n"));
    let reconnus = reconnaitre(&mut *conn, &colle.numeros).await?;
    for faute in fautes(&colle, &reconnus) {
        saisie.refuser("ajouter", "", &ErreurChamp::Motif(faute.message()));
    }
    let bons: Vec<Finess> = reconnus
        .iter()
        .filter(|(_, r)| !r.d_un_organisme())
        .map(|(numero, _)| *numero)
        .collect();
    let options = OptionsVue::nouvelles(&avant, &lister_solutions(&mut *conn).await?);
    let permise = |id: &str| options.permet(Options::Solutions, id);
    let mut hypothese = Hypothese::lire(&saisie, &avant.dossier, &bons, permise);
    if avant.dossier.essms.len() + hypothese.ajoutes.len() > ESSMS_AU_PLUS {
        let motif = format!("un dossier compte au plus {ESSMS_AU_PLUS} ESSMS");
        saisie.refuser("ajouter", "Numéros FINESS", &ErreurChamp::Motif(motif));
        hypothese.ajoutes.clear();
    }
    let demande = !hypothese.est_vide();
    let brouillon = avant.dossier.etat == EtatDossier::Brouillon;
    let mut apres = None;
    if demande && brouillon {
        let retenues = dossiers::load_retenues(&mut *conn, acces).await?;
        let essayee = hypothese.appliquer(&avant.dossier, &retenues);
        hypothese = Hypothese::entre(&avant.dossier, &essayee, &retenues);
        if !hypothese.est_vide() {
            apres = Some(Atelier::avec(&mut *conn, etat, essayee).await?);
        }
    }
    let notes = notes(&avant.dossier, &reconnus);
    Ok(Contenu {
        sans_effet: demande && brouillon && apres.is_none(),
        avant,
        apres,
        hypothese,
        saisie,
        options,
        proposition: None,
        notes,
        conflits: Vec::new(),
    })
}

/// What is worth knowing of the numbers pasted.
fn notes(dossier: &Dossier, reconnus: &[(Finess, Reconnaissance)]) -> Vec<String> {
    let presents = dossier.numeros();
    let note = |(numero, reconnu): &(Finess, Reconnaissance)| match reconnu {
        _ if presents.contains(numero) => Some(format!("{numero} est déjà dans la grappe.")),
        Reconnaissance::EssmsFerme(jour) => Some(format!(
            "{numero} est fermé depuis le {} au répertoire FINESS\u{a0}: il sera exclu du compte.",
            jour.format("%d/%m/%Y")
        )),
        Reconnaissance::Inconnu => Some(format!(
            "{numero} est absent du répertoire FINESS\u{a0}: il restera en question jusqu’à ce que son ouverture soit \
             confirmée."
        )),
        Reconnaissance::EssmsOuvert | Reconnaissance::Organisme { .. } | Reconnaissance::Siren { .. } => None,
    };
    reconnus.iter().filter_map(note).collect()
}

/// The answers that the form offers to try.
pub(super) fn colonnes() -> Vec<Colonne> {
    let colonne = |champ: &'static crate::domain::dossier::champ::Champ| {
        let codes: &[(&str, &str)] = match champ.genre {
            Genre::Choix(codes) => codes,
            Genre::OuiNon => &[(OUI, "Celui du projet"), (NON, "Un autre")],
            _ => return None,
        };
        Some(Colonne {
            champ: champ.nom,
            libelle: if champ.genre == Genre::OuiNon {
                "DUI"
            } else {
                champ.libelle
            },
            options: codes.iter().map(|(code, mot)| Choix::nouveau(*code, *mot)).collect(),
        })
    };
    champs().filter_map(colonne).collect()
}

/// The ESSMS of the grappe, then those that are added.
pub(super) fn lignes(avant: &Atelier<'_>, montre: &Atelier<'_>, hypothese: &Hypothese) -> Vec<Ligne> {
    let presents = avant.dossier.essms.iter().map(|e| (e, false));
    let arrivants = montre
        .dossier
        .essms
        .iter()
        .filter(|e| hypothese.ajoutes.contains(&e.finess));
    presents
        .chain(arrivants.map(|e| (e, true)))
        .map(|(e, ajoute)| {
            let atelier = if ajoute { montre } else { avant };
            let connu = atelier.contexte.registre.get(&e.finess);
            let actuel = |colonne: &Colonne| {
                let valeurs = if ajoute { &[] } else { e.reponses.valeurs(colonne.champ) };
                let mot = colonne.options.iter().find(|c| valeurs.iter().any(|v| *v == c.valeur));
                mot.map_or_else(|| "sans réponse".to_owned(), |c| c.libelle.to_string())
            };
            Ligne {
                finess: e.finess.to_string(),
                nom: connu.map_or_else(|| "ESSMS inconnu du répertoire".to_owned(), |c| c.nom.clone()),
                ajoute,
                actuels: colonnes().iter().map(actuel).collect(),
            }
        })
        .collect()
}

/// What is tried of fields that have no control of their own.
pub(super) fn caches(saisie: &Saisie) -> Vec<(String, String)> {
    let noms = saisie.noms().filter(|nom| nom.ends_with("-autre_solution"));
    noms.map(|nom| (nom.to_owned(), saisie.valeur(nom).to_owned()))
        .collect()
}

/// Every change, in words people read: who comes and goes, then the answers.
pub(super) fn changements(
    avant: &Atelier<'_>,
    apres: &Atelier<'_>,
    hypothese: &Hypothese,
    options: &OptionsVue,
) -> Vec<ChampChange> {
    let nom = |n: Finess| {
        let connu = avant
            .contexte
            .registre
            .get(&n)
            .or_else(|| apres.contexte.registre.get(&n));
        connu.map(|c| c.nom.clone())
    };
    let composition = Composition {
        avant: &avant.dossier,
        apres: &apres.dossier,
        donnes: &avant.contexte.accords,
    };
    let mut changes = mouvements(&composition, &apres.contexte, nom);
    for (nom, nouvelles) in &hypothese.reponses {
        let etape = if nom == SOLUTION {
            Etape::Solution
        } else {
            Etape::Projet
        };
        let (libelle, champ) = if let Some((_, champ)) = nom.split_once('-') {
            (essms::libelle(apres, nom), essms::champ(champ))
        } else {
            (
                etape::libelle(etape, nom),
                etapes::champ(etape, nom).map(|(champ, _)| champ),
            )
        };
        let clair = |valeurs: &[String]| champ.map_or_else(String::new, |c| options.en_clair(c, valeurs));
        changes.push(ChampChange {
            champ: nom.clone(),
            libelle,
            avant: clair(&valeur(&avant.dossier, nom).unwrap_or_default()),
            apres: clair(nouvelles),
        });
    }
    changes
}

/// A change in a sentence; one who comes or goes has no other answer than being there.
fn phrase(change: &ChampChange) -> String {
    let rien = |texte: &str| if texte.is_empty() { "sans réponse" } else { texte }.to_owned();
    let quoi = match Mouvement::lire(change) {
        Some((_, Mouvement::Entre)) => "ajouté".to_owned(),
        Some((_, Mouvement::EntreSansAccord)) => "ajouté, l’accord de son organisme sera à donner".to_owned(),
        Some((_, Mouvement::Sort)) => "retiré".to_owned(),
        Some((_, Mouvement::SortAvecAccord)) => "retiré, l’accord donné par son organisme tombe".to_owned(),
        None => format!("{} → {}", rien(&change.avant), rien(&change.apres)),
    };
    format!("{}\u{a0}: {quoi}", change.libelle)
}

/// What the form asks, those of its answers that change nothing any more included.
pub(super) fn demandee(contenu: &Contenu<'_>) -> Hypothese {
    let permise = |id: &str| contenu.options.permet(Options::Solutions, id);
    let mut voulue = Hypothese::lire(&contenu.saisie, &contenu.avant.dossier, &[], permise);
    // An answer of an ESSMS that has left meanwhile is still asked.
    for nom in contenu.saisie.noms().filter(|nom| nom.contains('-')) {
        voulue
            .reponses
            .entry(nom.to_owned())
            .or_insert_with(|| contenu.saisie.valeurs(nom).to_vec());
    }
    voulue
}

/// The answers that a colleague changed, beside those that were tried.
pub(super) fn en_conflit(contenu: &Contenu<'_>, voulue: &Hypothese, contraries: &[String]) -> Vec<Conflit> {
    let atelier = &contenu.avant;
    let voulue = Hypothese {
        retires: Vec::new(),
        ajoutes: Vec::new(),
        reponses: contraries
            .iter()
            .filter_map(|nom| Some((nom.clone(), voulue.reponses.get(nom)?.clone())))
            .collect(),
    };
    let mut changes = changements(atelier, atelier, &voulue, &contenu.options);
    for change in &mut changes {
        if valeur(&atelier.dossier, &change.champ).is_none() {
            "n’est plus dans la grappe".clone_into(&mut change.avant);
        }
    }
    conflits(atelier.dossier.etapes.get(&Etape::Essms), changes)
}
