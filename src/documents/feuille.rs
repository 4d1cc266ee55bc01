//! A sheet: headings, rows of texts, and what each column accepts.

/// A column of a sheet to write.
#[derive(Debug, Clone, Default)]
pub struct Colonne {
    /// Heading.
    pub entete: String,
    /// Width, in characters.
    pub largeur: u16,
    /// The answers of a drop-down list; none: anything may be typed.
    pub choix: Vec<&'static str>,
}

impl Colonne {
    /// A column of this heading, as wide as it.
    pub fn nouvelle(entete: impl Into<String>) -> Self {
        let entete = entete.into();
        Self {
            largeur: u16::try_from(entete.chars().count().clamp(12, 40)).unwrap_or(40),
            entete,
            choix: Vec::new(),
        }
    }
}

/// A sheet to write. Every cell is a text: a FINESS number keeps its zeros.
#[derive(Debug, Clone, Default)]
pub struct Feuille {
    /// Name of the sheet.
    pub nom: &'static str,
    /// Columns.
    pub colonnes: Vec<Colonne>,
    /// Rows, as long as there are columns.
    pub lignes: Vec<Vec<String>>,
}

/// What a spreadsheet would take for a formula begins by an apostrophe, which [`sans_garde`] takes off.
pub fn neutralisee(cellule: &str) -> String {
    if cellule.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cellule}")
    } else {
        cellule.to_owned()
    }
}

/// A cell without the apostrophe that [`neutralisee`] put.
pub fn sans_garde(cellule: &str) -> &str {
    match cellule.strip_prefix('\'') {
        Some(suite) if suite.starts_with(['=', '+', '-', '@']) => suite,
        _ => cellule,
    }
}
