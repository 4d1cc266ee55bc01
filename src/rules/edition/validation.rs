//! What makes an edition coherent, whoever wrote it.

use std::collections::BTreeSet;

use super::{Critere, Edition, Forfait, Passage};
use crate::domain::nomenclature::Liste;
use crate::domain::territoire::region;
use crate::rules::constat::Gravite;

/// Why a text is not an edition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditionErreur {
    /// Not TOML, an unknown field, an unknown code, a missing value.
    #[error("édition illisible : {0}")]
    Illisible(String),
    /// Readable, but it contradicts itself.
    #[error("édition incohérente : {}", .0.join(" ; "))]
    Fautes(Vec<String>),
}

impl Edition {
    /// Everything that is wrong with it; empty when it may be published.
    pub fn fautes(&self) -> Vec<String> {
        let mut fautes = Vec::new();
        self.fautes_identite(&mut fautes);
        self.fautes_fenetres(&mut fautes);
        self.fautes_taille(&mut fautes);
        self.fautes_montants(&mut fautes);
        self.fautes_listes(&mut fautes);
        self.fautes_sources(&mut fautes);
        fautes
    }

    fn fautes_identite(&self, fautes: &mut Vec<String>) {
        let lisible = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.code.is_empty() || !self.code.chars().all(lisible) {
            fautes.push(format!(
                "code « {} » : minuscules, chiffres et tirets seulement",
                self.code
            ));
        }
        if self.version == 0 {
            fautes.push("la version commence à 1".to_owned());
        }
        if self.regions.is_empty() {
            fautes.push("aucune région".to_owned());
        }
        for code in self.regions.iter().filter(|code| region(code).is_none()) {
            fautes.push(format!("région inconnue : {code}"));
        }
        for doublon in doublons(self.regions.iter()) {
            fautes.push(format!("région déclarée deux fois : {doublon}"));
        }
    }

    fn fautes_fenetres(&self, fautes: &mut Vec<String>) {
        if self.fenetres.is_empty() {
            fautes.push("aucune fenêtre de dépôt".to_owned());
        }
        for (rang, fenetre) in self.fenetres.iter().enumerate() {
            if fenetre.fermeture < fenetre.ouverture {
                fautes.push(format!("fenêtre {} : elle ferme avant d’ouvrir", rang + 1));
            }
        }
        for (rang, paire) in self.fenetres.windows(2).enumerate() {
            let [avant, apres] = paire else { continue };
            if apres.ouverture <= avant.fermeture {
                fautes.push(format!(
                    "fenêtre {} : elle chevauche ou précède la précédente",
                    rang + 2
                ));
            } else if avant.fermeture.succ_opt() == Some(apres.ouverture) {
                if apres.interruption.is_some() {
                    fautes.push(format!("fenêtre {} : interruption annoncée, mais aucune", rang + 2));
                }
            } else if apres.interruption.is_none() {
                fautes.push(format!(
                    "fenêtre {} : jours sans dépôt non expliqués avant elle",
                    rang + 2
                ));
            }
        }
        let dernier = self.fenetres.last().map(|f| f.fermeture);
        let premier = self.fenetres.first().map(|f| f.ouverture);
        if let Some(limite) = self.dernier_jour_multiregional
            && (Some(limite) > dernier || Some(limite) < premier)
        {
            fautes.push("le dernier jour multirégional est hors des fenêtres".to_owned());
        }
    }

    fn fautes_taille(&self, fautes: &mut Vec<String>) {
        let taille = &self.taille;
        if !(1 <= taille.minimum_corse_outre_mer
            && taille.minimum_corse_outre_mer <= taille.minimum
            && taille.minimum <= taille.maximum)
        {
            fautes.push("tailles de grappe : 1 ≤ minimum Corse et outre-mer ≤ minimum ≤ maximum".to_owned());
        }
        if taille.seuil_petit_og == 0 {
            fautes.push("le seuil des petits organismes gestionnaires est nul".to_owned());
        }
        if self.interoperabilite.minimum > self.interoperabilite.services.len() {
            fautes.push("interopérabilité : plus de services demandés qu’il n’y en a".to_owned());
        }
    }

    fn fautes_montants(&self, fautes: &mut Vec<String>) {
        let parts: u32 = self.versements.iter().map(|v| u32::from(v.part_pour_cent)).sum();
        if parts != 100 {
            fautes.push(format!("les versements font {parts} %, et non 100 %"));
        }
        if self.enveloppe_centimes.is_some_and(|enveloppe| enveloppe.0 <= 0) {
            fautes.push("l’enveloppe n’est pas positive".to_owned());
        }
        for forfait in &self.forfaits {
            fautes_tranches(forfait, fautes);
        }
        let cles = self.forfaits.iter().map(|f| (f.code, f.type_projet, f.reference));
        for (code, ..) in doublons(cles) {
            fautes.push(format!("{} : deux forfaits pour le même cas", code.code()));
        }
    }

    fn fautes_listes(&self, fautes: &mut Vec<String>) {
        for code in doublons(self.criteres.iter().map(|c| c.code)) {
            fautes.push(format!("critère déclaré deux fois : {}", code.code()));
        }
        for code in doublons(self.pieces.iter().map(|p| p.code.as_str())) {
            fautes.push(format!("pièce déclarée deux fois : {code}"));
        }
        for code in doublons(self.indicateurs.iter().map(|i| i.code)) {
            fautes.push(format!("indicateur déclaré deux fois : {}", code.code()));
        }
        for document in doublons(self.textes.iter().map(|t| t.document.as_str())) {
            fautes.push(format!("texte déclaré deux fois : {document}"));
        }
        for piece in self.pieces.iter().filter(|p| p.contenus.is_empty()) {
            fautes.push(format!("pièce {} : aucun contenu accepté", piece.code));
        }
        for indicateur in self.indicateurs.iter().filter(|i| i.cible_pour_cent > Some(100)) {
            fautes.push(format!("{} : cible au-dessus de 100 %", indicateur.code.code()));
        }
        for contact in self.contacts.iter().filter(|c| !c.courriel.contains('@')) {
            fautes.push(format!("adresse illisible : {}", contact.courriel));
        }
        for critere in self.criteres.iter().filter(|c| contradictoire(c)) {
            fautes.push(format!(
                "{} : l’éligibilité est bloquante ou alerte",
                critere.code.code()
            ));
        }
    }

    fn fautes_sources(&self, fautes: &mut Vec<String>) {
        let connus: BTreeSet<&str> = self.textes.iter().map(|t| t.document.as_str()).collect();
        let absents: BTreeSet<&str> = self
            .passages()
            .map(|(document, _)| document)
            .filter(|document| !connus.contains(document))
            .collect();
        for document in absents {
            fautes.push(format!("texte cité mais non déclaré : {document}"));
        }
        if self.passages().any(|(_, section)| section.trim().is_empty()) {
            fautes.push("une source n’indique pas de section".to_owned());
        }
    }

    /// Every passage the edition cites.
    fn passages(&self) -> impl Iterator<Item = (&str, &str)> {
        fn paire(passage: &Passage) -> (&str, &str) {
            (&passage.document, &passage.section)
        }
        let criteres = self.criteres.iter().flat_map(|c| {
            std::iter::once((c.document.as_str(), c.section.as_str())).chain(c.autres_sources.iter().map(paire))
        });
        criteres
            .chain(self.forfaits.iter().map(|f| paire(&f.source)))
            .chain(self.forfaits_externes.iter().map(|f| paire(&f.source)))
            .chain(self.versements.iter().map(|v| paire(&v.source)))
            .chain(self.indicateurs.iter().map(|i| paire(&i.source)))
            .chain(self.indicateurs.iter().flat_map(|i| &i.autres_sources).map(paire))
            .chain(self.pieces.iter().map(|p| paire(&p.source)))
            .chain(self.contacts.iter().map(|c| paire(&c.source)))
            .chain(self.prorata_heures.iter().map(paire))
            .chain(self.demarche.iter().map(|d| paire(&d.source)))
            .chain(self.achat.source_commande_publique.iter().map(paire))
            .chain([paire(&self.achat.source), paire(&self.durees.source)])
    }
}

/// A condition on ESSMS that only informs would exclude nobody and still be counted.
fn contradictoire(critere: &Critere) -> bool {
    critere.code.eligibilite() && critere.gravite == Gravite::Information
}

fn fautes_tranches(forfait: &Forfait, fautes: &mut Vec<String>) {
    let code = forfait.code.code();
    if forfait.tranches.first().map(|t| t.a_partir_de) != Some(1) {
        fautes.push(format!("{code} : la première tranche part du premier ESSMS"));
    }
    if forfait
        .tranches
        .windows(2)
        .any(|t| t[1].a_partir_de <= t[0].a_partir_de)
    {
        fautes.push(format!("{code} : tranches dans le désordre"));
    }
    if forfait
        .tranches
        .windows(2)
        .any(|t| t[1].taux_centimes > t[0].taux_centimes)
    {
        fautes.push(format!("{code} : un taux augmente avec le rang"));
    }
    if forfait.tranches.iter().any(|t| t.taux_centimes.0 < 0) {
        fautes.push(format!("{code} : taux négatif"));
    }
}

/// Values that come back, each once.
fn doublons<T: Ord + Copy>(valeurs: impl Iterator<Item = T>) -> BTreeSet<T> {
    let mut vues = BTreeSet::new();
    valeurs.filter(|valeur| !vues.insert(*valeur)).collect()
}
