//! Suppositions on the DUI that the grappe shares, each searched on its own; and what a combination becomes.

use super::classes::{Commune, Ecart, Traits, arrivants, partants};
use super::compte::{Compte, Regles};
use super::recherche::{Choix, Terrain};
use super::{Remede, Vivier};
use crate::domain::finess::Finess;
use crate::domain::nomenclature::{
    Eligibilite, EntiteNationale, Etat, GrandSecteur, Hebergement, TypeProjet, categories_livrees,
};
use crate::domain::territoire::departements;
use crate::domain::texte::memes_noms;
use crate::rules::edition::Edition;
use crate::rules::faits::{CategorieLue, Essms, Faits, Solution};
use crate::rules::{avis_par_critere, statuts};

/// The DUI supposed common, and the facts it goes with.
pub(super) struct Supposition {
    /// Place in the vivier of the DUI chosen instead of the project's.
    solution: Option<usize>,
    faits: Faits,
    /// ESSMS that change DUI with the project's.
    suivent: usize,
    nom: Option<String>,
    version: Option<String>,
}

/// Every supposition that could change a verdict; the first changes nothing.
pub(super) fn suppositions(edition: &Edition, faits: &Faits, vivier: &Vivier) -> Vec<Supposition> {
    let mut toutes = references(faits, &vivier.essms)
        .into_iter()
        .map(|(nom, version)| Supposition {
            solution: None,
            faits: faits.clone(),
            suivent: 0,
            nom,
            version,
        })
        .collect::<Vec<_>>();
    if !Regles::de(edition, faits).solution {
        toutes.truncate(1);
    }
    for (rang, solution) in vivier.solutions.iter().enumerate().filter(|(_, s)| utile(faits, s)) {
        toutes.push(Supposition {
            solution: Some(rang),
            faits: Supposition::choisir(faits, solution),
            suivent: faits.essms.iter().filter(|e| suit(e, faits)).count(),
            nom: Some(solution.nom.clone()),
            version: solution.version.clone(),
        });
    }
    toutes
}

/// Another DUI than the project's, that some ESSMS uses or was funded for: no other changes a verdict.
fn utile(faits: &Faits, solution: &Solution) -> bool {
    let visee = faits.solution.as_ref();
    let autre = visee.is_none_or(|v| !memes_noms(&v.nom, &solution.nom) || v.version != solution.version);
    let cite = |essms: &Essms| {
        let noms = [essms.solution.as_deref(), essms.sons_logiciel.as_deref()];
        noms.into_iter().flatten().any(|nom| memes_noms(nom, &solution.nom))
    };
    autre && faits.essms.iter().any(cite)
}

/// Whether an ESSMS uses the project's DUI, in its version.
fn suit(essms: &Essms, faits: &Faits) -> bool {
    let visee = faits.solution.as_ref();
    visee.is_some_and(|v| essms.solution.as_ref() == Some(&v.nom) && essms.solution_version == v.version)
}

/// What the common DUI can be: the project's or, as long as it has none, each of those used, by what may come in too.
fn references(faits: &Faits, offerts: &[Essms]) -> Vec<(Option<String>, Option<String>)> {
    let visee = faits.solution.as_ref().filter(|s| !s.nom.trim().is_empty());
    let utilises = |valeur: fn(&Essms) -> Option<&str>| {
        let mut distincts: Vec<String> = Vec::new();
        for utilise in faits
            .essms
            .iter()
            .chain(offerts)
            .filter_map(valeur)
            .filter(|v| !v.trim().is_empty())
        {
            if !distincts.iter().any(|connu| memes_noms(connu, utilise)) {
                distincts.push(utilise.to_owned());
            }
        }
        distincts
    };
    let noms = match visee {
        Some(solution) => vec![solution.nom.clone()],
        None => utilises(|e| e.solution.as_deref()),
    };
    let versions = match faits.solution.as_ref().and_then(|s| s.version.clone()) {
        Some(version) => vec![version],
        None => utilises(|e| e.solution_version.as_deref()),
    };
    let facultatifs = |valeurs: Vec<String>| -> Vec<Option<String>> {
        if valeurs.is_empty() {
            vec![None]
        } else {
            valeurs.into_iter().map(Some).collect()
        }
    };
    let versions = facultatifs(versions);
    let noms = facultatifs(noms).into_iter();
    noms.flat_map(|nom| versions.iter().map(move |version| (nom.clone(), version.clone())))
        .collect()
}

/// Favourable ESSMS of a sector, in the edition's region, of an OG that is nowhere in the grappe: what is
/// still to be found. As many as a grappe holds.
pub(super) fn gabarits(edition: &Edition, secteur: GrandSecteur) -> Vec<Essms> {
    let du_secteur = |c: &&crate::domain::nomenclature::Categorie| {
        c.eligibilite == Eligibilite::Oui && c.secteur.is_some_and(|s| s.grand_secteur() == secteur)
    };
    let categorie = categories_livrees().filter(du_secteur).min_by_key(|c| &c.code);
    let departement = departements().iter().find(|d| edition.regions.contains(&d.region.code));
    let numeros = (0..edition.taille.maximum).filter_map(|rang| Finess::depuis_racine(&format!("00{rang:06}")).ok());
    numeros
        .map(|finess| Essms {
            finess,
            organisme: Some(finess),
            categorie: categorie.map_or(CategorieLue::Inconnue, |c| CategorieLue::Connue(c.clone())),
            etat: Etat::Ouvert,
            departement,
            type_projet: None,
            hebergement: None,
            solution: None,
            solution_version: None,
            deja_finance: Some(false),
            sons: Some(false),
            sons_logiciel: None,
            entite_nationale: Some(EntiteNationale::Aucune),
            rattache_ght: Some(false),
            activites_confort: Some(false),
            part_heures_eligibles: None,
            engage_ailleurs: Some(false),
            medicalise: None,
            ror_complet: None,
            autodiagnostic: None,
        })
        .collect()
}

/// The sector of most of the grappe: the first looked for.
pub(super) fn premier_secteur(edition: &Edition, faits: &Faits) -> GrandSecteur {
    let compte = traits(edition, faits, &faits.essms, None)
        .iter()
        .fold(Compte::default(), |compte, traits| compte.plus(traits, 1));
    compte.premier_secteur()
}

fn traits(edition: &Edition, faits: &Faits, essms: &[Essms], commune: Option<Commune<'_>>) -> Vec<Traits> {
    let soumis = Faits {
        essms: essms.to_vec(),
        ..faits.clone()
    };
    let statuts = statuts(edition, &soumis, &avis_par_critere(edition, &soumis));
    let juges = essms.iter().zip(statuts);
    juges
        .map(|(essms, statut)| Traits::de(edition, faits, essms, statut, commune))
        .collect()
}

impl Supposition {
    /// The facts once this DUI is chosen: ESSMS that use the project's follow it.
    pub(super) fn choisir(faits: &Faits, solution: &Solution) -> Faits {
        let mut apres = faits.clone();
        for essms in apres.essms.iter_mut().filter(|e| suit(e, faits)) {
            essms.solution = Some(solution.nom.clone());
            essms.solution_version.clone_from(&solution.version);
        }
        apres.solution = Some(solution.clone());
        apres
    }

    pub(super) fn terrain<'a>(&self, edition: &'a Edition, rang: usize, offerts: &[Essms]) -> Terrain<'a> {
        let regles = Regles::de(edition, &self.faits);
        let commune = regles.solution.then_some(Commune {
            nom: self.nom.as_deref(),
            version: self.version.as_deref(),
        });
        let presents = traits(edition, &self.faits, &self.faits.essms, commune);
        let offerts = traits(edition, &self.faits, offerts, commune);
        let depart = presents.iter().fold(Compte::default(), |c, traits| c.plus(traits, 1));
        Terrain {
            regles,
            supposition: rang,
            cout: usize::from(self.solution.is_some()) + self.suivent,
            depart,
            partants: partants(&presents, &depart),
            arrivants: arrivants(&offerts, &depart),
        }
    }

    /// The combination in terms of ESSMS; those beyond the `connus` first offered are still to be found.
    pub(super) fn remede(&self, terrain: &Terrain<'_>, choix: &Choix, offerts: &[Essms], connus: usize) -> Remede {
        let (departs, arrivees) = choix.prises.split_at(terrain.partants.len());
        let mut remede = Remede {
            solution: self.solution,
            suivent: self.suivent,
            dui: (self.nom.clone(), self.version.clone()),
            ..Remede::default()
        };
        let mut restes: Vec<(&Essms, Traits)> = Vec::new();
        for (classe, nombre) in terrain.partants.iter().zip(departs) {
            let siens = classe.places.iter().filter_map(|place| self.faits.essms.get(*place));
            remede.retirer.extend(siens.clone().take(*nombre).map(|e| e.finess));
            restes.extend(siens.skip(*nombre).map(|e| (e, classe.traits)));
        }
        let mut a_trouver = 0;
        for (classe, nombre) in terrain.arrivants.iter().zip(arrivees) {
            for place in classe.places.iter().take(*nombre) {
                let Some(essms) = offerts.get(*place) else { continue };
                if *place < connus {
                    remede.ajouter.push(essms.finess);
                    restes.push((essms, classe.traits));
                } else {
                    a_trouver += 1;
                }
            }
        }
        // The sector is the caller's to say.
        remede.a_trouver = (a_trouver > 0).then_some((a_trouver, GrandSecteur::Pa));
        retoucher(&mut remede, choix, &restes);
        if choix.retouches.signataire {
            remede.signataire = signataire(self.faits.porteur.organisme, &restes);
        }
        remede
    }
}

fn retoucher(remede: &mut Remede, choix: &Choix, restes: &[(&Essms, Traits)]) {
    let mut changes = Vec::new();
    if let Some((cible, nombre)) = choix.retouches.types {
        let mut autres: Vec<_> = restes
            .iter()
            .filter(|(essms, _)| essms.type_projet.is_some_and(|t| t != cible))
            .collect();
        // What leaves mise en conformité needs its version no longer; what enters it should have the right one.
        autres.sort_by_key(|(_, traits)| (traits.ecart == Ecart::Version) != (cible == TypeProjet::Acquisition));
        changes = autres.into_iter().take(nombre).map(|(essms, _)| essms.finess).collect();
        remede.types = Some((cible, changes.clone()));
    }
    let final_en_conformite = |essms: &Essms| match choix.retouches.types {
        Some((cible, _)) if changes.contains(&essms.finess) => cible == TypeProjet::MiseEnConformite,
        _ => essms.type_projet == Some(TypeProjet::MiseEnConformite),
    };
    remede.aligner = restes
        .iter()
        .filter(|(essms, traits)| match traits.ecart {
            Ecart::Dui => true,
            Ecart::Version => final_en_conformite(essms),
            Ecart::Aucun => false,
        })
        .map(|(essms, _)| essms.finess)
        .collect();
    if let Some((cible, nombre)) = choix.retouches.hebergement {
        let autre = |hebergement: Option<Hebergement>| hebergement.is_some_and(|h| h != cible);
        let changes = restes.iter().filter(|(essms, _)| autre(essms.hebergement));
        remede.hebergements = Some((cible, changes.take(nombre).map(|(essms, _)| essms.finess).collect()));
    }
}

/// An eligible ESSMS of the porteur first, else one that stays.
fn signataire(porteur: Option<Finess>, restes: &[(&Essms, Traits)]) -> Option<Finess> {
    let ordre = |(essms, traits): &&(&Essms, Traits)| (essms.organisme != porteur, !traits.eligible);
    restes.iter().min_by_key(ordre).map(|(essms, _)| essms.finess)
}
