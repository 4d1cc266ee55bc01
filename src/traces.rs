//! The technical log: one line per request, and what operators must know. Never personal data.

use std::{backtrace::BacktraceStatus, io::IsTerminal, panic};

use tracing_subscriber::{EnvFilter, fmt};

use crate::config::{Forme, Traces};

/// Sends the log to the standard output, and panics to the log.
///
/// # Errors
/// When the filter cannot be read, or a log is already in place.
pub fn installer(traces: &Traces) -> anyhow::Result<()> {
    let filtre = EnvFilter::try_new(&traces.filtre)
        .map_err(|erreur| anyhow::anyhow!("PORTAIL_NIVEAU «\u{a0}{}\u{a0}»\u{a0}: {erreur}", traces.filtre))?;
    let lignes = fmt().with_env_filter(filtre);
    let mise_en_place = match traces.forme {
        Forme::Json => lignes
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .try_init(),
        Forme::Texte => lignes.with_ansi(std::io::stdout().is_terminal()).try_init(),
    };
    mise_en_place.map_err(|erreur| anyhow::anyhow!("journal technique : {erreur}"))?;
    panic::set_hook(Box::new(|panique| {
        let lieu = panique.location().map(ToString::to_string);
        let pile = std::backtrace::Backtrace::capture();
        let pile = (pile.status() == BacktraceStatus::Captured).then(|| pile.to_string());
        let cause = panique.payload_as_str().unwrap_or("sans message");
        tracing::error!(
            panique.cause = cause,
            panique.lieu = lieu,
            panique.pile = pile,
            "panique"
        );
    }));
    Ok(())
}
