//! Where files that people send are decoded: beside the threads that answer, and few at a time, for each may take tens of
//! megabytes of memory and a second of work.

use tokio::sync::Semaphore;

use super::echec::Echec;

/// Files decoded at once; the others wait their turn.
const ENSEMBLE: usize = 2;

static PLACES: Semaphore = Semaphore::const_new(ENSEMBLE);

/// Decodes a file once there is room for it.
///
/// # Errors
/// A decoder that panicked.
pub async fn decoder<T: Send + 'static>(travail: impl FnOnce() -> T + Send + 'static) -> Result<T, Echec> {
    let place = PLACES.acquire().await.map_err(Echec::interne)?;
    // The work keeps its place to its end, even when nobody waits for it any more.
    let fait = tokio::task::spawn_blocking(move || {
        let _place = place;
        travail()
    });
    fait.await.map_err(Echec::interne)
}
