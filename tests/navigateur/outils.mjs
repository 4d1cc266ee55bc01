// What every test in a browser shares: a real Chromium, with and without JavaScript, wide and narrow; axe on every
// page; anything the browser complains of (console, security policy, request, overflow) fails the test.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import { chromium } from 'playwright-core';

const racine = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const captures = path.join(racine, 'var/captures');

/** Widths at which every page is looked at. */
export const LARGEURS = [1280, 390];

const REGLES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** No step of a journey waits longer than this, on a machine that others use too. */
const DELAI_MS = 30_000;

/** A picture that Chromium fails to take on a busy machine is taken again so many times: it proves nothing, it is looked at. */
const PRISES = 3;

/** Contexts whose JavaScript is off. */
const sansScript = new WeakSet();

/** Opens Chromium, gives it to `travail`, closes it whatever happens; the process fails when anything was found. */
export async function avecNavigateur(travail) {
  const navigateur = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage',
    ],
  });
  const fautes = [];
  try {
    await travail(navigateur, fautes);
  } catch (erreur) {
    fautes.push(erreur.stack ?? String(erreur), ...(await ouEnSontLesPages(navigateur)));
  } finally {
    await navigateur.close();
  }
  if (fautes.length > 0) {
    console.error(fautes.join('\n'));
    process.exitCode = 1;
  }
}

/** What each open page shows when a journey stops: its address, its title, its words. */
async function ouEnSontLesPages(navigateur) {
  const pages = navigateur.contexts().flatMap((contexte) => contexte.pages());
  return Promise.all(pages.map(async (page) => {
    const mots = await page.locator('body').innerText({ timeout: 2_000 }).catch(String);
    return `--- ${page.url()} (${await page.title().catch(String)})\n${mots.slice(0, 1_500)}`;
  }));
}

/**
 * A page in its own context (own cookies). `fautes` receives what the browser complains of.
 * A test that provokes a status on purpose gives it in `statutsAttendus`.
 */
export async function ouvrir(navigateur, fautes, { largeur = 1280, javascript = true, statutsAttendus = [], ...options } = {}) {
  const contexte = await navigateur.newContext({
    locale: 'fr-FR',
    timezoneId: 'Europe/Paris',
    viewport: { width: largeur, height: largeur < 600 ? 844 : 900 },
    javaScriptEnabled: javascript,
    reducedMotion: 'reduce',
    ...options,
  });
  if (!javascript) sansScript.add(contexte);
  const page = await contexte.newPage();
  page.setDefaultTimeout(DELAI_MS);
  const signaler = (quoi) => fautes.push(`[${largeur} px, ${javascript ? 'avec' : 'sans'} JavaScript] ${page.url()} : ${quoi}`);
  page.on('console', (message) => {
    const attendu = statutsAttendus.some((statut) => message.text().includes(`status of ${statut}`));
    if (['error', 'warning'].includes(message.type()) && !attendu) signaler(`console : ${message.text()}`);
  });
  page.on('pageerror', (erreur) => signaler(`script : ${erreur.message}`));
  page.on('requestfailed', (requete) => {
    const echec = requete.failure()?.errorText;
    if (echec !== 'net::ERR_ABORTED') signaler(`requête : ${requete.url()} ${echec}`);
  });
  page.on('response', (reponse) => {
    if (reponse.status() >= 400 && !statutsAttendus.includes(reponse.status())) signaler(`réponse : ${reponse.status()} ${reponse.url()}`);
  });
  return page;
}

/** axe on the page as it stands; a page without JavaScript is read in a twin whose scripts are empty. */
export async function verifierAxe(page, fautes, titre) {
  const lue = sansScript.has(page.context()) ? await jumelle(page) : page;
  await lue.evaluate(axe.source);
  const { violations } = await lue.evaluate(
    (regles) => window.axe.run(document, { runOnly: regles, resultTypes: ['violations'] }),
    REGLES,
  );
  for (const violation of violations) {
    const noeuds = violation.nodes.map((noeud) => `    ${noeud.html.slice(0, 200)}\n      ${(noeud.failureSummary ?? '').split('\n').slice(1, 3).join(' ; ')}`);
    fautes.push(`${titre} : axe ${violation.id} (${violation.impact}) — ${violation.help}\n${noeuds.slice(0, 5).join('\n')}`);
  }
  if (lue !== page) await lue.context().close();
}

/** axe waits on timers, which never fire where JavaScript is off: the same HTML, at the same address, scripts emptied. */
async function jumelle(page) {
  const html = await page.content();
  const contexte = await page.context().browser().newContext({ locale: 'fr-FR', viewport: page.viewportSize(), reducedMotion: 'reduce' });
  await contexte.route('**/*', (route) => {
    const genre = route.request().resourceType();
    if (genre === 'document') return route.fulfill({ contentType: 'text/html; charset=utf-8', body: html });
    if (genre === 'script') return route.fulfill({ contentType: 'text/javascript', body: '' });
    return route.continue();
  });
  const copie = await contexte.newPage();
  copie.setDefaultTimeout(DELAI_MS);
  await copie.goto(page.url(), { waitUntil: 'load' });
  return copie;
}

/** Nothing may make the whole page scroll sideways. */
export async function verifierDebordement(page, fautes, titre) {
  const large = await page.evaluate(() => {
    const vue = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= vue) return null;
    const enDefilement = (e) => e.parentElement?.closest('.portail-defilement');
    return [...document.body.querySelectorAll('*')]
      .filter((e) => e.getBoundingClientRect().right > vue + 1 && !enDefilement(e))
      .slice(0, 5)
      .map((e) => `${e.tagName.toLowerCase()}.${e.className}`);
  });
  // Nothing to name: what a scrolling region holds escapes from it.
  if (large) fautes.push(`${titre} : la page déborde à droite (${large.join(', ') || 'depuis une zone à défilement'})`);
}

/** A whole-page picture in var/captures/. */
export async function capturer(page, nom) {
  fs.mkdirSync(captures, { recursive: true });
  for (let prise = 1; ; prise += 1) {
    try {
      await page.screenshot({ path: path.join(captures, `${nom}.png`), fullPage: true });
      return;
    } catch (erreur) {
      if (prise === PRISES || !String(erreur).includes('Unable to capture screenshot')) throw erreur;
    }
  }
}

/** Everything one page must satisfy, as it stands: axe, overflow, picture. */
export async function verifier(page, fautes, nom) {
  await verifierAxe(page, fautes, nom);
  await verifierDebordement(page, fautes, nom);
  await capturer(page, nom);
}

/** Looks at one address at every width, with and without JavaScript. */
export async function verifierPartout(navigateur, fautes, adresse, nom, options = {}) {
  for (const javascript of [true, false]) {
    for (const largeur of LARGEURS) {
      const page = await ouvrir(navigateur, fautes, { largeur, javascript, ...options });
      await page.goto(adresse, { waitUntil: 'load' });
      await verifier(page, fautes, `${nom}-${largeur}${javascript ? '' : '-sans-js'}`);
      await page.context().close();
    }
  }
}

/** Fails with a sentence. */
export function exiger(condition, phrase) {
  if (!condition) throw new Error(phrase);
}
