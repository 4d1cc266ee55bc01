// The gallery and the error pages, as a person meets them.
import { avecNavigateur, capturer, exiger, ouvrir, verifierAxe, verifierDebordement, verifierPartout } from './outils.mjs';

const [base] = process.argv.slice(2);

await avecNavigateur(async (navigateur, fautes) => {
  await verifierPartout(navigateur, fautes, `${base}/galerie`, 'galerie');
  await verifierPartout(navigateur, fautes, `${base}/galerie-refusee`, 'galerie-refusee');
  await verifierPartout(navigateur, fautes, `${base}/erreur`, 'erreur', { statutsAttendus: [500] });

  const page = await ouvrir(navigateur, fautes);
  await page.goto(`${base}/galerie`, { waitUntil: 'load' });
  exiger(await page.evaluate(() => document.fonts.check('19px "Atkinson Hyperlegible"')), 'La police n’est pas chargée');
  const saut = await ouvrir(navigateur, fautes, { statutsAttendus: [500] });
  await saut.goto(`${base}/erreur`, { waitUntil: 'load' });
  await saut.keyboard.press('Tab');
  exiger(await saut.evaluate(() => document.activeElement?.classList.contains('govuk-skip-link')), 'Le lien d’évitement n’est pas le premier');
  await saut.keyboard.press('Enter');
  exiger(await saut.evaluate(() => document.activeElement?.id === 'contenu'), 'Le lien d’évitement ne mène pas au contenu');
  await page.locator('#motivations').fill('Un début');
  await page.locator('.govuk-character-count__status').filter({ hasText: '1992 caractères' }).or(
    page.locator('.govuk-character-count__status').filter({ hasText: /1[\s.,]?992/u }),
  ).first().waitFor();
  await page.getByRole('button', { name: 'Afficher le mot de passe' }).click();
  exiger((await page.locator('#mot_de_passe').getAttribute('type')) === 'text', 'Le mot de passe ne s’affiche pas');
  await page.getByRole('button', { name: 'ESSMS', exact: true }).click();
  exiger((await page.locator('#triable tbody tr').first().innerText()).includes('Seine'), 'Le tableau ne se trie pas');
  exiger(await page.getByRole('button', { name: 'Imprimer cette page' }).isVisible(), 'Le bouton d’impression reste caché');
  await page.emulateMedia({ media: 'print' });
  await capturer(page, 'galerie-impression');

  const vues = [];
  const fautive = await ouvrir(navigateur, vues, { largeur: 390 });
  await fautive.goto(`${base}/fautive`, { waitUntil: 'load' });
  await verifierAxe(fautive, vues, 'fautive');
  await verifierDebordement(fautive, vues, 'fautive');
  for (const attendue of ['Content Security Policy', '404', 'axe image-alt', 'la page déborde']) {
    exiger(vues.some((faute) => faute.includes(attendue)), `Le banc n’a pas vu « ${attendue} » :\n${vues.join('\n')}`);
  }

  const refusee = await ouvrir(navigateur, fautes);
  await refusee.goto(`${base}/galerie-refusee`, { waitUntil: 'load' });
  exiger(await refusee.evaluate(() => document.activeElement?.classList.contains('govuk-error-summary')), 'Le résumé des erreurs ne reçoit pas le focus');
  await refusee.getByRole('link', { name: /Services socles/u }).click();
  exiger(await refusee.evaluate(() => document.activeElement?.id === 'socles'), 'Le lien du résumé ne mène pas au champ');
});
