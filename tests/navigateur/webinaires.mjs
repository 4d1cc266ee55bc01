// Help that everybody reads, then a webinar from its announcement to its attendance list; with or without JavaScript.
import { LARGEURS, avecNavigateur, exiger, ouvrir, verifier } from './outils.mjs';
import { connecter } from './portail.mjs';

const [base, mode] = process.argv.slice(2);
const javascript = mode !== 'sans-js';
const marque = javascript ? '' : '-sans-js';
const COURRIEL = 'noe.traboule@exemple.fr';
const TITRE = 'Former une grappe, questions et réponses';

/** Looks at a page at every width, as it stands for this person. */
async function regarder(page, fautes, nom) {
  for (const largeur of LARGEURS) {
    await page.setViewportSize({ width: largeur, height: 900 });
    await verifier(page, fautes, `webinaires-${nom}-${largeur}${marque}`);
  }
  await page.setViewportSize({ width: LARGEURS[0], height: 900 });
}

/** Reads the last mail of this subject, once the worker has sent it: the address of its page, and what it says. */
async function lireLeCourriel(page, sujet) {
  for (;;) {
    await page.goto(`${base}/demonstration/courriels`);
    const ligne = page.getByRole('row').filter({ hasText: COURRIEL }).filter({ hasText: sujet });
    if ((await ligne.count()) > 0) {
      await ligne.first().getByRole('link').click();
      return page.locator('main').innerText();
    }
  }
}

async function aide(page, fautes) {
  await page.goto(`${base}/aide`);
  await regarder(page, fautes, 'aide');
  await page.getByRole('main').getByRole('link', { name: 'Questions fréquentes' }).click();
  await regarder(page, fautes, 'faq');
  await page.getByLabel('Chercher dans les questions').fill('zébulon');
  await page.getByRole('button', { name: 'Chercher' }).click();
  await page.getByRole('heading', { name: /Aucune question/u }).waitFor();
  await regarder(page, fautes, 'faq-rien');
  await page.getByLabel('Chercher dans les questions').fill('meme dui');
  await page.getByRole('button', { name: 'Chercher' }).click();
  await regarder(page, fautes, 'faq-trouvees');
  await page.getByRole('link', { name: /doivent-ils avoir le même DUI/u }).click();
  await page.getByRole('heading', { name: 'Les règles concernées' }).waitFor();
  await regarder(page, fautes, 'question');
  await page.getByRole('main').getByRole('link', { name: 'Grappe', exact: true }).click();
  exiger(page.url().endsWith('/glossaire#grappe'), 'Le mot ne mène pas au glossaire');
  await regarder(page, fautes, 'glossaire');
  await page.goto(`${base}/contacts`);
  await regarder(page, fautes, 'contacts');
  await page.getByRole('link', { name: /Écrire par formulaire.*financements/u }).first().click();
  exiger(await page.getByLabel('Les financements').isChecked(), 'Le sujet n’est pas repris');
}

/** Announces a webinar in a fortnight, after a refusal that keeps what was typed. */
async function annoncer(page, fautes) {
  await connecter(page, base, 'accompagnement@demo.example');
  await page.getByRole('link', { name: 'Webinaires', exact: true }).first().click();
  await regarder(page, fautes, 'organisation');
  await page.getByRole('button', { name: 'Annoncer un webinaire' }).click();
  await page.getByLabel('Titre').fill(TITRE);
  await page.getByLabel('Description').fill('Une heure de questions.');
  await page.getByLabel('Organisateur').fill('SESAN');
  const jour = new Date(Date.now() + 14 * 24 * 3600 * 1000);
  await page.getByLabel('Jour', { exact: true }).fill(String(jour.getDate()));
  await page.getByLabel('Mois').fill(String(jour.getMonth() + 1));
  await page.getByLabel('Année').fill(String(jour.getFullYear()));
  await page.getByLabel('Heure de début').fill('14h');
  await page.getByLabel('Heure de fin').fill('13h30');
  await page.getByLabel('Lien de connexion').fill('https://visio.example/questions');
  await page.getByRole('button', { name: 'Annoncer' }).click();
  await page.getByRole('heading', { name: 'Le webinaire n’est pas enregistré' }).waitFor();
  exiger((await page.getByLabel('Titre').inputValue()) === TITRE, 'Le titre saisi est perdu');
  await regarder(page, fautes, 'fiche-refusee');
  await page.getByLabel('Heure de fin').fill('15h30');
  await page.getByRole('button', { name: 'Annoncer' }).click();
  await page.getByText('Le webinaire est annoncé.').waitFor();
}

async function inscrire(page, fautes) {
  await page.goto(`${base}/webinaires`);
  await regarder(page, fautes, 'liste');
  await page.getByRole('link', { name: /Choisir son DUI/u }).click();
  await page.getByText('Complet, liste d’attente').waitFor();
  await regarder(page, fautes, 'complet');
  await page.goto(`${base}/webinaires`);
  await page.getByRole('link', { name: TITRE }).click();
  await page.getByLabel('Vos prénom et nom').fill('Noé Traboule');
  await page.getByRole('button', { name: 'M’inscrire' }).click();
  await page.getByRole('heading', { name: 'Vous n’êtes pas inscrit' }).waitFor();
  await regarder(page, fautes, 'inscription-refusee');
  await page.getByLabel('Votre adresse de courriel').fill(COURRIEL);
  await page.getByLabel('Vos questions').fill('Combien de temps ?');
  await page.getByRole('button', { name: 'M’inscrire' }).click();
  await page.getByText('Consultez vos courriels.').waitFor();
  await regarder(page, fautes, 'inscription');
}

/** Notes who came to the webinar that is over, and exports the list. */
async function noter(page, fautes) {
  await page.goto(`${base}/accompagnement/webinaires`);
  await page.getByRole('link', { name: /^Former une grappe, pas à pas/u }).click();
  await page.locator('input[name=present]').first().check({ force: true });
  await page.getByRole('button', { name: 'Enregistrer les présences' }).click();
  await page.getByText('Les présences sont enregistrées.').waitFor();
  await regarder(page, fautes, 'suivi');
  const [csv] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Exporter en CSV' }).click()]);
  exiger(csv.suggestedFilename() === 'presences.csv', 'La liste ne s’exporte pas');
}

/** Takes somebody out of a full webinar: who waited gets the place. */
async function retirer(page, fautes) {
  await page.goto(`${base}/accompagnement/webinaires`);
  await page.getByRole('link', { name: /^Choisir son DUI/u }).click();
  await page.getByRole('link', { name: /^Retirer/u }).first().click();
  await page.getByRole('heading', { name: 'Retirer une inscription' }).waitFor();
  await regarder(page, fautes, 'retrait');
  await page.getByRole('button', { name: 'Retirer cette inscription' }).click();
  await page.getByText('L’inscription est retirée').waitFor();
  exiger((await page.getByText('sur la liste d’attente').count()) === 0, 'La place libérée ne va à personne');
  await regarder(page, fautes, 'retire');
}

await avecNavigateur(async (navigateur, fautes) => {
  const options = { javascript, statutsAttendus: [422, 404] };
  const visiteur = await ouvrir(navigateur, fautes, options);
  const sesan = await ouvrir(navigateur, fautes, options);
  await aide(visiteur, fautes);
  await annoncer(sesan, fautes);
  const suivi = new URL(sesan.url()).pathname;
  await inscrire(visiteur, fautes);
  const texte = await lireLeCourriel(visiteur, 'Vous êtes inscrit');
  exiger(texte.includes('https://visio.example/questions'), 'Le courriel ne donne pas le lien de connexion');
  await regarder(visiteur, fautes, 'courriel');

  await sesan.goto(base + suivi);
  await sesan.getByText('Les présences se notent une fois le webinaire commencé.').waitFor();
  await noter(sesan, fautes);
  await retirer(sesan, fautes);

  await visiteur.goto(base + texte.match(/\/webinaires\/desinscription\/[\w-]+/u)[0]);
  await regarder(visiteur, fautes, 'desinscription');
  await visiteur.getByRole('button', { name: 'Annuler mon inscription' }).click();
  await visiteur.getByRole('heading', { name: 'Votre inscription est annulée' }).waitFor();
  await regarder(visiteur, fautes, 'desinscrit');
  await sesan.goto(base + suivi);
  await sesan.getByText('Personne n’est inscrit.').waitFor();
  await sesan.getByRole('link', { name: 'Annuler le webinaire' }).click();
  await regarder(sesan, fautes, 'annulation');
  await sesan.getByRole('button', { name: 'Annuler ce webinaire' }).click();
  await sesan.getByText('Annulé', { exact: true }).waitFor();
});
