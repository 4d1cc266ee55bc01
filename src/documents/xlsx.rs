//! A sheet as XLSX: texts, a frozen heading, drop-down lists for closed answers.

use rust_xlsxwriter::{DataValidation, Format, Workbook, XlsxError};

use super::feuille::{Feuille, neutralisee};

/// Rows below the last that drop-down lists also reach, for who adds ESSMS.
const LIGNES_A_SUIVRE: usize = 200;
/// Letters that a drop-down list holds at most in the file format; beyond it, the cell is free.
const LETTRES_D_UNE_LISTE: usize = 255;

/// The octets of the file.
///
/// # Errors
/// More rows or columns than the format has.
pub fn ecrire(feuille: &Feuille) -> Result<Vec<u8>, XlsxError> {
    let mut classeur = Workbook::new();
    let gras = Format::new().set_bold().set_text_wrap();
    // Text, so that nothing typed there becomes a number or a date.
    let texte = Format::new().set_num_format("@");
    let page = classeur.add_worksheet();
    page.set_name(feuille.nom)?;
    page.set_freeze_panes(1, 1)?;
    for (rang, colonne) in (0u16..).zip(&feuille.colonnes) {
        page.set_column_width(rang, f64::from(colonne.largeur))?;
        page.set_column_format(rang, &texte)?;
        page.write_string_with_format(0, rang, &colonne.entete, &gras)?;
        let lettres: usize = colonne.choix.iter().map(|c| c.chars().count() + 1).sum();
        if !colonne.choix.is_empty() && lettres <= LETTRES_D_UNE_LISTE && !colonne.choix.iter().any(|c| c.contains(','))
        {
            let dernier = u32::try_from(feuille.lignes.len() + LIGNES_A_SUIVRE).unwrap_or(u32::MAX);
            let liste = DataValidation::new().allow_list_strings(&colonne.choix)?;
            page.add_data_validation(1, rang, dernier, rang, &liste)?;
        }
    }
    for (ligne, cellules) in (1u32..).zip(&feuille.lignes) {
        for (rang, cellule) in (0u16..).zip(cellules) {
            page.write_string_with_format(ligne, rang, neutralisee(cellule), &texte)?;
        }
    }
    classeur.save_to_buffer()
}
