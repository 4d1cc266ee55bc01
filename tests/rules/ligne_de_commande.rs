//! `portail simuler`: the contract's exit codes, without a database.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn simuler(fichier: &str, entree: &str) -> Output {
    let mut commande = Command::new(env!("CARGO_BIN_EXE_portail"))
        .args(["simuler", fichier])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The command may refuse before it reads: a closed pipe is not what is tested here.
    let _ = commande.stdin.take().unwrap().write_all(entree.as_bytes());
    commande.wait_with_output().unwrap()
}

#[test]
fn an_answer_goes_to_standard_output() {
    let sortie = simuler("-", r#"{"edition": "idf-2024"}"#);
    assert_eq!(sortie.status.code(), Some(0));
    let reponse: Value = serde_json::from_slice(&sortie.stdout).unwrap();
    assert_eq!(reponse["eligibilite"], "non_satisfait");
}

#[test]
fn a_refused_request_exits_with_two_and_its_faults() {
    let sortie = simuler("-", r#"{"edition": "idf-2024", "essms": [{"finess": "750000011"}]}"#);
    assert_eq!(sortie.status.code(), Some(2));
    let erreurs: Value = serde_json::from_slice(&sortie.stdout).unwrap();
    assert_eq!(erreurs["erreurs"][0]["chemin"], "essms[0].finess");
}

#[test]
fn an_unreadable_file_exits_with_one_and_says_so() {
    let sortie = simuler("/nulle/part.json", "");
    assert_eq!(sortie.status.code(), Some(1));
    assert!(sortie.stdout.is_empty());
    assert!(String::from_utf8_lossy(&sortie.stderr).contains("/nulle/part.json"));
}
