// Mes ESSMS from its table to a dossier that takes it over; with or without JavaScript.
import { LARGEURS, avecNavigateur, exiger, ouvrir, verifier } from './outils.mjs';
import { connecter, enregistre, ouvrirDossier } from './portail.mjs';

const [base, mode] = process.argv.slice(2);
const javascript = mode !== 'sans-js';
const marque = javascript ? '' : '-sans-js';

async function regarder(page, fautes, nom) {
  for (const largeur of LARGEURS) {
    await page.setViewportSize({ width: largeur, height: 900 });
    await verifier(page, fautes, `${nom}-${largeur}${marque}`);
  }
  await page.setViewportSize({ width: LARGEURS[0], height: 900 });
}

/** Chooses a table to send. */
async function choisir(page, contenu) {
  await page.getByLabel('Tableau', { exact: true }).setInputFiles({ name: 'essms.csv', mimeType: 'text/csv', buffer: Buffer.from(contenu) });
}

/** Sends a table and waits for its check. */
async function envoyer(page, contenu) {
  await choisir(page, contenu);
  await page.getByRole('button', { name: 'Vérifier ce tableau' }).click();
  await page.waitForLoadState('load');
}

await avecNavigateur(async (navigateur, fautes) => {
  const page = await ouvrir(navigateur, fautes, { javascript, statutsAttendus: [422, 409] });
  await connecter(page, base, 'porteur@demo.example');
  await page.getByRole('link', { name: 'Mes ESSMS' }).first().click();
  await page.getByRole('heading', { name: 'Mes ESSMS', level: 1 }).waitFor();
  const cases = page.locator('#mes-essms input[name=finess]');
  const numeros = await cases.evaluateAll((liste) => liste.map((c) => c.value));
  exiger(numeros.length > 3, `L’OG de démonstration n’a que ${numeros.length} ESSMS`);
  await regarder(page, fautes, 'mes-essms');

  // One, answered in part.
  await page.goto(`${base}/porteur/essms/${numeros[0]}`);
  await page.getByLabel('Hébergement souhaité').selectOption('externe');
  await page.getByLabel('Équipement informatique').fill('Douze postes');
  await page.getByLabel('Personnes accompagnées').fill('beaucoup');
  await page.getByRole('button', { name: 'Enregistrer', exact: true }).click();
  await page.getByText('écrivez un nombre entier').first().waitFor();
  await regarder(page, fautes, 'mon-essms-refuse');
  await page.getByLabel('Personnes accompagnées').fill('80');
  await page.getByRole('button', { name: 'Enregistrer', exact: true }).click();
  await page.getByText('Réponses enregistrées. Vos prochains dossiers').waitFor();
  await regarder(page, fautes, 'mon-essms');

  // Two at once: what would be replaced is shown before.
  await page.goto(`${base}/porteur/essms`);
  for (const numero of numeros.slice(0, 2)) await page.locator(`#choisi-${numero}`).check({ force: true });
  await page.getByRole('button', { name: 'Répondre pour les ESSMS cochés' }).click();
  await page.getByRole('heading', { name: 'Répondre pour 2 ESSMS' }).waitFor();
  await page.getByLabel('Hébergement souhaité').selectOption('saas');
  await regarder(page, fautes, 'plusieurs');
  await page.getByRole('button', { name: 'Enregistrer pour ces ESSMS' }).click();
  await page.getByRole('heading', { name: /déjà donnée/u }).waitFor();
  await regarder(page, fautes, 'plusieurs-remplace');
  await page.getByRole('button', { name: 'Remplacer ces réponses' }).click();
  await page.getByText('Réponses de 2 ESSMS enregistrées').waitFor();

  // A spreadsheet: its columns, its errors, its good rows.
  await page.getByRole('link', { name: 'Importer un tableau' }).click();
  await regarder(page, fautes, 'import-essms');
  const lignes = ['Budget;Hébergement;N° FINESS', `12;Sur site (on premise);${numeros[0]}`, `13;nuage;${numeros[1]}`];
  await envoyer(page, lignes.join('\n'));
  await page.getByRole('heading', { name: /Que contient chaque colonne/u }).waitFor();
  await regarder(page, fautes, 'import-essms-colonnes');
  await page.getByLabel(/^Budget/u).selectOption('rien');
  await page.getByRole('button', { name: 'Vérifier avec ces colonnes' }).click();
  await page.getByRole('heading', { name: /Ce qui va changer : 1/u }).waitFor();
  await page.getByText('choisissez une des réponses proposées').first().waitFor();
  await regarder(page, fautes, 'import-essms-verifie');
  await page.getByRole('button', { name: /^Importer 1/u }).click();
  await page.getByText('1 ESSMS importés').waitFor();
  await page.getByRole('button', { name: 'Abandonner ce tableau' }).click();
  await page.getByRole('button', { name: 'Vérifier ce tableau' }).waitFor();

  // A dossier comes filled, says where it differs, takes over and gives back.
  const adresse = base + (await ouvrirDossier(page, base, `Grappe reprise${marque}`));
  // Its table: a fault is named with its row, and corrected in the box.
  const grappe = ['Nom;N° FINESS', `Premier;${numeros[0]}`, 'Mal recopié;7507193', `Second;${numeros[1]}`, 'Total;'];
  await choisir(page, grappe.join('\n'));
  await page.getByRole('button', { name: 'Ajouter les numéros du tableau' }).click();
  await page.getByRole('link', { name: /^Ligne\s3/u }).waitFor();
  await page.getByRole('link', { name: /aucun numéro FINESS à la ligne\s5/u }).waitFor();
  await regarder(page, fautes, 'grappe-tableau');
  await page.getByRole('button', { name: 'Ajouter seulement les 2 reconnus' }).click();
  await enregistre(page);
  exiger((await page.locator('#colles tbody tr').count()) === 3, 'Un numéro du tableau reste sans réponse');
  await page.goto(`${base}/porteur/essms/${numeros[0]}`);
  await page.getByLabel('Hébergement souhaité').selectOption('saas');
  await page.getByRole('button', { name: 'Enregistrer', exact: true }).click();
  await page.goto(`${adresse}/essms`);
  const hebergement = page.locator(`[id="${numeros[0]}-hebergement"]`);
  exiger((await hebergement.inputValue()) === 'on_premise', 'L’ESSMS n’arrive pas rempli');
  await page.getByText('1 réponse diffère de Mes ESSMS').waitFor();
  await page.locator(`#essms-${numeros[0]} summary`).click();
  await regarder(page, fautes, 'essms-ecarts');
  await page.getByRole('button', { name: /Reprendre ces réponses/u }).click();
  await page.getByRole('button', { name: 'Annuler la reprise' }).waitFor();
  exiger((await hebergement.inputValue()) === 'saas', 'La reprise n’a rien repris');
  await page.getByRole('button', { name: 'Annuler la reprise' }).click();
  await page.getByText('1 réponse diffère de Mes ESSMS').waitFor();
  exiger((await hebergement.inputValue()) === 'on_premise', 'La reprise n’est pas annulée');
});
