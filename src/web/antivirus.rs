//! What an uploaded file holds, asked of clamd before the file is kept. Without antivirus, or when it does not answer, a piece is kept
//! and says so: nobody misses a deadline for it. It is looked at later, as soon as an antivirus answers.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clamav_client::tokio::{Socket, Tcp, scan_buffer};
use object_store::ObjectStoreExt;
use object_store::path::Path as Emplacement;
use tokio::time::timeout;

use super::etat::Etat;
use crate::domain::dossier::Analyse;
use crate::store::pieces;

/// A piece is of ten megaoctets at most: clamd answers within a second or two.
const PATIENCE: Duration = Duration::from_secs(20);
/// Pieces looked at again each hour.
const PAR_HEURE: i64 = 200;
/// Failures after which the others are left for the next hour.
const ECHECS_AU_PLUS: usize = 10;

/// Where clamd listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Antivirus {
    /// A host and a port.
    Reseau(String),
    /// A Unix socket.
    Local(PathBuf),
}

impl FromStr for Antivirus {
    type Err = String;

    fn from_str(texte: &str) -> Result<Self, String> {
        let reseau = |adresse: &str| {
            adresse
                .rsplit_once(':')
                .is_some_and(|(hote, port)| !hote.is_empty() && port.parse::<u16>().is_ok())
        };
        if let Some(chemin) = texte.strip_prefix("unix:").filter(|c| c.starts_with('/')) {
            return Ok(Self::Local(chemin.into()));
        }
        match texte.strip_prefix("tcp://") {
            Some(adresse) if reseau(adresse) => Ok(Self::Reseau(adresse.to_owned())),
            _ => Err(format!(
                "«\u{a0}{texte}\u{a0}» n’est pas l’adresse d’un clamd (exemples\u{a0}: tcp://127.0.0.1:3310, unix:/run/clamav/clamd.ctl)"
            )),
        }
    }
}

impl Antivirus {
    /// What clamd says of these bytes.
    ///
    /// # Errors
    /// It does not answer, or answers neither yes nor no.
    pub async fn analyser(&self, octets: &[u8]) -> anyhow::Result<Analyse> {
        let reponse = match self {
            Self::Reseau(adresse) => {
                let clamd = Tcp {
                    host_address: adresse.as_str(),
                };
                timeout(PATIENCE, scan_buffer(octets, clamd, None)).await??
            }
            Self::Local(chemin) => {
                timeout(PATIENCE, scan_buffer(octets, Socket { socket_path: chemin }, None)).await??
            }
        };
        lire(&reponse)
    }
}

/// Reads an answer: `stream: OK`, or `stream: Nom-Du-Virus FOUND`.
fn lire(reponse: &[u8]) -> anyhow::Result<Analyse> {
    let reponse = String::from_utf8_lossy(reponse);
    let dit = reponse.trim_end_matches(['\0', '\n']);
    let verdict = dit.strip_prefix("stream: ").unwrap_or(dit);
    match verdict.strip_suffix(" FOUND") {
        Some(virus) => Ok(Analyse::Virus(virus.to_owned())),
        None if verdict == "OK" => Ok(Analyse::Saine),
        None => anyhow::bail!("clamd a répondu «\u{a0}{dit}\u{a0}»"),
    }
}

/// What is known of a file that comes: nothing, without antivirus or when it does not answer.
pub async fn analyser(etat: &Etat, octets: &[u8]) -> Analyse {
    let Some(antivirus) = &etat.antivirus else {
        return Analyse::Absente;
    };
    antivirus.analyser(octets).await.unwrap_or_else(|cause| {
        tracing::warn!(%cause, "pièce reçue sans analyse antivirus");
        Analyse::Absente
    })
}

/// Looks at the pieces that nothing looked at when they came. Gives their number.
///
/// # Errors
/// The database's.
pub async fn rattraper(etat: &Etat) -> sqlx::Result<usize> {
    let Some(antivirus) = &etat.antivirus else {
        return Ok(0);
    };
    let (mut analysees, mut echecs) = (0, 0);
    for (id, chemin) in pieces::list_a_analyser(&etat.pool, PAR_HEURE).await? {
        match relire(etat, antivirus, &chemin).await {
            Ok(analyse) => {
                pieces::save_analyse(&etat.pool, id, &analyse, etat.horloge.maintenant()).await?;
                analysees += 1;
            }
            Err(cause) => {
                tracing::warn!(piece.id = %id, %cause, "pièce toujours sans analyse antivirus");
                echecs += 1;
            }
        }
        // One that cannot be read does not hide the others; an antivirus that does not answer is not waited for all day.
        if echecs == ECHECS_AU_PLUS {
            break;
        }
    }
    Ok(analysees)
}

async fn relire(etat: &Etat, antivirus: &Antivirus, chemin: &str) -> anyhow::Result<Analyse> {
    let objet = etat.fichiers.get(&Emplacement::from(chemin)).await?;
    antivirus.analyser(&objet.bytes().await?).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_port_or_a_socket() {
        assert_eq!(
            "tcp://clamd:3310".parse(),
            Ok(Antivirus::Reseau("clamd:3310".to_owned()))
        );
        assert_eq!(
            "unix:/run/clamav/clamd.ctl".parse(),
            Ok(Antivirus::Local("/run/clamav/clamd.ctl".into()))
        );
        for faux in [
            "",
            "clamd",
            "tcp://clamd",
            "tcp://:3310",
            "tcp://clamd:x",
            "unix:clamd.ctl",
        ] {
            assert!(
                faux.parse::<Antivirus>().unwrap_err().contains("tcp://127.0.0.1:3310"),
                "{faux}"
            );
        }
    }

    #[test]
    fn an_answer_is_yes_no_or_none() {
        assert_eq!(lire(b"stream: OK\0").unwrap(), Analyse::Saine);
        assert_eq!(
            lire(b"stream: Eicar-Test-Signature FOUND\0").unwrap(),
            Analyse::Virus("Eicar-Test-Signature".to_owned())
        );
        for autre in [
            b"INSTREAM size limit exceeded. ERROR\0".as_slice(),
            b"",
            b"stream: OKAY",
        ] {
            assert!(lire(autre).is_err());
        }
    }
}
