//! A browser without script: cookies kept, redirects not followed, pages read by selector.

use std::cell::OnceCell;

use portail_grappes::web::chemins;
use reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION};
use reqwest::multipart::{Form, Part};
use reqwest::{Client, RequestBuilder, redirect};
use scraper::{ElementRef, Html, Selector};

/// One person's browser.
#[derive(Clone)]
pub struct Navigateur {
    client: Client,
    base: String,
    /// Anti-forgery token of its session, as a page gave it; empty before the log-in.
    pub jeton: String,
}

impl Navigateur {
    pub fn neuf(base: &str) -> Self {
        let client = Client::builder()
            .cookie_store(true)
            .redirect(redirect::Policy::none())
            .build()
            .unwrap();
        Self {
            client,
            base: base.to_owned(),
            jeton: String::new(),
        }
    }

    pub fn requete(&self, methode: reqwest::Method, chemin: &str) -> RequestBuilder {
        self.client.request(methode, format!("{}{chemin}", self.base))
    }

    pub async fn lire(&self, chemin: &str) -> Reponse {
        Reponse::de(self.requete(reqwest::Method::GET, chemin)).await
    }

    /// A page that must be there.
    pub async fn page(&self, chemin: &str) -> Reponse {
        let reponse = self.lire(chemin).await;
        assert_eq!(reponse.statut, 200, "{chemin} : {}", reponse.resume());
        reponse
    }

    /// Sends a form with the session's token.
    pub async fn envoyer(&self, chemin: &str, champs: &[(&str, &str)]) -> Reponse {
        let mut avec_jeton = vec![("csrf", self.jeton.as_str())];
        avec_jeton.extend(champs);
        self.envoyer_nu(chemin, &avec_jeton).await
    }

    /// Sends exactly these fields.
    pub async fn envoyer_nu(&self, chemin: &str, champs: &[(&str, &str)]) -> Reponse {
        let mut corps = form_urlencoded::Serializer::new(String::new());
        corps.extend_pairs(champs);
        self.envoyer_octets(chemin, corps.finish().into_bytes()).await
    }

    /// Sends exactly these octets as a form.
    pub async fn envoyer_octets(&self, chemin: &str, octets: Vec<u8>) -> Reponse {
        let requete = self
            .requete(reqwest::Method::POST, chemin)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(octets);
        Reponse::de(requete).await
    }

    /// Sends a form that must be accepted.
    pub async fn enregistrer(&self, chemin: &str, champs: &[(&str, &str)]) -> Reponse {
        let reponse = self.envoyer(chemin, champs).await;
        assert_eq!(reponse.statut, 303, "{chemin} : {}", reponse.resume());
        reponse
    }

    /// Sends a form with one file, the token first.
    pub async fn joindre(&self, chemin: &str, champs: &[(&str, &str)], fichier: Fichier<'_>) -> Reponse {
        let mut formulaire = Form::new().text("csrf", self.jeton.clone());
        for (nom, valeur) in champs {
            formulaire = formulaire.text((*nom).to_owned(), (*valeur).to_owned());
        }
        let part = Part::bytes(fichier.octets.to_vec())
            .file_name(fichier.nom.to_owned())
            .mime_str(fichier.type_annonce)
            .unwrap();
        self.joindre_nu(chemin, formulaire.part(fichier.champ.to_owned(), part))
            .await
    }

    /// Sends exactly this multipart form.
    pub async fn joindre_nu(&self, chemin: &str, formulaire: Form) -> Reponse {
        Reponse::de(self.requete(reqwest::Method::POST, chemin).multipart(formulaire)).await
    }

    /// Logs in through the form, and takes the new session's token.
    pub async fn se_connecter(&mut self, courriel: &str, mot_de_passe: &str) -> Reponse {
        let champs = [("courriel", courriel), ("mot_de_passe", mot_de_passe)];
        let reponse = self.envoyer_nu(chemins::CONNEXION, &champs).await;
        if reponse.statut == 303 {
            self.prendre_le_jeton().await;
        }
        reponse
    }

    /// Answers the page that asks for the code.
    pub async fn donner_le_code(&mut self, page: &Reponse, code: &str) -> Reponse {
        let cache = |nom: &str| page.valeur(&format!("input[type=hidden][name={nom}]"));
        let noms = ["defi", "retour", "reprise_chemin", "reprise_corps"];
        let mut champs: Vec<(&str, String)> = noms.map(|nom| (nom, cache(nom))).to_vec();
        champs.push(("code", code.to_owned()));
        let champs: Vec<(&str, &str)> = champs.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let reponse = self.envoyer_nu(chemins::CONNEXION_CODE, &champs).await;
        if reponse.statut == 303 {
            self.prendre_le_jeton().await;
        }
        reponse
    }

    /// Takes the token of the session, where every session has a form.
    pub async fn prendre_le_jeton(&mut self) {
        let page = self.page(chemins::SECOND_FACTEUR).await;
        self.jeton = page.valeur("form input[name=csrf]");
    }
}

/// A file to send.
#[derive(Clone, Copy)]
pub struct Fichier<'a> {
    pub champ: &'a str,
    pub nom: &'a str,
    pub type_annonce: &'a str,
    pub octets: &'a [u8],
}

/// The smallest file that is a PDF by its first octets.
pub const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";

/// A PDF to join under this name.
pub fn pdf(nom: &str) -> Fichier<'_> {
    Fichier {
        champ: "fichier",
        nom,
        type_annonce: "application/pdf",
        octets: PDF,
    }
}

/// What came back.
#[derive(Debug)]
pub struct Reponse {
    pub statut: u16,
    pub entetes: HeaderMap,
    pub corps: Vec<u8>,
    arbre: OnceCell<Html>,
}

fn propre(element: ElementRef<'_>) -> String {
    let texte: Vec<&str> = element.text().collect();
    texte.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Reponse {
    pub async fn de(requete: RequestBuilder) -> Self {
        let reponse = requete.send().await.unwrap();
        Self {
            statut: reponse.status().as_u16(),
            entetes: reponse.headers().clone(),
            corps: reponse.bytes().await.unwrap().to_vec(),
            arbre: OnceCell::new(),
        }
    }

    pub fn entete(&self, nom: &str) -> &str {
        self.entetes.get(nom).map_or("", |v| v.to_str().unwrap())
    }

    /// Where a redirect leads.
    pub fn vers(&self) -> &str {
        self.entete(LOCATION.as_str())
    }

    /// Where a redirect leads, without its query.
    pub fn vers_page(&self) -> &str {
        self.vers().split('?').next().unwrap_or_default()
    }

    fn html(&self) -> &Html {
        self.arbre
            .get_or_init(|| Html::parse_document(&String::from_utf8_lossy(&self.corps)))
    }

    /// Texts of the elements that this selector finds, white space made single.
    pub fn textes(&self, selecteur: &str) -> Vec<String> {
        let selecteur = Selector::parse(selecteur).unwrap();
        self.html().select(&selecteur).map(propre).collect()
    }

    /// Text of the only element that this selector finds.
    pub fn texte(&self, selecteur: &str) -> String {
        let mut textes = self.textes(selecteur);
        assert_eq!(textes.len(), 1, "{selecteur} : {textes:?} ; {}", self.resume());
        textes.remove(0)
    }

    pub fn compte(&self, selecteur: &str) -> usize {
        self.textes(selecteur).len()
    }

    /// Values of this attribute among the elements found.
    pub fn attributs(&self, selecteur: &str, attribut: &str) -> Vec<String> {
        let selecteur = Selector::parse(selecteur).unwrap();
        self.html()
            .select(&selecteur)
            .filter_map(|e| e.value().attr(attribut).map(str::to_owned))
            .collect()
    }

    /// Attribute `value` of the first element found.
    pub fn valeur(&self, selecteur: &str) -> String {
        self.attributs(selecteur, "value")
            .into_iter()
            .next()
            .unwrap_or_default()
    }

    /// The summary of the errors of a refused form.
    pub fn erreurs(&self) -> Vec<String> {
        self.textes(".govuk-error-summary__list a")
    }

    /// What a field of the form shows: the values a browser would send back.
    pub fn champ(&self, nom: &str) -> Vec<String> {
        let choisis = self.attributs(
            &format!("input[name='{nom}'][checked], select[name='{nom}'] option[selected]"),
            "value",
        );
        if !choisis.is_empty() {
            return choisis;
        }
        let zones = self.html_des_zones(nom);
        if !zones.is_empty() {
            return zones;
        }
        self.attributs(
            &format!("input[name='{nom}']:not([type=radio]):not([type=checkbox])"),
            "value",
        )
    }

    fn html_des_zones(&self, nom: &str) -> Vec<String> {
        let selecteur = Selector::parse(&format!("textarea[name='{nom}']")).unwrap();
        self.html().select(&selecteur).map(|e| e.text().collect()).collect()
    }

    /// Everything a person reads in the page.
    pub fn tout(&self) -> String {
        self.textes("html").join(" ")
    }

    /// Title and errors, for the message of a failed assertion.
    pub fn resume(&self) -> String {
        format!(
            "{} {:?} {:?} → {}",
            self.statut,
            self.textes("h1"),
            self.erreurs(),
            self.vers()
        )
    }
}
