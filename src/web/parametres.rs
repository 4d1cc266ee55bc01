//! The query of an address, read leniently: an address is pasted, cut, edited by hand, and a page that
//! can be shown is never refused for it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

/// What the query asks. A parameter that cannot be read is as if absent, one given twice counts once:
/// `T` holds optional fields only.
pub struct Parametres<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Default> FromRequestParts<S> for Parametres<T> {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(lire(parts.uri.query().unwrap_or_default())))
    }
}

fn lire<T: DeserializeOwned + Default>(requete: &str) -> T {
    let mut lisibles: BTreeMap<Cow<'_, str>, Cow<'_, str>> = BTreeMap::new();
    for (nom, valeur) in form_urlencoded::parse(requete.as_bytes()) {
        lisibles.entry(nom).or_insert(valeur);
    }
    lisibles.retain(|nom, valeur| serde_urlencoded::from_str::<T>(&encoder([(nom, valeur)])).is_ok());
    serde_urlencoded::from_str(&encoder(&lisibles)).unwrap_or_default()
}

fn encoder<N: AsRef<str>, V: AsRef<str>>(paires: impl IntoIterator<Item = (N, V)>) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(paires)
        .finish()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[derive(Debug, Default, PartialEq, serde::Deserialize)]
    struct Demande {
        q: Option<String>,
        page: Option<u32>,
        id: Option<Uuid>,
    }

    fn demande(q: Option<&str>, page: Option<u32>) -> Demande {
        Demande {
            q: q.map(str::to_owned),
            page,
            id: None,
        }
    }

    #[test]
    fn what_can_be_read_is_kept_and_the_rest_is_as_if_absent() {
        for (requete, attendu) in [
            ("", demande(None, None)),
            ("q=Val+de+Marne&page=2", demande(Some("Val de Marne"), Some(2))),
            ("q=val&page=abc", demande(Some("val"), None)),
            ("q=val&page=-1&id=7", demande(Some("val"), None)),
            ("q=val&page=99999999999", demande(Some("val"), None)),
            ("q=val&q=marne&autre=1", demande(Some("val"), None)),
            ("q=%C3&page&&=", demande(Some("\u{fffd}"), None)),
            ("page=1&page=abc", demande(None, Some(1))),
        ] {
            assert_eq!(lire::<Demande>(requete), attendu, "{requete}");
        }
    }
}
