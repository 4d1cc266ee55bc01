// What the journeys of all actors share: logging in, opening a dossier, filling its steps.
import { exiger } from './outils.mjs';

const MOT_DE_PASSE = 'demonstration-2024';

/** Logs in and waits for the space of the account. */
export async function connecter(page, base, courriel) {
  await page.goto(`${base}/connexion`);
  await page.getByLabel('Adresse de courriel').fill(courriel);
  await page.getByLabel('Mot de passe', { exact: true }).fill(MOT_DE_PASSE);
  await page.getByRole('button', { name: 'Se connecter', exact: true }).click();
  await page.getByRole('button', { name: 'Se déconnecter' }).waitFor();
}

/** FINESS EJ of the account's OG, as its own page says it. */
export async function organisme(page, base) {
  await page.goto(`${base}/compte`);
  const texte = await page.locator('main').innerText();
  return texte.match(/\((\d{9})\)/u)[1];
}

/** Opens a dossier for the open appel à projets and arrives on its grappe. */
export async function ouvrirDossier(page, base, nom) {
  await page.goto(`${base}/porteur/dossiers/nouveau`);
  await page.getByLabel('Nom du dossier').fill(nom);
  await page.getByRole('radio', { name: /2024/u }).check();
  await page.getByRole('button', { name: 'Ouvrir le dossier' }).click();
  await page.getByRole('heading', { name: 'Grappe', level: 1 }).waitFor();
  return new URL(page.url()).pathname.replace(/\/grappe$/u, '');
}

/** FINESS ET of an OG, found by searching its EJ on the page of the grappe. */
export async function essmsDe(page, adresse, ej) {
  await page.goto(`${adresse}/grappe?q=${ej}`);
  // Those whose names say that no grappe counts them are for another test.
  const ligne = page.locator('.govuk-checkboxes__item').filter({ hasNotText: /HORS (CHAMP|RÉGION)/u });
  const trouves = ligne.locator('input[id^=trouve-]');
  return trouves.evaluateAll((cases) => cases.map((c) => c.value));
}

/** Pastes numbers and waits for the page that follows. */
export async function coller(page, numeros) {
  await page.getByLabel(/Numéros FINESS géographiques/u).fill(numeros);
  await page.getByRole('button', { name: 'Ajouter à la grappe' }).click();
  await page.waitForLoadState('load');
}

const REPONSES = {
  type_projet: 'acquisition',
  hebergement: 'saas',
  entite_nationale: 'aucune',
  autodiagnostic: 'si_esms',
};
const OUI_NON = {
  meme_solution: 'oui',
  deja_finance: 'non',
  sons: 'non',
  rattache_ght: 'non',
  activites_confort: 'non',
  medicalise: 'oui',
  ror_complet: 'oui',
};

/** Answers for every ESSMS at once. */
export async function repondrePourTous(page, adresse) {
  await page.goto(`${adresse}/essms`);
  for (const [nom, valeur] of Object.entries(REPONSES)) await page.locator(`#tous-${nom}`).selectOption(valeur);
  for (const [nom, valeur] of Object.entries(OUI_NON)) await page.locator(`input[name="tous-${nom}"][value="${valeur}"]`).check();
  await page.locator('#tous-personnes_accompagnees').fill('60');
  await page.getByRole('button', { name: 'Appliquer à tous et enregistrer' }).click();
  await enregistre(page);
}

/** The page says that something was saved. */
export async function enregistre(page) {
  await page.getByRole('heading', { name: 'Enregistré', exact: true, level: 2 }).waitFor();
}

/** Saves the step and waits for the page that says so. */
export async function enregistrer(page) {
  await page.getByRole('button', { name: 'Enregistrer', exact: true }).click();
  await enregistre(page);
}

async function cocher(page, nom, valeur) {
  await page.locator(`input[name="${nom}"][value="${valeur}"]`).check();
}

async function dater(page, nom, [jour, mois, annee]) {
  await page.locator(`input[name="${nom}-jour"]`).fill(jour);
  await page.locator(`input[name="${nom}-mois"]`).fill(mois);
  await page.locator(`input[name="${nom}-annee"]`).fill(annee);
}

/** What each step is filled with. The plan is balanced by the caller, who knows the grant. */
export const ETAPES = {
  async projet(page) {
    await page.locator('#nom_projet').fill('Un DUI pour tous');
    await page.locator('#resume').fill('Équiper nos ESSMS d’un même dossier usager.');
    await page.locator('#nombre_utilisateurs').fill('450');
    await cocher(page, 'depot_2021', 'non');
    await page.locator('#signataire').selectOption({ index: 1 });
    await cocher(page, 'soumis_ccp', 'oui');
    await cocher(page, 'marche_public_identique', 'non');
    await page.locator('#contact_nom').fill('Camille Porteur');
    await page.locator('#contact_courriel').fill('camille@demo.example');
    await page.locator('#contact_telephone').fill('01 23 45 67 89');
  },
  async solution(page) {
    const complete = await page.locator('#solution option').evaluateAll(
      (options) => options.filter((o) => o.textContent.includes('Ségur et SAD')).map((o) => o.value),
    );
    exiger(complete.length > 0, 'Aucune solution référencée Ségur et SAD dans le référentiel');
    await page.locator('#solution').selectOption(complete[0]);
    await cocher(page, 'echange_amont', 'oui');
  },
  async motivations(page) {
    await page.locator('#objectifs').fill('Mieux accompagner.');
    await page.locator('#organisation').fill('Un comité par trimestre.');
    await cocher(page, 'perimetre_attendu', 'projet_personnalise');
    await cocher(page, 'perimetre_attendu', 'agenda');
  },
  async equipe(page) {
    await page.locator('#membre-0-role').fill('Chef de projet');
    await page.locator('#membre-0-nombre').fill('1');
    await page.locator('#membre-0-etp').fill('0,8');
    await page.locator('#comitologie').fill('Comité de pilotage mensuel.');
    await cocher(page, 'referent_informatique', 'non');
  },
  async planning(page) {
    await page.locator('#jalon-0-libelle').fill('Paramétrage');
    await dater(page, 'jalon-0-debut', ['1', '3', '2027']);
    await dater(page, 'jalon-0-fin', ['30', '9', '2027']);
    await page.locator('#jalon-1-libelle').fill('Déploiement');
    await dater(page, 'jalon-1-debut', ['1', '10', '2027']);
    await dater(page, 'jalon-1-fin', ['31', '5', '2028']);
  },
  async conformite(page) {
    for (const item of ['regles_acces', 'information_usagers', 'registre_dpo', 'continuite', 'hds']) {
      await cocher(page, item, 'respecte');
    }
    await cocher(page, 'attestation_socle', 'oui');
  },
};

/** Fills the plan so that resources equal expenses: the certain grant plus `autofinancement` euros. */
export async function equilibrerPlan(page, adresse, autofinancement = 20000) {
  await page.goto(`${adresse}/etapes/financement`);
  const certain = await page.locator('.portail-intervalle__montants dd').first().innerText();
  const subvention = Number(certain.replace(/[^\d]/gu, ''));
  await page.locator('#poste-0-nature').selectOption('licences');
  await page.locator('#poste-0-montant').fill(String(subvention + autofinancement));
  await page.locator('#autofinancement').fill(String(autofinancement));
  await enregistrer(page);
}

/** A PDF small enough to write here, real enough to be recognised. */
export const PDF = {
  name: 'convention.pdf',
  mimeType: 'application/pdf',
  buffer: Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n'),
};

/** Attaches every piece that the dossier still lacks. */
export async function joindreLesPieces(page, adresse) {
  await page.goto(`${adresse}/pieces`);
  const types = await page.locator('#type_piece option').evaluateAll((o) => o.map((x) => [x.value, x.textContent]));
  for (const [valeur, libelle] of types) {
    const carte = page.locator('section.portail-carte').filter({ hasText: libelle });
    if (!valeur || (await carte.getByText('À joindre').count()) === 0) continue;
    await page.locator('#type_piece').selectOption(valeur);
    await page.locator('#fichier').setInputFiles(PDF);
    await page.getByRole('button', { name: 'Joindre la pièce' }).click();
    await enregistre(page);
  }
}

/** Fills a dossier of this name until it is ready to be deposited; its address. */
export async function preparer(page, base, nom) {
  const ej = await organisme(page, base);
  const adresse = base + (await ouvrirDossier(page, base, nom));
  const numeros = (await essmsDe(page, adresse, ej)).slice(0, 15);
  await page.goto(`${adresse}/grappe`);
  await coller(page, numeros.join(' '));
  await enregistre(page);
  await repondrePourTous(page, adresse);
  for (const [etape, remplir] of Object.entries(ETAPES)) {
    await page.goto(`${adresse}/etapes/${etape}`);
    await remplir(page);
    await enregistrer(page);
  }
  await equilibrerPlan(page, adresse);
  await joindreLesPieces(page, adresse);
  return adresse;
}

/** Deposits a dossier that is ready. */
export async function deposer(page, adresse) {
  await page.goto(`${adresse}/depot`);
  await page.locator('#attestation').check({ force: true });
  await page.getByRole('button', { name: 'Déposer le dossier' }).click();
  await page.getByRole('heading', { name: 'Accusé de réception', level: 1 }).waitFor();
}
