//! The address table as data: method, path, who may come, handler. The rights table of the tests is
//! made from it; a route cannot be declared without its access.

use axum::Router;
use axum::extract::{Request, State};
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodFilter, MethodRouter, on};

use crate::domain::compte::{Compte, Profil, RoleOg};
use crate::web::acces::connexion_d_abord;
use crate::web::chemins as c;
use crate::web::debit;
use crate::web::echec::{self, Echec};
use crate::web::erreur::Erreur;
use crate::web::etat::Etat;
use crate::web::session::{self, Visiteur};
use crate::{accompagnement, accounts, admin, api, instruction, porteur, public, web};

/// Who may come to a route. Which dossier is then the capabilities' business.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acces {
    /// Anybody.
    Public,
    /// Anybody logged in, even an account that waits to be let in.
    Session,
    /// Anybody logged in whose account works.
    Connecte,
    /// An account of an OG, with this role at least.
    Porteur(RoleOg),
    /// An ARS instructor.
    Instructeur,
    /// SESAN, Collectif SI.
    Accompagnement,
    /// An administrator.
    Administration,
}

impl Acces {
    fn admet(self, compte: &Compte) -> Result<(), Echec> {
        match (self, &compte.profil) {
            (Self::Public | Self::Session, _) => Ok(()),
            // It may do nothing yet.
            (_, Profil::EnAttente { .. }) => Err(Echec::Attente),
            (Self::Connecte, _)
            | (Self::Instructeur, Profil::Ars { .. })
            | (Self::Accompagnement, Profil::Accompagnement { .. })
            | (Self::Administration, Profil::Administration) => Ok(()),
            (Self::Porteur(minimum), Profil::Og { role, .. }) if *role >= minimum => Ok(()),
            (Self::Porteur(_), Profil::Og { .. }) => Err(Erreur::Interdit.into()),
            // Another actor's space does not exist for the others.
            (Self::Porteur(_) | Self::Instructeur | Self::Accompagnement | Self::Administration, _) => {
                Err(Echec::introuvable())
            }
        }
    }
}

/// A route.
pub struct Route {
    /// Method.
    pub methode: Method,
    /// Template of its path.
    pub chemin: &'static str,
    /// Who may come.
    pub acces: Acces,
    service: MethodRouter<Etat>,
}

fn route<H, T>(methode: Method, chemin: &'static str, acces: Acces, gestion: H) -> Route
where
    H: Handler<T, Etat>,
    T: 'static,
{
    let filtre = if methode == Method::POST {
        MethodFilter::POST
    } else {
        MethodFilter::GET
    };
    Route {
        methode,
        chemin,
        acces,
        service: on(filtre, gestion),
    }
}

fn get<H: Handler<T, Etat>, T: 'static>(chemin: &'static str, acces: Acces, gestion: H) -> Route {
    route(Method::GET, chemin, acces, gestion)
}

fn post<H: Handler<T, Etat>, T: 'static>(chemin: &'static str, acces: Acces, gestion: H) -> Route {
    route(Method::POST, chemin, acces, gestion)
}

/// Every route of the portal.
pub fn table() -> Vec<Route> {
    let mut routes = ouvertes();
    routes.extend(lues_par_tous());
    routes.extend(d_aide());
    routes.extend(du_porteur());
    routes.extend(de_la_grappe());
    routes.extend(des_collegues());
    routes.extend(du_depot());
    routes.extend(des_modeles());
    routes.extend(des_agents());
    routes.extend(du_simulateur());
    routes.extend(de_l_api());
    routes
}

/// What needs no actor's space: public pages and accounts.
fn ouvertes() -> Vec<Route> {
    use Acces::{Accompagnement, Connecte, Public, Session};
    vec![
        get(c::AIDE, Public, public::aide::afficher),
        get(c::CONTACT, Public, public::contact::afficher),
        post(c::CONTACT, Public, public::contact::envoyer),
        get(c::CONNEXION, Public, accounts::connexion::afficher),
        post(c::CONNEXION, Public, accounts::connexion::connecter),
        get(c::CONNEXION_CODE, Public, accounts::code::recommencer),
        post(c::CONNEXION_CODE, Public, accounts::code::verifier),
        get(c::CONNEXION_IDENTITE, Public, accounts::delegation::partir),
        get(c::CONNEXION_RETOUR, Public, accounts::delegation::revenir),
        post(c::DECONNEXION, Session, accounts::connexion::deconnecter),
        get(c::INSCRIPTION, Public, accounts::inscription::afficher),
        post(c::INSCRIPTION, Public, accounts::inscription::demander),
        get(c::CONFIRMATION, Public, accounts::confirmation::afficher),
        post(c::CONFIRMATION, Public, accounts::confirmation::confirmer),
        get(c::ACCEPTATION, Public, accounts::acceptation::afficher),
        post(c::ACCEPTATION, Public, accounts::acceptation::accepter),
        get(c::OUBLI, Public, accounts::oubli::afficher),
        post(c::OUBLI, Public, accounts::oubli::demander),
        get(c::REINITIALISATION, Public, accounts::reinitialisation::afficher),
        post(c::REINITIALISATION, Public, accounts::reinitialisation::changer),
        get(c::ATTENTE, Session, accounts::attente::afficher),
        get(c::COMPTE, Connecte, accounts::moi::afficher),
        post(c::COMPTE, Connecte, accounts::moi::renommer),
        get(c::COMPTE_MOT_DE_PASSE, Connecte, accounts::changement::afficher),
        post(c::COMPTE_MOT_DE_PASSE, Connecte, accounts::changement::changer),
        get(c::SECOND_FACTEUR, Session, accounts::second_facteur::afficher),
        post(c::SECOND_FACTEUR, Session, accounts::second_facteur::agir),
        get(c::COMPTE_SESSIONS, Connecte, accounts::sessions::afficher),
        post(c::COMPTE_SESSIONS, Connecte, accounts::sessions::fermer),
        get(c::DEMANDES, Accompagnement, accounts::demandes::afficher),
        get(c::DEMANDE, Connecte, accounts::demande::afficher),
        post(c::DEMANDE, Connecte, accounts::demande::decider),
        get(c::COMPTE_COURRIELS, Connecte, accounts::courriels::afficher),
        post(c::COMPTE_COURRIELS, Connecte, accounts::courriels::enregistrer),
        get(c::DESABONNEMENT, Public, accounts::desabonnement::afficher),
        post(c::DESABONNEMENT, Public, accounts::desabonnement::desabonner),
        get(c::BOITE, Public, public::boite::afficher),
        get(c::BOITE_COURRIEL, Public, public::courriel::afficher),
        get(c::BOITE_HTML, Public, public::courriel::afficher_html),
    ]
}

/// What anybody reads: appels à projets, their rules, legal pages, files for robots.
fn lues_par_tous() -> Vec<Route> {
    let public = Acces::Public;
    vec![
        get(c::ACCUEIL, public, public::accueil::afficher),
        get(c::AAPS, public, public::aaps::afficher),
        get(c::AAP, public, public::aap::afficher),
        get(c::AAP_CALENDRIER, public, public::calendrier::telecharger),
        get(c::REGLES, public, public::regles::afficher),
        get(c::REGLES_DIFFERENCES, public, public::comparaison::afficher),
        get(c::REGLES_AAP, public, public::regles_aap::afficher),
        get(c::REGLE, public, public::regle::afficher),
        get(c::SOURCES, public, public::sources::afficher),
        get(c::ACCESSIBILITE, public, public::accessibilite::afficher),
        get(c::CONFIDENTIALITE, public, public::confidentialite::afficher),
        get(c::CONDITIONS, public, public::conditions::afficher),
        get(c::MENTIONS, public, public::mentions::afficher),
        get(c::SECURITE, public, public::securite::afficher),
        get(c::ROBOTS, public, public::robots::afficher),
        get(c::PLAN, public, public::plan::afficher),
    ]
}

/// Help that everybody reads, and webinars.
fn d_aide() -> Vec<Route> {
    use Acces::{Accompagnement, Public};
    use accompagnement as organise;
    vec![
        get(c::CONTACTS, Public, public::contacts::afficher),
        get(c::FAQ, Public, public::faq::afficher),
        get(c::QUESTION, Public, public::question::afficher),
        get(c::GLOSSAIRE, Public, public::glossaire::afficher),
        get(c::WEBINAIRES, Public, public::webinaires::afficher),
        get(c::WEBINAIRE, Public, public::webinaire::afficher),
        post(c::WEBINAIRE, Public, public::webinaire::inscrire),
        get(c::WEBINAIRE_ICS, Public, public::webinaire::telecharger),
        get(c::DESINSCRIPTION, Public, public::desinscription::afficher),
        post(c::DESINSCRIPTION, Public, public::desinscription::annuler),
        get(c::ORGANISATION, Accompagnement, organise::webinaires::afficher),
        get(c::WEBINAIRE_NOUVEAU, Accompagnement, organise::fiche_webinaire::nouveau),
        post(
            c::WEBINAIRE_NOUVEAU,
            Accompagnement,
            organise::fiche_webinaire::annoncer,
        ),
        get(c::WEBINAIRE_SUIVI, Accompagnement, organise::suivi_webinaire::afficher),
        post(c::WEBINAIRE_SUIVI, Accompagnement, organise::suivi_webinaire::noter),
        get(
            c::WEBINAIRE_MODIFIER,
            Accompagnement,
            organise::fiche_webinaire::afficher,
        ),
        post(
            c::WEBINAIRE_MODIFIER,
            Accompagnement,
            organise::fiche_webinaire::enregistrer,
        ),
        get(
            c::WEBINAIRE_ANNULER,
            Accompagnement,
            organise::annulation_webinaire::afficher,
        ),
        post(
            c::WEBINAIRE_ANNULER,
            Accompagnement,
            organise::annulation_webinaire::annuler,
        ),
        get(
            c::WEBINAIRE_RETIRER,
            Accompagnement,
            organise::retrait_inscription::afficher,
        ),
        post(
            c::WEBINAIRE_RETIRER,
            Accompagnement,
            organise::retrait_inscription::retirer,
        ),
        get(c::WEBINAIRE_XLSX, Accompagnement, organise::presences::xlsx),
        get(c::WEBINAIRE_CSV, Accompagnement, organise::presences::csv),
    ]
}

fn du_porteur() -> Vec<Route> {
    let lecture = Acces::Porteur(RoleOg::Lecture);
    let edition = Acces::Porteur(RoleOg::Edition);
    let depot = Acces::Porteur(RoleOg::Depot);
    vec![
        get(c::PORTEUR, lecture, porteur::tableau::afficher),
        get(c::MES_ESSMS, lecture, porteur::mes_essms::afficher),
        get(c::MES_ESSMS_PLUSIEURS, edition, porteur::plusieurs::afficher),
        post(c::MES_ESSMS_PLUSIEURS, edition, porteur::plusieurs::enregistrer),
        post(
            c::MES_ESSMS_CHANGEMENTS,
            edition,
            porteur::mes_essms::prendre_connaissance,
        ),
        get(c::MES_ESSMS_XLSX, lecture, porteur::export_essms::xlsx),
        get(c::MES_ESSMS_CSV, lecture, porteur::export_essms::csv),
        get(c::MES_ESSMS_IMPORT, edition, porteur::import_essms::afficher),
        post(c::MES_ESSMS_IMPORT, edition, porteur::import_essms::envoyer),
        post(c::MES_ESSMS_COLONNES, edition, porteur::import_essms::corriger_colonnes),
        post(c::MES_ESSMS_CONFIRMER, edition, porteur::import_essms::confirmer),
        post(c::MES_ESSMS_ABANDONNER, edition, porteur::import_essms::abandonner),
        get(c::MES_ESSMS_ERREURS, edition, porteur::export_essms::erreurs),
        get(c::MON_ESSMS, lecture, porteur::mon_essms::afficher),
        post(c::MON_ESSMS, edition, porteur::mon_essms::enregistrer),
        get(c::ORGANISME, lecture, porteur::organisme::afficher),
        post(c::INVITATIONS, depot, porteur::organisme::inviter),
        post(c::INVITATION, depot, porteur::organisme::suivre),
        get(c::MEMBRE, depot, porteur::membre::afficher),
        post(c::MEMBRE, depot, porteur::membre::changer_role),
        get(c::RETRAIT, depot, porteur::retrait::afficher),
        post(c::RETRAIT, depot, porteur::retrait::retirer),
        get(c::JOURNAL_COMPTES, depot, porteur::journal_comptes::afficher),
        get(c::NOUVEAU, edition, porteur::nouveau::afficher),
        post(c::NOUVEAU, edition, porteur::nouveau::creer),
        get(c::DOSSIER, lecture, porteur::taches::afficher),
        get(c::ABANDON, edition, porteur::abandon::afficher),
        post(c::ABANDON, edition, porteur::abandon::abandonner),
        post(c::REPRISE, edition, porteur::abandon::reprendre),
        get(c::GRAPPE, lecture, porteur::grappe::afficher),
        post(c::GRAPPE, edition, porteur::numeros::envoyer),
        post(c::GRAPPE_AJOUTER, edition, porteur::grappe::ajouter),
        post(c::GRAPPE_COLLER, edition, porteur::numeros::coller),
        post(c::GRAPPE_RETIRER, edition, porteur::grappe::retirer),
        get(c::ET_SI, lecture, porteur::et_si::afficher),
        post(c::ET_SI, edition, porteur::et_si::appliquer),
        get(c::ESSMS, lecture, porteur::essms::afficher),
        post(c::ESSMS, edition, porteur::essms::enregistrer),
        post(c::ESSMS_REPRENDRE, edition, porteur::reprise_essms::reprendre),
        get(c::ETAPE, lecture, porteur::etape::afficher),
        post(c::ETAPE, edition, porteur::etape::enregistrer),
        get(c::PIECES, lecture, porteur::pieces::afficher),
        post(c::PIECES, edition, porteur::pieces::envoyer),
        get(c::PIECE, lecture, porteur::pieces::telecharger),
        post(c::PIECE_RETIRER, edition, porteur::pieces::retirer),
        post(c::PIECE_RETABLIR, edition, porteur::pieces::retablir),
        get(c::CONSTATS, lecture, porteur::constats::afficher),
    ]
}

/// Deposit and after.
fn du_depot() -> Vec<Route> {
    let lecture = Acces::Porteur(RoleOg::Lecture);
    let depot = Acces::Porteur(RoleOg::Depot);
    vec![
        get(c::DEPOT, lecture, porteur::depot::afficher),
        post(c::DEPOT, depot, porteur::depot::deposer),
        get(c::ACCUSE, lecture, porteur::accuse::afficher),
        get(c::ACCUSE_PDF, lecture, porteur::accuse::telecharger),
        get(c::RETRAIT_DEPOT, depot, porteur::retrait_depot::afficher),
        post(c::RETRAIT_DEPOT, depot, porteur::retrait_depot::retirer),
        get(c::DIFFERENCES, lecture, porteur::differences::afficher),
        get(c::VERIFICATION, Acces::Public, public::verification::afficher),
        get(c::VERIFICATION_DEPOT, Acces::Public, public::verification::verifier),
        get(
            c::INSTRUCTION_DIFFERENCES,
            Acces::Instructeur,
            instruction::differences::afficher,
        ),
    ]
}

/// Models: offered by an ARS, agreed to by the porteur, read by every porteur.
fn des_modeles() -> Vec<Route> {
    let lecture = Acces::Porteur(RoleOg::Lecture);
    let depot = Acces::Porteur(RoleOg::Depot);
    vec![
        get(c::MODELE_PUBLIE, lecture, porteur::modele_publie::afficher),
        get(c::MODELE, lecture, porteur::modele::afficher),
        post(c::MODELE, depot, porteur::modele::repondre),
        get(
            c::INSTRUCTION_PROPOSER,
            Acces::Instructeur,
            instruction::proposer::afficher,
        ),
        post(
            c::INSTRUCTION_PROPOSER,
            Acces::Instructeur,
            instruction::proposer::proposer,
        ),
        get(c::INSTRUCTION_MODELE, Acces::Instructeur, instruction::modele::afficher),
        post(c::INSTRUCTION_MODELE, Acces::Instructeur, instruction::modele::retirer),
    ]
}

/// Several people on one dossier.
fn des_collegues() -> Vec<Route> {
    let lecture = Acces::Porteur(RoleOg::Lecture);
    let edition = Acces::Porteur(RoleOg::Edition);
    vec![
        get(c::ECHANGES, lecture, porteur::echanges::afficher),
        post(c::ECHANGES, lecture, porteur::echanges::commenter),
        post(c::COMMENTAIRE, lecture, porteur::echanges::reprendre),
        post(c::AFFECTATION, edition, porteur::affectation::affecter),
        get(c::JOURNAL, lecture, porteur::journal::afficher),
        get(c::JOURNAL_CSV, lecture, porteur::journal::csv),
    ]
}

/// What the OGs of a grappe ask of one another.
fn de_la_grappe() -> Vec<Route> {
    let lecture = Acces::Porteur(RoleOg::Lecture);
    let edition = Acces::Porteur(RoleOg::Edition);
    let depot = Acces::Porteur(RoleOg::Depot);
    vec![
        get(c::ACCORDS, lecture, porteur::accords::afficher),
        post(c::ACCORDS_INVITER, edition, porteur::inviter::inviter),
        post(c::ACCORDS_SUIVRE, edition, porteur::inviter::suivre),
        post(c::ACCORDS_REPONDRE, depot, porteur::accord::repondre),
        post(c::PORTAGE, depot, porteur::portage::proposer),
        post(c::PORTAGE_REPONDRE, depot, porteur::portage::repondre),
        get(c::GRAPPE_INVITATION, lecture, porteur::invitation::afficher),
        post(c::GRAPPE_INVITATION, depot, porteur::invitation::repondre),
        get(c::GRAPPE_LIEN, lecture, porteur::invitation::suivre_le_lien),
    ]
}

/// The simulateur, without an account; what becomes of it with one.
fn du_simulateur() -> Vec<Route> {
    use Acces::Public;
    use public::simulateur::{self, telechargements};
    vec![
        get(c::SIMULATEUR, Public, simulateur::afficher),
        post(c::SIMULATEUR, Public, simulateur::simuler),
        get(c::SIMULATEUR_PDF, Public, telechargements::pdf),
        post(c::SIMULATEUR_PDF, Public, telechargements::pdf_du_formulaire),
        post(c::SIMULATEUR_JSON, Public, telechargements::json),
        post(c::SIMULATEUR_CSV, Public, telechargements::csv),
        get(c::SIMULATEUR_CONTINUER, Public, porteur::continuer::afficher),
        post(
            c::SIMULATEUR_CONTINUER,
            Acces::Porteur(RoleOg::Edition),
            porteur::continuer::creer,
        ),
    ]
}

/// What programs read, and its page for people.
fn de_l_api() -> Vec<Route> {
    use Acces::Public;
    vec![
        get(c::API, Public, api::documentation::afficher),
        post(c::API_SIMULATIONS, Public, api::simulations::simuler),
        get(c::API_AAP, Public, api::aap::lister),
        get(c::API_UN_AAP, Public, api::aap::lire),
        get(c::API_ESSMS, Public, api::essms::chercher),
        get(c::API_OPENAPI, Public, api::openapi::afficher),
    ]
}

/// ARS, accompagnement, administration.
fn des_agents() -> Vec<Route> {
    use Acces::{Accompagnement, Administration, Instructeur};
    vec![
        get(c::INSTRUCTION, Instructeur, instruction::liste::afficher),
        get(c::INSTRUCTION_DOSSIER, Instructeur, instruction::dossier::afficher),
        get(c::INSTRUCTION_PIECE, Instructeur, instruction::dossier::telecharger),
        get(c::ACCOMPAGNEMENT, Accompagnement, accompagnement::repertoire::afficher),
        get(c::ADMINISTRATION, Administration, admin::accueil::afficher),
        get(c::IMPORTS, Administration, admin::imports::afficher),
        post(c::IMPORTS, Administration, admin::imports::envoyer),
        get(c::IMPORT, Administration, admin::import::afficher),
        get(c::IMPORT_REJETS, Administration, admin::rejets::telecharger),
        get(c::COURRIELS, Administration, admin::courriels::afficher),
        post(c::COURRIELS, Administration, admin::courriels::reessayer),
    ]
}

/// The portal's router: the table, the health probes, sessions and error pages around.
pub fn router(etat: &Etat) -> Router {
    let (programmes, pages): (Vec<Route>, Vec<Route>) = table().into_iter().partition(|r| c::dans_l_api(r.chemin));
    let routeur = |routes: Vec<Route>| {
        routes.into_iter().fold(Router::new(), |routeur, route| {
            let garde = from_fn_with_state((route.acces, etat.demonstration), garder);
            routeur.route(route.chemin, route.service.layer(garde))
        })
    };
    let compter = || from_fn_with_state(etat.clone(), debit::limiter);
    routeur(pages)
        .fallback(|| async { Echec::introuvable() })
        .layer(compter())
        // What a page of another site may read holds for a refusal to count too.
        .merge(routeur(programmes).layer(compter()).layer(api::ouverture()))
        .layer(from_fn_with_state(etat.clone(), echec::en_page))
        .layer(from_fn_with_state(etat.clone(), session::reconnaitre))
        .with_state(etat.clone())
        .merge(web::sante::routes(etat.pool.clone()))
}

/// Lets in who may come. A visitor is sent to the log-in page; another actor finds nothing there; an agent who showed one
/// factor only goes no further than setting up the other, except in a demonstration.
async fn garder(
    State((acces, demonstration)): State<(Acces, bool)>,
    visiteur: Visiteur,
    requete: Request,
    suite: Next,
) -> Response {
    if acces == Acces::Public {
        return suite.run(requete).await;
    }
    let Some(compte) = visiteur.compte() else {
        return connexion_d_abord(requete).await.into_response();
    };
    if acces != Acces::Session && !demonstration && compte.est_agent() && !visiteur.forte() {
        return Redirect::to(c::SECOND_FACTEUR).into_response();
    }
    match acces.admet(compte) {
        Ok(()) => suite.run(requete).await,
        Err(echec) => echec.into_response(),
    }
}
