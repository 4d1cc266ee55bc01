// Lighthouse on the public pages, as on a phone: 100 in accessibility, best practices and SEO, under 150 kB, nothing from
// elsewhere. Speed is a measure, which what else the machine does lowers: what is asked of it leaves room for that.
import { launch } from 'chrome-launcher';
import lighthouse from 'lighthouse';

const [base, ...chemins] = process.argv.slice(2);

/** Octets of a first load, everything included. */
const POIDS_MAXIMUM = 150_000;

/** The best of so many measures of speed counts. */
const MESURES = 3;

/** What is asked in each category. */
const SEUILS = { performance: 95, accessibility: 100, 'best-practices': 100, seo: 100 };
const CATEGORIES = Object.keys(SEUILS);

const notes = (rapport) => CATEGORIES.map((c) => Math.round(rapport.categories[c].score * 100));

async function mesurer(adresse, port) {
  let meilleur;
  let panne;
  for (let rang = 0; rang < MESURES; rang += 1) {
    const { lhr } = await lighthouse(adresse, { port, logLevel: 'error', onlyCategories: CATEGORIES });
    // A trace that Chromium did not record measures nothing: it is taken again.
    if (lhr.runtimeError) {
      panne = lhr.runtimeError.message;
      continue;
    }
    if (!meilleur || notes(lhr)[0] > notes(meilleur)[0]) meilleur = lhr;
    if (notes(meilleur)[0] === 100) break;
  }
  if (!meilleur) throw new Error(`${adresse} : ${panne}`);
  return meilleur;
}

/** Audits that cost something, in words. */
function reproches(rapport) {
  return Object.values(rapport.audits)
    .filter((audit) => audit.score !== null && audit.score < 1 && !['informative', 'notApplicable'].includes(audit.scoreDisplayMode))
    .map((audit) => `    ${audit.id} : ${audit.title} ${audit.displayValue ?? ''} ${JSON.stringify(audit.details?.items ?? []).slice(0, 400)}`);
}

const navigateur = await launch({
  chromePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--lang=fr'],
});
try {
  for (const chemin of chemins) {
    const rapport = await mesurer(base + chemin, navigateur.port);
    const poids = Math.round(rapport.audits['total-byte-weight'].numericValue);
    const ailleurs = rapport.audits['network-requests'].details.items.filter((r) => !r.url.startsWith(base) && !r.url.startsWith('data:'));
    console.log(`${chemin} : ${notes(rapport).join(' ')}, ${poids} octets`);
    if (notes(rapport).some((note, rang) => note < SEUILS[CATEGORIES[rang]]) || poids > POIDS_MAXIMUM || ailleurs.length > 0) {
      console.error([`${chemin} est en faute`, ...reproches(rapport), ...ailleurs.map((r) => `    vient d’ailleurs : ${r.url}`)].join('\n'));
      process.exitCode = 1;
    }
  }
} finally {
  navigateur.kill();
}
