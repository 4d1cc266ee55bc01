//! The portal's clock: the only caller of `now()`, and the maker of identifiers.
//!
//! Time is a parameter everywhere else. A handler receives an [`Horloge`]; a rule receives a date.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::{ContextV7, Timestamp, Uuid};

/// Tells the time and makes identifiers. Clones share the same time.
#[derive(Clone, Debug)]
pub struct Horloge {
    source: Source,
    sequence: Arc<Mutex<ContextV7>>,
}

/// Where the time comes from.
#[derive(Clone, Debug)]
enum Source {
    Systeme,
    Decalee(TimeDelta),
    Fixe(Arc<Mutex<DateTime<Utc>>>),
}

impl Horloge {
    /// The system's time.
    pub fn systeme() -> Self {
        Self::avec(Source::Systeme)
    }

    /// A time that stands still until [`Horloge::avancer`] moves it.
    pub fn fixe(instant: DateTime<Utc>) -> Self {
        Self::avec(Source::Fixe(Arc::new(Mutex::new(instant))))
    }

    /// A time that runs like the system's and starts now at `depart`: a demonstration shown at another date.
    pub fn depuis(depart: DateTime<Utc>) -> Self {
        Self::avec(Source::Decalee(depart - heure_systeme()))
    }

    fn avec(source: Source) -> Self {
        Self {
            source,
            sequence: Arc::new(Mutex::new(ContextV7::new())),
        }
    }

    /// What time it is, in UTC.
    pub fn maintenant(&self) -> DateTime<Utc> {
        match &self.source {
            Source::Systeme => heure_systeme(),
            Source::Decalee(ecart) => heure_systeme() + *ecart,
            Source::Fixe(instant) => *instant.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Moves a fixed clock forward, for all its clones. Does nothing to a running clock.
    pub fn avancer(&self, ecart: TimeDelta) {
        if let Source::Fixe(instant) = &self.source {
            *instant.lock().unwrap_or_else(PoisonError::into_inner) += ecart;
        }
    }

    /// A new identifier: a version 7 UUID, which sorts by time of creation within one process.
    pub fn nouvel_id(&self) -> Uuid {
        let maintenant = self.maintenant();
        // Before 1970 a version 7 UUID has no value: such a clock counts from zero.
        let secondes = u64::try_from(maintenant.timestamp()).unwrap_or(0);
        Uuid::new_v7(Timestamp::from_unix(
            &*self.sequence,
            secondes,
            maintenant.timestamp_subsec_nanos(),
        ))
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the system's time")]
fn heure_systeme() -> DateTime<Utc> {
    Utc::now()
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    #[test]
    fn a_fixed_clock_moves_only_when_told_and_for_all_its_clones() {
        let instant = Utc.with_ymd_and_hms(2026, 3, 1, 12, 0, 0).unwrap();
        let horloge = Horloge::fixe(instant);
        let copie = horloge.clone();
        assert_eq!(horloge.maintenant(), instant);
        copie.avancer(TimeDelta::days(1));
        assert_eq!(horloge.maintenant(), instant + TimeDelta::days(1));
    }

    #[test]
    fn a_shifted_clock_runs_from_its_departure() {
        let depart = Utc.with_ymd_and_hms(2030, 1, 1, 0, 0, 0).unwrap();
        let horloge = Horloge::depuis(depart);
        let ecart = horloge.maintenant() - depart;
        assert!(ecart >= TimeDelta::zero() && ecart < TimeDelta::minutes(1), "{ecart}");
    }

    #[test]
    fn identifiers_carry_the_time_and_sort_by_creation() {
        let horloge = Horloge::fixe(Utc.with_ymd_and_hms(2026, 3, 1, 12, 0, 0).unwrap());
        let ids: Vec<Uuid> = (0..1_000).map(|_| horloge.nouvel_id()).collect();
        assert!(ids.is_sorted());
        let (secondes, _) = ids[0].get_timestamp().unwrap().to_unix();
        assert_eq!(secondes, 1_772_366_400);
    }
}
