//! Makes what a repair says, by reading its sentence: the words are the contract.

use portail_grappes::domain::argent::Centimes;
use portail_grappes::domain::nomenclature::{
    Autodiagnostic, GrandSecteur, Hebergement, Liste, Referentiel, ServiceSocle, TypeProjet,
};
use portail_grappes::domain::territoire::{Departement, Zone, departement, departements};
use portail_grappes::rules::constat::Reparation;
use portail_grappes::rules::edition::Edition;
use portail_grappes::rules::evaluation::StatutEssms;
use portail_grappes::rules::evaluer;
use portail_grappes::rules::faits::{Essms, EtatConformite, Faits, ItemSi, Signataire};

use crate::outils;

/// The first number of a sentence, in which spaces group digits.
fn nombre(phrase: &str) -> usize {
    let chiffres: String = phrase
        .chars()
        .skip_while(|c| !c.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .collect();
    chiffres.parse().unwrap_or_else(|_| panic!("pas de nombre : {phrase}"))
}

/// The amount a sentence ends with.
fn montant(phrase: &str) -> Centimes {
    let debut = phrase.find(|c: char| c.is_ascii_digit()).unwrap();
    Centimes::parse(phrase[debut..].trim_end_matches('.')).unwrap()
}

/// A favourable ESSMS like those of the case, in the region that the repair asks for.
fn ajoute(rang: usize, faits: &Faits, phrase: &str) -> Essms {
    let petite_zone = phrase.contains("Corse");
    let modele = faits.essms.iter().find_map(|e| {
        e.departement
            .filter(|d| (d.region.zone != Zone::Metropole) == petite_zone)
    });
    let solution = faits.essms.iter().find_map(|e| e.solution.clone());
    Essms {
        departement: modele.or(departement(if petite_zone { "2A" } else { "75" })),
        organisme: faits.porteur.organisme,
        solution,
        ..outils::essms(500 + rang)
    }
}

/// A département of the edition's region.
fn de_la_region(edition: &Edition) -> Option<&'static Departement> {
    departements().iter().find(|d| d.region.code == edition.regions[0])
}

/// Puts the ESSMS that the sentence names, and that are nowhere yet, in the edition's region.
fn situer(phrase: &str, faits: &mut Faits, edition: &Edition) {
    let nommes = faits.essms.iter_mut().filter(|e| phrase.contains(e.finess.as_str()));
    for essms in nommes.filter(|e| e.departement.is_none()) {
        essms.departement = de_la_region(edition);
    }
}

/// Makes what the repair of a rule says.
pub fn reparer(code: &str, reparation: &Reparation, faits: &mut Faits, edition: &Edition) {
    let phrase = reparation.message.as_str();
    if phrase.starts_with("Retirer") && !reparation.essms.is_empty() {
        faits.essms.retain(|essms| !reparation.essms.contains(&essms.finess));
        if phrase.contains("indiquer le département") {
            situer(phrase, faits, edition);
        }
        return;
    }
    match code {
        "ELI-G01" if phrase.starts_with("Retirer") => retirer(nombre(phrase), faits, edition),
        "ELI-G01" | "ELI-G04" => ajouter(code, phrase, faits),
        "ELI-G02" => aligner(reparation, faits),
        "ELI-G03" => changer(faits, nombre(phrase), |e| &mut e.type_projet, type_vise(phrase)),
        "ELI-G05" => changer(faits, nombre(phrase), |e| &mut e.hebergement, hebergement_vise(phrase)),
        "ELI-G06" if phrase.contains("signataire") => {
            faits.porteur.signataire = Signataire::Designe(faits.essms[0].finess);
        }
        "ELI-G06" => faits.porteur.organisme = faits.essms.iter().find_map(|e| e.organisme),
        "ELI-G07" => {
            let essms = ajoute(0, faits, phrase);
            faits.essms.push(Essms {
                departement: de_la_region(edition),
                ..essms
            });
        }
        "PRI-02" | "PRI-06" | "PRI-08" | "P21-03" => reparer_essms(code, reparation, faits),
        code if code.starts_with("REC") || code == "P21-04" => reparer_projet(code, phrase, faits, edition),
        autre => reparer_dossier(autre, faits),
    }
}

/// Takes out ESSMS that count.
fn retirer(nombre: usize, faits: &mut Faits, edition: &Edition) {
    let statuts = evaluer(edition, faits).statuts;
    let mut reste = nombre;
    faits.essms.retain(|essms| {
        let compte = statuts
            .iter()
            .any(|s| s.finess == essms.finess && s.statut != StatutEssms::Exclu);
        let retire = compte && reste > 0;
        reste -= usize::from(retire);
        !retire
    });
}

/// Adds eligible ESSMS, of the sector when the repair names one.
fn ajouter(code: &str, phrase: &str, faits: &mut Faits) {
    let secteur = GrandSecteur::TOUTES.iter().find(|s| phrase.contains(s.libelle()));
    for rang in 0..nombre(phrase) {
        let mut essms = ajoute(rang, faits, phrase);
        if let Some(secteur) = secteur.filter(|_| code == "ELI-G04") {
            essms.categorie = outils::categorie(match secteur {
                GrandSecteur::Pa => "500",
                GrandSecteur::Ph => "183",
                GrandSecteur::Domicile => "354",
                GrandSecteur::Social => "177",
            });
        }
        faits.essms.push(essms);
    }
}

/// Gives the named ESSMS the common solution.
fn aligner(reparation: &Reparation, faits: &mut Faits) {
    let phrase = reparation.message.as_str();
    let cite = |essms: &Essms| reparation.essms.contains(&essms.finess);
    let nom = phrase
        .split(['«', '»'])
        .nth(1)
        .unwrap()
        .trim_matches('\u{a0}')
        .to_owned();
    let version = phrase
        .split("version ")
        .nth(1)
        .and_then(|v| v.split(' ').next())
        .map(str::to_owned);
    for essms in faits.essms.iter_mut().filter(|e| cite(e)) {
        essms.solution = Some(nom.clone());
        essms.solution_version = version.clone().or(essms.solution_version.take());
    }
}

fn reparer_essms(code: &str, reparation: &Reparation, faits: &mut Faits) {
    let cite = |essms: &Essms| reparation.essms.contains(&essms.finess);
    match code {
        "PRI-02" => {
            for essms in faits.essms.iter_mut().filter(|e| cite(e)) {
                essms.autodiagnostic = Some(Autodiagnostic::SiEsms);
            }
        }
        "PRI-06" => {
            faits.organismes.push(outils::organisme('Z', Some(1)));
            faits.essms.push(Essms {
                organisme: Some(outils::ej('Z')),
                ..outils::essms(700)
            });
        }
        "PRI-08" => {
            for essms in faits.essms.iter_mut().filter(|e| cite(e)) {
                essms.ror_complet = Some(true);
            }
        }
        "P21-03" => faits.essms.push(Essms {
            organisme: Some(outils::ej('Z')),
            ..outils::essms(700)
        }),
        autre => panic!("réparation non éprouvée : {autre}"),
    }
}

fn reparer_projet(code: &str, phrase: &str, faits: &mut Faits, edition: &Edition) {
    match code {
        "REC-02" if phrase.contains("cibles") => faits.cibles_atteignables_declarees = Some(true),
        "REC-02" => faits.solution.as_mut().unwrap().segur = Some(true),
        "REC-02E" => faits.etude_ecart_jointe = Some(true),
        "REC-03" => {
            let referentiels = faits.solution.as_mut().unwrap().referentiels.as_mut().unwrap();
            referentiels.extend(Referentiel::TOUTES.iter().filter(|r| phrase.contains(r.libelle())));
        }
        "REC-04" if phrase.starts_with("Prévoir") => autofinancer(phrase, faits, edition),
        "REC-04" if phrase.contains("dépenses") => {
            faits.plan.depenses = faits.plan.depenses.map(|d| d + montant(phrase));
        }
        "REC-04" => faits.plan.autofinancement = Some(montant(phrase)),
        "REC-06" if phrase.contains("plateforme") => {
            let solution = faits.solution.as_mut().unwrap();
            solution.plateforme_eparcours = Some(true);
            solution.services_socles = Some(vec![ServiceSocle::Mssante]);
        }
        "REC-06" | "P21-04" => {
            faits.solution.as_mut().unwrap().services_socles = Some(edition.interoperabilite.services.clone());
        }
        "REC-08" => {
            let ouvre = edition
                .fenetres
                .iter()
                .find(|f| Some(f.debut().fixed_offset()) > faits.date);
            faits.date = ouvre.map(|f| f.debut().fixed_offset());
        }
        autre => reparer_dossier(autre, faits),
    }
}

/// A centime of self-financing when the expenses are named, else what the lowest grant leaves.
fn autofinancer(phrase: &str, faits: &mut Faits, edition: &Edition) {
    let certain = evaluer(edition, faits).financement.certain;
    let plan = &mut faits.plan;
    if phrase.contains("dépenses") {
        plan.autofinancement = Some(Centimes(1));
        plan.depenses = Some(montant(phrase) + Centimes(1));
    } else {
        plan.autofinancement = plan.depenses.map(|d| d - plan.autres_ressources.unwrap() - certain);
    }
}

fn reparer_dossier(code: &str, faits: &mut Faits) {
    let dossier = faits
        .dossier
        .as_mut()
        .unwrap_or_else(|| panic!("réparation non éprouvée : {code}"));
    match code {
        "REC-05" => dossier.manques.clear(),
        "REC-07" | "E21-10" | "E21-11" => {
            dossier.conformite_si = ItemSi::TOUTES
                .iter()
                .map(|i| (*i, Some(EtatConformite::Respecte)))
                .collect();
        }
        "PRI-01" => dossier.motivations = Some(true),
        "PRI-04" => dossier.plan_detaille = Some(true),
        "PRI-05" => dossier.perimetre_fonctionnel = Some(true),
        "PRI-07" => dossier.equipe_presentee = Some(true),
        "PRI-09" => dossier.echange_amont = Some(true),
        "E21-01" => dossier.description = Some(true),
        "E21-02" => dossier.attestation_socle = Some(true),
        "E21-03" => dossier.nombre_utilisateurs = Some(1),
        "E21-08" => dossier.duree_mois = Some(1),
        "E21-09" => dossier.planning = Some(true),
        "P21-05" => dossier.plateforme_regionale = Some(true),
        autre => panic!("réparation non éprouvée : {autre}"),
    }
}

fn type_vise(phrase: &str) -> TypeProjet {
    if phrase.contains("acquisition") {
        TypeProjet::Acquisition
    } else {
        TypeProjet::MiseEnConformite
    }
}

fn hebergement_vise(phrase: &str) -> Hebergement {
    match phrase {
        p if p.contains("SaaS") => Hebergement::Saas,
        p if p.contains("externe") => Hebergement::Externe,
        _ => Hebergement::OnPremise,
    }
}

fn changer<V: Copy + PartialEq>(faits: &mut Faits, nombre: usize, champ: fn(&mut Essms) -> &mut Option<V>, cible: V) {
    let autres = faits
        .essms
        .iter_mut()
        .map(champ)
        .filter(|valeur| **valeur != Some(cible));
    for valeur in autres.take(nombre) {
        *valeur = Some(cible);
    }
}
