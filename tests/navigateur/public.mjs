// What a person without account reads: home by région, an appel à projets, its rules, their differences, the legal pages; with and
// without JavaScript, wide and narrow.
import { avecNavigateur, exiger, ouvrir, verifierPartout } from './outils.mjs';

const [base] = process.argv.slice(2);

const PAGES = [
  ['/', 'public-accueil'],
  ['/?region=53', 'public-accueil-sans-aap'],
  ['/aap', 'public-aaps'],
  ['/aap/idf-2024', 'public-aap'],
  ['/regles', 'public-regles'],
  ['/aap/idf-2024/regles', 'public-regles-aap'],
  ['/aap/idf-2024/regles/ELI-G01', 'public-regle'],
  ['/aap/idf-2024/regles/FIN-01', 'public-regle-montants'],
  ['/aap/idf-2024/regles/ACH', 'public-regle-achat'],
  ['/aap/idf-2024/regles/USA-01', 'public-regle-usage'],
  ['/regles/differences', 'public-differences'],
  ['/accessibilite', 'public-accessibilite'],
  ['/confidentialite', 'public-confidentialite'],
  ['/conditions', 'public-conditions'],
  ['/mentions-legales', 'public-mentions'],
];

await avecNavigateur(async (navigateur, fautes) => {
  for (const [chemin, nom] of PAGES) await verifierPartout(navigateur, fautes, base + chemin, nom);
  await verifierPartout(navigateur, fautes, `${base}/?region=999`, 'public-accueil-refusee', { statutsAttendus: [422] });
  await verifierPartout(navigateur, fautes, `${base}/rien`, 'public-introuvable', { statutsAttendus: [404] });

  // By the keyboard alone, without JavaScript: one's région, its appel à projets, a rule.
  const page = await ouvrir(navigateur, fautes, { javascript: false });
  await page.goto(base);
  await page.keyboard.press('Tab');
  exiger((await page.evaluate(() => document.activeElement.textContent)).includes('Aller au contenu'), 'Le lien d’évitement vient d’abord');
  await page.getByLabel('Ma région').selectOption({ label: 'Île-de-France' });
  await page.getByRole('button', { name: 'Voir les appels à projets' }).press('Enter');
  exiger(new URL(page.url()).searchParams.get('region') === '11', 'La région n’est pas dans l’adresse');
  await page.locator('main > .portail-carte').getByRole('link', { name: /2024/u }).first().press('Enter');
  await page.getByRole('link', { name: /^ELI-G01/u }).press('Enter');
  await page.getByRole('heading', { name: 'Il en manque trois.' }).waitFor();
  await page.getByRole('link', { name: 'Toutes les règles de cet appel à projets' }).press('Enter');
  await page.getByLabel('Chercher').fill('hébergement');
  await page.getByLabel('Chercher').press('Enter');
  await page.getByRole('link', { name: /^ELI-G05/u }).waitFor();
  exiger((await page.context().cookies()).length === 0, 'Un témoin a été posé sans connexion');
});
