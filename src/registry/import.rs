//! An import: read, staged and merged in one transaction, all or nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::{Connection, PgConnection};
use tokio::sync::mpsc::{self, Receiver};
use uuid::Uuid;

use super::fermetures;
use super::lecture::{self, FichierLu, Message, Rangees};
use super::rapport::{Famille, ImportErreur, Options, Progression, Rapport, RapportFichier};
use super::source::Source;
use crate::store::chargement;
use crate::store::envoi_import;
use crate::store::fusion::{self, Bilan, Contexte};
use crate::store::import;
use crate::store::journal_import::{self, Objets};

/// Batches read ahead of the database.
const LOTS_D_AVANCE: usize = 4;
/// Imports these files in one transaction: nothing is kept unless everything is read. `progression`
/// is called after each batch and when a file is merged.
///
/// # Errors
/// [`ImportErreur`]; the registry is then as it was, and the history says why.
pub async fn importer_finess(
    conn: &mut PgConnection,
    sources: Vec<Source>,
    options: &Options,
    progression: impl FnMut(Progression),
) -> Result<Rapport, ImportErreur> {
    let noms: Vec<String> = sources.iter().map(|source| source.nom().to_owned()).collect();
    let envoi = envoi_import::ouvrir(conn, &options.par, &noms).await?;
    poursuivre(conn, envoi, sources, options, progression).await
}

/// [`importer_finess`], for an attempt already in the history.
///
/// # Errors
/// As [`importer_finess`].
pub async fn poursuivre(
    conn: &mut PgConnection,
    envoi: Uuid,
    sources: Vec<Source>,
    options: &Options,
    mut progression: impl FnMut(Progression),
) -> Result<Rapport, ImportErreur> {
    let mut derniere = Progression::default();
    let mut transaction = conn.begin().await?;
    let fait = importer(&mut transaction, envoi, sources, options, |p| {
        derniere.clone_from(&p);
        progression(p);
    })
    .await;
    let erreur = match fait {
        Ok(rapport) => {
            transaction.commit().await?;
            return Ok(rapport);
        }
        Err(erreur) => erreur,
    };
    // The database may have refused a statement: the transaction then answers no more.
    let rejets = journal_import::rejets_lus(&mut transaction, &derniere.fichier)
        .await
        .unwrap_or_default();
    transaction.rollback().await?;
    envoi_import::refuser(conn, envoi, &erreur.to_string(), &derniere, &rejets).await?;
    Err(erreur)
}

async fn importer(
    conn: &mut PgConnection,
    envoi: Uuid,
    sources: Vec<Source>,
    options: &Options,
    mut progression: impl FnMut(Progression),
) -> Result<Rapport, ImportErreur> {
    envoi_import::tenir(conn, envoi).await?;
    import::preparer(conn).await?;
    let mut fichiers: Vec<RapportFichier> = Vec::new();
    for source in sources {
        let mut etat = Progression {
            fichier: source.nom().to_owned(),
            octets_total: entier(source.taille()),
            ..Progression::default()
        };
        progression(etat.clone());
        let (sortie, mut reception) = mpsc::channel(LOTS_D_AVANCE);
        let octets = Arc::new(AtomicU64::new(0));
        let octets_lus = Arc::clone(&octets);
        let mots_og = chargement::commencer(conn).await?;
        let premier = mots_og.is_some();
        let lecteur = tokio::task::spawn_blocking(move || lecture::lire(source, &octets_lus, &sortie, mots_og));
        let demande = Demande { envoi, options };
        let ecrit = ecrire(conn, &mut reception, demande, premier, |comptes, fusion| {
            etat.lus = entier(comptes.0);
            etat.rejetes = entier(comptes.1);
            etat.octets = entier(octets.load(Ordering::Relaxed));
            etat.fusion = fusion;
            progression(etat.clone());
        })
        .await;
        // The reader sees a closed channel and stops, whatever it was doing.
        drop(reception);
        let lu = lecteur.await.map_err(|_| ImportErreur::Interrompue)?;
        // When writing failed, that is the cause, and the reader was only interrupted by it.
        fichiers.extend(ecrit?);
        lu?;
    }
    let changes: i64 = fichiers.iter().map(|f| f.nouveaux + f.modifies + f.fermes).sum();
    if changes > 0 {
        import::analyser(conn).await?;
    }
    envoi_import::terminer(conn, envoi).await?;
    Ok(Rapport { fichiers })
}

/// What is asked, and in which attempt.
#[derive(Clone, Copy)]
struct Demande<'a> {
    envoi: Uuid,
    options: &'a Options,
}

async fn ecrire(
    conn: &mut PgConnection,
    reception: &mut Receiver<Message>,
    demande: Demande<'_>,
    mut premier: bool,
    mut progression: impl FnMut((u64, u64), bool),
) -> Result<Vec<RapportFichier>, ImportErreur> {
    let mut rapports = Vec::new();
    let mut debut = std::time::Instant::now();
    let mut suivant = reception.recv().await;
    while let Some(message) = suivant.take() {
        match message {
            Message::Rangees(rangees) => {
                suivant = copier(conn, rangees, reception, &mut progression).await?;
                continue;
            }
            Message::Fin(lu) => {
                progression((lu.comptes.lus, lu.comptes.rejetes), true);
                let rapport = fusionner(conn, &lu, demande, &mut premier, debut).await?;
                rapports.push(rapport);
                debut = std::time::Instant::now();
            }
        }
        suivant = reception.recv().await;
    }
    if premier {
        chargement::finir(conn).await?;
    }
    Ok(rapports)
}

/// Copies these rows and those that follow for the same table; gives back the first message that is
/// something else. One COPY for many batches: each ends by a small packet that waits 40 ms over TCP for
/// the acknowledgement of the one before.
async fn copier(
    conn: &mut PgConnection,
    premieres: Rangees,
    reception: &mut Receiver<Message>,
    progression: &mut impl FnMut((u64, u64), bool),
) -> Result<Option<Message>, sqlx::Error> {
    let table = premieres.table;
    let mut copie = import::ouvrir(conn, table).await?;
    let mut suivant = Some(Message::Rangees(premieres));
    while let Some(Message::Rangees(rangees)) = suivant.take_if(|m| m.est_pour(table)) {
        if let Err(erreur) = copie.send(rangees.octets).await {
            copie.abort("copie interrompue").await?;
            return Err(erreur);
        }
        progression((rangees.comptes.lus, rangees.comptes.rejetes), false);
        suivant = reception.recv().await;
    }
    copie.finish().await?;
    Ok(suivant)
}

async fn fusionner(
    conn: &mut PgConnection,
    lu: &FichierLu,
    Demande { envoi, options }: Demande<'_>,
    premier: &mut bool,
    debut: std::time::Instant,
) -> Result<RapportFichier, ImportErreur> {
    let comptes = lu.comptes;
    if comptes.et + comptes.ej + comptes.lieux == 0 {
        return Err(ImportErreur::RienDExploitable {
            fichier: lu.nom.clone(),
            lus: entier(comptes.lus),
            motif: lu.premier_motif.clone().unwrap_or_else(|| "fichier vide".to_owned()),
        });
    }
    let fictif = lu.fictif;
    let objets = Objets {
        etablissements: comptes.et > 0,
        entites: comptes.ej > 0,
    };
    let derniere = journal_import::derniere_date(conn, objets, fictif).await?;
    let contexte = Contexte {
        date: lu.date,
        fictif,
        ancien: derniere.is_some_and(|derniere| lu.date < derniere),
    };
    import::mesurer(conn).await?;
    let mut bilan = Bilan::default();
    if lu.famille == Famille::FinessPlus {
        fusion::ecarter_les_fermetures_a_venir(conn, contexte).await?;
    }
    if comptes.ej > 0 {
        fusion::fusionner_ej(conn, contexte, &mut bilan).await?;
    }
    if lu.direct {
        chargement::rattacher(conn, contexte).await?;
        bilan.nouveaux += entier(comptes.et);
    } else if comptes.et > 0 {
        fusion::fusionner_et(conn, contexte, &mut bilan).await?;
    }
    if *premier && comptes.et > 0 {
        chargement::finir(conn).await?;
        *premier = false;
    }
    if comptes.lieux > 0 && !contexte.ancien {
        let avant = bilan.modifies;
        fusion::fusionner_lieux(conn, contexte, &mut bilan).await?;
        if comptes.et > 0 {
            // The establishments of this very file were already counted.
            bilan.modifies = avant;
        }
    }
    let mut remarque = None;
    if contexte.ancien {
        remarque = Some(
            "Données plus anciennes que celles du répertoire\u{a0}: seuls les numéros inconnus ont été ajoutés."
                .to_owned(),
        );
    } else if comptes.et > 0 {
        remarque = fermetures::fermer(conn, lu, contexte, options.fermetures, &mut bilan).await?;
    }
    let rapport = RapportFichier {
        envoi,
        fichier: lu.nom.clone(),
        famille: lu.famille,
        flux: lu.flux.clone(),
        date_donnees: lu.date,
        fictif,
        lus: entier(comptes.lus),
        nouveaux: bilan.nouveaux,
        modifies: bilan.modifies,
        fermes: bilan.fermes,
        rejetes: entier(comptes.rejetes) + bilan.rejetes,
        corriges: entier(comptes.corriges),
        encodage: lu.encodage.nom().to_owned(),
        remarque,
        duree_ms: i64::try_from(debut.elapsed().as_millis()).unwrap_or(i64::MAX),
        termine_le: chrono::DateTime::UNIX_EPOCH,
        par: options.par.clone(),
    };
    let rapport = journal_import::enregistrer(conn, rapport, objets).await?;
    import::vider(conn).await?;
    Ok(rapport)
}

fn entier(nombre: u64) -> i64 {
    i64::try_from(nombre).unwrap_or(i64::MAX)
}
