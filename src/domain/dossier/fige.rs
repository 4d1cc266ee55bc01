//! What a deposit froze, read again, and what differs between two of them.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::champ::Champ;
use super::reponses::{Difference, Reponses, differences};
use super::{Dossier, Etape, Piece, etapes};
use crate::domain::finess::Finess;
use crate::domain::texte::hexadecimal;

/// A piece as it was deposited.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PieceFigee {
    /// Code of the piece in the edition.
    pub type_piece: String,
    /// Name of the file.
    pub nom: String,
    /// Size, in octets.
    pub taille_octets: u64,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

impl From<&Piece> for PieceFigee {
    fn from(piece: &Piece) -> Self {
        Self {
            type_piece: piece.type_piece.clone(),
            nom: piece.nom.clone(),
            taille_octets: u64::try_from(piece.taille_octets).unwrap_or(0),
            sha256: hexadecimal(&piece.sha256),
        }
    }
}

/// The frozen document, but for its evaluation.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Contenu {
    /// Reference of the dossier.
    pub reference: String,
    /// Its name.
    pub nom: String,
    /// FINESS EJ of its porteur.
    pub porteur: Finess,
    /// Name of its porteur in the registry, as it was.
    #[serde(default)]
    pub porteur_nom: Option<String>,
    /// Code of the edition.
    pub edition: String,
    /// Instant of arrival.
    pub depose_le: DateTime<Utc>,
    /// Name of the signatory, as it was.
    pub depose_par: String,
    /// Answers, step by step.
    pub etapes: Vec<(Etape, Reponses)>,
    /// The grappe, each ESSMS with its facts.
    pub essms: Vec<(Finess, Reponses)>,
    /// Pieces.
    pub pieces: Vec<PieceFigee>,
    /// SHA-256 of the deposit before, in hexadecimal.
    pub precedent: Option<String>,
}

impl Contenu {
    /// What a deposit of this dossier would freeze now.
    pub fn du_dossier(dossier: &Dossier, maintenant: DateTime<Utc>) -> Self {
        Self {
            reference: dossier.reference.clone(),
            nom: dossier.nom.clone(),
            porteur: dossier.porteur,
            porteur_nom: None,
            edition: dossier.edition.clone(),
            depose_le: maintenant,
            depose_par: String::new(),
            etapes: dossier
                .etapes
                .iter()
                .map(|(etape, e)| (*etape, e.reponses.clone()))
                .collect(),
            essms: dossier.essms.iter().map(|e| (e.finess, e.reponses.clone())).collect(),
            pieces: dossier.pieces.iter().map(PieceFigee::from).collect(),
            precedent: None,
        }
    }

    /// The answers of a step.
    pub fn reponses(&self, etape: Etape) -> Reponses {
        let trouvee = self.etapes.iter().find(|(e, _)| *e == etape);
        trouvee.map(|(_, r)| r.clone()).unwrap_or_default()
    }

    fn faits(&self, finess: Finess) -> Option<&Reponses> {
        self.essms.iter().find(|(f, _)| *f == finess).map(|(_, r)| r)
    }
}

impl Dossier {
    /// Fingerprint of what a deposit of this dossier freezes: SHA-256, in hexadecimal. The same as long as nothing of it changes.
    pub fn empreinte(&self) -> String {
        let etapes: Vec<_> = self.etapes.iter().map(|(etape, e)| (etape, &e.reponses)).collect();
        let essms: Vec<_> = self.essms.iter().map(|e| (e.finess, &e.reponses)).collect();
        let pieces: Vec<_> = self.pieces.iter().map(PieceFigee::from).collect();
        let contenu = serde_json::json!([self.nom, self.porteur, self.edition, etapes, essms, pieces]);
        hexadecimal(&Sha256::digest(contenu.to_string()))
    }
}

/// One thing that differs between two deposits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ecart {
    /// The name of the dossier.
    Nom,
    /// An answer of a step.
    Reponse(Etape, Difference),
    /// An ESSMS that came in.
    Entre(Finess),
    /// An ESSMS that went out.
    Sort(Finess),
    /// A fact of an ESSMS that stands in both.
    Fait(Finess, Difference),
    /// A piece that is in the second only.
    PieceAjoutee(PieceFigee),
    /// A piece that is in the first only.
    PieceRetiree(PieceFigee),
}

/// Everything that differs, in the order of the steps.
pub fn ecarts(avant: &Contenu, apres: &Contenu) -> Vec<Ecart> {
    use crate::domain::nomenclature::Liste as _;
    let mut ecarts = Vec::new();
    if avant.nom != apres.nom {
        ecarts.push(Ecart::Nom);
    }
    for etape in Etape::TOUTES {
        match etape {
            Etape::Essms => ecarts.extend(essms(avant, apres)),
            Etape::Pieces => ecarts.extend(pieces(avant, apres)),
            _ => {
                let changees = differences(&avant.reponses(*etape), &apres.reponses(*etape));
                ecarts.extend(changees.into_iter().map(|d| Ecart::Reponse(*etape, d)));
            }
        }
    }
    ecarts
}

fn essms(avant: &Contenu, apres: &Contenu) -> Vec<Ecart> {
    let entres = apres.essms.iter().filter(|(f, _)| avant.faits(*f).is_none());
    let sortis = avant.essms.iter().filter(|(f, _)| apres.faits(*f).is_none());
    let mut ecarts: Vec<Ecart> = entres.map(|(f, _)| Ecart::Entre(*f)).collect();
    ecarts.extend(sortis.map(|(f, _)| Ecart::Sort(*f)));
    for (finess, faits) in &apres.essms {
        if let Some(anciens) = avant.faits(*finess) {
            let changes = differences(anciens, faits);
            ecarts.extend(changes.into_iter().map(|d| Ecart::Fait(*finess, d)));
        }
    }
    ecarts
}

fn pieces(avant: &Contenu, apres: &Contenu) -> Vec<Ecart> {
    let absente = |ici: &[PieceFigee], piece: &PieceFigee| {
        !ici.iter()
            .any(|p| (&p.type_piece, &p.sha256) == (&piece.type_piece, &piece.sha256))
    };
    let retirees = avant.pieces.iter().filter(|p| absente(&apres.pieces, p));
    let ajoutees = apres.pieces.iter().filter(|p| absente(&avant.pieces, p));
    retirees
        .map(|p| Ecart::PieceRetiree(p.clone()))
        .chain(ajoutees.map(|p| Ecart::PieceAjoutee(p.clone())))
        .collect()
}

/// The field of a difference, and what to call it.
pub fn champ(etape: Etape, nom: &str) -> (Option<&'static Champ>, String) {
    let trouve = match etape {
        Etape::Essms => {
            let fait = etapes::FAITS_ESSMS.iter().find(|champ| champ.nom == nom);
            fait.map(|champ| (champ, champ.libelle.to_owned()))
        }
        _ => etapes::champ(etape, nom),
    };
    trouve.map_or_else(|| (None, nom.to_owned()), |(champ, libelle)| (Some(champ), libelle))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reponses(paires: &[(&str, &str)]) -> Reponses {
        let mut r = Reponses::default();
        for (nom, valeur) in paires {
            r.mettre(nom, vec![(*valeur).to_owned()]);
        }
        r
    }

    fn piece(type_piece: &str, sha256: &str) -> PieceFigee {
        PieceFigee {
            type_piece: type_piece.to_owned(),
            nom: format!("{type_piece}.pdf"),
            taille_octets: 1,
            sha256: sha256.to_owned(),
        }
    }

    fn numero(rang: u8) -> Finess {
        let corps = format!("7500000{rang}");
        (0..10)
            .find_map(|cle| Finess::parse(&format!("{corps}{cle}")).ok())
            .unwrap()
    }

    fn contenu() -> Contenu {
        Contenu {
            reference: "IDF2024-7QX2M".into(),
            nom: "Grappe".into(),
            porteur: Finess::parse("590799730").unwrap(),
            porteur_nom: None,
            edition: "idf-2024".into(),
            depose_le: DateTime::UNIX_EPOCH,
            depose_par: "Camille".into(),
            etapes: vec![(Etape::Motivations, reponses(&[("objectifs", "a")]))],
            essms: vec![
                (numero(1), reponses(&[("ror_complet", "oui")])),
                (numero(2), reponses(&[])),
            ],
            pieces: vec![piece("devis", "aa"), piece("rib", "bb")],
            precedent: None,
        }
    }

    #[test]
    fn the_same_content_deposited_twice_does_not_differ() {
        let mut apres = contenu();
        apres.depose_par = "Dominique".into();
        apres.essms.reverse();
        assert_eq!(ecarts(&contenu(), &apres), []);
    }

    #[test]
    fn answers_essms_facts_and_pieces_that_differ_are_each_told_once() {
        let mut apres = contenu();
        apres.nom = "Autre".into();
        apres.etapes = vec![
            (Etape::Motivations, reponses(&[("objectifs", "b")])),
            (Etape::Planning, reponses(&[("jalon-0-libelle", "Marché")])),
        ];
        apres.essms = vec![
            (numero(1), reponses(&[("ror_complet", "non")])),
            (numero(3), reponses(&[])),
        ];
        apres.pieces = vec![piece("devis", "cc"), piece("rib", "bb")];
        let lus: Vec<String> = ecarts(&contenu(), &apres)
            .into_iter()
            .map(|e| match e {
                Ecart::Nom => "nom".to_owned(),
                Ecart::Reponse(etape, d) => format!("{etape:?} {} {:?} {:?}", d.champ, d.avant, d.apres),
                Ecart::Entre(f) => format!("+{f}"),
                Ecart::Sort(f) => format!("-{f}"),
                Ecart::Fait(f, d) => format!("{f} {}", d.champ),
                Ecart::PieceAjoutee(p) => format!("+{}", p.sha256),
                Ecart::PieceRetiree(p) => format!("-{}", p.sha256),
            })
            .collect();
        let attendus = [
            "nom".to_owned(),
            format!("+{}", numero(3)),
            format!("-{}", numero(2)),
            format!("{} ror_complet", numero(1)),
            r#"Motivations objectifs ["a"] ["b"]"#.to_owned(),
            r#"Planning jalon-0-libelle [] ["Marché"]"#.to_owned(),
            "-aa".to_owned(),
            "+cc".to_owned(),
        ];
        assert_eq!(lus, attendus);
    }
}
