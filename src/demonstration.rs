//! The demonstration: a fictitious Île-de-France, accounts to log in with, and an appel à projets whose
//! windows are open today. Loaded once; a second start finds it there.

mod grappe;
mod modele;
mod webinaires;

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool};

use crate::accounts::mot_de_passe::hacher;
use crate::clock::Horloge;
use crate::domain::compte::{Compte, Profil, RoleOg};
use crate::domain::finess::Finess;
use crate::registry::fictif::{self, Perimetre};
use crate::registry::import::importer_finess;
use crate::registry::rapport::{Fermetures, Options};
use crate::registry::solutions::importer_solutions;
use crate::rules::edition::Edition;
use crate::store::acces;
use crate::store::comptes::{self, NouveauCompte};
use crate::store::registre;
use crate::web::etat::CompteMontre;

/// The password of every demonstration account. It is public: [`separer`] keeps it from opening anything
/// but fictitious data.
pub const MOT_DE_PASSE: &str = "demonstration-2024";

/// Région of the demonstration's instructor and accompagnateur.
const ILE_DE_FRANCE: &str = "11";

/// Name, address, role shown, profile once the two OGs are known.
const COMPTES: [(&str, &str, &str); 6] = [
    (
        "Camille Porteur (fictive)",
        "porteur@demo.example",
        "Porteur, signataire\u{a0}; membre de la grappe d’exemple",
    ),
    (
        "Sacha Rédacteur (fictif)",
        "redaction@demo.example",
        "Porteur, édition seulement, du même organisme",
    ),
    (
        "Dominique Voisin (fictif)",
        "voisin@demo.example",
        "Signataire du porteur de la grappe d’exemple",
    ),
    (
        "Claude Instructeur (fictif)",
        "ars@demo.example",
        "Instruction ARS Île-de-France",
    ),
    (
        "Alix Accompagnant (fictive)",
        "accompagnement@demo.example",
        "Accompagnement (SESAN, Collectif SI)",
    ),
    ("Maxime Administrateur (fictif)", "admin@demo.example", "Administration"),
];

/// The accounts, as the log-in page and the start of the portal show them.
pub fn comptes_montres() -> Vec<CompteMontre> {
    COMPTES
        .iter()
        .map(|(_, courriel, role)| CompteMontre {
            role,
            courriel,
            mot_de_passe: MOT_DE_PASSE,
        })
        .collect()
}

fn profil(courriel: &str, [og_a, og_b]: [Finess; 2]) -> Profil {
    let regions = vec![ILE_DE_FRANCE.to_owned()];
    match courriel {
        "porteur@demo.example" => Profil::Og {
            og: og_a,
            role: RoleOg::Depot,
        },
        "redaction@demo.example" => Profil::Og {
            og: og_a,
            role: RoleOg::Edition,
        },
        "voisin@demo.example" => Profil::Og {
            og: og_b,
            role: RoleOg::Depot,
        },
        "ars@demo.example" => Profil::Ars { regions },
        "accompagnement@demo.example" => Profil::Accompagnement { regions },
        _ => Profil::Administration,
    }
}

/// The shipped editions, the last one moved so that a window is open now: past appels à projets are
/// replayed, and the pages say so.
pub fn editions(horloge: &Horloge) -> Vec<Edition> {
    let maintenant = horloge.maintenant();
    let mut editions = Edition::livrees().to_vec();
    if let Some(derniere) = editions.last_mut() {
        *derniere = ouverte(derniere, maintenant);
    }
    editions
}

/// The edition moved so that its second window (its last, when it has one only) opened a week ago.
fn ouverte(edition: &Edition, maintenant: DateTime<Utc>) -> Edition {
    const OUVERTE_DEPUIS_JOURS: i64 = 7;
    let Some(fenetre) = edition.fenetres.get(1).or(edition.fenetres.last()) else {
        return edition.clone();
    };
    let aujourd_hui = crate::rules::edition::jour_en_france(&maintenant);
    edition.decalee((aujourd_hui - fenetre.ouverture).num_days() - OUVERTE_DEPUIS_JOURS)
}

/// Refuses a database whose accounts are not of the kind served: a demonstration with real accounts in it, or
/// a real service that the demonstration's password would open.
///
/// # Errors
/// That refusal; the database's.
pub async fn separer(pool: &PgPool, demonstration: bool) -> anyhow::Result<()> {
    let natures = comptes::natures(&mut *pool.acquire().await?).await?;
    anyhow::ensure!(
        !(demonstration && natures.reels),
        "cette base contient de vrais comptes\u{a0}: la démonstration demande une base à elle"
    );
    anyhow::ensure!(
        demonstration || !natures.fictifs,
        "cette base contient les comptes de démonstration, dont le mot de passe est public\u{a0}: \
         servez-la avec PORTAIL_DEMONSTRATION=oui, ou prenez une autre base"
    );
    Ok(())
}

/// Loads the fictitious registry, solutions and accounts, unless they are there.
///
/// # Errors
/// The database's; the import's, which would be the generator's fault.
pub async fn peupler(pool: &PgPool, horloge: &Horloge) -> anyhow::Result<()> {
    let mut conn = pool.acquire().await?;
    if registre::date_du_repertoire(&mut conn).await?.is_none() {
        let options = Options {
            par: "démonstration".to_owned(),
            fermetures: Fermetures::Toutes,
        };
        let registre_fictif = fictif::generer(Perimetre::IleDeFrance);
        let sources = registre_fictif.sources()?;
        importer_finess(&mut conn, sources, &options, |_| {}).await?;
        importer_solutions(&mut conn, include_bytes!("../referentiels/solutions_fictives.csv")).await?;
    }
    let ogs = deux_og(&mut conn).await?;
    if comptes::load_par_courriel(&mut conn, COMPTES[0].1).await?.is_none() {
        let hachage = tokio::task::spawn_blocking(|| hacher(MOT_DE_PASSE))
            .await?
            .map_err(|e| anyhow::anyhow!("mot de passe de démonstration\u{a0}: {e:?}"))?;
        for (nom, courriel, _) in COMPTES {
            let compte = Compte {
                id: horloge.nouvel_id(),
                courriel: courriel.to_owned(),
                nom: nom.to_owned(),
                profil: profil(courriel, ogs),
            };
            let nouveau = NouveauCompte {
                compte: &compte,
                mot_de_passe: &hachage,
                conditions_le: None,
                fictif: true,
            };
            comptes::create(&mut conn, &nouveau, horloge.maintenant()).await?;
            if acces::webinaire::organisation(&compte).is_ok() {
                webinaires::peupler(pool, horloge, &compte).await?;
            }
        }
        grappe::peupler(pool, horloge).await?;
    }
    annoncer();
    Ok(())
}

/// Two OGs for the porteurs: one that manages enough open ESSMS for a grappe of its own, and one of
/// middling size.
async fn deux_og(conn: &mut PgConnection) -> anyhow::Result<[Finess; 2]> {
    let numeros = registre::og_de_taille(conn, &[(18, 30), (5, 14)]).await?;
    numeros
        .try_into()
        .map_err(|_| anyhow::anyhow!("le répertoire fictif n’a pas d’OG de la taille voulue"))
}

#[expect(
    clippy::print_stderr,
    reason = "the person who starts the demonstration reads it on the terminal, beside the log"
)]
fn annoncer() {
    eprintln!("Démonstration (données fictives). Comptes, mot de passe «\u{a0}{MOT_DE_PASSE}\u{a0}»\u{a0}:");
    for compte in comptes_montres() {
        eprintln!("  {:<32} {}", compte.courriel, compte.role);
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    #[test]
    fn a_window_is_open_whatever_the_day() {
        for (annee, mois, jour) in [(2024, 2, 29), (2026, 11, 21), (2030, 12, 31), (2022, 3, 27)] {
            let maintenant = Utc.with_ymd_and_hms(annee, mois, jour, 22, 30, 0).unwrap();
            let editions = editions(&Horloge::fixe(maintenant));
            let derniere = editions.last().unwrap();
            assert!(derniere.fenetre_ouverte(&maintenant).is_some(), "{maintenant}");
            assert_ne!(derniere.decalage_jours, 0);
            assert!(editions.iter().rev().skip(1).all(|e| e.decalage_jours == 0));
        }
    }
}
