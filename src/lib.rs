//! Portail Grappes ESMS numérique: the map of the code.
//!
//! One package. A pure core in the middle, SQL in one place, one folder per actor, one file per page. A page
//! is found from its address in [`routes`], a rule from its code in [`rules`], a column from its aggregate in
//! [`store`]. Domain nouns are French, as the glossary of the README gives them; everything else is English.
//!
//! # Rooms
//!
//! | room | what it is | it may know |
//! |---|---|---|
//! | [`domain`] | what things are: FINESS numbers, money, ESSMS, dossier and its steps, accounts. Pure | nothing |
//! | [`rules`] | what the texts say: an [edition](rules::edition::Edition) and [facts](rules::faits::Faits) in, an [evaluation](rules::evaluation::Evaluation) out. Pure | `domain` |
//! | [`store`] | SQL: free functions on a connection, one file per aggregate; [`store::acces`] alone builds capabilities | `domain`, `rules` |
//! | [`documents`] | spreadsheets and [PDF](documents::pdf): a data struct in, bytes out; the ones people send, bytes in, rows of texts out. Pure | `domain`, `rules` |
//! | [`simulation`] | the simulator's contract: JSON in, JSON out, no database | `domain`, `rules` |
//! | [`registry`] | FINESS files and DUI solutions: read, imported, generated | `domain`, `store` |
//! | [`web`] | HTTP plumbing: sessions, forms, capabilities as extractors, page chrome, error pages, [addresses](web::chemins) | `domain`, `rules`, `store`, [`clock`] |
//! | [`jobs`] | work done beside the requests: the queue's worker, mails by SMTP, reminders, daily digests | `domain`, `rules`, `store`, `web`, [`clock`], [`config`] |
//! | [`public`], [`accounts`], [`porteur`], [`instruction`], [`accompagnement`], [`admin`], [`api`] | the actors: one file per page, its template of the same name | all of the above, never one another |
//! | [`server`] | listeners, layers, graceful stop; it knows no page | everything |
//! | [`routes`], [`portail`], [`demonstration`], `main.rs` | the address table, the assembly, the sample data, the command line | everything |
//! | [`config`], [`clock`], [`traces`] | the only readers of the environment and of the time; the log | each other at most |
//! | [`postgres`], [`base`] | a private PostgreSQL when no server is given; the pool and the migrations | `config`, `store` |
//!
//! `tests/architecture.rs` reads the paths of the source and fails when a room knows one it should not.
//!
//! # A read
//!
//! 1. [`server`] puts the layers around: [one log line](server::canonique), [headers](server::entetes),
//!    [error pages](server::erreurs), panic catcher, [limits](server::limites), `Origin` check.
//! 2. [`web::session`] turns the cookie into a [`Visiteur`](web::session::Visiteur); the guard of the route
//!    ([`routes::Acces`]) lets in who may come. Another actor's space is a 404.
//! 3. The handler's arguments ask for a capability, such as [`DossierLisible`](store::acces::DossierLisible):
//!    one scoped SELECT in [`store::acces`], else 404.
//! 4. A transaction opened by the capability ([`store::acces::commencer`]) sees the account's rows only.
//!    [`porteur::atelier::Atelier`] reads the dossier and judges it.
//! 5. A view struct, its askama template, [`web::page::Page`].
//!
//! To follow one: [`porteur::taches::afficher`].
//!
//! # A write
//!
//! 1. A stronger capability ([`DossierModifiable`](store::acces::DossierModifiable): role, tenant and state),
//!    then [`web::acces::Formulaire`], which checks the anti-forgery token.
//! 2. The transaction begins and the row is [locked](store::dossiers::lock).
//! 3. What was typed becomes values ([`domain::dossier::lecture`]); every fault is collected and the same page
//!    comes back with **422**, what was typed kept.
//! 4. The version the form was filled upon is compared: **409** with both values when another person saved.
//! 5. The save, then [`porteur::atelier::journaliser`]: the verdict before, the verdict after, the
//!    [journal](store::journal), in the same transaction.
//! 6. **303** to the next page, which says what changed.
//!
//! The script that saves while one types (`static/brouillon.js`) sends the same form to the same handler, which answers it in
//! JSON ([`web::script`], [`porteur::brouillon`]); a failure becomes JSON in the layer that makes pages of the others.
//!
//! To follow one: [`porteur::etape::enregistrer`]. The deposit is [`porteur::depot::deposer`].
//!
//! # Invariants
//!
//! - **Two kinds of "wrong", never mixed.** What cannot be read is refused field by field and not saved
//!   ([`web::champ::ErreurChamp`]). Everything else is saved, and what it means is a
//!   [`Constat`](rules::constat::Constat). A draft can always be saved.
//! - **Access is an argument, not a call.** Capabilities have private fields. Another tenant's dossier is
//!   absent (404), never forbidden (403).
//! - **Accounts are let in by who answers for the OG**, one capability each ([`store::acces::organisme`]). A sign-up is no
//!   account before its address is confirmed; an account is no [`Og`](domain::compte::Profil::Og) before somebody lets it in.
//!   Of a link, only the hash of its token is kept. The last signatory stays ([`store::membres`]).
//! - **A grappe of several OGs has one porteur.** A membre ([`store::participations`]) reads the whole dossier and writes its
//!   own part: the answers on the ESSMS it manages ([`FaitsModifiables`](store::acces::FaitsModifiables)) and, by a signatory,
//!   its consents ([`DossierPartage`](store::acces::DossierPartage), [`store::consentements`]). An OG that is only invited
//!   learns who asks, and for which of its ESSMS. A consent holds for one presence in the grappe, and is no rule of the
//!   règlement: what lacks one is an answer missing before the deposit. Nobody consents for another OG, not even
//!   the porteur, who completes the answers of the others one by one. A membre is told what the porteur does to its ESSMS: of those
//!   that come or go, from where every save is journaled ([`porteur::atelier::journaliser`]); of answers, the day after ([`jobs`]).
//! - **A model tells nobody whose it was.** Its ARS takes the texts of a deposited dossier, [masked](domain::masque), the
//!   porteur agrees to those very words ([`store::modeles`]), and porteurs read them by a function that says nothing else.
//! - **PostgreSQL is the second wall.** Row-level security is forced on dossiers and all they hold: a
//!   transaction drops to a role that owns nothing and carries the account's scope.
//! - **A route declares its access**, or it does not compile ([`routes::table`]).
//! - **The deposit takes a proof.** [`DossierRecevable`](rules::recevable::DossierRecevable) is made by an
//!   evaluation without blocking constat, at the server's time of arrival, and by nothing else.
//! - **"The authority decides" is a result** ([`AppreciationArs`](rules::constat::Resultat::AppreciationArs)),
//!   not an error.
//! - **Time and environment are parameters**: [`clock::Horloge`], [`config::Config`]. Clippy forbids the
//!   others.
//! - **State, journal and mails are one transaction.** A mail is queued with its cause ([`store::courriels::enfiler`]) and
//!   leaves by a worker ([`jobs::Ouvrier`]), the only place that sends. The journal and the deposits are only ever added to: the role
//!   of a request may not rewrite them.
//! - **What was deposited is evidence.** Its content, its evaluation and the edition's version are frozen,
//!   hashed, and chained to the deposit before ([`store::depots`]). Everything else derived is recomputed. Whoever holds
//!   the hash verifies it without an account ([`public::verification`]), which computes the chain anew. A deposit taken
//!   back stays; the database lets a dossier out of its deposit by that withdrawal only ([`porteur::retrait_depot`]).
//! - **The instant of arrival decides**: [`web::session::Arrivee`] is noted before anything is waited for, and a deposit that the
//!   portal could not answer keeps it ([`web::entames`]). Nobody signs what it has not read ([`porteur::depot`]).
//! - **No float touches money** ([`domain::argent::Centimes`]). Thresholds and amounts are data, in
//!   `editions/*.toml`, each with its source.
//! - **Bytes before rows.** A piece's row always has its bytes ([`porteur::pieces`]); pieces leave as
//!   attachments only ([`web::fichiers`]), and never when a virus was found in them ([`web::antivirus`]).
//! - **Facts are asked once.** Mes ESSMS ([`store::mes_essms`]) keeps what is true of an ESSMS whatever the dossier;
//!   a dossier copies it when the ESSMS comes in, fills what it lacks, and takes over the rest only when asked.
//! - **What colleagues say stays between them.** Comments and steps given ([`store::commentaires`], [`store::affectations`]) are
//!   read within the porteur's scope only, in `PostgreSQL` too. The journal keeps every save; those in a row are read as one.
//! - **A transaction about a webinar sees the registrations of no other** ([`store::acces::webinaire`]). The link of its meeting is
//!   in the mails only; registrations, and the mails about them, are erased some weeks after ([`jobs`]).
//! - **A word is explained once**, in [`web::mots`]: the glossary and the help beside a form read the same tables.
//! - **An import of the registry tells whom it concerns.** The database notes, in the import's own transaction,
//!   each ESSMS closed, moved or reclassified ([`store::evenements`]), and a job writes to each OG once.
//! - **What anybody may ask keeps nothing and reads no dossier.** A simulation is the sketch that its link holds
//!   ([`domain::dossier::esquisse`]); its facts are the registry's ([`store::esquisse`], [`store::simulation`]). One contract
//!   ([`simulation`]) for the command line, the API ([`api`]) and the simulateur ([`public::simulateur`]); the fields it reads
//!   are those its document names ([`simulation::document`]). Each address has a quota ([`web::debit`]).
//! - **Under `/api/` a failure is a document** ([`web::probleme`]), whichever layer it comes from.
//! - **Components are drawn in one folder**, `templates/composants`: fields, searches, buttons, choices, tables, verdict cards. The
//!   classes of titles and running text, which pages write themselves, are the stylesheet's.
//!
//! # Where to start
//!
//! - A new public page: the same, dressed by [`web::pages::habiller_publique`] and listed in [`public::plan`].
//! - A new page: a constant and a function in [`web::chemins`], a file and a template of the same name, a
//!   line in [`routes::table`].
//! - A new question of the dossier: [`domain::dossier::etapes`] declares it once; form, reading, summary,
//!   journal and completeness follow. One on an ESSMS: [`domain::dossier::faits`], which says whether Mes ESSMS
//!   keeps it for every dossier; the columns of its spreadsheet are in [`domain::dossier::tableau_essms`]. What rules make of it is in [`store::evaluation::faits`].
//! - A new rule: its code in [`rules::regle::CodeRegle`], one function beside its neighbours, its criterion in
//!   the edition, its cases in `tests/rules/cas`.
//!   Its page wants plain words, in `referentiels/dispositions.toml`, and examples, in [`rules::exposition`]: tests miss them.
//! - A new edition: a file in `editions/`, which [`rules::edition`] validates.
//! - A new mail: a variant of [`domain::courriel::Evenement`], its three templates in `templates/courriels`, its line in
//!   [`jobs::redaction`]; about accounts or between the OGs of a grappe, a variant of [`domain::courriel_compte`] or [`domain::courriel_grappe`]
//!   and its words in [`jobs::redaction_compte`] or [`jobs::redaction_grappe`].
//! - A frequent question: `faq/*.toml`, which a test of [`rules::faq`] checks against its edition and the glossary.
//! - A new address of the API: its handler in [`api`] with its `utoipa::path`, a line in [`api::openapi`], its words in `api/mots.rs`.
//! - A new PDF: a data struct in [`documents`], its template in `templates/documents`.
//! - Another way to log in: what was shown is [`web::session::Preuves`], and [`accounts::entree`] asks for what is missing.
//! - A new setting: a field of [`config`]; `--help` shows it.

pub mod accompagnement;
pub mod accounts;
pub mod admin;
pub mod api;
pub mod base;
pub mod clock;
pub mod config;
pub mod demonstration;
pub mod documents;
pub mod domain;
pub mod instruction;
pub mod jobs;
pub mod portail;
pub mod porteur;
pub mod postgres;
pub mod public;
pub mod registry;
pub mod routes;
pub mod rules;
pub mod server;
pub mod simulation;
pub mod store;
pub mod traces;
pub mod web;
