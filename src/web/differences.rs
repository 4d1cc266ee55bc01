//! What differs between two deposits, in words: for the porteur who deposited them, and for the instructor.

use sqlx::PgConnection;
use uuid::Uuid;

use super::vue::Colonne;
use crate::domain::dossier::champ::{Genre, Options};
use crate::domain::dossier::fige::{Contenu, Ecart, PieceFigee, champ, ecarts};
use crate::domain::dossier::reponses::Difference;
use crate::domain::dossier::{Dossier, Etape, lecture};
use crate::domain::finess::Finess;
use crate::domain::nomenclature::Liste;
use crate::rules::edition::Edition;
use crate::store::evaluation::{Contexte, solution_choisie};

/// The table of what differs; the template `composants/differences.html` draws it.
#[derive(Debug, Default)]
pub struct Differences {
    /// What differs: step and question, before, after.
    pub lignes: Vec<Vec<String>>,
    /// Headings.
    pub colonnes: Vec<Colonne>,
}

/// Shown in place of no answer.
const RIEN: &str = "—";

impl Differences {
    /// What differs between two frozen contents of this dossier.
    ///
    /// # Errors
    /// The database's.
    pub async fn entre(
        conn: &mut PgConnection,
        dossier: &Dossier,
        edition: Option<&Edition>,
        avant: &Contenu,
        apres: &Contenu,
    ) -> sqlx::Result<Self> {
        let mut numeros: Vec<Finess> = avant.essms.iter().chain(&apres.essms).map(|(f, _)| *f).collect();
        numeros.sort_unstable();
        numeros.dedup();
        let choix = [avant, apres].map(|c| solution_choisie(&c.reponses(Etape::Solution)));
        let solutions: Vec<Uuid> = choix.into_iter().flatten().collect();
        let contexte = Contexte::charger(conn, dossier, &numeros, &solutions, &[]).await?;
        let mots = Mots {
            contexte: &contexte,
            edition,
            noms: [&avant.nom, &apres.nom],
        };
        let lignes = ecarts(avant, apres).into_iter().map(|e| mots.ligne(e)).collect();
        let colonnes = ["Ce qui change", "Avant", "Après"].map(Colonne::texte).to_vec();
        Ok(Self { lignes, colonnes })
    }
}

/// Puts what differs in words.
struct Mots<'a> {
    contexte: &'a Contexte,
    edition: Option<&'a Edition>,
    noms: [&'a String; 2],
}

impl Mots<'_> {
    fn ligne(&self, ecart: Ecart) -> Vec<String> {
        match ecart {
            Ecart::Nom => ligne("Nom du dossier".to_owned(), self.noms[0].clone(), self.noms[1].clone()),
            Ecart::Reponse(etape, d) => self.reponse(etape, etape.libelle(), &d),
            Ecart::Fait(finess, d) => self.reponse(Etape::Essms, &self.essms(finess), &d),
            Ecart::Entre(finess) => ligne(self.essms(finess), RIEN.to_owned(), "Dans la grappe".to_owned()),
            Ecart::Sort(finess) => ligne(self.essms(finess), "Dans la grappe".to_owned(), "Retiré".to_owned()),
            Ecart::PieceAjoutee(piece) => ligne(self.piece(&piece), RIEN.to_owned(), piece.nom),
            Ecart::PieceRetiree(piece) => ligne(self.piece(&piece), piece.nom, "Retirée".to_owned()),
        }
    }

    fn reponse(&self, etape: Etape, sujet: &str, d: &Difference) -> Vec<String> {
        let (champ, libelle) = champ(etape, &d.champ);
        let clair = |valeurs: &[String]| match (champ, valeurs.first()) {
            (_, None) => RIEN.to_owned(),
            (None, Some(_)) => valeurs.join(", "),
            (Some(champ), Some(valeur)) => match champ.genre {
                Genre::Parmi(Options::Solutions) => self.solution(valeur),
                Genre::Parmi(Options::EssmsDeLaGrappe) => {
                    Finess::parse(valeur).map_or_else(|_| valeur.clone(), |f| self.essms(f))
                }
                _ => lecture::en_clair(champ, valeurs),
            },
        };
        ligne(format!("{sujet}\u{a0}: {libelle}"), clair(&d.avant), clair(&d.apres))
    }

    fn solution(&self, id: &str) -> String {
        let trouvee = self.contexte.solutions.iter().find(|s| s.id.to_string() == id);
        trouvee.map_or_else(
            || "Solution qui n’est plus dans le référentiel".to_owned(),
            |s| format!("{} {} ({})", s.nom, s.version, s.editeur),
        )
    }

    fn essms(&self, finess: Finess) -> String {
        match self.contexte.registre.get(&finess) {
            Some(connu) => format!("{} ({finess})", connu.nom),
            None => format!("ESSMS {finess}"),
        }
    }

    fn piece(&self, piece: &PieceFigee) -> String {
        let demandee = self
            .edition
            .and_then(|e| e.pieces.iter().find(|d| d.code == piece.type_piece));
        let libelle = demandee.map_or(&piece.type_piece, |d| &d.libelle);
        format!("{}\u{a0}: {libelle}", Etape::Pieces.libelle())
    }
}

fn ligne(quoi: String, avant: String, apres: String) -> Vec<String> {
    vec![quoi, avant, apres]
}
