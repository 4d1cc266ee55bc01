//! The private PostgreSQL across violent ends.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    process::{Command, Output},
};

use nix::{sys::signal::Signal, unistd::geteuid};

use crate::outils::{Dossier, Portail, commande, jusqu_a, signaler, vit};

const PORTAIL: &str = env!("CARGO_BIN_EXE_portail");

/// Runs an SQL query in a private PostgreSQL started on this folder for that purpose.
fn sql(portail: &str, dossier: &Dossier, requete: &str) -> Output {
    let pg = dossier.0.join("pg");
    let script = r#"exec psql "$DATABASE_URL" --no-psqlrc -v ON_ERROR_STOP=1 -Atc "$0""#;
    let mut commande = Command::new(portail);
    commande
        .args(["avec-postgres", "--reglages", "rapides", "--dossier"])
        .arg(pg)
        .args(["--", "sh", "-c", script, requete]);
    commande.output().expect("portail avec-postgres")
}

fn texte(sortie: &Output) -> String {
    assert!(sortie.status.success(), "{}", String::from_utf8_lossy(&sortie.stderr));
    String::from_utf8_lossy(&sortie.stdout).trim().to_owned()
}

#[test]
fn it_does_not_outlive_a_killed_portal_and_starts_again_on_the_same_data() {
    let dossier = Dossier::neuf("kill");
    texte(&sql(PORTAIL, &dossier, "create table temoin as select 42 as valeur"));
    let mut portail = Portail::demarrer(commande(&dossier.0));
    let postmaster = jusqu_a("postmaster.pid", || dossier.postmaster());
    assert_eq!(portail.sante(), 200);
    signaler(portail.pid(), Signal::SIGKILL);
    portail.attendre_fin();
    // At once: the new portal finds the old server still stopping, and waits for it.
    let mut second = Portail::demarrer(commande(&dossier.0));
    assert_eq!(second.sante(), 200);
    assert!(!vit(postmaster), "the former server outlived its portal");
    assert!(second.arreter().success());
    assert_eq!(texte(&sql(PORTAIL, &dossier, "select valeur from temoin")), "42");
}

#[test]
fn it_dies_with_its_portal_without_anyone_to_start_again() {
    let dossier = Dossier::neuf("mort");
    let mut portail = Portail::demarrer(commande(&dossier.0));
    let postmaster = jusqu_a("postmaster.pid", || dossier.postmaster());
    signaler(portail.pid(), Signal::SIGKILL);
    portail.attendre_fin();
    jusqu_a("fin de PostgreSQL", || (!vit(postmaster)).then_some(()));
}

#[test]
fn a_second_portal_on_the_same_folder_is_refused_and_told_why() {
    let dossier = Dossier::neuf("double");
    let portail = Portail::demarrer(commande(&dossier.0));
    let refus = commande(&dossier.0).output().expect("second portail");
    let message = String::from_utf8_lossy(&refus.stderr);
    assert_eq!(refus.status.code(), Some(1));
    assert!(
        message.contains("Un autre portail utilise déjà le dossier"),
        "{message}"
    );
    assert!(message.contains(&portail.pid().to_string()), "{message}");
    assert_eq!(portail.sante(), 200);
}

#[test]
fn a_server_that_dies_is_started_again_under_the_living_portal() {
    let dossier = Dossier::neuf("relance");
    let mut portail = Portail::demarrer(commande(&dossier.0));
    let premier = jusqu_a("postmaster.pid", || dossier.postmaster());
    signaler(premier, Signal::SIGKILL);
    jusqu_a("un autre PostgreSQL", || {
        dossier.postmaster().filter(|pid| *pid != premier && vit(*pid))
    });
    jusqu_a("une base qui répond", || (portail.sante() == 200).then_some(()));
    let second = jusqu_a("postmaster.pid", || dossier.postmaster());
    assert!(portail.arreter().success());
    assert!(!vit(second), "the server outlived a clean stop");
}

#[test]
fn half_made_data_are_made_again() {
    let dossier = Dossier::neuf("moitie");
    fs::create_dir_all(dossier.0.join("pg/data.tmp/base")).unwrap();
    assert_eq!(texte(&sql(PORTAIL, &dossier, "select 1")), "1");
    assert!(!dossier.0.join("pg/data.tmp").exists());
}

#[test]
fn a_path_too_long_for_a_socket_works_all_the_same() {
    let dossier = Dossier::neuf("long");
    let profond = Dossier(dossier.0.join("un-dossier-au-nom-vraiment-tres-long".repeat(3)));
    let reponse = texte(&sql(PORTAIL, &profond, "show unix_socket_directories"));
    let sockets = reponse.trim_matches('"');
    assert!(sockets.starts_with("/tmp/portail-pg-"), "{reponse}");
    fs::remove_dir_all(sockets).unwrap();
}

#[test]
fn data_of_another_version_are_refused_with_what_to_do() {
    let dossier = Dossier::neuf("version");
    texte(&sql(PORTAIL, &dossier, "select 1"));
    fs::write(dossier.0.join("pg/data/PG_VERSION"), "99\n").unwrap();
    let refus = sql(PORTAIL, &dossier, "select 1");
    let message = String::from_utf8_lossy(&refus.stderr);
    assert!(message.contains("PG_BIN=/usr/lib/postgresql/99/bin"), "{message}");
}

#[test]
fn the_exit_code_and_the_signals_of_the_command_are_passed_on() {
    let dossier = Dossier::neuf("code");
    let pg = dossier.0.join("pg");
    let avec = |script: &str| {
        let mut commande = Command::new(PORTAIL);
        commande
            .args(["avec-postgres", "--reglages", "rapides", "--dossier"])
            .arg(&pg)
            .args(["--", "sh", "-c", script]);
        commande
    };
    assert_eq!(avec("exit 7").status().unwrap().code(), Some(7));
    let temoin = dossier.0.join("temoin");
    let script = format!(
        "trap 'exit 9' TERM; touch {}; while :; do sleep 0.05; done",
        temoin.display()
    );
    let mut enfant = avec(&script).spawn().unwrap();
    jusqu_a("la commande", || temoin.exists().then_some(()));
    signaler(i32::try_from(enfant.id()).unwrap(), Signal::SIGTERM);
    assert_eq!(
        jusqu_a("fin de la commande", || enfant.try_wait().unwrap()).code(),
        Some(9)
    );
    assert!(!pg.join("data/postmaster.pid").exists());
}

#[test]
fn root_hands_it_over_and_names_the_folder_that_bars_the_way() {
    if !geteuid().is_root() {
        return;
    }
    let dossier = Dossier::neuf("passage");
    fs::set_permissions(&dossier.0, fs::Permissions::from_mode(0o700)).unwrap();
    let refus = sql(PORTAIL, &dossier, "select 1");
    let message = String::from_utf8_lossy(&refus.stderr);
    assert!(
        message.contains(&format!("chmod o+x {}", dossier.0.canonicalize().unwrap().display())),
        "{message}"
    );
    fs::set_permissions(&dossier.0, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(
        texte(&sql(
            PORTAIL,
            &dossier,
            "select pg_read_file('/proc/self/status') !~ 'Uid:\\s+0'"
        )),
        "t"
    );
}

#[test]
fn an_ordinary_account_runs_it_as_itself() {
    if !geteuid().is_root() {
        return;
    }
    let dossier = Dossier::neuf("ordinaire");
    fs::set_permissions(&dossier.0, fs::Permissions::from_mode(0o777)).unwrap();
    let copie = dossier.0.join("portail");
    fs::copy(PORTAIL, &copie).unwrap();
    let script = format!(
        r#"{} avec-postgres --reglages rapides --dossier {} -- psql {} -Atc "select current_user""#,
        copie.display(),
        dossier.0.join("pg").display(),
        r#""host=$PWD user=portail dbname=postgres""#
    );
    // The address is known before the command: the socket's folder.
    let run = dossier.0.join("pg/run");
    let script = script.replace("$PWD", &run.display().to_string());
    let mut commande = Command::new("setpriv");
    commande
        .args([
            "--reuid",
            "nobody",
            "--regid",
            "nogroup",
            "--clear-groups",
            "sh",
            "-c",
            &script,
        ])
        .env_remove("DATABASE_URL");
    assert_eq!(texte(&commande.output().unwrap()), "portail");
}
