// A deposited dossier becomes a model: offered by the ARS, read and agreed to by the porteur, started from by another; with or
// without JavaScript.
import { LARGEURS, avecNavigateur, exiger, ouvrir, verifier } from './outils.mjs';
import { connecter, deposer, enregistrer, preparer } from './portail.mjs';

const [base, mode] = process.argv.slice(2);
const javascript = mode !== 'sans-js';
const marque = javascript ? '' : '-sans-js';
const TITRE = 'Un même dossier usager pour des établissements voisins';

/** Looks at a page at every width, as it stands for this person. */
async function regarder(page, fautes, nom) {
  for (const largeur of LARGEURS) {
    await page.setViewportSize({ width: largeur, height: 900 });
    await verifier(page, fautes, `modeles-${nom}-${largeur}${marque}`);
  }
  await page.setViewportSize({ width: LARGEURS[0], height: 900 });
}

await avecNavigateur(async (navigateur, fautes) => {
  const options = { javascript, statutsAttendus: [422, 404] };
  const [a, ars, b] = [
    await ouvrir(navigateur, fautes, options), await ouvrir(navigateur, fautes, options), await ouvrir(navigateur, fautes, options),
  ];
  await connecter(a, base, 'porteur@demo.example');
  await connecter(ars, base, 'ars@demo.example');
  await connecter(b, base, 'voisin@demo.example');

  // The model of the demonstration, read by a porteur.
  await b.goto(`${base}/porteur/dossiers/nouveau`);
  await regarder(b, fautes, 'nouveau');
  await b.locator('#modeles').getByRole('link', { name: /modèle fictif/u }).click();
  await b.getByText('Ce modèle est fictif.', { exact: false }).waitFor();
  await regarder(b, fautes, 'fictif');

  // A deposited dossier, that names itself.
  const nom = `Grappe à imiter${marque}`;
  const adresse = await preparer(a, base, nom);
  await a.goto(`${adresse}/etapes/motivations`);
  await a.getByLabel('Objectifs du projet').fill('Équiper tous nos services. Contact : Camille Porteur, 01 23 45 67 89, camille@demo.example.');
  await enregistrer(a);
  await deposer(a, adresse);

  // The ARS offers it: names are taken out, and what is missing is said.
  await ars.goto(`${base}/instruction`);
  await ars.getByRole('link', { name: nom, exact: true }).click();
  await ars.getByRole('link', { name: 'Proposer comme modèle' }).click();
  const objectifs = ars.locator('[id="motivations-objectifs"]');
  const propose = 'Équiper tous nos services. Contact : [personne], [téléphone], [adresse électronique].';
  exiger((await objectifs.inputValue()).trim() === propose, `Mal masqué : ${await objectifs.inputValue()}`);
  await regarder(ars, fautes, 'proposer');
  await objectifs.fill('Équiper tous nos services.');
  await ars.getByRole('button', { name: 'Demander l’accord du porteur' }).click();
  await ars.locator('.govuk-error-summary').waitFor();
  exiger((await objectifs.inputValue()).trim() === 'Équiper tous nos services.', 'Le texte corrigé est perdu');
  await regarder(ars, fautes, 'proposer-refuse');
  await ars.getByLabel('Titre du modèle').fill(TITRE);
  await ars.locator('#relu').check({ force: true });
  await ars.getByRole('button', { name: 'Demander l’accord du porteur' }).click();
  await ars.getByText('Le modèle est proposé.', { exact: false }).waitFor();
  await regarder(ars, fautes, 'propose');

  // Nothing is published before the porteur, written to, agrees.
  await b.goto(`${base}/porteur/dossiers/nouveau`);
  exiger((await b.getByRole('link', { name: TITRE }).count()) === 0, 'Le modèle se lit avant l’accord');
  await a.goto(adresse);
  await a.getByRole('link', { name: /L’ARS vous propose de publier/u }).click();
  await a.getByRole('heading', { name: TITRE, level: 1 }).waitFor();
  await regarder(a, fautes, 'repondre');
  await a.getByRole('button', { name: 'Accepter la publication' }).click();
  await a.getByText('Le modèle est publié.', { exact: false }).waitFor();
  await regarder(a, fautes, 'accepte');

  // Another porteur starts from it.
  await b.goto(`${base}/porteur/dossiers/nouveau`);
  await b.locator('#modeles').getByRole('link', { name: TITRE }).click();
  exiger(!(await b.locator('main').innerText()).includes('Camille'), 'Le modèle nomme une personne');
  await regarder(b, fautes, 'publie');
  await b.getByRole('link', { name: 'Partir de ce modèle' }).click();
  await b.getByLabel('Nom du dossier').fill(`Parti d’un modèle${marque}`);
  await b.getByRole('radio', { name: /2024/u }).check();
  await b.getByRole('button', { name: 'Ouvrir le dossier' }).click();
  await b.getByText('Textes repris d’un modèle', { exact: false }).waitFor();
  await regarder(b, fautes, 'parti');
  await b.goto(`${new URL(b.url()).origin}${new URL(b.url()).pathname}/etapes/motivations`);
  exiger((await b.getByLabel('Objectifs du projet').inputValue()).trim() === 'Équiper tous nos services.', 'Le texte n’est pas repris');

  // The ARS takes it back.
  await ars.reload();
  await ars.locator('#confirmation').check({ force: true });
  await ars.getByRole('button', { name: 'Retirer ce modèle' }).click();
  await ars.getByText('Le modèle est retiré.', { exact: false }).waitFor();
  await ars.goto(`${base}/instruction`);
  await regarder(ars, fautes, 'liste');
  await b.goto(`${base}/porteur/dossiers/nouveau`);
  exiger((await b.getByRole('link', { name: TITRE }).count()) === 0, 'Le modèle retiré se lit encore');
});
