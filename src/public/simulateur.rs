//! The simulateur: a grappe sketched and judged without an account. Its form holds all of its state, and so does its
//! link; nothing is kept. What it knows beside comes from the registry: no dossier is read.

mod collage;
mod essais;
mod reception;
mod resultat;
pub mod telechargements;

use std::collections::HashSet;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres};

use self::collage::{ReponseLigne, Reponses as ReponsesAuxLignes, remplacer_l_organisme, repondre};
use self::reception::{Recu, lire_fichier};
use self::resultat::{Jugement, Resultat, candidats, juger};
use crate::domain::dossier::champ::{Champ, Options};
use crate::domain::dossier::esquisse::{
    EDITION, Esquisse, NUMEROS, PORTEUR, PROJET, TOUS, champs_d_un_essms, champs_du_projet,
};
use crate::domain::dossier::lecture::ressaisir;
use crate::domain::dossier::reponses::Reponses;
use crate::domain::dossier::saisie_finess::{LigneCollee, lire_lignes};
use crate::domain::finess::Finess;
use crate::rules::edition::Edition;
use crate::rules::evaluation::{Evaluation, StatutEssms};
use crate::store::esquisse::charger;
use crate::store::evaluation::Contexte;
use crate::store::recherche::{FiltresEssms, chercher_essms};
use crate::store::reconnaissance::{Reconnaissance, reconnaitre};
use crate::store::registre::EssmsRegistre;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::esquisse;
use crate::web::etat::Etat;
use crate::web::formulaire::{Choix, ErreurChamp, Saisie};
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller_publique;
use crate::web::parametres::Parametres;
use crate::web::questions::{ChampVue, OptionsVue};
use crate::web::session::Visiteur;
use crate::web::vue::{Etiquette, Ton};

/// What the button that searches says.
const CHERCHER: &str = "chercher";
/// Results of a search.
const TROUVES_AU_PLUS: u32 = 20;
/// Questions shown first: those that decide most.
const PREMIERES: [&str; 6] = [
    "type_projet",
    "meme_solution",
    "autre_solution",
    "hebergement",
    "deja_finance",
    "engage_ailleurs",
];

/// The questions that come first, then the others.
fn separer() -> (&'static [Champ], &'static [Champ]) {
    static SEPARES: std::sync::LazyLock<(Vec<Champ>, Vec<Champ>)> =
        std::sync::LazyLock::new(|| champs_d_un_essms().iter().partition(|c| PREMIERES.contains(&c.nom)));
    (&SEPARES.0, &SEPARES.1)
}

const DESCRIPTION: &str = "Tester une grappe sans compte\u{a0}: éligibilité de chaque ESSMS, subvention possible, ce qui manque et comment y remédier.";

/// The page.
#[derive(Template)]
#[template(path = "public/simulateur.html")]
pub struct Simulateur {
    habillage: Habillage,
    saisie: Saisie,
    adresses: Adresses,
    editions: Vec<Choix>,
    projet: Vec<ChampVue>,
    premieres: Vec<ChampVue>,
    autres: Vec<ChampVue>,
    recherche: Option<Recherche>,
    /// What a file said and the form does not take.
    ecarts: Vec<String>,
    /// What became of each line, when there is more to say than that all were read.
    reponses: Vec<ReponseLigne>,
    /// How many answers are not shown.
    tues: usize,
    resume: String,
    lignes: Vec<Rangee>,
    resultat: Option<Resultat>,
    fraicheur: String,
}

/// Where the forms go.
struct Adresses {
    ici: &'static str,
    pdf: &'static str,
    json: &'static str,
    csv: &'static str,
    api: &'static str,
}

/// What was searched, and found.
struct Recherche {
    titre: String,
    trouves: Vec<Trouve>,
}

/// An ESSMS found.
struct Trouve {
    finess: String,
    nom: String,
    aide: String,
    present: bool,
}

/// An ESSMS of the sketch.
struct Rangee {
    finess: String,
    nom: String,
    lieu: String,
    statut: Option<Etiquette>,
    /// How many answers of its own it has.
    propres: usize,
    /// Its questions, when they are shown.
    champs: Vec<ChampVue>,
    /// Its answers, when they are not.
    caches: Vec<(String, String)>,
}

/// The query.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Demande {
    /// A whole sketch.
    e: Option<String>,
}

/// Shows the form, or what a link says.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Parametres(demande): Parametres<Demande>,
) -> Result<Response, Echec> {
    let Some(lien) = demande.e else {
        let mut saisie = Saisie::vide();
        saisie.fixer(EDITION, edition_par_defaut(&etat));
        return page(&etat, &visiteur, saisie).await;
    };
    page(&etat, &visiteur, saisie_d_un_lien(&lien)).await
}

/// The form that a link fills; one that was cut or has changed says so.
fn saisie_d_un_lien(lien: &str) -> Saisie {
    let (mut saisie, entier) = esquisse::saisie_du_lien(lien);
    if !entier {
        let motif = "ce lien est incomplet, ou d’une version antérieure du portail\u{a0}; ce qui a pu en être lu est \
                     ci-dessous\u{a0}: vérifiez, puis simulez"
            .to_owned();
        saisie.refuser(NUMEROS, "", &ErreurChamp::Motif(motif));
    }
    saisie
}

/// Judges what was sent, searches, or opens the questions of one ESSMS.
///
/// # Errors
/// What was sent cannot be read as a form; the database's.
pub async fn simuler(State(etat): State<Etat>, visiteur: Visiteur, recu: Recu) -> Result<Response, Echec> {
    let mut conn = etat.pool.acquire().await?;
    let (saisie, ecarts) = preparer(&mut conn, &etat, recu).await?;
    let lecture = Lecture {
        ecarts,
        ..lire(&mut conn, &etat, saisie).await?
    };
    repondre_a(conn, &etat, &visiteur, lecture).await
}

/// The form as sent, with what a file and the buttons add to it, and what of the file is not in it.
async fn preparer(conn: &mut PgConnection, etat: &Etat, recu: Recu) -> Result<(Saisie, Vec<String>), Echec> {
    let Recu { mut saisie, fichier } = recu;
    let ecarts = match fichier {
        Some(fichier) => lire_fichier(conn, etat, &mut saisie, fichier).await?,
        None => Vec::new(),
    };
    let mut textes = saisie.valeurs(NUMEROS).to_vec();
    textes.retain(|t| !t.trim().is_empty());
    textes.extend(saisie.valeurs("ajouter").iter().cloned());
    let mut numeros = textes.join("\n");
    if let Ok(organisme) = Finess::parse(saisie.valeur("organisme"))
        && esquisse::borner(&numeros).refus.is_none()
        && let [(_, Reconnaissance::Organisme { essms, .. })] = reconnaitre(conn, &[organisme]).await?.as_slice()
    {
        numeros = remplacer_l_organisme(&numeros, organisme, essms);
    }
    saisie.fixer(NUMEROS, numeros);
    saisie.oter("ajouter");
    // The Enter key presses no button that a person sees: what was just typed says what for.
    let autre_bouton = ["modifier", "organisme"]
        .iter()
        .any(|nom| !saisie.valeur(nom).is_empty());
    if autre_bouton || !["", CHERCHER].contains(&saisie.valeur("action")) {
        saisie.oter("q");
    }
    let ouverts: Vec<String> = saisie.valeurs("modifier").to_vec();
    for finess in ouverts {
        saisie.ajouter("ouvert", finess);
    }
    Ok((saisie, ecarts))
}

fn edition_par_defaut(etat: &Etat) -> String {
    let maintenant = etat.horloge.maintenant();
    let ouverte = etat
        .editions
        .iter()
        .rev()
        .find(|e| e.fenetre_ouverte(&maintenant).is_some());
    ouverte
        .or(etat.editions.last())
        .map(|e| e.code.clone())
        .unwrap_or_default()
}

/// A form read: its sketch, what the registry knows of it, what became of each line.
struct Lecture {
    saisie: Saisie,
    lignes: Vec<LigneCollee>,
    reconnus: Vec<(Finess, Reconnaissance)>,
    esquisse: Esquisse,
    contexte: Contexte,
    options: OptionsVue,
    edition: Option<Edition>,
    /// What a file said and the form does not take.
    ecarts: Vec<String>,
}

impl Lecture {
    /// Whether there is something to judge, all of it read.
    fn jugeable(&self) -> bool {
        !self.saisie.en_erreur() && !self.esquisse.numeros.is_empty()
    }
}

async fn lire(conn: &mut PgConnection, etat: &Etat, mut saisie: Saisie) -> Result<Lecture, Echec> {
    let lignes = lire_lignes(esquisse::borner(&saisie.valeurs(NUMEROS).join("\n")).texte);
    let solutions = crate::store::solution::lister_solutions(&mut *conn).await?;
    let editions: Vec<&str> = etat.editions.iter().map(|e| e.code.as_str()).collect();
    let options = OptionsVue::de_listes(Vec::new(), &solutions);
    let mut esquisse = esquisse::lire(&mut saisie, &options, &editions);
    let mut reconnus = reconnaitre(&mut *conn, &esquisse.numeros).await?;
    let entiers: HashSet<Finess> = lignes.iter().flat_map(|l| l.colle.numeros.iter().copied()).collect();
    let compte = |(n, r): &&(Finess, Reconnaissance)| {
        !r.d_un_organisme() && (entiers.contains(n) || *r != Reconnaissance::Inconnu)
    };
    esquisse.numeros = reconnus.iter().filter(compte).map(|(n, _)| *n).collect();
    esquisse::compter(&mut saisie, &mut esquisse);
    let comptes: HashSet<Finess> = esquisse.numeros.iter().copied().collect();
    reconnus.retain(|(n, r)| r.d_un_organisme() || comptes.contains(n));
    let contexte = charger(conn, &esquisse.numeros).await?;
    Ok(Lecture {
        options: OptionsVue::de_listes(porteurs(&contexte, &esquisse), &solutions),
        edition: etat.edition(&esquisse.edition).cloned(),
        ecarts: Vec::new(),
        saisie,
        lignes,
        reconnus,
        esquisse,
        contexte,
    })
}

/// The OGs of the sketch, one of which carries the project: the one chosen too, even once its ESSMS have left.
fn porteurs(contexte: &Contexte, esquisse: &Esquisse) -> Vec<Choix> {
    let mut choix: Vec<Choix> = Vec::new();
    for connu in esquisse.numeros.iter().filter_map(|n| contexte.registre.get(n)) {
        let numero = connu.organisme.to_string();
        if !choix.iter().any(|c| c.valeur == numero) {
            choix.push(Choix::nouveau(
                numero,
                format!("{} ({})", connu.organisme_affiche(), connu.organisme),
            ));
        }
    }
    if let Some(choisi) = esquisse.projet.finess(PORTEUR).map(|n| n.to_string())
        && !choix.iter().any(|c| c.valeur == choisi)
    {
        let libelle = format!("{choisi} (n’est plus dans la grappe)");
        choix.push(Choix::nouveau(choisi, libelle));
    }
    choix
}

async fn page(etat: &Etat, visiteur: &Visiteur, saisie: Saisie) -> Result<Response, Echec> {
    let mut conn = etat.pool.acquire().await?;
    let lecture = lire(&mut conn, etat, saisie).await?;
    repondre_a(conn, etat, visiteur, lecture).await
}

/// The page of a form that was read.
async fn repondre_a(
    mut conn: PoolConnection<Postgres>,
    etat: &Etat,
    visiteur: &Visiteur,
    mut lecture: Lecture,
) -> Result<Response, Echec> {
    let neuve = lecture.saisie.valeur(NUMEROS).trim().is_empty();
    let recherche = chercher(&mut conn, &lecture).await?;
    let cherche = recherche.is_some() || lecture.saisie.valeur("action") == CHERCHER;
    let visite = lecture.saisie.noms().all(|nom| nom == EDITION);
    if neuve && !visite && !cherche && !lecture.saisie.en_erreur() {
        let motif =
            "collez au moins un numéro FINESS de 9 caractères, envoyez un fichier ou cherchez un ESSMS".to_owned();
        lecture
            .saisie
            .refuser(NUMEROS, "Numéros FINESS", &ErreurChamp::Motif(motif));
    }
    let a_juger = lecture.edition.as_ref().filter(|_| lecture.jugeable());
    let candidats = match a_juger {
        Some(_) => candidats(&mut conn, &lecture.esquisse, &lecture.contexte).await?,
        None => Contexte::default(),
    };
    // The computation holds no connection.
    drop(conn);
    let jugement = match a_juger {
        Some(edition) => Some(juger(etat, edition, &lecture.esquisse, &lecture.contexte, candidats).await?),
        None => None,
    };
    let statut = if lecture.saisie.en_erreur() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    Ok(Page(statut, dessiner(etat, visiteur, lecture, recherche, jugement)).into_response())
}

fn dessiner(
    etat: &Etat,
    visiteur: &Visiteur,
    lecture: Lecture,
    recherche: Option<Recherche>,
    jugement: Option<Jugement>,
) -> Simulateur {
    let ReponsesAuxLignes {
        lignes: reponses,
        resume,
        tues,
    } = repondre(&lecture.lignes, &lecture.reconnus, &lecture.contexte);
    let (premieres, autres) = separer();
    let tous = format!("{TOUS}-");
    let evaluation = jugement.as_ref().map(|j| &j.evaluation);
    let titre = if jugement.is_some() {
        "Résultat de la simulation"
    } else {
        "Tester ma grappe"
    };
    let fraicheur = lecture.contexte.fraicheur;
    Simulateur {
        habillage: habiller_publique(etat, visiteur, titre, DESCRIPTION, chemins::SIMULATEUR)
            .retour(chemins::ACCUEIL, "Accueil")
            .erreurs(&lecture.saisie),
        adresses: Adresses {
            ici: chemins::SIMULATEUR,
            pdf: chemins::SIMULATEUR_PDF,
            json: chemins::SIMULATEUR_JSON,
            csv: chemins::SIMULATEUR_CSV,
            api: chemins::API,
        },
        editions: etat
            .editions
            .iter()
            .rev()
            .map(|e| Choix::nouveau(e.code.clone(), e.titre.clone()))
            .collect(),
        projet: ChampVue::liste(champs_du_projet(), &format!("{PROJET}-"), &lecture.options)
            .into_iter()
            // Before ESSMS are known, there is no OG to choose.
            .filter(|c| !c.nom.ends_with("-porteur") || !lecture.options.choix(Options::EssmsDeLaGrappe).is_empty())
            .collect(),
        premieres: ChampVue::liste(premieres, &tous, &lecture.options),
        autres: ChampVue::liste(autres, &tous, &lecture.options),
        recherche,
        ecarts: lecture.ecarts.clone(),
        reponses,
        tues,
        resume,
        lignes: lecture
            .esquisse
            .numeros
            .iter()
            .map(|n| rangee(&lecture, evaluation, *n))
            .collect(),
        resultat: jugement.map(|j| Resultat::nouveau(etat, &lecture.esquisse, &lecture.contexte, j)),
        fraicheur: fraicheur
            .map(|f| f.de(lecture.contexte.registre.values()).jour())
            .unwrap_or_default(),
        saisie: lecture.saisie,
    }
}

impl Simulateur {
    /// The lines whose answer asks for something.
    fn a_voir(&self) -> Vec<&ReponseLigne> {
        let calmes = [Ton::Succes, Ton::Neutre];
        self.reponses
            .iter()
            .filter(|r| !calmes.contains(&r.reponse.ton))
            .collect()
    }

    /// Whether the answers of some ESSMS are shown or its own.
    fn en_detail(&self) -> bool {
        self.lignes.iter().any(|l| l.propres > 0 || !l.champs.is_empty())
    }

    /// Whether one of the questions that are folded has an answer, or was refused.
    fn autres_repondues(&self) -> bool {
        let (_, autres) = separer();
        autres.iter().any(|c| {
            let nom = format!("{TOUS}-{}", c.nom);
            !self.saisie.valeur(&nom).is_empty() || self.saisie.erreur(&nom).is_some()
        })
    }
}

fn rangee(lecture: &Lecture, evaluation: Option<&Evaluation>, finess: Finess) -> Rangee {
    let connu = lecture.contexte.registre.get(&finess);
    let numero = finess.to_string();
    let prefixe = format!("{numero}-");
    let ouverte = lecture.saisie.contient("ouvert", &numero) || fautive(&lecture.saisie, &prefixe);
    let rien = Reponses::default();
    let propres = lecture.esquisse.propres.get(&finess).unwrap_or(&rien);
    let mut caches = Vec::new();
    if !ouverte {
        ressaisir(champs_d_un_essms(), "", &prefixe, propres, |nom, valeurs| {
            caches.extend(valeurs.into_iter().map(|valeur| (nom.clone(), valeur)));
        });
    }
    Rangee {
        nom: connu.map_or_else(|| "ESSMS inconnu du répertoire".to_owned(), |c| c.nom.clone()),
        lieu: connu.map(lieu).unwrap_or_default(),
        statut: evaluation.and_then(|e| e.statut(finess)).map(statut),
        propres: propres.iter().count(),
        champs: if ouverte {
            ChampVue::liste(champs_d_un_essms(), &prefixe, &lecture.options)
        } else {
            Vec::new()
        },
        caches,
        finess: numero,
    }
}

/// Whether a field of this prefix was refused: it has to be seen to be corrected.
fn fautive(saisie: &Saisie, prefixe: &str) -> bool {
    saisie.erreurs().any(|(nom, _)| nom.starts_with(prefixe))
}

/// Where an ESSMS stands.
fn statut(statut: StatutEssms) -> Etiquette {
    use crate::domain::nomenclature::Liste as _;
    let ton = match statut {
        StatutEssms::Eligible => Ton::Succes,
        StatutEssms::EnQuestion => Ton::Neutre,
        StatutEssms::Exclu => Ton::Bloquant,
    };
    Etiquette::nouvelle(statut.libelle(), ton)
}

fn lieu(connu: &EssmsRegistre) -> String {
    format!("{}, {}", connu.categorie_affichee(), connu.commune)
}

async fn chercher(conn: &mut PgConnection, lecture: &Lecture) -> Result<Option<Recherche>, Echec> {
    let texte: String = lecture.saisie.valeur("q").trim().chars().take(200).collect();
    if texte.is_empty() {
        return Ok(None);
    }
    let trouves = chercher_essms(conn, &texte, &FiltresEssms::default(), 1, TROUVES_AU_PLUS).await?;
    let s = if trouves.total > 1 { "s" } else { "" };
    let plus = if trouves.davantage { "Plus de " } else { "" };
    let mut titre = format!("{plus}{}\u{a0}résultat{s} pour «\u{a0}{texte}\u{a0}»", trouves.total);
    if trouves.total > trouves.essms.len() {
        titre.push_str(", les plus proches d’abord\u{a0}; ajoutez un mot pour en voir d’autres");
    }
    let trouve = |e: &EssmsRegistre| Trouve {
        finess: e.finess.to_string(),
        nom: e.nom.clone(),
        aide: format!("{} · {}", lieu(e), e.organisme_affiche()),
        present: lecture.esquisse.numeros.contains(&e.finess),
    };
    Ok(Some(Recherche {
        titre,
        trouves: trouves.essms.iter().map(trouve).collect(),
    }))
}
