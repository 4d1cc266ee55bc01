// « Et si… »: a grappe too small is mended as proposed, then changes are tried, refused, undone; with or without JavaScript.
import { LARGEURS, avecNavigateur, exiger, ouvrir, verifier } from './outils.mjs';
import { coller, connecter, enregistre, essmsDe, organisme, ouvrirDossier, repondrePourTous } from './portail.mjs';

const [base, mode] = process.argv.slice(2);
const javascript = mode !== 'sans-js';
const marque = javascript ? '' : '-sans-js';

/** Looks at a page at every width, as it stands. */
async function regarder(page, fautes, nom) {
  for (const largeur of LARGEURS) {
    await page.setViewportSize({ width: largeur, height: 900 });
    await verifier(page, fautes, `et-si-${nom}-${largeur}${marque}`);
  }
  await page.setViewportSize({ width: LARGEURS[0], height: 900 });
}

await avecNavigateur(async (navigateur, fautes) => {
  const page = await ouvrir(navigateur, fautes, { javascript, statutsAttendus: [422] });
  await connecter(page, base, 'porteur@demo.example');
  const ej = await organisme(page, base);
  const adresse = base + (await ouvrirDossier(page, base, `Et si${marque}`));
  const numeros = (await essmsDe(page, adresse, ej)).slice(0, 12);
  await page.goto(`${adresse}/grappe`);
  await coller(page, numeros.join(' '));
  await enregistre(page);
  await repondrePourTous(page, adresse);

  // Three are missing: they are named, tried, added at once.
  await page.goto(`${adresse}/grappe`);
  await page.getByRole('heading', { name: 'Pour rendre la grappe éligible : ajouter 3 ESSMS' }).waitFor();
  await regarder(page, fautes, 'grappe');
  await page.getByRole('button', { name: 'Voir l’effet de ces changements' }).click();
  await page.getByRole('heading', { name: 'Ce que vous essayez : 3 ESSMS ajoutés' }).waitFor();
  exiger((await page.locator('.portail-cote').count()) === 2, 'Les deux côtés ne sont pas montrés');
  await regarder(page, fautes, 'essai');
  await page.getByRole('button', { name: 'Appliquer ces changements' }).click();
  await enregistre(page);
  await page.getByText('Changements essayés puis appliqués : 3 ESSMS ajoutés.').waitFor();
  await regarder(page, fautes, 'applique');
  await page.getByRole('link', { name: 'Essayer le retour en arrière' }).click();
  await page.getByRole('heading', { name: 'Ce que vous essayez : 3 ESSMS retirés' }).waitFor();
  await page.getByRole('button', { name: 'Abandonner' }).click();
  await page.getByRole('heading', { name: 'Composition : 15 ESSMS' }).waitFor();

  // What one chooses oneself; nothing is written, a mistyped number is named and kept.
  await page.goto(`${adresse}/et-si`);
  await page.locator(`#retirer-${numeros[0]}`).check({ force: true });
  await page.locator('#tous-hebergement').selectOption('externe');
  await page.locator(`[id="${numeros[1]}-type_projet"]`).selectOption('mise_en_conformite');
  await page.locator('#ajouter').fill('750000001');
  await page.getByRole('button', { name: 'Voir l’effet', exact: true }).click();
  await page.getByRole('heading', { name: 'Une partie de votre saisie n’a pas pu être lue' }).waitFor();
  await page.getByRole('heading', { name: /1 ESSMS retiré, 15 réponses changées/u }).waitFor();
  exiger((await page.locator('#ajouter').inputValue()).includes('750000001'), 'Le numéro à corriger a disparu');
  exiger((await page.getByRole('button', { name: 'Appliquer ces changements' }).count()) === 0, 'Une saisie illisible s’applique');
  await regarder(page, fautes, 'refuse');
  await page.locator('#ajouter').fill('');
  await page.getByRole('button', { name: 'Voir l’effet', exact: true }).click();
  await page.getByRole('button', { name: 'Appliquer ces changements' }).waitFor();
  await page.goto(`${adresse}/grappe`);
  await page.getByRole('heading', { name: 'Composition : 15 ESSMS' }).waitFor();
});
