//! Codes that change every 30 seconds (TOTP, RFC 6238), and the recovery codes of who lost the device.

use qrcodegen::{QrCode, QrCodeEcc};
use totp_rs::{Builder, Secret, Totp};

use crate::web::echec::Echec;

/// Octets of a secret, as RFC 4226 recommends.
pub const OCTETS: usize = 20;
/// Recovery codes given at once.
const CODES: usize = 10;
/// Letters of a recovery code: those of base 32, none of which is taken for another. 50 bits.
const LETTRES_PAR_CODE: usize = 10;
const LETTRES: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// Blank modules that the standard wants around the drawing.
const MARGE: i32 = 4;

/// A new secret.
///
/// # Errors
/// The system's, without randomness.
pub fn secret() -> Result<[u8; OCTETS], Echec> {
    let mut octets = [0; OCTETS];
    getrandom::fill(&mut octets).map_err(|e| Echec::interne(format!("no randomness: {e}")))?;
    Ok(octets)
}

/// How an application is given a secret.
pub struct Enrolement {
    /// To be typed, in groups of four.
    pub cle: String,
    /// Address that an application on the same device opens.
    pub adresse: String,
    /// Side of the drawing, in modules.
    pub cote: i32,
    /// The dark modules, as an SVG path.
    pub trace: String,
}

fn totp(secret: &[u8], courriel: &str) -> Result<Totp, Echec> {
    // A colon would end the name of the account in the application.
    let nom: String = courriel.chars().filter(|c| *c != ':').collect();
    Builder::new()
        .with_secret(Secret::new(secret.into()))
        .with_account_name(nom)
        .with_issuer(Some("Portail Grappes"))
        .build()
        .map_err(|e| Echec::interne(format!("totp: {e}")))
}

/// What an application needs to compute the codes of this account.
///
/// # Errors
/// The libraries'.
pub fn enroler(secret: &[u8], courriel: &str) -> Result<Enrolement, Echec> {
    let totp = totp(secret, courriel)?;
    let adresse = totp.to_url().map_err(|e| Echec::interne(format!("totp: {e}")))?;
    let dessin = QrCode::encode_text(&adresse, QrCodeEcc::Medium).map_err(|e| Echec::interne(format!("qr: {e:?}")))?;
    let base32 = totp.secret().to_base32();
    let groupes: Vec<&str> = base32
        .as_bytes()
        .chunks(4)
        .filter_map(|g| std::str::from_utf8(g).ok())
        .collect();
    Ok(Enrolement {
        cle: groupes.join(" "),
        adresse,
        cote: dessin.size() + 2 * MARGE,
        trace: trace(&dessin),
    })
}

fn trace(dessin: &QrCode) -> String {
    use std::fmt::Write;
    let mut trace = String::new();
    for y in 0..dessin.size() {
        for x in (0..dessin.size()).filter(|x| dessin.get_module(*x, y)) {
            // Writing to a String does not fail.
            let _ = write!(trace, "M{},{}h1v1h-1z", x + MARGE, y + MARGE);
        }
    }
    trace
}

/// The step of 30 s whose code this is, the one before and the one after `instant_s` (seconds since 1970) included.
///
/// # Errors
/// The library's.
pub fn pas(secret: &[u8], code: &str, instant_s: i64) -> Result<Option<i64>, Echec> {
    let instant = u64::try_from(instant_s).unwrap_or_default();
    let pas = totp(secret, "compte")?.check(code, instant);
    Ok(pas.and_then(|pas| i64::try_from(pas).ok()))
}

/// What was typed: a code of the application, or a recovery code, without the spaces and hyphens people put in.
pub enum Code {
    /// Six digits.
    Application(String),
    /// Ten letters or digits.
    Secours(String),
}

/// Reads a code; none when it looks like neither.
pub fn lire(tape: &str) -> Option<Code> {
    let code: String = tape
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .flat_map(char::to_lowercase)
        .collect();
    if code.len() == 6 && code.bytes().all(|c| c.is_ascii_digit()) {
        Some(Code::Application(code))
    } else if code.len() == LETTRES_PAR_CODE && code.bytes().all(|c| LETTRES.contains(&c)) {
        Some(Code::Secours(code))
    } else {
        None
    }
}

/// New recovery codes, as [`lire`] gives them back.
///
/// # Errors
/// The system's, without randomness.
pub fn codes_de_secours() -> Result<Vec<String>, Echec> {
    let mut octets = [0; CODES * LETTRES_PAR_CODE];
    getrandom::fill(&mut octets).map_err(|e| Echec::interne(format!("no randomness: {e}")))?;
    let code = |alea: &[u8]| alea.iter().map(|o| char::from(LETTRES[usize::from(o % 32)])).collect();
    Ok(octets.chunks(LETTRES_PAR_CODE).map(code).collect())
}

/// A recovery code as people copy it: two groups of five.
pub fn presenter(code: &str) -> String {
    let (debut, fin) = code.split_at(LETTRES_PAR_CODE / 2);
    format!("{debut}-{fin}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret and the codes of RFC 6238, appendix B, of which applications show the last six digits.
    const SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn the_codes_are_those_of_the_standard_one_step_around() {
        assert_eq!(pas(SECRET, "287082", 59).unwrap(), Some(1));
        assert_eq!(pas(SECRET, "081804", 1_111_111_109).unwrap(), Some(37_037_036));
        for (instant, attendu) in [(0, Some(1)), (29, Some(1)), (89, Some(1)), (90, None)] {
            assert_eq!(pas(SECRET, "287082", instant).unwrap(), attendu, "{instant}");
        }
        for faux in ["287083", "", "28708", "é87082"] {
            assert_eq!(pas(SECRET, faux, 59).unwrap(), None, "{faux}");
        }
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        assert!(matches!(lire(" 287 082 "), Some(Code::Application(c)) if c == "287082"));
        assert!(matches!(lire("ABCDE-23456"), Some(Code::Secours(c)) if c == "abcde23456"));
        for faux in ["", "12345", "1234567", "abcde-2345", "abcde-2345l", "abcde-2345é"] {
            assert!(lire(faux).is_none(), "{faux}");
        }
    }

    #[test]
    fn recovery_codes_are_all_different_and_read_back() {
        let codes = codes_de_secours().unwrap();
        let uniques: std::collections::HashSet<&String> = codes.iter().collect();
        assert_eq!(uniques.len(), CODES);
        for code in &codes {
            assert!(matches!(lire(&presenter(code)), Some(Code::Secours(c)) if c == *code));
        }
    }

    #[test]
    fn an_application_is_given_the_secret_by_drawing_by_link_and_by_hand() {
        let enrolement = enroler(SECRET, "ana:is@exemple.fr").unwrap();
        assert!(enrolement.cle.starts_with("GEZD GNBV"), "{}", enrolement.cle);
        assert!(
            enrolement.adresse.starts_with("otpauth://totp/"),
            "{}",
            enrolement.adresse
        );
        assert!(enrolement.adresse.contains("secret=GEZDGNBV"), "{}", enrolement.adresse);
        assert!(enrolement.trace.starts_with("M4,4h1v1h-1z"));
        assert!(enrolement.cote > 2 * MARGE + 20);
    }
}
