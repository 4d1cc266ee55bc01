//! Search in a registry of 103 000 establishments: `DATABASE_URL` names a database where the fictitious
//! national files (`portail generer-finess --perimetre national`) were imported.
#![expect(clippy::unwrap_used, reason = "a benchmark stops at what it did not expect")]

use std::time::{Duration, Instant};

use clap::Parser;
use portail_grappes::domain::finess::Finess;
use portail_grappes::store::recherche::{FiltresEssms, chercher_essms};
use portail_grappes::store::registre::charger_essms;
use sqlx::{Connection as _, PgConnection};

#[derive(Parser)]
struct Arguments {
    #[arg(long, env = "DATABASE_URL")]
    database_url: String,
    /// Passed by cargo
    #[arg(long, hide = true)]
    bench: bool,
}

/// What people type: names, communes, postcodes, numbers, OGs, with and without errors.
const SAISIES: [&str; 16] = [
    "ehpad glycines massy",
    "ehpad",
    "massy",
    "ssiad domicile",
    "residence lilas",
    "75013",
    "750900",
    "fondation esperance",
    "ime hirondelles versailles",
    "ephad glicynes",
    "residance tilleul",
    "versaille sessad",
    "saint medard",
    "les amis de ste odile",
    "esat point du jour",
    "foyer ecureuils creteil",
];

fn main() {
    let Arguments { database_url, .. } = Arguments::parse();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let mut conn = PgConnection::connect(&database_url).await.unwrap();
        let mut toutes = Vec::new();
        for saisie in SAISIES {
            let mut durees = Vec::new();
            let mut trouves = 0;
            for _ in 0..30 {
                let debut = Instant::now();
                let lus = chercher_essms(&mut conn, saisie, &FiltresEssms::default(), 1, 20)
                    .await
                    .unwrap();
                durees.push(debut.elapsed());
                trouves = lus.total;
            }
            println!("{saisie:32} {trouves:3} trouvés  {}", resume(&mut durees));
            toutes.extend(durees);
        }
        println!("{:32}              {}", "toutes", resume(&mut toutes));
        let numeros: Vec<String> = sqlx::query_scalar("select finess from essms order by md5(finess) limit 49")
            .fetch_all(&mut conn)
            .await
            .unwrap();
        let grappe: Vec<Finess> = numeros.iter().map(|n| Finess::parse(n).unwrap()).collect();
        let mut durees = Vec::new();
        for _ in 0..30 {
            let debut = Instant::now();
            assert_eq!(charger_essms(&mut conn, &grappe).await.unwrap().len(), 49);
            durees.push(debut.elapsed());
        }
        println!("{:32}              {}", "grappe de 49", resume(&mut durees));
    });
}

fn resume(durees: &mut [Duration]) -> String {
    durees.sort();
    let rang = |pour_cent: usize| durees[(durees.len() - 1) * pour_cent / 100];
    format!("p50 {:>9.2?}  p95 {:>9.2?}", rang(50), rang(95))
}
