//! The server's settings.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use super::{PORT, dossier::Dossier};

/// How careful the server is with its data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Reglages {
    /// Survit à une coupure de courant
    #[default]
    Durables,
    /// Pour les essais : rapide, données perdues en cas de coupure
    Rapides,
}

/// The server's settings: on the command line, so that nothing left in the folder decides.
pub(super) fn arguments(dossier: &Dossier, sockets: &Path, reglages: Reglages) -> Vec<OsString> {
    let chemin = |nom: &str, chemin: PathBuf| format!("{nom}={}", chemin.display());
    let liste = sockets.display().to_string().replace('"', "\"\"");
    let mut reglages_pg = vec![
        format!("unix_socket_directories=\"{liste}\""),
        "listen_addresses=".to_owned(),
        format!("port={PORT}"),
        chemin("hba_file", dossier.fichier("pg_hba.conf")),
        chemin("ident_file", dossier.fichier("pg_ident.conf")),
        "cluster_name=portail".to_owned(),
        "max_connections=200".to_owned(),
        "shared_buffers=128MB".to_owned(),
        "log_line_prefix=%m [%p] %q%a ".to_owned(),
        // Our queries are short: compiling them costs more than running them.
        "jit=off".to_owned(),
    ];
    if reglages == Reglages::Rapides {
        let rapides = [
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
            "wal_level=minimal",
            "max_wal_senders=0",
        ];
        reglages_pg.extend(rapides.map(str::to_owned));
    }
    let mut arguments = vec!["-D".into(), dossier.donnees().into_os_string()];
    arguments.extend(
        reglages_pg
            .into_iter()
            .flat_map(|reglage| ["-c".into(), reglage.into()]),
    );
    arguments
}
