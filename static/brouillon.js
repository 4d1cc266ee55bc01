// Saves a form while one types. The form, its address and its token are those of the plain save; the answer is JSON. What was
// typed is kept in this tab until it is saved: a lost connection, a session that ended, a page closed by mistake lose nothing.

const PAUSE_MS = 3_000;
const PATIENCE_MS = 20_000;
const RELANCE_AU_PLUS_S = 60;
/** A browser finishes such a request after the page is left; beyond, it refuses it. */
const CORPS_QUI_SURVIT = 60_000;
const PREFIXE = 'brouillon:';
const TECHNIQUES = new Set(['csrf', 'version', 'base', 'depuis', 'dernier']);

/** Follows the forms of the page that ask for it; forgets everything at log-out. */
export function suivreLesBrouillons() {
  const suivis = [...document.querySelectorAll('form[data-brouillon]')].map(suivre);
  for (const sortie of document.querySelectorAll('form[data-oublier]')) {
    let prete = false;
    sortie.addEventListener('submit', async (evenement) => {
      if (!prete && suivis.some((brouillon) => brouillon.sale())) {
        evenement.preventDefault();
        prete = true;
        await Promise.all(suivis.map((brouillon) => brouillon.envoyer()));
        sortie.requestSubmit();
        return;
      }
      for (const cle of Object.keys(sessionStorage)) if (cle.startsWith(PREFIXE)) sessionStorage.removeItem(cle);
    });
  }
}

/** What was typed: names and values, but for what is applied by its own button. */
function champs(form) {
  const aPart = new Set([...form.querySelectorAll('[data-a-part] [name]')].map((controle) => controle.name));
  return [...new FormData(form)].filter(([nom]) => !TECHNIQUES.has(nom) && !aPart.has(nom));
}

/** The values by name, empty ones left out. */
function contenu(paires) {
  const valeurs = {};
  for (const [nom, valeur] of paires) if (valeur !== '') (valeurs[nom] ??= []).push(valeur);
  return valeurs;
}

const texte = (valeurs) => JSON.stringify(Object.entries(valeurs).filter(([, v]) => v.length > 0).sort(([a], [b]) => (a < b ? -1 : 1)));

/** The server writes an amount or a date in its own way: the same answer for all that. */
const semblable = (valeurs) => texte(Object.fromEntries(Object.entries(valeurs).map(([nom, v]) => (
  [nom, v.map((un) => un.replace(/\s/gu, '').replace('.', ',').replace(/,0+$/u, '').replace(/^0+(?=\d)/u, ''))]
))));

const visibles = (form, nom) => [...form.querySelectorAll(`[name="${CSS.escape(nom)}"]`)].filter((c) => c.type !== 'hidden');

function placer(form, nom, valeurs) {
  for (const controle of visibles(form, nom)) {
    if (['radio', 'checkbox'].includes(controle.type)) controle.checked = valeurs.includes(controle.value);
    else controle.value = valeurs[0] ?? '';
  }
}

function cacher(form, nom, valeur) {
  const champ = form.querySelector(`input[type="hidden"][name="${nom}"]`) ?? form.appendChild(
    Object.assign(document.createElement('input'), { type: 'hidden', name: nom }),
  );
  champ.value = valeur;
}

function bouton(libelle, action) {
  const element = Object.assign(document.createElement('button'), { type: 'button', textContent: libelle });
  element.className = 'govuk-button govuk-button--secondary govuk-!-margin-bottom-0';
  element.addEventListener('click', action);
  return element;
}

function suivre(form) {
  const cle = `${PREFIXE}${form.dataset.brouillon}:${form.getAttribute('action')}`;
  const zone = form.querySelector('[data-etat]');
  const attente = form.dataset.enAttente ?? '';
  const lu = () => contenu(champs(form));
  // What the server holds, as far as this page knows; nothing when it was drawn with what it refused.
  let stocke = attente === '' ? texte(lu()) : null;
  // The request that left and that nothing answered: it is sent again as it was, for the server to recognise it.
  let sansReponse = null;
  let enCours = null;
  let echecs = 0;
  // Only a plain save goes on: two values to compare, a session to open, a right lost.
  let bloque = attente === 'conflit';
  let illisible = attente === 'refus';
  let soumis = false;
  let propose = false;
  let minuterie;

  const sale = () => stocke !== texte(lu());

  function dire(etat, { suite = [], actions = [], annonce = true } = {}) {
    zone.hidden = false;
    zone.querySelector('[data-etat-texte]').textContent = etat;
    const liste = zone.querySelector('[data-etat-suite]');
    liste.replaceChildren(...suite.map((phrase) => Object.assign(document.createElement('li'), { textContent: phrase })));
    liste.hidden = suite.length === 0;
    const groupe = zone.querySelector('[data-etat-actions]');
    groupe.replaceChildren(...actions);
    groupe.hidden = actions.length === 0;
    if (annonce) zone.querySelector('[role="status"]').textContent = [etat, ...suite].map((phrase) => phrase.replace(/\.$/, '')).join('. ');
  }

  function copier() {
    if (propose) return;
    const valeur = (nom) => form.querySelector(`input[name="${nom}"]`).value;
    const copie = { quand: Date.now(), version: valeur('version'), base: valeur('base'), champs: champs(form) };
    try {
      if (sale()) sessionStorage.setItem(cle, JSON.stringify(copie));
      else sessionStorage.removeItem(cle);
    } catch { /* Private browsing, or a full store: the page still holds what was typed. */ }
  }

  function planifier(delai) {
    clearTimeout(minuterie);
    if (!bloque && echecs === 0) minuterie = setTimeout(envoyer, delai);
  }

  function modifie(delai) {
    copier();
    if (!sale()) return;
    if (!bloque && echecs === 0 && !enCours) dire('Modifications non enregistrées', { annonce: false });
    planifier(delai);
  }

  function envoyer() {
    clearTimeout(minuterie);
    if (enCours) return enCours;
    if (bloque || (!sansReponse && !sale())) return Promise.resolve();
    enCours = poster().finally(() => {
      enCours = null;
      if (soumis) return form.requestSubmit(soumis.bouton);
      if (sale() && !illisible) planifier(echecs > 0 ? 0 : PAUSE_MS);
      return undefined;
    });
    return enCours;
  }

  async function poster() {
    const tous = champs(form);
    const techniques = [...new FormData(form)].filter(([nom]) => TECHNIQUES.has(nom));
    sansReponse ??= { corps: new URLSearchParams([...techniques, ...tous]).toString(), valeurs: contenu(tous) };
    const { corps, valeurs } = sansReponse;
    dire('Enregistrement…', { annonce: false });
    let statut;
    let reponse;
    try {
      const recue = await fetch(form.getAttribute('action'), {
        method: 'POST',
        headers: { Accept: 'application/json', 'Content-Type': 'application/x-www-form-urlencoded' },
        body: corps,
        redirect: 'manual',
        keepalive: corps.length < CORPS_QUI_SURVIT,
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      statut = recue.status;
      reponse = await recue.json();
      if (statut >= 500 || statut === 429) throw new Error(String(statut));
    } catch {
      perdre();
      return;
    }
    sansReponse = null;
    echecs = 0;
    illisible = false;
    if (reponse.etat === 'enregistre') accepter(reponse, valeurs);
    else if (reponse.etat === 'illisible') refuser(reponse.erreurs);
    else bloquer(reponse);
  }

  function accepter(reponse, valeurs) {
    oublierLesErreurs(form);
    const { montrees, restantes } = recevoir(reponse, valeurs);
    stocke = texte(valeurs);
    if (reponse.enregistrement) {
      if (!form.querySelector('input[name="depuis"]')) cacher(form, 'depuis', reponse.enregistrement);
      cacher(form, 'dernier', reponse.enregistrement);
    }
    copier();
    const suite = [...reponse.effets];
    if (montrees.length > 0) suite.push(`${reponse.par}, a modifié : ${montrees.join(', ')}. Cette page le montre maintenant`);
    if (restantes.length > 0) suite.push(`${reponse.par}, a modifié : ${restantes.join(', ')}. Rechargez la page pour le voir`);
    dire(`Enregistré à ${reponse.heure}`, { suite });
    if (reponse.actualiser) actualiser(form);
  }

  /** Takes what a colleague changed, where nobody touched it here; the base is always what the page shows. */
  function recevoir(reponse, valeurs) {
    const [montrees, restantes] = [[], []];
    const maintenant = lu();
    const intact = (nom) => visibles(form, nom).length > 0
      && JSON.stringify(maintenant[nom] ?? []) === JSON.stringify(valeurs[nom] ?? []);
    for (const autre of reponse.autres) {
      const noms = Object.keys(autre.saisie);
      if (noms.length > 0 && noms.every(intact)) {
        for (const nom of noms) {
          placer(form, nom, autre.saisie[nom]);
          valeurs[nom] = autre.saisie[nom];
        }
        const dernier = autre.chemin.at(-1);
        const parent = autre.chemin.slice(0, -1).reduce((noeud, pas) => (noeud[pas] ??= {}), reponse.base);
        if (autre.valeurs.length > 0) parent[dernier] = autre.valeurs;
        else delete parent[dernier];
        montrees.push(autre.libelle);
      } else {
        restantes.push(autre.libelle);
      }
    }
    form.querySelector('input[name="base"]').value = JSON.stringify(reponse.base);
    // An older version makes the next save bring both together again.
    if (restantes.length === 0) form.querySelector('input[name="version"]').value = reponse.version;
    return { montrees, restantes };
  }

  function refuser(erreurs) {
    illisible = true;
    oublierLesErreurs(form);
    for (const { nom, message } of erreurs) montrerErreur(form, nom, message);
    dire('Pas encore enregistré', { suite: erreurs.map((erreur) => erreur.resume) });
  }

  function bloquer(reponse) {
    bloque = true;
    if (reponse.etat === 'conflit') {
      dire('Pas encore enregistré', {
        suite: [`${reponse.par}, a répondu autrement que vous à : ${reponse.questions.join(', ')}`],
        actions: [bouton('Afficher les deux réponses', () => form.requestSubmit())],
      });
    } else if (reponse.etat === 'session') {
      dire('Votre session a pris fin', {
        suite: ['Rien n’est perdu : enregistrez pour vous reconnecter, vos réponses suivront'],
        actions: [bouton('Se reconnecter et enregistrer', () => form.requestSubmit())],
      });
    } else {
      dire('Pas enregistré', { suite: [reponse.message] });
    }
  }

  function perdre() {
    echecs += 1;
    let reste = Math.min(2 ** echecs, RELANCE_AU_PLUS_S);
    const compter = () => {
      dire('Connexion perdue', {
        suite: [`Vos réponses sont gardées dans cet onglet. Nouvelle tentative dans ${reste} s`],
        actions: [bouton('Réessayer maintenant', envoyer)],
        annonce: echecs === 1 && reste === 2,
      });
      reste -= 1;
      minuterie = setTimeout(reste < 0 ? envoyer : compter, 1_000);
    };
    // After the request in course is over.
    setTimeout(compter);
  }

  function proposer() {
    let garde = null;
    try {
      garde = JSON.parse(sessionStorage.getItem(cle));
    } catch { /* Nothing that can be read. */ }
    if (!garde) return;
    const gardees = contenu(garde.champs);
    if (semblable(gardees) === semblable(lu())) {
      copier();
      return;
    }
    propose = true;
    const quand = new Date(garde.quand).toLocaleString('fr-FR', { dateStyle: 'short', timeStyle: 'short' });
    const bandeau = document.createElement('section');
    bandeau.className = 'govuk-inset-text portail-retrouvees';
    bandeau.setAttribute('aria-label', 'Réponses retrouvées');
    const phrase = Object.assign(document.createElement('p'), {
      className: 'govuk-body',
      textContent: `Des réponses non enregistrées du ${quand} ont été retrouvées dans cet onglet.`,
    });
    const groupe = document.createElement('div');
    groupe.className = 'govuk-button-group';
    const decider = (action) => () => {
      propose = false;
      action();
      bandeau.remove();
      form.tabIndex = -1;
      form.focus();
    };
    groupe.append(
      bouton('Les reprendre', decider(() => reprendre(garde, gardees))),
      bouton('Les abandonner', decider(() => {
        copier();
        dire('Réponses abandonnées');
      })),
    );
    bandeau.append(phrase, groupe);
    form.before(bandeau);
  }

  /** The answers found, upon the base they were typed on: what a colleague saved meanwhile is not lost either. */
  function reprendre(garde, gardees) {
    const noms = new Set([...new FormData(form).keys(), ...Object.keys(gardees), ...Object.keys(lu())]);
    for (const nom of noms) {
      if (TECHNIQUES.has(nom)) continue;
      if (visibles(form, nom).length > 0) placer(form, nom, gardees[nom] ?? []);
      else if (gardees[nom] && !form.querySelector(`[name="${CSS.escape(nom)}"]`)) cacher(form, nom, gardees[nom][0]);
    }
    for (const nom of ['version', 'base']) form.querySelector(`input[name="${nom}"]`).value = garde[nom];
    bloque = false;
    modifie(0);
  }

  form.addEventListener('input', () => modifie(PAUSE_MS));
  form.addEventListener('change', () => modifie(PAUSE_MS));
  form.addEventListener('focusout', (evenement) => {
    const groupe = evenement.target.closest('.govuk-form-group');
    if (groupe?.contains(evenement.relatedTarget) || !sale()) return;
    // Pressed, not released yet: what this save would draw must not move a button or a link away from the pointer.
    modifie(evenement.relatedTarget?.closest('a, button, summary') ? PAUSE_MS : 0);
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden' && !soumis && echecs === 0) envoyer();
  });
  window.addEventListener('online', () => {
    if (echecs > 0) envoyer();
  });
  window.addEventListener('pageshow', () => {
    soumis = false;
  });
  window.addEventListener('beforeunload', (evenement) => {
    if (!soumis && sale() && (bloque || illisible || echecs > 0)) evenement.preventDefault();
  });
  form.addEventListener('submit', (evenement) => {
    clearTimeout(minuterie);
    copier();
    soumis = { bouton: evenement.submitter };
    if (enCours) evenement.preventDefault();
  });

  if (attente === 'conflit') dire('Pas encore enregistré', { suite: ['Comparez les réponses, puis enregistrez'], annonce: false });
  else if (attente === 'refus') dire('Pas encore enregistré', { annonce: false });
  else dire('Vos réponses s’enregistrent pendant que vous écrivez', { annonce: false });
  proposer();
  return { sale, envoyer };
}

/** Draws anew what surrounds the form and follows from it: verdicts, money, what is missing. */
async function actualiser(form) {
  try {
    const page = await fetch(form.getAttribute('action'), { redirect: 'error' });
    if (!page.ok) return;
    const neuve = new DOMParser().parseFromString(await page.text(), 'text/html');
    for (const ancien of document.querySelectorAll('[data-vivant]')) {
      const neuf = neuve.getElementById(ancien.id);
      if (neuf && !ancien.contains(document.activeElement)) ancien.replaceWith(document.adoptNode(neuf));
    }
  } catch { /* The save is done, and the next one draws it. */ }
}

const ROUGES = ['govuk-form-group--error', 'govuk-input--error', 'govuk-textarea--error', 'govuk-select--error', 'govuk-file-upload--error'];

/** Shows beside its field why it was refused, unless it is being typed. */
function montrerErreur(form, nom, message) {
  const champ = document.getElementById(nom);
  const groupe = champ?.closest('.govuk-form-group');
  if (!groupe || !form.contains(groupe) || groupe.contains(document.activeElement)) return;
  const paragraphe = Object.assign(document.createElement('p'), { id: `${nom}-erreur`, className: 'govuk-error-message' });
  const cache = Object.assign(document.createElement('span'), { className: 'govuk-visually-hidden', textContent: 'Erreur : ' });
  paragraphe.append(cache, message);
  (document.getElementById(`${nom}-aide`) ?? groupe.querySelector('label, legend')).after(paragraphe);
  groupe.classList.add('govuk-form-group--error');
  const decrit = groupe.querySelector('fieldset') ?? champ;
  decrit.setAttribute('aria-describedby', `${decrit.getAttribute('aria-describedby') ?? ''} ${paragraphe.id}`.trim());
  if (decrit === champ) {
    champ.classList.add(`govuk-${champ.tagName.toLowerCase()}--error`);
    champ.setAttribute('aria-invalid', 'true');
  }
}

function oublierLesErreurs(form) {
  for (const sommaire of document.querySelectorAll('.govuk-error-summary')) sommaire.remove();
  for (const paragraphe of form.querySelectorAll('.govuk-error-message[id$="-erreur"]')) {
    for (const decrit of form.querySelectorAll(`[aria-describedby~="${CSS.escape(paragraphe.id)}"]`)) {
      const restants = decrit.getAttribute('aria-describedby').split(' ').filter((id) => id !== paragraphe.id);
      if (restants.length > 0) decrit.setAttribute('aria-describedby', restants.join(' '));
      else decrit.removeAttribute('aria-describedby');
    }
    paragraphe.remove();
  }
  for (const rouge of ROUGES) for (const element of form.querySelectorAll(`.${rouge}`)) element.classList.remove(rouge);
  for (const champ of form.querySelectorAll('[aria-invalid]')) champ.removeAttribute('aria-invalid');
}
