//! The API against its own document, by schemathesis: what it generates, valid and not, is answered as the document says.

use std::path::Path;

use portail_grappes::web::chemins as c;
use sqlx::PgPool;

use crate::portail::Portail;

/// Always the same requests: a failure is found again.
const GRAINE: &str = "20240501";
/// Requests generated for each operation and phase: two minutes on two busy cores.
const EXEMPLES: &str = "25";

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_api_answers_as_its_document_says(pool: PgPool) {
    let racine = Path::new(env!("CARGO_MANIFEST_DIR"));
    let programme = racine.join(".venv/bin/schemathesis");
    assert!(
        programme.is_file(),
        "schemathesis manque : lancez script/test, qui l’installe dans .venv"
    );
    let portail = Portail::ouvrir(pool).await;
    let sortie = tokio::process::Command::new(programme)
        .arg("--config-file")
        .arg(racine.join("tests/schemathesis/schemathesis.toml"))
        .args(["run", &format!("{}{}", portail.adresse, c::API_OPENAPI)])
        .args(["--seed", GRAINE, "--max-examples", EXEMPLES, "--no-color"])
        .env("PYTHONHASHSEED", "0")
        .current_dir(std::env::temp_dir())
        .kill_on_drop(true)
        .output()
        .await
        .unwrap();
    assert!(
        sortie.status.success(),
        "{}\n{}",
        String::from_utf8_lossy(&sortie.stdout),
        String::from_utf8_lossy(&sortie.stderr)
    );
}
