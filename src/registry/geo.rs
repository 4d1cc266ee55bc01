//! Coordinates of the registry, brought to WGS 84 degrees and checked to be in France.
#![expect(
    clippy::float_arithmetic,
    reason = "map projections; nothing here is money nor feeds a rule"
)]

use std::f64::consts::FRAC_PI_2;

/// A projection found in geolocalisation files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Projection {
    /// EPSG:2154, the mainland and Corsica.
    Lambert93,
    /// Universal Transverse Mercator, for overseas.
    Utm {
        /// 1 to 60.
        fuseau: u8,
        /// South of the equator.
        sud: bool,
    },
}

/// What became of a pair of coordinates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Position {
    /// Longitude and latitude, as given.
    Juste(f64, f64),
    /// Longitude and latitude, given in the wrong order.
    Redressee(f64, f64),
    /// Not in France whichever way they are read.
    HorsDeFrance,
}

/// A territory and the rectangle that holds it: INSEE codes of its départements, western and eastern
/// longitudes, southern and northern latitudes.
struct Territoire {
    departements: &'static [&'static str],
    longitudes: (f64, f64),
    latitudes: (f64, f64),
}

/// The rectangles have a margin of about ten kilometres at sea. The mainland and Corsica, whose
/// départements are too many to cite, come first.
const TERRITOIRES: [Territoire; 10] = [
    Territoire {
        departements: &[],
        longitudes: (-5.3, 9.7),
        latitudes: (41.2, 51.3),
    },
    Territoire {
        departements: &["971", "977", "978"],
        longitudes: (-63.3, -60.9),
        latitudes: (15.7, 18.3),
    },
    Territoire {
        departements: &["972"],
        longitudes: (-61.4, -60.7),
        latitudes: (14.3, 15.0),
    },
    Territoire {
        departements: &["973"],
        longitudes: (-54.8, -51.5),
        latitudes: (2.0, 6.0),
    },
    Territoire {
        departements: &["974"],
        longitudes: (55.1, 56.0),
        latitudes: (-21.5, -20.8),
    },
    Territoire {
        departements: &["975"],
        longitudes: (-56.6, -56.0),
        latitudes: (46.6, 47.3),
    },
    Territoire {
        departements: &["976"],
        longitudes: (44.9, 45.4),
        latitudes: (-13.1, -12.5),
    },
    Territoire {
        departements: &["986"],
        longitudes: (-178.3, -176.0),
        latitudes: (-14.5, -13.0),
    },
    Territoire {
        departements: &["987"],
        longitudes: (-155.0, -134.0),
        latitudes: (-28.0, -7.5),
    },
    Territoire {
        departements: &["988"],
        longitudes: (158.0, 172.5),
        latitudes: (-23.0, -17.5),
    },
];

/// Whether the point lies in the rectangle of this département's territory, or of any when the
/// département is not known.
fn en_france(longitude: f64, latitude: f64, departement: Option<&str>) -> bool {
    let outre_mer = TERRITOIRES
        .iter()
        .skip(1)
        .find(|t| departement.is_some_and(|d| t.departements.contains(&d)));
    let dedans = |t: &Territoire| {
        (t.longitudes.0..=t.longitudes.1).contains(&longitude) && (t.latitudes.0..=t.latitudes.1).contains(&latitude)
    };
    match (departement, outre_mer) {
        (None, _) => TERRITOIRES.iter().any(dedans),
        (Some(_), Some(territoire)) => dedans(territoire),
        (Some(_), None) => dedans(&TERRITOIRES[0]),
    }
}

/// Two numbers in degrees, said to be longitude then latitude, of a place in this département.
pub fn lire_degres(longitude: f64, latitude: f64, departement: Option<&str>) -> Position {
    if en_france(longitude, latitude, departement) {
        Position::Juste(arrondi(longitude), arrondi(latitude))
    } else if en_france(latitude, longitude, departement) {
        Position::Redressee(arrondi(latitude), arrondi(longitude))
    } else {
        Position::HorsDeFrance
    }
}

/// Two numbers in metres, said to be x then y in this projection.
pub fn lire_metres(x: f64, y: f64, projection: Projection) -> Position {
    let essai = |x, y| {
        let (longitude, latitude) = projection.degres(x, y);
        projection
            .departements()
            .iter()
            .any(|d| en_france(longitude, latitude, Some(d)))
            .then(|| (arrondi(longitude), arrondi(latitude)))
    };
    if let Some((longitude, latitude)) = essai(x, y) {
        Position::Juste(longitude, latitude)
    } else if let Some((longitude, latitude)) = essai(y, x) {
        Position::Redressee(longitude, latitude)
    } else {
        Position::HorsDeFrance
    }
}

/// Ten centimetres: finer than any source, so that the same file always gives the same value.
fn arrondi(degres: f64) -> f64 {
    (degres * 1e6).round() / 1e6
}

impl Projection {
    /// The projection that a `sourcecoordet` field names, by EPSG code or in words.
    pub fn depuis_source(source: &str) -> Option<Self> {
        let source = source.to_ascii_uppercase().replace(['_', '-', ' '], "");
        if let Some((_, suite)) = source.split_once("EPSG:") {
            let code: String = suite.chars().take_while(char::is_ascii_digit).collect();
            return Self::depuis_epsg(&code);
        }
        if source.contains("LAMBERT93") {
            return Some(Self::Lambert93);
        }
        let (_, suite) = source.split_once("UTM")?;
        let suite = suite.strip_prefix("ZONE").unwrap_or(suite);
        let fuseau: String = suite.chars().filter(char::is_ascii_digit).take(2).collect();
        let sud = suite.chars().take(3).any(|c| c == 'S');
        match (fuseau.as_str(), sud) {
            ("20", false) => Self::depuis_epsg("5490"),
            ("22", false) => Self::depuis_epsg("2972"),
            ("21", false) => Self::depuis_epsg("4467"),
            ("40", true) => Self::depuis_epsg("2975"),
            ("38", true) => Self::depuis_epsg("4471"),
            ("1" | "01", true) => Self::depuis_epsg("32701"),
            _ => None,
        }
    }

    fn depuis_epsg(code: &str) -> Option<Self> {
        let utm = |fuseau, sud| Some(Self::Utm { fuseau, sud });
        match code {
            "2154" => Some(Self::Lambert93),
            "5490" | "4559" | "32620" => utm(20, false),
            "4467" | "32621" => utm(21, false),
            "2972" | "32622" => utm(22, false),
            "4471" | "32738" => utm(38, true),
            "2975" | "32740" => utm(40, true),
            "32701" => utm(1, true),
            _ => None,
        }
    }

    /// Départements this projection serves; any of the mainland stands for all of it.
    fn departements(self) -> &'static [&'static str] {
        match self {
            Self::Utm { fuseau: 20, .. } => &["971", "972"],
            Self::Utm { fuseau: 21, .. } => &["975"],
            Self::Utm { fuseau: 22, .. } => &["973"],
            Self::Utm { fuseau: 38, .. } => &["976"],
            Self::Utm { fuseau: 40, .. } => &["974"],
            Self::Utm { .. } => &["986"],
            Self::Lambert93 => &["75"],
        }
    }

    /// Longitude and latitude of a projected point.
    fn degres(self, x: f64, y: f64) -> (f64, f64) {
        match self {
            Self::Lambert93 => lambert93(x, y),
            Self::Utm { fuseau, sud } => utm(x, y, f64::from(fuseau), if sud { 10_000_000.0 } else { 0.0 }),
        }
    }
}

/// First eccentricity of the GRS 80 ellipsoid.
const EXCENTRICITE: f64 = 0.081_819_191_042_815_79;

/// Inverse of Lambert-93, with the constants and the iteration of the IGN's note NT/G 71.
fn lambert93(x: f64, y: f64) -> (f64, f64) {
    const N: f64 = 0.725_607_765_053_267;
    const C: f64 = 11_754_255.426_096;
    const X_POLE: f64 = 700_000.0;
    const Y_POLE: f64 = 12_655_612.049_876;
    let rayon = (x - X_POLE).hypot(y - Y_POLE);
    let gamma = ((x - X_POLE) / (Y_POLE - y)).atan();
    let isometrique = -(rayon / C).ln() / N;
    let mut latitude = 2.0 * isometrique.exp().atan() - FRAC_PI_2;
    for _ in 0..12 {
        let e_sin = EXCENTRICITE * latitude.sin();
        let facteur = ((1.0 + e_sin) / (1.0 - e_sin)).powf(EXCENTRICITE / 2.0);
        latitude = 2.0 * (facteur * isometrique.exp()).atan() - FRAC_PI_2;
    }
    (3.0 + (gamma / N).to_degrees(), latitude.to_degrees())
}

/// Inverse of UTM, by Krüger's series to the third order: better than a millimetre.
fn utm(x: f64, y: f64, fuseau: f64, y_origine: f64) -> (f64, f64) {
    const APLATISSEMENT: f64 = 1.0 / 298.257_222_101;
    const DEMI_GRAND_AXE: f64 = 6_378_137.0;
    const ECHELLE: f64 = 0.9996;
    let n = APLATISSEMENT / (2.0 - APLATISSEMENT);
    let rayon = DEMI_GRAND_AXE / (1.0 + n) * (1.0 + n.powi(2) / 4.0 + n.powi(4) / 64.0);
    let beta = [
        n / 2.0 - 2.0 * n.powi(2) / 3.0 + 37.0 * n.powi(3) / 96.0,
        n.powi(2) / 48.0 + n.powi(3) / 15.0,
        17.0 * n.powi(3) / 480.0,
    ];
    let delta = [
        2.0 * n - 2.0 * n.powi(2) / 3.0 - 2.0 * n.powi(3),
        7.0 * n.powi(2) / 3.0 - 8.0 * n.powi(3) / 5.0,
        56.0 * n.powi(3) / 15.0,
    ];
    let (xi, eta) = ((y - y_origine) / (ECHELLE * rayon), (x - 500_000.0) / (ECHELLE * rayon));
    let (mut xi_prime, mut eta_prime) = (xi, eta);
    for (double, b) in [2.0, 4.0, 6.0].into_iter().zip(beta) {
        xi_prime -= b * (double * xi).sin() * (double * eta).cosh();
        eta_prime -= b * (double * xi).cos() * (double * eta).sinh();
    }
    let chi = (xi_prime.sin() / eta_prime.cosh()).asin();
    let latitude = [2.0, 4.0, 6.0]
        .into_iter()
        .zip(delta)
        .fold(chi, |somme, (double, d)| somme + d * (double * chi).sin());
    let longitude = (eta_prime.sinh() / xi_prime.cos()).atan().to_degrees() + fuseau * 6.0 - 183.0;
    (longitude, latitude.to_degrees())
}

#[cfg(test)]
#[path = "geo_tests.rs"]
mod tests;
