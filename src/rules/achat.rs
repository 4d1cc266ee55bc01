//! Procédure d'achat (ACH): whether the project goes through the SAD.

use crate::domain::nomenclature::Secteur;
use crate::rules::contexte::{Contexte, au_moins_un};
use crate::rules::edition::RegimeAchat;
use crate::rules::evaluation::{Achat, Procedure};
use crate::rules::faits::{CategorieLue, Essms};

/// « Procédure d'achat » (MÉMO): 1. mise en conformité; 2. a running public contract; 3. porteur and majority
/// of ESSMS in PA, PH or domicile; 4. otherwise. In 2021, the national market for all (IDF-2021, « Conformité
/// des achats au cadre technique de référence »). RESAH « si et seulement si vous êtes soumis à la commande
/// publique » (FAQ-2024).
pub(in crate::rules) fn achat(ctx: &Contexte) -> Achat {
    let regle = &ctx.edition.achat;
    let procedure = match regle.regime {
        RegimeAchat::MarcheNational => Procedure::SadObligatoire,
        RegimeAchat::SelonProjet => selon_projet(ctx),
    };
    let message = match (regle.regime, procedure) {
        (RegimeAchat::MarcheNational, _) => {
            "Le projet recourt au marché national porté par la centrale d’achat mandatée par la CNSA. Une dérogation \
             existe pour la montée de version d’une solution non référencée déjà déployée dans tous les ESSMS d’un champ, \
             si l’éditeur s’engage à atteindre le cahier des charges national."
        }
        (_, Procedure::SansSad) => {
            "Mise en conformité : pas de passage par le SAD ; la solution doit être référencée Ségur."
        }
        (_, Procedure::MarcheExistant) => {
            "Le porteur, soumis au Code de la commande publique, a un marché public en cours d’objet identique : il peut \
             l’utiliser, sans passer par le SAD. La solution doit être référencée Ségur ou au SAD."
        }
        (_, Procedure::SadObligatoire) => {
            "Le porteur et la majorité des ESSMS relèvent des champs PA, PH ou domicile : passage obligatoire par le SAD \
             (RESAH)."
        }
        (_, Procedure::LibreSegurOuSad) => {
            "Le porteur ou la majorité des ESSMS ne relève pas des champs PA, PH ou domicile : pas de passage par le SAD ; \
             la solution doit être référencée Ségur ou au SAD."
        }
        (_, Procedure::AApprecier) => {
            "Le porteur et la majorité des ESSMS relèvent des champs PA, PH ou domicile, ce qui rend le SAD obligatoire \
             selon la fiche mémo ; mais le porteur n’est pas soumis à la commande publique, et la foire aux questions \
             limite l’obligation à ce cas. L’ARS apprécie."
        }
        (_, Procedure::Inconnu) => {
            "Précisez le type de projet, la catégorie des ESSMS, le porteur et sa situation au regard de la commande \
             publique : la procédure d’achat en dépend."
        }
    };
    let autres = regle
        .source_commande_publique
        .iter()
        .filter(|_| matches!(procedure, Procedure::AApprecier | Procedure::SadObligatoire))
        .map(|passage| ctx.edition.source(passage));
    Achat {
        procedure,
        message: message.to_owned(),
        source: ctx.edition.source(&regle.source),
        autres_sources: autres.collect(),
    }
}

/// A mixte follows the acquisition path; what is unknown is tried both ways.
fn selon_projet(ctx: &Contexte) -> Procedure {
    if ctx.retenus.is_empty() {
        return Procedure::Inconnu;
    }
    let mut issues: Vec<Procedure> = Vec::new();
    for acquisition in possibles(ctx.comporte_acquisition()) {
        for ccp in possibles(ctx.faits.porteur.soumis_ccp) {
            for marche in possibles(ctx.faits.porteur.marche_public_identique) {
                for champ in possibles(dans_le_champ(ctx)) {
                    issues.push(
                        Situation {
                            acquisition,
                            ccp,
                            marche,
                            champ,
                        }
                        .cas(ctx),
                    );
                }
            }
        }
    }
    issues.dedup();
    match issues.as_slice() {
        [seule] => *seule,
        _ => Procedure::Inconnu,
    }
}

fn possibles(fait: Option<bool>) -> impl Iterator<Item = bool> {
    [true, false]
        .into_iter()
        .filter(move |valeur| fait.is_none_or(|connu| connu == *valeur))
}

/// The facts the procedure depends on, all known.
#[expect(clippy::struct_excessive_bools, reason = "four independent facts of the text")]
struct Situation {
    acquisition: bool,
    ccp: bool,
    marche: bool,
    champ: bool,
}

impl Situation {
    fn cas(&self, ctx: &Contexte) -> Procedure {
        let limite_au_ccp = ctx.edition.achat.source_commande_publique.is_some();
        match (self.acquisition, self.champ) {
            (false, _) => Procedure::SansSad,
            (true, _) if self.ccp && self.marche => Procedure::MarcheExistant,
            (true, true) if !self.ccp && limite_au_ccp => Procedure::AApprecier,
            (true, true) => Procedure::SadObligatoire,
            (true, false) => Procedure::LibreSegurOuSad,
        }
    }
}

/// The porteur, by most of its own ESSMS, and most of the grappe's are in PA, PH or domicile.
fn dans_le_champ(ctx: &Contexte) -> Option<bool> {
    let grappe = majorite_dans_le_champ(ctx.retenus.iter().copied());
    let Some(porteur) = ctx.faits.porteur.organisme else {
        return if grappe == Some(false) { Some(false) } else { None };
    };
    // An ESSMS whose OG is unknown may be the porteur's.
    let siens = || ctx.retenus.iter().copied().filter(|e| e.organisme == Some(porteur));
    let rattachables = ctx.retenus.iter().filter(|e| e.organisme.is_none()).count();
    let du_porteur = if siens().next().is_none() || rattachables > 0 {
        None
    } else {
        majorite_dans_le_champ(siens())
    };
    au_moins_un([grappe, du_porteur].into_iter().map(|fait| fait.map(|vrai| !vrai))).map(|hors| !hors)
}

/// More than half; `None` while unknown categories may still turn it.
fn majorite_dans_le_champ<'a>(essms: impl Iterator<Item = &'a Essms>) -> Option<bool> {
    let (mut total, mut dedans, mut inconnus) = (0, 0, 0);
    for essms in essms {
        total += 1;
        match essms.categorie.secteur() {
            Some(Secteur::Pa | Secteur::Ph | Secteur::Dom) => dedans += 1,
            None if essms.categorie == CategorieLue::Inconnue => inconnus += 1,
            Some(Secteur::Pds | Secteur::Pde | Secteur::Ahi | Secteur::Pjm) | None => {}
        }
    }
    if dedans * 2 > total {
        Some(true)
    } else if (dedans + inconnus) * 2 <= total {
        Some(false)
    } else {
        None
    }
}
