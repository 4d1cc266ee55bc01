//! Every address of the portal: the templates the routes are declared with, and the functions that
//! fill them. No address is written anywhere else.

use uuid::Uuid;

use crate::domain::dossier::Etape;
use crate::domain::finess::Finess;
use crate::domain::nomenclature::Liste;

/// Declares addresses without parameter.
macro_rules! fixes {
    ($($(#[$doc:meta])* $nom:ident = $chemin:literal;)+) => { $($(#[$doc])* pub const $nom: &str = $chemin;)+ };
}

fixes! {
    /// Home.
    ACCUEIL = "/";
    /// Log-in.
    CONNEXION = "/connexion";
    /// The code of the second factor, after the password.
    CONNEXION_CODE = "/connexion/code";
    /// Leaves for the identity provider.
    CONNEXION_IDENTITE = "/connexion/identite";
    /// Comes back from it.
    CONNEXION_RETOUR = "/connexion/identite/retour";
    /// My second factor.
    SECOND_FACTEUR = "/compte/second-facteur";
    /// Log-out.
    DECONNEXION = "/deconnexion";
    /// My account.
    COMPTE = "/compte";
    /// The mails sent to me, and how often I want them.
    COMPTE_COURRIELS = "/compte/courriels";
    /// Asks for an account.
    INSCRIPTION = "/inscription";
    /// Confirms the address of a sign-up.
    CONFIRMATION = "/inscription/{cle}";
    /// Accepts the invitation of a colleague.
    ACCEPTATION = "/invitation/{cle}";
    /// Asks for a link that sets a new password.
    OUBLI = "/mot-de-passe/oublie";
    /// Sets a new password by such a link.
    REINITIALISATION = "/mot-de-passe/{cle}";
    /// Terms of use.
    CONDITIONS = "/conditions";
    /// What an account that may do nothing yet waits for.
    ATTENTE = "/compte/attente";
    /// Changes my password.
    COMPTE_MOT_DE_PASSE = "/compte/mot-de-passe";
    /// My open sessions.
    COMPTE_SESSIONS = "/compte/sessions";
    /// Requests for an account that wait for the accompagnement.
    DEMANDES = "/demandes";
    /// One of them, for whoever decides on it.
    DEMANDE = "/demandes/{demande}";
    /// Stops mails of one kind, without logging in.
    DESABONNEMENT = "/courriels/desabonnement/{jeton}";
    /// Mails of a demonstration.
    BOITE = "/demonstration/courriels";
    /// One of them.
    BOITE_COURRIEL = "/demonstration/courriels/{courriel}";
    /// Its HTML version, by itself.
    BOITE_HTML = "/demonstration/courriels/{courriel}/html";
    /// Help: contacts, words.
    AIDE = "/aide";
    /// Writes to who can answer, by subject.
    CONTACT = "/aide/contact";
    /// Whom to write to, by subject.
    CONTACTS = "/contacts";
    /// Frequent questions, and their search.
    FAQ = "/faq";
    /// One of them.
    QUESTION = "/faq/{question}";
    /// What words and acronyms mean.
    GLOSSAIRE = "/glossaire";
    /// Webinars.
    WEBINAIRES = "/webinaires";
    /// One of them, and its registration.
    WEBINAIRE = "/webinaires/{webinaire}";
    /// Its calendar file.
    WEBINAIRE_ICS = "/webinaires/{webinaire}/agenda.ics";
    /// Takes a registration back.
    DESINSCRIPTION = "/webinaires/desinscription/{cle}";
    /// Verifies a deposit by its hash.
    VERIFICATION = "/verification";
    /// The deposit of this hash.
    VERIFICATION_DEPOT = "/verification/{empreinte}";
    /// Accessibility statement.
    ACCESSIBILITE = "/accessibilite";
    /// What is kept of people.
    CONFIDENTIALITE = "/confidentialite";
    /// Who operates the portal.
    MENTIONS = "/mentions-legales";
    /// Whom to tell of a flaw (RFC 9116).
    SECURITE = "/.well-known/security.txt";
    /// What robots may read.
    ROBOTS = "/robots.txt";
    /// Every public page, for search engines.
    PLAN = "/sitemap.xml";
    /// Texts the rules come from.
    SOURCES = "/sources";
    /// The appels à projets.
    AAPS = "/aap";
    /// One appel à projets, with its criteria.
    AAP = "/aap/{edition}";
    /// Its windows, for a calendar.
    AAP_CALENDRIER = "/aap/{edition}/calendrier.ics";
    /// Its rules.
    REGLES_AAP = "/aap/{edition}/regles";
    /// One of them.
    REGLE = "/aap/{edition}/regles/{regle}";
    /// The rules, whichever the appel à projets.
    REGLES = "/regles";
    /// What differs between the rules of two appels à projets.
    REGLES_DIFFERENCES = "/regles/differences";
    /// The API, for people.
    API = "/api";
    /// The simulation contract.
    API_SIMULATIONS = "/api/simulations";
    /// The appels à projets.
    API_AAP = "/api/aap";
    /// One of them.
    API_UN_AAP = "/api/aap/{id}";
    /// Search in the registry.
    API_ESSMS = "/api/essms";
    /// The document of the API.
    API_OPENAPI = "/api/openapi.json";
    /// The simulateur: its form and its result.
    SIMULATEUR = "/simulateur";
    /// The result, as PDF.
    SIMULATEUR_PDF = "/simulateur/resultat.pdf";
    /// What was answered, as the document of the API.
    SIMULATEUR_JSON = "/simulateur/demande.json";
    /// The ESSMS and where each stands, as CSV.
    SIMULATEUR_CSV = "/simulateur/essms.csv";
    /// Makes a grappe of it, with an account.
    SIMULATEUR_CONTINUER = "/simulateur/continuer";
    /// Tableau de bord of a porteur.
    PORTEUR = "/porteur";
    /// Mes ESSMS.
    MES_ESSMS = "/porteur/essms";
    /// Answers for several at once.
    MES_ESSMS_PLUSIEURS = "/porteur/essms/plusieurs";
    /// Acknowledges what the registry changed.
    MES_ESSMS_CHANGEMENTS = "/porteur/essms/changements";
    /// Mes ESSMS, as XLSX.
    MES_ESSMS_XLSX = "/porteur/essms/export.xlsx";
    /// Mes ESSMS, as CSV.
    MES_ESSMS_CSV = "/porteur/essms/export.csv";
    /// A spreadsheet sent, then checked.
    MES_ESSMS_IMPORT = "/porteur/essms/import";
    /// What its columns hold.
    MES_ESSMS_COLONNES = "/porteur/essms/import/colonnes";
    /// Confirms it.
    MES_ESSMS_CONFIRMER = "/porteur/essms/import/confirmer";
    /// Gives it up.
    MES_ESSMS_ABANDONNER = "/porteur/essms/import/abandonner";
    /// Its rows that cannot be imported.
    MES_ESSMS_ERREURS = "/porteur/essms/import/erreurs.xlsx";
    /// One of Mes ESSMS.
    MON_ESSMS = "/porteur/essms/{finess}";
    /// The people of my OG.
    ORGANISME = "/porteur/organisme";
    /// Invites a colleague.
    INVITATIONS = "/porteur/organisme/invitations";
    /// Sends an invitation again, or cancels it.
    INVITATION = "/porteur/organisme/invitations/{invitation}";
    /// One colleague: what they may do.
    MEMBRE = "/porteur/organisme/membres/{membre}";
    /// Takes a colleague out.
    RETRAIT = "/porteur/organisme/membres/{membre}/retrait";
    /// Who did what to the accounts of my OG.
    JOURNAL_COMPTES = "/porteur/organisme/journal";
    /// A model that an ARS offers, before one starts from it.
    MODELE_PUBLIE = "/porteur/modeles/{modele}";
    /// The model drawn from a dossier, for its porteur to agree to.
    MODELE = "/porteur/dossiers/{dossier}/modele";
    /// Opens a dossier.
    NOUVEAU = "/porteur/dossiers/nouveau";
    /// Task list of a dossier.
    DOSSIER = "/porteur/dossiers/{dossier}";
    /// Sets a draft aside.
    ABANDON = "/porteur/dossiers/{dossier}/abandon";
    /// Takes it up again.
    REPRISE = "/porteur/dossiers/{dossier}/reprise";
    /// Its grappe; a table sent there adds its numbers.
    GRAPPE = "/porteur/dossiers/{dossier}/grappe";
    /// Adds chosen ESSMS.
    GRAPPE_AJOUTER = "/porteur/dossiers/{dossier}/grappe/ajouter";
    /// Adds pasted numbers.
    GRAPPE_COLLER = "/porteur/dossiers/{dossier}/grappe/coller";
    /// Takes ESSMS out.
    GRAPPE_RETIRER = "/porteur/dossiers/{dossier}/grappe/retirer";
    /// The OGs of its grappe, and the consent of each for each ESSMS.
    ACCORDS = "/porteur/dossiers/{dossier}/accords";
    /// Invites an OG.
    ACCORDS_INVITER = "/porteur/dossiers/{dossier}/accords/inviter";
    /// Reminds an OG, takes its invitation back, ends its participation.
    ACCORDS_SUIVRE = "/porteur/dossiers/{dossier}/accords/organismes/{og}";
    /// A membre agrees, refuses, leaves.
    ACCORDS_REPONDRE = "/porteur/dossiers/{dossier}/accords/reponse";
    /// Proposes another porteur, or takes that back.
    PORTAGE = "/porteur/dossiers/{dossier}/accords/portage";
    /// The membre proposed as porteur answers.
    PORTAGE_REPONDRE = "/porteur/dossiers/{dossier}/accords/portage/reponse";
    /// An invitation into the grappe of another OG.
    GRAPPE_INVITATION = "/porteur/invitations/{dossier}";
    /// The link of its mail.
    GRAPPE_LIEN = "/porteur/invitations/lien/{cle}";
    /// Changes of the grappe, tried before they are made.
    ET_SI = "/porteur/dossiers/{dossier}/et-si";
    /// One step.
    ETAPE = "/porteur/dossiers/{dossier}/etapes/{etape}";
    /// What colleagues say of one step, and who takes care of it.
    ECHANGES = "/porteur/dossiers/{dossier}/etapes/{etape}/echanges";
    /// Gives one step to a colleague.
    AFFECTATION = "/porteur/dossiers/{dossier}/etapes/{etape}/affectation";
    /// Changes, takes out or settles a comment.
    COMMENTAIRE = "/porteur/dossiers/{dossier}/commentaires/{commentaire}";
    /// The facts of the ESSMS.
    ESSMS = "/porteur/dossiers/{dossier}/essms";
    /// Takes over in a dossier what Mes ESSMS says.
    ESSMS_REPRENDRE = "/porteur/dossiers/{dossier}/essms/reprendre";
    /// Pieces.
    PIECES = "/porteur/dossiers/{dossier}/pieces";
    /// One piece.
    PIECE = "/porteur/dossiers/{dossier}/pieces/{piece}";
    /// Takes a piece out.
    PIECE_RETIRER = "/porteur/dossiers/{dossier}/pieces/{piece}/retirer";
    /// Puts a piece back.
    PIECE_RETABLIR = "/porteur/dossiers/{dossier}/pieces/{piece}/retablir";
    /// Every constat.
    CONSTATS = "/porteur/dossiers/{dossier}/constats";
    /// Summary and deposit.
    DEPOT = "/porteur/dossiers/{dossier}/depot";
    /// Accusé de réception.
    ACCUSE = "/porteur/dossiers/{dossier}/accuse";
    /// The same, as PDF.
    ACCUSE_PDF = "/porteur/dossiers/{dossier}/accuse.pdf";
    /// Takes a deposit back.
    RETRAIT_DEPOT = "/porteur/dossiers/{dossier}/depot/retrait";
    /// What differs between two deposits.
    DIFFERENCES = "/porteur/dossiers/{dossier}/differences";
    /// Journal.
    JOURNAL = "/porteur/dossiers/{dossier}/journal";
    /// Journal, as CSV.
    JOURNAL_CSV = "/porteur/dossiers/{dossier}/journal/export.csv";
    /// Dossiers of an instructor's régions.
    INSTRUCTION = "/instruction";
    /// One of them.
    INSTRUCTION_DOSSIER = "/instruction/dossiers/{dossier}";
    /// What differs between its deposits.
    INSTRUCTION_DIFFERENCES = "/instruction/dossiers/{dossier}/differences";
    /// Offers a model drawn from it.
    INSTRUCTION_PROPOSER = "/instruction/dossiers/{dossier}/modele";
    /// A model that an ARS offers, followed.
    INSTRUCTION_MODELE = "/instruction/modeles/{modele}";
    /// One of its pieces.
    INSTRUCTION_PIECE = "/instruction/dossiers/{dossier}/pieces/{piece}";
    /// Home of the accompagnement: the registry.
    ACCOMPAGNEMENT = "/accompagnement";
    /// The webinars of its régions.
    ORGANISATION = "/accompagnement/webinaires";
    /// Announces one.
    WEBINAIRE_NOUVEAU = "/accompagnement/webinaires/nouveau";
    /// Who is registered, who came.
    WEBINAIRE_SUIVI = "/accompagnement/webinaires/{webinaire}";
    /// Changes it.
    WEBINAIRE_MODIFIER = "/accompagnement/webinaires/{webinaire}/modifier";
    /// Cancels it.
    WEBINAIRE_ANNULER = "/accompagnement/webinaires/{webinaire}/annulation";
    /// Takes a person out of it.
    WEBINAIRE_RETIRER = "/accompagnement/webinaires/{webinaire}/inscriptions/{inscription}/retrait";
    /// Its attendance list, as XLSX.
    WEBINAIRE_XLSX = "/accompagnement/webinaires/{webinaire}/presences.xlsx";
    /// Its attendance list, as CSV.
    WEBINAIRE_CSV = "/accompagnement/webinaires/{webinaire}/presences.csv";
    /// Home of the administration.
    ADMINISTRATION = "/administration";
    /// Registry imports.
    IMPORTS = "/administration/finess";
    /// One of them, going on or done.
    IMPORT = "/administration/finess/{import}";
    /// Every rejected line of one import.
    IMPORT_REJETS = "/administration/finess/{import}/rejets";
    /// Mails: what left, what waits, what was given up.
    COURRIELS = "/administration/courriels";
}

fn avec(chemin: &str, nom: &str, valeur: impl std::fmt::Display) -> String {
    chemin.replace(&format!("{{{nom}}}"), &valeur.to_string())
}

/// Declares addresses of one dossier.
macro_rules! du_dossier {
    ($($nom:ident = $chemin:ident;)+) => {
        $(#[doc = concat!("[`", stringify!($chemin), "`] of a dossier.")]
        pub fn $nom(dossier: Uuid) -> String { avec($chemin, "dossier", dossier) })+
    };
}

du_dossier! {
    dossier = DOSSIER;
    abandon = ABANDON;
    reprise = REPRISE;
    grappe = GRAPPE;
    grappe_ajouter = GRAPPE_AJOUTER;
    grappe_coller = GRAPPE_COLLER;
    grappe_retirer = GRAPPE_RETIRER;
    accords = ACCORDS;
    accords_inviter = ACCORDS_INVITER;
    accords_repondre = ACCORDS_REPONDRE;
    portage = PORTAGE;
    portage_repondre = PORTAGE_REPONDRE;
    grappe_invitation = GRAPPE_INVITATION;
    et_si = ET_SI;
    essms = ESSMS;
    essms_reprendre = ESSMS_REPRENDRE;
    pieces = PIECES;
    constats = CONSTATS;
    depot = DEPOT;
    accuse = ACCUSE;
    accuse_pdf = ACCUSE_PDF;
    retrait_depot = RETRAIT_DEPOT;
    differences = DIFFERENCES;
    instruction_differences = INSTRUCTION_DIFFERENCES;
    journal = JOURNAL;
    journal_csv = JOURNAL_CSV;
    instruction_dossier = INSTRUCTION_DOSSIER;
    instruction_proposer = INSTRUCTION_PROPOSER;
    modele = MODELE;
}

/// The page of a step, whichever page that is.
pub fn etape(dossier: Uuid, etape: Etape) -> String {
    match etape {
        Etape::Essms => essms(dossier),
        Etape::Pieces => pieces(dossier),
        Etape::Recapitulatif => depot(dossier),
        Etape::Projet
        | Etape::Solution
        | Etape::Motivations
        | Etape::Equipe
        | Etape::Planning
        | Etape::Financement
        | Etape::Conformite => avec(&avec(ETAPE, "dossier", dossier), "etape", etape.code()),
    }
}

/// Where an OG of the grappe is reminded, or taken out.
pub fn accords_suivre(dossier: Uuid, og: Finess) -> String {
    avec(&avec(ACCORDS_SUIVRE, "dossier", dossier), "og", og)
}

/// The link of an invitation into a grappe.
pub fn grappe_lien(cle: &str) -> String {
    avec(GRAPPE_LIEN, "cle", cle)
}

/// What colleagues say of a step.
pub fn echanges(dossier: Uuid, etape: Etape) -> String {
    avec(&avec(ECHANGES, "dossier", dossier), "etape", etape.code())
}

/// Where a step is given to a colleague.
pub fn affectation(dossier: Uuid, etape: Etape) -> String {
    avec(&avec(AFFECTATION, "dossier", dossier), "etape", etape.code())
}

/// Where a comment is changed.
pub fn commentaire(dossier: Uuid, commentaire: Uuid) -> String {
    avec(&avec(COMMENTAIRE, "dossier", dossier), "commentaire", commentaire)
}

/// The journal of a step.
pub fn historique(dossier: Uuid, etape: Etape) -> String {
    format!("{}?etape={}", journal(dossier), etape.code())
}

/// A piece, as its porteur downloads it.
pub fn piece(dossier: Uuid, piece: Uuid) -> String {
    avec(&avec(PIECE, "dossier", dossier), "piece", piece)
}

/// Where a piece is taken out.
pub fn piece_retirer(dossier: Uuid, piece: Uuid) -> String {
    avec(&avec(PIECE_RETIRER, "dossier", dossier), "piece", piece)
}

/// Where a piece is put back.
pub fn piece_retablir(dossier: Uuid, piece: Uuid) -> String {
    avec(&avec(PIECE_RETABLIR, "dossier", dossier), "piece", piece)
}

/// A piece, as an instructor downloads it.
pub fn instruction_piece(dossier: Uuid, piece: Uuid) -> String {
    avec(&avec(INSTRUCTION_PIECE, "dossier", dossier), "piece", piece)
}

/// The page of one of Mes ESSMS.
pub fn mon_essms(finess: Finess) -> String {
    avec(MON_ESSMS, "finess", finess)
}

/// The page of an appel à projets.
pub fn aap(edition: &str) -> String {
    avec(AAP, "edition", edition)
}

/// The windows of an appel à projets, for a calendar.
pub fn aap_calendrier(edition: &str) -> String {
    avec(AAP_CALENDRIER, "edition", edition)
}

/// The rules of an appel à projets.
pub fn regles_aap(edition: &str) -> String {
    avec(REGLES_AAP, "edition", edition)
}

/// One rule, as an appel à projets holds it.
pub fn regle(edition: &str, code: &str) -> String {
    avec(&avec(REGLE, "edition", edition), "regle", code)
}

/// What differs between the rules of two appels à projets.
pub fn regles_differences(une: &str, autre: &str) -> String {
    avec_parametres(REGLES_DIFFERENCES, &[("a", une), ("b", autre)])
}

/// An appel à projets, in the API.
pub fn api_aap(edition: &str) -> String {
    avec(API_UN_AAP, "id", edition)
}

/// Whether a form sent there deposits a dossier.
pub fn est_un_depot(chemin: &str) -> bool {
    let fin = DEPOT.rsplit('/').next().unwrap_or_default();
    chemin.starts_with(PORTEUR) && chemin.rsplit('/').next() == Some(fin)
}

/// Whether a path is one of the API's own: its page is not.
pub fn dans_l_api(chemin: &str) -> bool {
    chemin.strip_prefix(API).is_some_and(|suite| suite.starts_with('/'))
}

/// The page of a frequent question.
pub fn question(slug: &str) -> String {
    avec(QUESTION, "question", slug)
}

/// A word of the glossary, by its anchor.
pub fn mot(ancre: &str) -> String {
    format!("{GLOSSAIRE}#{ancre}")
}

/// The form that writes to whoever operates the portal, from one of its pages.
pub fn question_au_portail(page: &str) -> String {
    avec_parametres(CONTACT, &[("sujet", "portail"), ("page", page)])
}

/// The form that writes to the contacts of a subject of an edition.
pub fn question_sur(edition: &str, sujet: &str) -> String {
    avec_parametres(CONTACT, &[("edition", edition), ("sujet", sujet)])
}

/// Declares addresses of one webinar.
macro_rules! du_webinaire {
    ($($nom:ident = $chemin:ident;)+) => {
        $(#[doc = concat!("[`", stringify!($chemin), "`] of a webinar.")]
        pub fn $nom(webinaire: Uuid) -> String { avec($chemin, "webinaire", webinaire) })+
    };
}

du_webinaire! {
    webinaire = WEBINAIRE;
    webinaire_ics = WEBINAIRE_ICS;
    webinaire_suivi = WEBINAIRE_SUIVI;
    webinaire_modifier = WEBINAIRE_MODIFIER;
    webinaire_annuler = WEBINAIRE_ANNULER;
    webinaire_xlsx = WEBINAIRE_XLSX;
    webinaire_csv = WEBINAIRE_CSV;
}

/// Where a registration for a webinar is taken out by its organiser.
pub fn webinaire_retirer(webinaire: Uuid, inscription: Uuid) -> String {
    avec(
        &avec(WEBINAIRE_RETIRER, "webinaire", webinaire),
        "inscription",
        inscription,
    )
}

/// Where a registration is taken back.
pub fn desinscription(cle: &str) -> String {
    avec(DESINSCRIPTION, "cle", cle)
}

/// The same address, about the deposit of this rank.
pub fn du_depot(adresse: &str, rang: i32) -> String {
    format!("{adresse}?depot={rang}")
}

/// Where the deposit of this hash is verified.
pub fn verification(empreinte: &str) -> String {
    avec(VERIFICATION_DEPOT, "empreinte", empreinte)
}

/// The model of this number, for the ARS that offers it.
pub fn instruction_modele(id: Uuid) -> String {
    avec(INSTRUCTION_MODELE, "modele", id)
}

/// The model of this number, as every porteur reads it.
pub fn modele_publie(id: Uuid) -> String {
    avec(MODELE_PUBLIE, "modele", id)
}

/// The page of an import.
pub fn import(id: Uuid) -> String {
    avec(IMPORT, "import", id)
}

/// Every rejected line of an import.
pub fn import_rejets(id: Uuid) -> String {
    avec(IMPORT_REJETS, "import", id)
}

/// Where mails of one kind are stopped.
pub fn desabonnement(jeton: Uuid) -> String {
    avec(DESABONNEMENT, "jeton", jeton)
}

/// Where a sign-up is confirmed.
pub fn confirmation(cle: &str) -> String {
    avec(CONFIRMATION, "cle", cle)
}

/// Where an invitation is accepted.
pub fn acceptation(cle: &str) -> String {
    avec(ACCEPTATION, "cle", cle)
}

/// Where a new password is set.
pub fn reinitialisation(cle: &str) -> String {
    avec(REINITIALISATION, "cle", cle)
}

/// A request for an account.
pub fn demande(id: Uuid) -> String {
    avec(DEMANDE, "demande", id)
}

/// An invitation, to send it again or cancel it.
pub fn invitation(id: Uuid) -> String {
    avec(INVITATION, "invitation", id)
}

/// A colleague.
pub fn membre(id: Uuid) -> String {
    avec(MEMBRE, "membre", id)
}

/// Where a colleague is taken out.
pub fn retrait(id: Uuid) -> String {
    avec(RETRAIT, "membre", id)
}

/// The same address, saying what was just done there.
pub fn fait(adresse: &str, quoi: &str) -> String {
    format!("{adresse}?fait={quoi}")
}

/// What [`fait`] says of a file that came after the session had ended: it was not received.
pub const FICHIER_NON_RECU: &str = "fichier-non-recu";

/// Whether the query of an address says so.
pub fn dit_fichier_non_recu(requete: &str) -> bool {
    form_urlencoded::parse(requete.as_bytes()).any(|(nom, valeur)| nom == "fait" && valeur == FICHIER_NON_RECU)
}

/// A mail of a demonstration.
pub fn boite_courriel(id: Uuid) -> String {
    avec(BOITE_COURRIEL, "courriel", id)
}

/// Its HTML version.
pub fn boite_html(id: Uuid) -> String {
    avec(BOITE_HTML, "courriel", id)
}

/// The same address, saying which save the page follows.
pub fn apres(adresse: &str, enregistrement: Uuid) -> String {
    format!("{adresse}?enregistrement={enregistrement}")
}

/// The same, the page having been saved while one typed since that first save.
pub fn apres_depuis(adresse: &str, enregistrement: Uuid, depuis: Uuid) -> String {
    format!("{adresse}?enregistrement={enregistrement}&depuis={depuis}")
}

/// The same address, saying that there was nothing to save.
pub fn inchange(adresse: &str) -> String {
    format!("{adresse}?inchange=1")
}

/// An address given from outside, if it is a page of this portal. Browsers drop tabs and new lines before
/// they read an address: `/<tab>/elsewhere` would leave the portal.
pub fn local(adresse: &str) -> Option<&str> {
    let etrange = |c: char| c == '\\' || c.is_control();
    (adresse.starts_with('/') && !adresse.starts_with("//") && !adresse.contains(etrange)).then_some(adresse)
}

/// The same address with these parameters, those without value left out.
pub fn avec_parametres(adresse: &str, parametres: &[(&str, &str)]) -> String {
    let donnes = parametres.iter().filter(|(_, valeur)| !valeur.is_empty());
    let requete = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(donnes)
        .finish();
    if requete.is_empty() {
        adresse.to_owned()
    } else {
        format!("{adresse}?{requete}")
    }
}

/// Anchor of an ESSMS in the table of facts.
pub fn ancre_essms(finess: Finess) -> String {
    format!("essms-{finess}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_encoded_and_empty_ones_left_out() {
        assert_eq!(avec_parametres("/a", &[("q", "")]), "/a");
        assert_eq!(
            avec_parametres("/a", &[("q", "é&=?"), ("r", ""), ("p", "2")]),
            "/a?q=%C3%A9%26%3D%3F&p=2"
        );
    }

    #[test]
    fn every_parameter_is_filled() {
        let id = Uuid::nil();
        for adresse in [
            dossier(id),
            piece(id, id),
            import(id),
            import_rejets(id),
            aap("idf-2024"),
            instruction_piece(id, id),
        ] {
            assert!(!adresse.contains('{'), "{adresse}");
        }
        for e in Etape::TOUTES {
            assert!(!etape(id, *e).contains('{'));
        }
    }
}
