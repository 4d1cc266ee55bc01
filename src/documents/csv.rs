//! A sheet as French spreadsheets open it: UTF-8 with a byte order mark, semicolons, CRLF.

use super::feuille::{Feuille, neutralisee};

/// The octets of the file.
pub fn ecrire(feuille: &Feuille) -> Vec<u8> {
    let entetes = feuille.colonnes.iter().map(|c| c.entete.clone()).collect();
    let mut texte = String::from("\u{feff}");
    for ligne in std::iter::once(&entetes).chain(&feuille.lignes) {
        let cellules: Vec<String> = ligne.iter().map(|c| citee(&neutralisee(c))).collect();
        texte.push_str(&cellules.join(";"));
        texte.push_str("\r\n");
    }
    texte.into_bytes()
}

fn citee(cellule: &str) -> String {
    if cellule.contains(['"', ';', '\n', '\r']) {
        format!("\"{}\"", cellule.replace('"', "\"\""))
    } else {
        cellule.to_owned()
    }
}
