//! A dossier: the candidature of one grappe to one edition, filled step by step.

pub mod champ;
pub mod etapes;
pub mod lecture;
pub mod reponses;
pub mod saisie_finess;

use crate::domain::nomenclature::liste;

liste! {
    /// Where a dossier stands.
    EtatDossier {
        /// Being written by its porteur; saving is not depositing.
        Brouillon = "brouillon", "Brouillon, non déposé";
        /// Deposited: its content is frozen.
        Depose = "depose", "Déposé";
    }
}

liste! {
    /// The steps of a dossier, in the order of the task list. Any order may be followed.
    Etape {
        /// Project and porteur.
        Projet = "projet", "Projet et porteur";
        /// The grappe's ESSMS and the facts of each.
        Essms = "essms", "ESSMS de la grappe";
        /// DUI and purchase.
        Solution = "solution", "Solution DUI et achat";
        /// Motivations and functional perimeter.
        Motivations = "motivations", "Motivations et périmètre fonctionnel";
        /// Team and governance.
        Equipe = "equipe", "Équipe et gouvernance";
        /// Planning.
        Planning = "planning", "Planning";
        /// Plan de financement.
        Financement = "financement", "Plan de financement";
        /// SI conformity.
        Conformite = "conformite", "Conformité du système d’information";
        /// Pieces.
        Pieces = "pieces", "Pièces";
        /// Summary and deposit.
        Recapitulatif = "recapitulatif", "Récapitulatif et dépôt";
    }
}

liste! {
    /// State of a step in the task list.
    EtatEtape {
        /// Nothing was saved.
        AFaire = "a_faire", "À faire";
        /// Something was, something required is missing.
        EnCours = "en_cours", "En cours";
        /// Everything required is there.
        Complet = "complet", "Complet";
        /// Complete, but a constat it bears is not satisfied.
        ACorriger = "a_corriger", "À corriger";
    }
}
