//! A real Chromium on the real pages: journeys, axe, security policy, narrow screens.

use std::path::Path;
use std::process::Stdio;

mod accords;
mod comptes;
mod ecrire;
mod galerie;
mod lighthouse;
#[path = "../socle/outils.rs"]
#[expect(
    dead_code,
    clippy::unwrap_used,
    reason = "shared with the tests of the house, which use the rest"
)]
mod outils;
mod parcours;
mod webinaires;

/// Content security policy of the portal, under which every page is looked at.
const CSP: &str = "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; \
                   object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// A whole journey at every width, on two busy cores; beyond it, something waits for ever.
const DELAI: std::time::Duration = std::time::Duration::from_mins(9);

/// Runs `tests/navigateur/<script>` against a server and fails with what it says.
async fn jouer(script: &str, adresse: impl std::fmt::Display, arguments: &[&str]) {
    let racine = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert!(
        racine.join("node_modules/playwright-core").is_dir(),
        "les outils du navigateur manquent : lancez « npm ci --ignore-scripts »"
    );
    let commande = tokio::process::Command::new("node")
        .arg(racine.join("tests/navigateur").join(script))
        .arg(format!("http://{adresse}"))
        .args(arguments)
        .current_dir(racine)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let sortie = tokio::time::timeout(DELAI, commande)
        .await
        .expect("le script se termine dans le délai")
        .expect("node est installé");
    assert!(
        sortie.status.success(),
        "{script}\n{}{}",
        String::from_utf8_lossy(&sortie.stdout),
        String::from_utf8_lossy(&sortie.stderr)
    );
}
