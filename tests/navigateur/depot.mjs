// From a deposit to its withdrawal and a new deposit: accusé, PDF, public verification, differences; a question asked
// from the dossier; another dossier opened from it. With or without JavaScript.
import fs from 'node:fs';
import { LARGEURS, avecNavigateur, exiger, ouvrir, verifier } from './outils.mjs';
import { connecter, deposer, enregistrer, preparer } from './portail.mjs';

const [base, mode] = process.argv.slice(2);
const javascript = mode !== 'sans-js';
const marque = javascript ? '' : '-sans-js';

/** Looks at a page at every width, as it stands for this person. */
async function regarder(page, fautes, nom) {
  for (const largeur of LARGEURS) {
    await page.setViewportSize({ width: largeur, height: 900 });
    await verifier(page, fautes, `depot-${nom}-${largeur}${marque}`);
  }
  await page.setViewportSize({ width: LARGEURS[0], height: 900 });
}

/** Downloads the accusé; gives its octets. */
async function telecharger(page) {
  const attente = page.waitForEvent('download');
  await page.getByRole('button', { name: /Télécharger l’accusé/u }).click();
  return fs.readFileSync(await (await attente).path());
}

await avecNavigateur(async (navigateur, fautes) => {
  const page = await ouvrir(navigateur, fautes, { javascript, statutsAttendus: [404, 422], acceptDownloads: true });
  await connecter(page, base, 'porteur@demo.example');
  const adresse = await preparer(page, base, `Grappe à déposer${marque}`);
  await page.goto(`${adresse}/depot`);
  await page.getByText('La fenêtre de dépôt se ferme le').waitFor();
  await page.locator('#mots-de-la-page summary').waitFor();
  await regarder(page, fautes, 'pret');

  // A question, from the dossier.
  await page.getByRole('link', { name: 'Poser une question sur ce dossier' }).click();
  exiger(/^IDF2024-/u.test(await page.locator('#dossier').inputValue()), 'La référence du dossier ne suit pas');
  await page.getByRole('button', { name: 'Envoyer la question' }).click();
  await page.getByRole('heading', { name: 'Votre question n’est pas partie' }).waitFor();
  await regarder(page, fautes, 'question-refusee');
  await page.getByLabel('Les financements').check({ force: true });
  await page.getByLabel('Votre question', { exact: true }).fill('Quel taux ?');
  await page.getByRole('button', { name: 'Envoyer la question' }).click();
  await page.getByText('Votre question est partie.').waitFor();
  await regarder(page, fautes, 'question-partie');

  await deposer(page, adresse);
  await regarder(page, fautes, 'accuse');
  const pdf = await telecharger(page);
  exiger(pdf.subarray(0, 5).toString() === '%PDF-' && pdf.includes('%%EOF'), 'L’accusé n’est pas un PDF');
  fs.mkdirSync('var/captures', { recursive: true });
  fs.writeFileSync(`var/captures/accuse${marque}.pdf`, pdf);
  const verification = await page.locator('a.portail-empreinte').getAttribute('href');

  // Anybody verifies it, by its address or by its hash.
  const visiteur = await ouvrir(navigateur, fautes, { javascript, statutsAttendus: [404, 422] });
  await visiteur.goto(base + new URL(verification).pathname);
  await visiteur.getByText('son contenu n’a pas changé', { exact: false }).waitFor();
  await regarder(visiteur, fautes, 'verifie');
  await visiteur.getByLabel('Empreinte, ou adresse de vérification').fill('pas une empreinte');
  await visiteur.getByRole('button', { name: 'Vérifier' }).click();
  await visiteur.getByRole('heading', { name: 'Cette empreinte n’a pas pu être lue' }).waitFor();
  await regarder(visiteur, fautes, 'verification-refusee');
  await visiteur.getByLabel('Empreinte, ou adresse de vérification').fill('0'.repeat(64));
  await visiteur.getByRole('button', { name: 'Vérifier' }).click();
  await visiteur.getByText('Aucun dépôt de ce portail').waitFor();

  // Taken back, changed, deposited again.
  await page.getByRole('link', { name: 'retirer ce dépôt' }).click();
  await regarder(page, fautes, 'retrait');
  await page.getByRole('button', { name: 'Retirer ce dépôt' }).click();
  await page.getByRole('heading', { name: 'Le dépôt n’a pas été retiré' }).waitFor();
  await page.locator('#confirmation').check({ force: true });
  await page.getByRole('button', { name: 'Retirer ce dépôt' }).click();
  await page.getByText('Votre dossier reste un brouillon', { exact: false }).waitFor();
  await page.goto(`${base}/porteur`);
  await page.getByText('Dépôt retiré, à déposer de nouveau', { exact: false }).waitFor();
  await page.goto(`${adresse}/etapes/motivations`);
  await page.getByLabel('Objectifs du projet').fill('Un autre objectif');
  await enregistrer(page);
  await page.goto(`${adresse}/depot`);
  await page.getByRole('link', { name: 'Ce qui a changé depuis' }).click();
  await page.getByRole('cell', { name: 'Un autre objectif' }).waitFor();
  await regarder(page, fautes, 'differences');
  await deposer(page, adresse);
  await page.getByRole('link', { name: /Dépôt numéro.1/u }).waitFor();
  await regarder(page, fautes, 'accuse-second');
  exiger(!(await telecharger(page)).equals(pdf), 'Les deux accusés sont le même');
  await visiteur.goto(base + new URL(verification).pathname);
  await visiteur.getByText('Remplacé', { exact: false }).first().waitFor();

  const ars = await ouvrir(navigateur, fautes, { javascript });
  await connecter(ars, base, 'ars@demo.example');
  await ars.getByRole('link', { name: `Grappe à déposer${marque}`, exact: true }).click();
  await ars.getByRole('link', { name: 'Différences avec le dépôt précédent' }).click();
  await ars.getByRole('cell', { name: 'Un autre objectif' }).waitFor();
  await regarder(ars, fautes, 'differences-ars');

  // Another dossier starts from it.
  await page.goto(adresse);
  await page.getByRole('link', { name: 'Ouvrir un autre dossier à partir de celui-ci' }).click();
  await page.getByLabel('Nom du dossier').fill('Grappe suivante');
  await regarder(page, fautes, 'nouveau');
  await page.getByRole('button', { name: 'Ouvrir le dossier' }).click();
  await page.getByText('Pièces non reprises', { exact: false }).waitFor();
  await regarder(page, fautes, 'repris');
});
