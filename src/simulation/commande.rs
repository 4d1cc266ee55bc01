//! `simuler FILE`: the contract on the command line, without a database.

use std::io::{Read, Write};
use std::path::Path;
use std::process::ExitCode;

use super::{OCTETS_MAXIMUM, simuler_octets};
use crate::rules::edition::Edition;

/// Exit code 0 with the answer, 2 with the faults of the request, 1 when it cannot be read.
pub fn executer(fichier: &Path) -> ExitCode {
    let octets = match lire(fichier) {
        Ok(octets) => octets,
        Err(erreur) => {
            eprintln!("{} : lecture impossible, {erreur}", fichier.display());
            return ExitCode::from(1);
        }
    };
    let (sortie, code) = match simuler_octets(&octets, Edition::livrees()) {
        Ok(reponse) => (reponse, ExitCode::SUCCESS),
        Err(erreurs) => (erreurs.json(), ExitCode::from(2)),
    };
    // A reader that went away (`| head`) is not a failure of the simulation.
    let _ = writeln!(std::io::stdout(), "{sortie}");
    code
}

/// Reads no further than a byte too many: the contract then refuses the document.
fn lire(fichier: &Path) -> std::io::Result<Vec<u8>> {
    let source: Box<dyn Read> = if fichier == Path::new("-") {
        Box::new(std::io::stdin())
    } else {
        Box::new(std::fs::File::open(fichier)?)
    };
    let mut octets = Vec::new();
    source.take(OCTETS_MAXIMUM as u64 + 1).read_to_end(&mut octets)?;
    Ok(octets)
}
