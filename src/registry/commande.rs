//! The registry's part of the command line.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand, ValueEnum};
use sqlx::PgConnection;

use super::fictif::{self, Perimetre};
use super::import::importer_finess;
use super::rapport::{Fermetures, Options, Progression, Rapport};
use super::solutions::importer_solutions;
use super::source::Source;
use crate::store::journal_import::lister_rejets;

/// What to import.
#[derive(Debug, Subcommand)]
pub enum Importer {
    /// Importe des fichiers FINESS (extraits ou FINESS+, .gz et .zip admis), tous ou aucun
    Finess {
        /// Que faire des établissements absents du fichier
        #[arg(long, value_enum, default_value_t)]
        fermetures: FermeturesChoisies,
        /// Fichiers à importer
        #[arg(required = true)]
        fichiers: Vec<PathBuf>,
    },
    /// Importe le référentiel des solutions DUI (CSV avec en-tête, séparateur « ; »)
    Solutions {
        /// Fichier à importer
        fichier: PathBuf,
    },
}

/// Parameters of the generator.
#[derive(Debug, Args)]
pub struct GenererFiness {
    /// Étendue du répertoire
    #[arg(long, value_enum)]
    perimetre: PerimetreChoisi,
    /// Dossier où écrire les fichiers
    #[arg(long)]
    sortie: PathBuf,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum PerimetreChoisi {
    /// 103 000 établissements
    National,
    /// Environ 4 500 ESSMS de 900 OG en Île-de-France
    Idf,
}

/// [`Fermetures`], as typed.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub enum FermeturesChoisies {
    /// Fermer ce qu’un fichier complet ne contient plus, refuser une fermeture massive
    #[default]
    Prudentes,
    /// Ne rien fermer : le fichier est un extrait
    Aucune,
    /// Fermer tout ce qui est absent, quel qu’en soit le nombre
    Toutes,
}

/// Rejected lines printed; the others are in the database.
const REJETS_AFFICHES: i64 = 20;

impl Importer {
    /// Imports, and prints the report.
    ///
    /// # Errors
    /// What the import says.
    pub async fn executer(&self, conn: &mut PgConnection) -> anyhow::Result<()> {
        match self {
            Self::Finess { fermetures, fichiers } => finess(conn, *fermetures, fichiers).await,
            Self::Solutions { fichier } => solutions(conn, fichier).await,
        }
    }
}

async fn finess(conn: &mut PgConnection, fermetures: FermeturesChoisies, fichiers: &[PathBuf]) -> anyhow::Result<()> {
    let sources = fichiers.iter().map(|f| Source::fichier(f)).collect::<Result<_, _>>()?;
    let options = Options {
        par: "ligne de commande".to_owned(),
        fermetures: match fermetures {
            FermeturesChoisies::Prudentes => Fermetures::Prudentes,
            FermeturesChoisies::Aucune => Fermetures::Aucune,
            FermeturesChoisies::Toutes => Fermetures::Toutes,
        },
    };
    let rapport = importer_finess(conn, sources, &options, avancement).await?;
    afficher(conn, &rapport).await
}

async fn solutions(conn: &mut PgConnection, fichier: &Path) -> anyhow::Result<()> {
    let octets = std::fs::read(fichier).with_context(|| format!("lecture de {}", fichier.display()))?;
    let bilan = importer_solutions(conn, &octets).await?;
    println!(
        "{} solutions lues\u{a0}: {} nouvelles, {} modifiées, {} retirées",
        bilan.lues, bilan.nouvelles, bilan.modifiees, bilan.retirees
    );
    Ok(())
}

impl GenererFiness {
    /// Writes the files, and prints their names.
    ///
    /// # Errors
    /// The folder's.
    pub fn executer(&self) -> anyhow::Result<()> {
        let perimetre = match self.perimetre {
            PerimetreChoisi::National => Perimetre::National,
            PerimetreChoisi::Idf => Perimetre::IleDeFrance,
        };
        let registre = fictif::generer(perimetre);
        let chemins = registre
            .ecrire(perimetre, &self.sortie)
            .with_context(|| format!("écriture dans {}", self.sortie.display()))?;
        println!(
            "Répertoire fictif\u{a0}: {} établissements, {} organismes",
            registre.essms.len(),
            registre.organismes.len()
        );
        for chemin in chemins {
            println!("{}", chemin.display());
        }
        Ok(())
    }
}

fn avancement(etape: Progression) {
    let Progression {
        fichier,
        lus,
        rejetes,
        fusion,
        ..
    } = etape;
    let suite = if fusion { ", mise à jour du répertoire…" } else { "" };
    eprintln!("{fichier}\u{a0}: {lus} lus, {rejetes} rejetés{suite}");
}

async fn afficher(conn: &mut PgConnection, rapport: &Rapport) -> anyhow::Result<()> {
    for fichier in &rapport.fichiers {
        println!(
            "{} (données du {}, {}{})\u{a0}: {} lus, {} nouveaux, {} modifiés, {} fermés, {} rejetés, \
             {} coordonnées redressées, en {} ms",
            fichier.fichier,
            fichier.date_donnees.format("%d/%m/%Y"),
            fichier.encodage,
            if fichier.fictif { ", FICTIF" } else { "" },
            fichier.lus,
            fichier.nouveaux,
            fichier.modifies,
            fichier.fermes,
            fichier.rejetes,
            fichier.corriges,
            fichier.duree_ms
        );
        if let Some(remarque) = &fichier.remarque {
            println!("  {remarque}");
        }
    }
    if let Some(fichier) = rapport.fichiers.first() {
        for rejet in lister_rejets(conn, fichier.envoi, None, REJETS_AFFICHES).await? {
            println!(
                "  {}, ligne {}\u{a0}: {} — {}",
                rejet.fichier, rejet.ligne, rejet.motif, rejet.extrait
            );
        }
    }
    Ok(())
}
