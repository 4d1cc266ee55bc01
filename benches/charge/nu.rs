//! The writes of a save, alone: the transaction that a program without rules, rights nor pages would run,
//! with the same statements and the same values, as a role that row-level security does not filter.

use portail_grappes::domain::dossier::Etape;
use portail_grappes::domain::dossier::reponses::Reponses;
use portail_grappes::domain::nomenclature::Liste;
use portail_grappes::store::journal::ChampChange;
use sqlx::types::Json;
use sqlx::{PgConnection, PgPool, Postgres, Transaction};
use uuid::Uuid;

use super::semis::Semis;

async fn verrouiller(pool: &PgPool, dossier: Uuid) -> Transaction<'static, Postgres> {
    let mut tx = pool.begin().await.unwrap();
    sqlx::query("select etat from dossier where id = $1 for update")
        .bind(dossier)
        .fetch_one(&mut *tx)
        .await
        .unwrap();
    tx
}

/// One answer of one ESSMS changes; the arrays hold that one, as the portal sends them.
pub async fn essms(pool: &PgPool, semis: &mut Semis) {
    let (rang, change) = semis.changer_essms();
    let mut tx = verrouiller(pool, semis.dossier).await;
    let essms = &semis.essms[rang];
    sqlx::query(
        "update grappe_essms g set reponses = n.reponses
         from unnest($2::text[], $3::jsonb[]) as n (finess, reponses)
         where g.dossier_id = $1 and g.finess = n.finess",
    )
    .bind(semis.dossier)
    .bind(vec![essms.finess.to_string()])
    .bind(vec![Json(&essms.reponses)])
    .execute(&mut *tx)
    .await
    .unwrap();
    ecrire_etape(&mut tx, semis, Etape::Essms, &Reponses::default()).await;
    journaliser(
        &mut tx,
        semis,
        Etape::Essms,
        "Réponses de 1 ESSMS enregistrées",
        &change,
    )
    .await;
    tx.commit().await.unwrap();
}

/// One answer of the step changes.
pub async fn projet(pool: &PgPool, semis: &mut Semis) {
    let change = semis.changer_projet();
    let mut tx = verrouiller(pool, semis.dossier).await;
    ecrire_etape(&mut tx, semis, Etape::Projet, &semis.projet).await;
    let action = "Étape «\u{a0}Projet et porteur\u{a0}» enregistrée";
    journaliser(&mut tx, semis, Etape::Projet, action, &change).await;
    tx.commit().await.unwrap();
}

async fn ecrire_etape(conn: &mut PgConnection, semis: &Semis, etape: Etape, reponses: &Reponses) {
    sqlx::query(
        "with touche as (update dossier set modifie_le = now() where id = $1)
         insert into dossier_etape (dossier_id, etape, version, reponses, modifie_le, modifie_par)
         values ($1, $2, 1, $3, now(), $4)
         on conflict (dossier_id, etape) do update set version = dossier_etape.version + 1,
             reponses = excluded.reponses, modifie_le = excluded.modifie_le, modifie_par = excluded.modifie_par",
    )
    .bind(semis.dossier)
    .bind(etape.code())
    .bind(Json(reponses))
    .bind(semis.compte.id)
    .execute(conn)
    .await
    .unwrap();
}

async fn journaliser(conn: &mut PgConnection, semis: &Semis, etape: Etape, action: &str, change: &ChampChange) {
    sqlx::query(
        "insert into journal (id, dossier_id, survenu_le, compte_id, action, etape, champs, effets)
         values ($1, $2, now(), $3, $4, $5, $6, '[]')",
    )
    .bind(semis.horloge.nouvel_id())
    .bind(semis.dossier)
    .bind(semis.compte.id)
    .bind(action)
    .bind(etape.code())
    .bind(Json([change]))
    .execute(conn)
    .await
    .unwrap();
}

impl Semis {
    /// Another ESSMS each time, another answer each time.
    pub fn changer_essms(&mut self) -> (usize, ChampChange) {
        let avant = self.compteur.to_string();
        self.compteur += 1;
        let apres = self.compteur.to_string();
        let rang = self.compteur as usize % self.essms.len();
        let essms = &mut self.essms[rang];
        essms.reponses.mettre("personnes_accompagnees", vec![apres.clone()]);
        let change = ChampChange {
            champ: format!("{}-personnes_accompagnees", essms.finess),
            libelle: format!(
                "EHPAD Les Glycines du banc, MASSY ({}), Personnes accompagnées",
                essms.finess
            ),
            avant,
            apres,
        };
        (rang, change)
    }

    /// The number of users, another each time.
    pub fn changer_projet(&mut self) -> ChampChange {
        let avant = self.compteur.to_string();
        self.compteur += 1;
        let apres = self.compteur.to_string();
        self.projet.mettre("nombre_utilisateurs", vec![apres.clone()]);
        ChampChange {
            champ: "nombre_utilisateurs".to_owned(),
            libelle: "Nombre d’utilisateurs".to_owned(),
            avant,
            apres,
        }
    }
}
