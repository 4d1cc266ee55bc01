//! One porteur's browser on one connection: logged in through the form, saving upon the version it last saw.

use portail_grappes::domain::dossier::Etape;
use portail_grappes::web::chemins;
use reqwest::header::{ACCEPT_ENCODING, CONTENT_TYPE, LOCATION};
use reqwest::{Client, redirect};
use sqlx::PgPool;

use super::semis::{MOT_DE_PASSE, Semis};

pub struct Porteur {
    pub semis: Semis,
    client: Client,
    adresse: String,
    jeton: String,
    version_essms: i32,
    version_projet: i32,
}

impl Porteur {
    pub async fn connecter(adresse: &str, semis: Semis) -> Self {
        let client = Client::builder()
            .cookie_store(true)
            .redirect(redirect::Policy::none())
            .pool_max_idle_per_host(1)
            .tcp_nodelay(true)
            .build()
            .unwrap();
        let mut porteur = Self {
            semis,
            client,
            adresse: adresse.to_owned(),
            jeton: String::new(),
            version_essms: 0,
            version_projet: 0,
        };
        let champs = [
            ("courriel", porteur.semis.compte.courriel.clone()),
            ("mot_de_passe", MOT_DE_PASSE.to_owned()),
        ];
        porteur.enregistrer(chemins::CONNEXION, &champs).await;
        let page = porteur.lire(&chemins::essms(porteur.semis.dossier), false).await;
        let (_, apres) = page.split_once("name=\"csrf\" value=\"").unwrap();
        apres.split_once('"').unwrap().0.clone_into(&mut porteur.jeton);
        porteur
    }

    /// The versions that the next form is filled upon: the bare transactions write them too.
    pub async fn relire_version(&mut self, pool: &PgPool) {
        let versions: Vec<(String, i32)> =
            sqlx::query_as("select etape, version from dossier_etape where dossier_id = $1")
                .bind(self.semis.dossier)
                .fetch_all(pool)
                .await
                .unwrap();
        let version = |code: &str| versions.iter().find(|(etape, _)| etape == code).unwrap().1;
        self.version_essms = version("essms");
        self.version_projet = version("projet");
    }

    pub async fn sauver_essms(&mut self) {
        self.semis.changer_essms();
        let mut champs = vec![
            ("csrf".to_owned(), self.jeton.clone()),
            ("version".to_owned(), self.version_essms.to_string()),
        ];
        for essms in &self.semis.essms {
            champs.push(("essms".to_owned(), essms.finess.to_string()));
            for (nom, valeurs) in essms.reponses.iter() {
                champs.push((format!("{}-{nom}", essms.finess), valeurs[0].clone()));
            }
        }
        let vers = self.enregistrer(&chemins::essms(self.semis.dossier), &champs).await;
        assert!(vers.contains("enregistrement="), "nothing was saved: {vers}");
        self.version_essms += 1;
    }

    pub async fn sauver_projet(&mut self) {
        self.semis.changer_projet();
        let mut champs = vec![
            ("csrf".to_owned(), self.jeton.clone()),
            ("version".to_owned(), self.version_projet.to_string()),
        ];
        for (nom, valeurs) in self.semis.projet.iter() {
            champs.push((nom.to_owned(), valeurs[0].clone()));
        }
        let chemin = chemins::etape(self.semis.dossier, Etape::Projet);
        let vers = self.enregistrer(&chemin, &champs).await;
        assert!(vers.contains("enregistrement="), "nothing was saved: {vers}");
        self.version_projet += 1;
    }

    pub async fn lire_essms(&mut self, compresse: bool) {
        let page = chemins::essms(self.semis.dossier);
        self.octets(&page, compresse).await;
    }

    pub async fn lire_taches(&mut self) {
        let page = chemins::dossier(self.semis.dossier);
        self.octets(&page, true).await;
    }

    async fn octets(&self, chemin: &str, compresse: bool) -> Vec<u8> {
        let mut requete = self.client.get(format!("{}{chemin}", self.adresse));
        if compresse {
            requete = requete.header(ACCEPT_ENCODING, "gzip, deflate, br");
        }
        let reponse = requete.send().await.unwrap();
        assert_eq!(reponse.status(), 200, "{chemin}");
        reponse.bytes().await.unwrap().into()
    }

    async fn lire(&self, chemin: &str, compresse: bool) -> String {
        String::from_utf8(self.octets(chemin, compresse).await).unwrap()
    }

    /// Sends a form that must be accepted; returns where it leads.
    async fn enregistrer<N: AsRef<str>>(&self, chemin: &str, champs: &[(N, String)]) -> String {
        let corps = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(champs)
            .finish();
        let requete = self
            .client
            .post(format!("{}{chemin}", self.adresse))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(corps);
        let reponse = requete.send().await.unwrap();
        assert_eq!(reponse.status(), 303, "{chemin}");
        let vers = reponse.headers()[LOCATION].to_str().unwrap().to_owned();
        reponse.bytes().await.unwrap();
        vers
    }
}
