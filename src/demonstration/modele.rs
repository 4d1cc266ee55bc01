//! A model agreed to, fictitious: what porteurs may start from.

use anyhow::Context;
use sqlx::PgPool;
use uuid::Uuid;

use crate::clock::Horloge;
use crate::domain::compte::Compte;
use crate::domain::dossier::Etape;
use crate::domain::modele::Textes;
use crate::rules::edition::Edition;
use crate::store::modeles::{self, Nouveau};

/// Its title: it says what it is.
const TITRE: &str = "Un DUI commun à des EHPAD indépendants (modèle fictif)";

/// Its texts, as an instructor left them.
const TEXTES: [(Etape, &str, &str); 9] = [
    (
        Etape::Projet,
        "resume",
        "[organisme] et ses partenaires équipent leurs établissements d’un même dossier usager informatisé, pour des personnes \
         âgées accompagnées en établissement. Aucun n’en a aujourd’hui.",
    ),
    (
        Etape::Motivations,
        "objectifs",
        "Disposer d’un dossier unique par personne accompagnée, partagé entre les professionnels qui interviennent auprès d’elle.\n\
         Alimenter Mon espace santé avec les documents de sortie et le projet personnalisé.\n\
         Remplacer les échanges par télécopie et par courriel par la messagerie sécurisée de santé.",
    ),
    (
        Etape::Motivations,
        "organisation",
        "Une cheffe de projet pour la grappe, un référent par établissement, des ateliers communs de paramétrage, puis un \
         déploiement en trois vagues. Les formations sont assurées par des référents formés en premier.",
    ),
    (
        Etape::Motivations,
        "usagers",
        "Les conseils de la vie sociale sont associés dès le cadrage et donnent leur avis sur l’information remise aux personnes.",
    ),
    (Etape::Equipe, "membre-0-role", "Cheffe de projet"),
    (Etape::Equipe, "membre-1-role", "Référent d’établissement"),
    (
        Etape::Equipe,
        "comitologie",
        "Un comité de pilotage chaque trimestre, avec les directions\u{a0}; un comité de projet chaque mois, avec les référents et \
         l’éditeur\u{a0}; un point chaque semaine pendant le déploiement.",
    ),
    (Etape::Planning, "jalon-0-libelle", "Choix de la solution et commande"),
    (
        Etape::Planning,
        "jalon-1-libelle",
        "Paramétrage commun et reprise des données",
    ),
];

/// Publishes the model.
///
/// # Errors
/// The database's.
pub async fn peupler(
    pool: &PgPool,
    horloge: &Horloge,
    dossier: Uuid,
    edition: &Edition,
    [instructeur, signataire]: [&Compte; 2],
) -> anyhow::Result<()> {
    let mut textes = Textes::new();
    for (etape, nom, texte) in TEXTES {
        textes.entry(etape).or_default().mettre(nom, vec![texte.to_owned()]);
    }
    let nouveau = Nouveau {
        id: horloge.nouvel_id(),
        edition: &edition.code,
        region: edition.regions.first().context("édition sans région")?,
        titre: TITRE,
        textes: &textes,
        fictif: true,
    };
    let comptes = [instructeur.id, signataire.id];
    modeles::create_fictif(pool, dossier, comptes, &nouveau, horloge.maintenant()).await?;
    Ok(())
}
