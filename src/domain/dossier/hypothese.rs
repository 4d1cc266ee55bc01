//! « Et si » : changes of the grappe that are tried before they are made. Nothing here writes.

use std::collections::BTreeMap;

use super::champ::Champ;
use super::etapes::FAITS_ESSMS;
use super::lecture::{Brut, lire_prefixe};
use super::reponses::Reponses;
use super::{Dossier, EssmsGrappe, Etape};
use crate::domain::finess::Finess;

/// Answers of an ESSMS that may be tried.
pub const CHAMPS: [&str; 4] = ["type_projet", "hebergement", "meme_solution", "autre_solution"];
/// Prefix of the fields that are tried for every ESSMS.
pub const TOUS: &str = "tous";
/// The value that takes an answer out, to come back to what was not said.
pub const SANS_REPONSE: &str = "sans_reponse";
/// Name of the field of the DUI, in the form and in its step.
pub const SOLUTION: &str = "solution";
/// Name of the field of the signatory, in the form and in its step.
pub const SIGNATAIRE: &str = "signataire";

/// Changes to try, by the name of their field; no value takes an answer out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hypothese {
    /// ESSMS to take out.
    pub retires: Vec<Finess>,
    /// ESSMS to add.
    pub ajoutes: Vec<Finess>,
    /// Answers tried: `750000001-type_projet`, `tous-hebergement`, `solution`, `signataire`.
    pub reponses: BTreeMap<String, Vec<String>>,
}

impl Hypothese {
    /// Reads a form or an address leniently: what means nothing changes nothing. `ajoutes` are the numbers
    /// read in what was pasted; `permise` says which DUIs may be chosen.
    pub fn lire(brut: &dyn Brut, dossier: &Dossier, ajoutes: &[Finess], permise: impl Fn(&str) -> bool) -> Self {
        let presents = dossier.numeros();
        let nommes = |nom: &str| -> Vec<Finess> {
            let lus = brut.valeurs(nom).iter().filter_map(|n| Finess::parse(n).ok());
            lus.collect()
        };
        let retires: Vec<Finess> = nommes("retirer").into_iter().filter(|n| presents.contains(n)).collect();
        let ajoutes: Vec<Finess> = ajoutes.iter().copied().filter(|n| !presents.contains(n)).collect();
        let mut hypothese = Self {
            retires,
            ajoutes,
            reponses: BTreeMap::new(),
        };
        let numeros = presents.iter().chain(&hypothese.ajoutes).map(ToString::to_string);
        let prefixes: Vec<String> = std::iter::once(TOUS.to_owned()).chain(numeros).collect();
        for prefixe in prefixes {
            for champ in champs() {
                let nom = format!("{prefixe}-{}", champ.nom);
                let essaye = match brut.valeurs(&nom).first().map(String::as_str) {
                    None | Some("") => None,
                    Some(SANS_REPONSE) => Some(Vec::new()),
                    Some(_) => {
                        let lue = lire_prefixe(&[*champ], &prefixe, brut, &|_, _| false, &mut Vec::new());
                        Some(lue.valeurs(champ.nom).to_vec()).filter(|valeurs| !valeurs.is_empty())
                    }
                };
                hypothese.reponses.extend(essaye.map(|valeurs| (nom, valeurs)));
            }
        }
        let membre = |n: &Finess| presents.contains(n) || hypothese.ajoutes.contains(n);
        let designes: Vec<String> = nommes(SIGNATAIRE)
            .iter()
            .filter(|n| membre(n))
            .map(ToString::to_string)
            .collect();
        let valide = |nom: &str, valeur: &str| match nom {
            SOLUTION => permise(valeur),
            _ => designes.iter().any(|d| d == valeur),
        };
        for nom in [SOLUTION, SIGNATAIRE] {
            let essaye = match brut.valeurs(nom).first().map(String::as_str) {
                Some(SANS_REPONSE) => Some(Vec::new()),
                Some(valeur) if valide(nom, valeur) => Some(vec![valeur.to_owned()]),
                _ => None,
            };
            hypothese
                .reponses
                .extend(essaye.map(|valeurs| (nom.to_owned(), valeurs)));
        }
        hypothese
    }

    /// The dossier once the changes are made. `retenues` are the answers of the ESSMS that were once in the
    /// grappe: one that comes back has them again.
    #[must_use]
    pub fn appliquer(&self, dossier: &Dossier, retenues: &[EssmsGrappe]) -> Dossier {
        let mut apres = dossier.clone();
        apres.essms.retain(|e| !self.retires.contains(&e.finess));
        for finess in &self.ajoutes {
            apres.essms.push(EssmsGrappe {
                finess: *finess,
                reponses: reponses_de(retenues, *finess),
            });
        }
        for e in &mut apres.essms {
            for champ in CHAMPS {
                let sien = self.reponses.get(&format!("{}-{champ}", e.finess));
                let essaye = sien.or_else(|| self.reponses.get(&format!("{TOUS}-{champ}")));
                if let Some(valeurs) = essaye {
                    e.reponses.mettre(champ, valeurs.clone());
                }
            }
        }
        for (nom, etape) in [(SOLUTION, Etape::Solution), (SIGNATAIRE, Etape::Projet)] {
            if let Some(valeurs) = self.reponses.get(nom)
                && dossier.reponses(etape).valeurs(nom) != valeurs
            {
                apres
                    .etapes
                    .entry(etape)
                    .or_default()
                    .reponses
                    .mettre(nom, valeurs.clone());
            }
        }
        apres
    }

    /// The changes that lead from one state of a dossier to another, each answer by its own name. `retenues`
    /// are the answers that the ESSMS that come have already.
    pub fn entre(avant: &Dossier, apres: &Dossier, retenues: &[EssmsGrappe]) -> Self {
        let (anciens, nouveaux) = (avant.numeros(), apres.numeros());
        let mut reponses = BTreeMap::new();
        for e in &apres.essms {
            let ancien = avant.essms.iter().find(|a| a.finess == e.finess);
            let ancien = ancien.map_or_else(|| reponses_de(retenues, e.finess), |a| a.reponses.clone());
            for champ in CHAMPS {
                let valeurs = e.reponses.valeurs(champ);
                if ancien.valeurs(champ) != valeurs {
                    reponses.insert(format!("{}-{champ}", e.finess), valeurs.to_vec());
                }
            }
        }
        for (nom, etape) in [(SOLUTION, Etape::Solution), (SIGNATAIRE, Etape::Projet)] {
            let valeurs = apres.reponses(etape).valeurs(nom);
            if avant.reponses(etape).valeurs(nom) != valeurs {
                reponses.insert(nom.to_owned(), valeurs.to_vec());
            }
        }
        Self {
            retires: anciens.iter().copied().filter(|n| !nouveaux.contains(n)).collect(),
            ajoutes: nouveaux.iter().copied().filter(|n| !anciens.contains(n)).collect(),
            reponses,
        }
    }

    /// Whether it changes nothing.
    pub fn est_vide(&self) -> bool {
        self.retires.is_empty() && self.ajoutes.is_empty() && self.reponses.is_empty()
    }

    /// The fields that say it, for an address or for a hidden form.
    pub fn champs(&self) -> Vec<(String, String)> {
        let mut paires: Vec<(String, String)> = Vec::new();
        paires.extend(self.retires.iter().map(|n| ("retirer".to_owned(), n.to_string())));
        paires.extend(self.ajoutes.iter().map(|n| ("ajouter".to_owned(), n.to_string())));
        for (nom, valeurs) in &self.reponses {
            let valeur = valeurs.first().map_or(SANS_REPONSE, String::as_str);
            paires.push((nom.clone(), valeur.to_owned()));
        }
        paires
    }

    /// The address of a page that tries it.
    pub fn adresse(&self, page: &str) -> String {
        let mut requete = form_urlencoded::Serializer::new(String::new());
        requete.extend_pairs(self.champs());
        match requete.finish() {
            vide if vide.is_empty() => page.to_owned(),
            requete => format!("{page}?{requete}"),
        }
    }

    /// What the answers it changes are in this dossier: what a person saw when trying it.
    pub fn base(&self, dossier: &Dossier) -> BTreeMap<String, Vec<String>> {
        let valeurs = |nom: &String| Some((nom.clone(), valeur(dossier, nom)?));
        self.reponses.keys().filter_map(valeurs).collect()
    }

    /// The answers that somebody else changed otherwise since, or whose ESSMS has left.
    pub fn contraries(&self, base: &BTreeMap<String, Vec<String>>, dossier: &Dossier) -> Vec<String> {
        let contrarie = |(nom, vu): &(&String, &Vec<String>)| {
            let actuel = valeur(dossier, nom);
            actuel.as_ref() != Some(vu) && actuel.as_ref() != self.reponses.get(*nom)
        };
        let touchees = base.iter().filter(|(nom, _)| self.reponses.contains_key(*nom));
        touchees.filter(contrarie).map(|(nom, _)| nom.clone()).collect()
    }

    /// What it does, in words: « 2 ESSMS retirés, 3 ajoutés, 4 réponses changées ».
    pub fn resume(&self) -> String {
        let s = |n: usize| if n > 1 { "s" } else { "" };
        let mut gestes: Vec<String> = Vec::new();
        let (retires, ajoutes, reponses) = (self.retires.len(), self.ajoutes.len(), self.reponses.len());
        if retires > 0 {
            gestes.push(format!("{retires} ESSMS retiré{}", s(retires)));
        }
        if ajoutes > 0 {
            gestes.push(format!("{ajoutes} ESSMS ajouté{}", s(ajoutes)));
        }
        if reponses > 0 {
            gestes.push(format!("{reponses} réponse{} changée{}", s(reponses), s(reponses)));
        }
        gestes.join(", ")
    }
}

/// The declared fields that may be tried.
pub fn champs() -> impl Iterator<Item = &'static Champ> {
    CHAMPS
        .iter()
        .filter_map(|nom| FAITS_ESSMS.iter().find(|c| c.nom == *nom))
}

fn reponses_de(essms: &[EssmsGrappe], finess: Finess) -> Reponses {
    let connu = essms.iter().find(|e| e.finess == finess);
    connu.map(|e| e.reponses.clone()).unwrap_or_default()
}

/// An answer by its name; `None` when its ESSMS is not in the grappe.
pub fn valeur(dossier: &Dossier, nom: &str) -> Option<Vec<String>> {
    let reponses = match nom.split_once('-') {
        None if nom == SOLUTION => dossier.reponses(Etape::Solution),
        None => dossier.reponses(Etape::Projet),
        Some((finess, _)) => {
            let finess = Finess::parse(finess).ok()?;
            &dossier.essms.iter().find(|e| e.finess == finess)?.reponses
        }
    };
    let champ = nom.split_once('-').map_or(nom, |(_, champ)| champ);
    Some(reponses.valeurs(champ).to_vec())
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::domain::dossier::EtatDossier;

    struct Champs(BTreeMap<String, Vec<String>>);

    impl Brut for Champs {
        fn valeurs(&self, nom: &str) -> &[String] {
            self.0.get(nom).map_or(&[], Vec::as_slice)
        }

        fn nombre_de_lignes(&self, _: &str) -> usize {
            0
        }
    }

    fn lire(paires: &[(String, String)], dossier: &Dossier, ajoutes: &[Finess]) -> Hypothese {
        let mut champs: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (nom, valeur) in paires {
            champs.entry(nom.clone()).or_default().push(valeur.clone());
        }
        Hypothese::lire(&Champs(champs), dossier, ajoutes, |_| false)
    }

    fn et(rang: usize) -> Finess {
        Finess::depuis_racine(&format!("75{rang:06}")).unwrap()
    }

    fn essms(rang: usize, hebergement: &str) -> EssmsGrappe {
        let mut reponses = Reponses::default();
        reponses.mettre("hebergement", vec![hebergement.to_owned()]);
        reponses.mettre("sons", vec!["non".to_owned()]);
        EssmsGrappe {
            finess: et(rang),
            reponses,
        }
    }

    fn dossier() -> Dossier {
        let instant = DateTime::UNIX_EPOCH;
        Dossier {
            id: Uuid::nil(),
            reference: String::new(),
            nom: String::new(),
            edition: String::new(),
            edition_version: 1,
            region: String::new(),
            porteur: et(900),
            porteur_depuis: None,
            etat: EtatDossier::Brouillon,
            fictif: true,
            cree_le: instant,
            modifie_le: instant,
            etapes: BTreeMap::new(),
            essms: vec![essms(1, "saas"), essms(2, "saas")],
            pieces: Vec::new(),
        }
    }

    fn paire(nom: impl Into<String>, valeur: impl Into<String>) -> (String, String) {
        (nom.into(), valeur.into())
    }

    #[test]
    fn what_is_tried_reads_back_from_its_own_address_and_its_inverse_undoes_it() {
        let avant = dossier();
        let retenues = [essms(3, "externe")];
        let demande = [
            paire("retirer", et(1).to_string()),
            paire("tous-hebergement", "on_premise"),
            paire(SIGNATAIRE, et(2).to_string()),
        ];
        let apres = lire(&demande, &avant, &[et(3)]).appliquer(&avant, &retenues);
        assert_eq!(apres.numeros(), [et(2), et(3)]);
        assert_eq!(
            apres.essms[1].reponses.texte("sons"),
            Some("non"),
            "what it had answered is back"
        );
        let essai = Hypothese::entre(&avant, &apres, &retenues);
        assert_eq!(essai.resume(), "1 ESSMS retiré, 1 ESSMS ajouté, 3 réponses changées");
        assert_eq!(lire(&essai.champs(), &avant, &essai.ajoutes), essai);
        let inverse = Hypothese::entre(&apres, &avant, &avant.essms);
        let rendu = inverse.appliquer(&apres, &avant.essms);
        assert!(Hypothese::entre(&avant, &rendu, &[]).est_vide());
    }

    #[test]
    fn what_means_nothing_changes_nothing() {
        let avant = dossier();
        let demande = [
            paire("retirer", et(7).to_string()),
            paire("tous-hebergement", "nuage"),
            paire("tous-type_projet", ""),
            paire(SOLUTION, "x"),
            paire(SIGNATAIRE, et(7).to_string()),
        ];
        assert!(lire(&demande, &avant, &[et(1)]).est_vide());
    }

    #[test]
    fn an_answer_changed_otherwise_meanwhile_contradicts() {
        let avant = dossier();
        let nom = format!("{}-hebergement", et(1));
        let essai = lire(&[paire(nom.clone(), "externe")], &avant, &[]);
        let base = essai.base(&avant);
        let mut depuis = avant.clone();
        for (valeur, contrarie) in [("saas", false), ("externe", false), ("on_premise", true)] {
            depuis.essms[0].reponses.mettre("hebergement", vec![valeur.to_owned()]);
            assert_eq!(essai.contraries(&base, &depuis).contains(&nom), contrarie, "{valeur}");
        }
        depuis.essms.remove(0);
        assert_eq!(essai.contraries(&base, &depuis), [nom]);
    }
}
