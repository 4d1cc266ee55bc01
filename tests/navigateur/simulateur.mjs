// The simulateur without an account: noise pasted, answered, mended, changed, shared, kept, then continued with an account;
// with or without JavaScript. The API's page is looked at on the way.
import { LARGEURS, avecNavigateur, exiger, ouvrir, verifier } from './outils.mjs';

const [base, mode] = process.argv.slice(2);
const javascript = mode !== 'sans-js';
const marque = javascript ? '' : '-sans-js';

/** Looks at a page at every width, as it stands. */
async function regarder(page, fautes, nom) {
  for (const largeur of LARGEURS) {
    await page.setViewportSize({ width: largeur, height: 900 });
    await verifier(page, fautes, `simulateur-${nom}-${largeur}${marque}`);
  }
  await page.setViewportSize({ width: LARGEURS[0], height: 900 });
}

const simuler = (page) => page.getByRole('button', { name: /^Simuler/u }).last().click();
const resultat = (page) => page.getByRole('heading', { name: 'Résultat de la simulation', level: 1 }).waitFor();

await avecNavigateur(async (navigateur, fautes) => {
  const page = await ouvrir(navigateur, fautes, { javascript, statutsAttendus: [422] });
  const reponse = await page.request.get(`${base}/api/essms?departement=75&categorie=500`);
  const { essms } = await reponse.json();
  const numeros = essms.map((e) => e.finess).slice(0, 13);
  const og = essms[0].organisme;

  // Nothing given: refused; then noise: each line answered.
  await page.goto(`${base}/simulateur`);
  await regarder(page, fautes, 'formulaire');
  await simuler(page);
  await page.getByRole('heading', { name: 'La simulation n’a pas pu être faite' }).waitFor();
  await regarder(page, fautes, 'refus');
  const lignes = [...numeros.map((n, rang) => `${rang + 1}. ${n} — EHPAD`), numeros[0], '750999999', og.finess, 'Total'];
  await page.locator('#numeros').fill(lignes.join('\n'));
  await page.locator('#tous-type_projet').selectOption('acquisition');
  await page.locator('#tous-hebergement').selectOption('saas');
  for (const nom of ['deja_finance', 'engage_ailleurs']) await page.locator(`input[name="tous-${nom}"][value="non"]`).check();
  await simuler(page);
  await resultat(page);
  exiger((await page.locator('#reponses tbody tr').count()) === lignes.length, 'Une ligne est restée sans réponse');
  exiger((await page.locator('#a-voir tbody tr').count()) === 2, 'Les lignes à vérifier ne sont pas montrées');
  await regarder(page, fautes, 'resultat');

  // The repair in one click, one row changed, one ESSMS found by its name.
  await page.getByRole('button', { name: 'Voir l’effet de ces changements' }).click();
  await resultat(page);
  const repares = await page.locator('#essms tbody tr').count();
  exiger(repares >= 15, `Encore ${repares} ESSMS`);
  const details = page.locator('details', { has: page.locator('#essms') });
  if (!(await details.evaluate((d) => d.open))) await details.locator('summary').click();
  await page.getByRole('button', { name: /^Modifier/u }).first().click();
  await resultat(page);
  await page.locator(`[id="${numeros[0]}-hebergement"]`).selectOption('externe');
  await regarder(page, fautes, 'ligne');
  await simuler(page);
  await resultat(page);
  exiger((await page.locator(`[id="${numeros[0]}-hebergement"]`).inputValue()) === 'externe', 'La réponse propre est perdue');
  await page.locator('#q').fill('ehpad');
  await page.locator('#q').press('Enter');
  await page.locator('#trouves').waitFor();
  await regarder(page, fautes, 'recherche');

  // The link reopens it elsewhere; the PDF and the file are there.
  await simuler(page);
  await resultat(page);
  const lien = await page.locator('#partage').inputValue();
  exiger(lien.length < 2000, 'Le lien est trop long');
  const constats = await page.locator('.portail-constat__phrase').allTextContents();
  const autre = await ouvrir(navigateur, fautes, { javascript, statutsAttendus: [422] });
  await autre.goto(base + new URL(lien).pathname + new URL(lien).search);
  await resultat(autre);
  exiger((await autre.locator('.portail-constat__phrase').allTextContents()).join() === constats.join(), 'Le lien rouvre autre chose');
  await autre.goto(`${base}/simulateur?e=${new URL(lien).searchParams.get('e').slice(0, -20)}`);
  await autre.getByText(/Ce lien est incomplet/u).first().waitFor();
  await regarder(autre, fautes, 'lien-coupe');
  const pdf = await page.request.get(base + (await page.getByRole('button', { name: 'Télécharger en PDF' }).getAttribute('href')));
  exiger(pdf.headers()['content-type'] === 'application/pdf', 'Pas de PDF');
  const [fichier] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Télécharger en JSON' }).click(),
  ]);
  await autre.goto(`${base}/simulateur`);
  await autre.locator('#fichier').setInputFiles(await fichier.path());
  await simuler(autre);
  await resultat(autre);
  exiger((await autre.locator('.portail-constat__phrase').allTextContents()).join() === constats.join(), 'Le fichier rouvre autre chose');

  // On paper, the result without the form.
  await page.emulateMedia({ media: 'print' });
  exiger(!(await page.locator('#simulateur').isVisible()), 'Le formulaire s’imprime');
  exiger(await page.locator('#verdict').isVisible(), 'Le verdict ne s’imprime pas');
  await page.emulateMedia({ media: 'screen' });

  // With an account it becomes a draft.
  await page.getByRole('button', { name: 'Continuer avec un compte' }).click();
  await page.getByRole('heading', { name: 'J’ai un compte' }).waitFor();
  await regarder(page, fautes, 'continuer');
  await page.getByRole('button', { name: 'Se connecter et continuer' }).click();
  await page.getByLabel('Adresse de courriel').fill('porteur@demo.example');
  await page.getByLabel('Mot de passe', { exact: true }).fill('demonstration-2024');
  await page.getByRole('button', { name: 'Se connecter', exact: true }).click();
  await page.getByLabel('Nom du dossier').fill(`Grappe simulée${marque}`);
  await regarder(page, fautes, 'creer');
  await page.getByRole('button', { name: 'Créer le brouillon' }).click();
  await page.getByRole('heading', { name: `Composition : ${repares} ESSMS` }).waitFor();

  await page.goto(`${base}/api`);
  await regarder(page, fautes, 'api');
});
