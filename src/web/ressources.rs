//! The files of the dressing, made by `script/habiller.mjs`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Addresses of the files made by `script/habiller.mjs`, with the hash of their contents in their path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ressources {
    /// Stylesheet.
    pub css: String,
    /// ES module.
    pub js: String,
    /// Mark of the portal, also its icon.
    pub marque: String,
    /// Font of the running text, preloaded.
    pub police: String,
}

/// Why the files of the dressing cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum RessourcesErreur {
    /// The manifest is not there, or cannot be read.
    #[error(
        "l’habillage du portail manque ({chemin})\u{a0}: lancez «\u{a0}npm ci --ignore-scripts && node script/habiller.mjs\u{a0}»"
    )]
    Absentes {
        /// Where it was looked for.
        chemin: PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// The manifest is not the JSON expected.
    #[error(
        "le manifeste de l’habillage est illisible ({chemin})\u{a0}: relancez «\u{a0}node script/habiller.mjs\u{a0}»"
    )]
    Illisibles {
        /// Which file.
        chemin: PathBuf,
        /// Why.
        #[source]
        cause: serde_json::Error,
    },
    /// A file is not listed.
    #[error("le manifeste de l’habillage ne cite pas {0}\u{a0}: relancez «\u{a0}node script/habiller.mjs\u{a0}»")]
    Incompletes(&'static str),
}

impl Ressources {
    /// Reads `manifeste.json` in the folder of the dressing (`static/dist`), once, at start-up.
    ///
    /// # Errors
    /// [`RessourcesErreur`], whose wording says which command to run.
    pub fn charger(dossier: &Path) -> Result<Self, RessourcesErreur> {
        let chemin = dossier.join("manifeste.json");
        let texte = std::fs::read_to_string(&chemin).map_err(|cause| RessourcesErreur::Absentes {
            chemin: chemin.clone(),
            cause,
        })?;
        let mut noms: BTreeMap<String, String> =
            serde_json::from_str(&texte).map_err(|cause| RessourcesErreur::Illisibles { chemin, cause })?;
        let mut prendre = |nom: &'static str| noms.remove(nom).ok_or(RessourcesErreur::Incompletes(nom));
        Ok(Self {
            css: prendre("portail.css")?,
            js: prendre("portail.js")?,
            marque: prendre("marque.svg")?,
            police: prendre("atkinson-400.woff2")?,
        })
    }

    /// Addresses that lead nowhere, for tests of templates.
    pub fn exemple() -> Self {
        let adresse = |nom: &str| format!("/static/exemple/{nom}");
        Self {
            css: adresse("portail.css"),
            js: adresse("portail.js"),
            marque: adresse("marque.svg"),
            police: adresse("atkinson-400.woff2"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absent_manifest_says_which_command_to_run() {
        let erreur = Ressources::charger(Path::new("/nulle/part")).unwrap_err().to_string();
        assert!(
            erreur.contains("/nulle/part/manifeste.json") && erreur.contains("script/habiller.mjs"),
            "{erreur}"
        );
    }

    #[test]
    fn a_manifest_must_list_every_file() {
        let dossier = std::env::temp_dir().join(format!("habillage-{}", std::process::id()));
        std::fs::create_dir_all(&dossier).unwrap();
        let ecrire = |texte: &str| std::fs::write(dossier.join("manifeste.json"), texte).unwrap();
        ecrire("{");
        assert!(matches!(
            Ressources::charger(&dossier),
            Err(RessourcesErreur::Illisibles { .. })
        ));
        ecrire(r#"{"portail.css": "/static/a/portail.css"}"#);
        assert!(matches!(
            Ressources::charger(&dossier),
            Err(RessourcesErreur::Incompletes("portail.js"))
        ));
        ecrire(r#"{"portail.css": "c", "portail.js": "j", "marque.svg": "m", "atkinson-400.woff2": "p"}"#);
        assert_eq!(Ressources::charger(&dossier).unwrap().police, "p");
        std::fs::remove_dir_all(&dossier).unwrap();
    }
}
