//! What a request of the contract says and a sketch cannot: the simulateur takes it from the registry and the referential.

use crate::domain::finess::Finess;
use crate::domain::nomenclature::Etat;
use crate::domain::texte::memes_noms;
use crate::rules::faits::{CategorieLue, Essms, Faits, Organisme, Solution};

/// Numbers cited in a sentence; beyond, they are counted.
const CITES: usize = 3;

/// What a fact of an ESSMS is called, and whether it was said and is no longer so.
type Perte = (&'static str, fn(&Essms, &Essms) -> bool);

const PERTES: [Perte; 7] = [
    ("l’organisme", |dit, repris| {
        differe(dit.organisme.as_ref(), repris.organisme.as_ref())
    }),
    ("la catégorie", |dit, repris| {
        dit.categorie != CategorieLue::Inconnue && dit.categorie != repris.categorie
    }),
    ("l’état", |dit, repris| {
        dit.etat != Etat::Inconnu && dit.etat != repris.etat
    }),
    ("le département", |dit, repris| {
        differe(dit.departement.map(|d| &d.code), repris.departement.map(|d| &d.code))
    }),
    ("la solution DUI", |dit, repris| {
        let dite = dit.solution.as_deref();
        dite.is_some_and(|nom| !memes_noms(nom, repris.solution.as_deref().unwrap_or_default()))
    }),
    ("la version de la solution DUI", |dit, repris| {
        differe(dit.solution_version.as_ref(), repris.solution_version.as_ref())
    }),
    ("le caractère médicalisé", |dit, repris| {
        differe(dit.medicalise.as_ref(), repris.medicalise.as_ref())
    }),
];

/// Whether something was said, and is not what was kept.
fn differe<T: PartialEq>(dit: Option<&T>, repris: Option<&T>) -> bool {
    dit.is_some() && dit != repris
}

/// The same for lists, whatever their order.
fn different<T: PartialEq>(dits: Option<&Vec<T>>, repris: Option<&Vec<T>>) -> bool {
    let Some(dits) = dits else { return false };
    repris.is_none_or(|repris| repris.len() != dits.len() || dits.iter().any(|dit| !repris.contains(dit)))
}

/// How many ESSMS an OG has, those to look at beside.
fn taille(og: &Organisme) -> Option<(u32, u32)> {
    Some((og.nombre_essms?, og.nombre_essms_a_verifier.unwrap_or(0)))
}

/// What was said and is not in what was kept, a phrase each.
pub fn ecarts(dits: &Faits, repris: &Faits) -> Vec<String> {
    let mut phrases = Vec::new();
    let jour = |faits: &Faits| faits.date.map(|date| date.date_naive());
    if let Some(autre) = jour(dits).filter(|autre| Some(*autre) != jour(repris)) {
        let autre = autre.format("%d/%m/%Y");
        phrases.push(format!(
            "la date du {autre}\u{a0}: la simulation est faite à celle d’aujourd’hui"
        ));
    }
    phrases.extend(
        dits.solution
            .as_ref()
            .and_then(|dite| de_la_solution(dite, repris.solution.as_ref())),
    );
    let autre_taille = dits.organismes.iter().filter(|dit| {
        let garde = repris.organismes.iter().find(|o| o.finess == dit.finess);
        differe(taille(dit).as_ref(), garde.and_then(taille).as_ref())
    });
    let autre_taille: Vec<Finess> = autre_taille.map(|o| o.finess).collect();
    phrases.extend(citer("le nombre d’ESSMS de l’organisme", &autre_taille));
    for (quoi, perdu) in PERTES {
        let concernes = dits.essms.iter().filter(|dit| {
            let garde = repris.essms.iter().find(|e| e.finess == dit.finess);
            garde.is_some_and(|garde| perdu(dit, garde))
        });
        let concernes: Vec<Finess> = concernes.map(|e| e.finess).collect();
        phrases.extend(citer(&format!("{quoi} de l’ESSMS"), &concernes));
    }
    phrases
}

fn de_la_solution(dite: &Solution, reprise: Option<&Solution>) -> Option<String> {
    let nom = &dite.nom;
    let Some(reprise) = reprise else {
        return Some(format!(
            "la solution DUI «\u{a0}{nom}\u{a0}» du projet\u{a0}: le référentiel ne la connaît pas sous ce nom et cette version"
        ));
    };
    let autre = differe(dite.segur.as_ref(), reprise.segur.as_ref())
        || differe(dite.sad.as_ref(), reprise.sad.as_ref())
        || differe(
            dite.plateforme_eparcours.as_ref(),
            reprise.plateforme_eparcours.as_ref(),
        )
        || different(dite.couloirs.as_ref(), reprise.couloirs.as_ref())
        || different(dite.referentiels.as_ref(), reprise.referentiels.as_ref())
        || different(dite.services_socles.as_ref(), reprise.services_socles.as_ref());
    autre.then(|| {
        format!("les caractéristiques de la solution «\u{a0}{nom}\u{a0}»\u{a0}: celles du référentiel les remplacent")
    })
}

fn citer(quoi: &str, numeros: &[Finess]) -> Option<String> {
    let cites: Vec<&str> = numeros.iter().take(CITES).map(Finess::as_str).collect();
    let autres = numeros.len().saturating_sub(CITES);
    let suite = match autres {
        0 => String::new(),
        n => format!(" et de {n} autres"),
    };
    (!cites.is_empty()).then(|| format!("{quoi} {}{suite}", cites.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_not_told_and_what_is_not_is() {
        let faits = Faits {
            date: chrono::DateTime::parse_from_rfc3339("2024-05-01T10:00:00+02:00").ok(),
            solution: Some(Solution {
                nom: "Exemple DUI".into(),
                segur: Some(true),
                ..Solution::default()
            }),
            ..Faits::default()
        };
        assert!(ecarts(&faits, &faits).is_empty());
        assert!(ecarts(&Faits::default(), &faits).is_empty(), "nothing was said");
        let sans = ecarts(&faits, &Faits::default());
        assert!(
            sans[0].starts_with("la date du 01/05/2024") && sans[1].contains("Exemple DUI"),
            "{sans:?}"
        );
        let mut autre = faits.clone();
        autre.solution.as_mut().unwrap().segur = Some(false);
        assert!(ecarts(&faits, &autre)[0].starts_with("les caractéristiques"));
    }

    #[test]
    fn few_numbers_are_cited() {
        let numeros: Vec<Finess> = (0..5)
            .map(|n| Finess::depuis_racine(&format!("7500000{n}")).unwrap())
            .collect();
        let phrase = citer("l’état de l’ESSMS", &numeros).unwrap();
        assert!(phrase.ends_with(&format!("{} et de 2 autres", numeros[2])), "{phrase}");
        assert_eq!(citer("l’état", &[]), None);
    }
}
