//! Which browser a session was opened with, in two words: enough for a person to recognise theirs, and no more.

use axum::http::{HeaderMap, header};

/// What a User-Agent holds, and what people call it; the first found counts, as most pretend to be others.
const NAVIGATEURS: [(&str, &str); 6] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];
const SYSTEMES: [(&str, &str); 6] = [
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

/// « Firefox, Windows »; empty when neither is known.
pub fn famille(entetes: &HeaderMap) -> String {
    let agent = entetes.get(header::USER_AGENT).and_then(|a| a.to_str().ok());
    let agent = agent.unwrap_or_default();
    let trouve = |noms: &[(&str, &'static str)]| noms.iter().find(|(indice, _)| agent.contains(indice)).map(|n| n.1);
    let mots: Vec<&str> = [trouve(&NAVIGATEURS), trouve(&SYSTEMES)]
        .into_iter()
        .flatten()
        .collect();
    mots.join(", ")
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_browser_is_told_in_two_words() {
        for (agent, attendu) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0",
                "Firefox, Windows",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605.1 (KHTML, like Gecko) Version/17 Safari/605.1",
                "Safari, macOS",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/128.0 Safari/537.36 Edg/128.0",
                "Edge, Windows",
            ),
            ("curl/8", ""),
        ] {
            let mut entetes = HeaderMap::new();
            entetes.insert(header::USER_AGENT, HeaderValue::from_static(agent));
            assert_eq!(famille(&entetes), attendu);
        }
        assert_eq!(famille(&HeaderMap::new()), "");
    }
}
