// Colleagues write one dossier together: saved while one types, cut and back, session ended, two at once; then what they say of
// a step and who takes care of it, with or without JavaScript.
import { LARGEURS, avecNavigateur, exiger, ouvrir, verifier } from './outils.mjs';
import { connecter, enregistre, enregistrer, ouvrirDossier } from './portail.mjs';

const [base, mode] = process.argv.slice(2);
const javascript = mode !== 'sans-js';
const marque = javascript ? '' : '-sans-js';

async function regarder(page, fautes, nom) {
  for (const largeur of LARGEURS) {
    await page.setViewportSize({ width: largeur, height: 900 });
    await verifier(page, fautes, `ecrire-${nom}-${largeur}${marque}`);
  }
  await page.setViewportSize({ width: LARGEURS[0], height: 900 });
}

/** What the page says of its own saves. */
const dit = (page, texte) => page.locator('[data-etat]').getByText(texte).first().waitFor();
const saisi = (page, nom) => page.locator(`#${nom}`).inputValue();

/** Types, then leaves the field. */
async function ecrire(page, nom, texte) {
  await page.locator(`#${nom}`).fill(texte);
  await page.locator(`#${nom}`).blur();
}

async function enregistrerEnEcrivant(navigateur, page, fautes, adresse) {
  const etape = `${adresse}/etapes/motivations`;
  await page.goto(etape);
  await dit(page, 'Vos réponses s’enregistrent pendant que vous écrivez');
  await ecrire(page, 'objectifs', 'Mieux coordonner');
  await dit(page, /^Enregistré à/u);
  await regarder(page, fautes, 'enregistre');
  await page.reload();
  exiger((await saisi(page, 'objectifs')) === 'Mieux coordonner', 'La réponse n’a pas été enregistrée pendant la saisie');
  // What a plain save then says is what was saved meanwhile.
  await ecrire(page, 'objectifs', 'Mieux coordonner les soins');
  await dit(page, /^Enregistré à/u);
  await enregistrer(page);

  // Cut, then back: saved once, and nothing asked.
  let envois = 0;
  page.on('response', (reponse) => { if (reponse.request().method() === 'POST') envois += 1; });
  await page.context().setOffline(true);
  await ecrire(page, 'organisation', 'Un comité par mois');
  await dit(page, 'Connexion perdue');
  await dit(page, 'Vos réponses sont gardées dans cet onglet');
  await regarder(page, fautes, 'coupure');
  await page.context().setOffline(false);
  await dit(page, /^Enregistré à/u);
  exiger(envois === 1, `${envois} réponses pour un enregistrement`);

  // Closed while cut: found again.
  const coupee = (route) => (route.request().method() === 'POST' ? route.abort('internetdisconnected') : route.continue());
  await page.route('**/*', coupee);
  await ecrire(page, 'organisation', 'Un comité par semaine');
  await dit(page, 'Connexion perdue');
  page.once('dialog', (dialogue) => dialogue.accept());
  await page.reload();
  await page.unroute('**/*', coupee);
  await page.getByRole('region', { name: 'Réponses retrouvées' }).waitFor();
  exiger((await saisi(page, 'organisation')) === 'Un comité par mois', 'Ce qui est retrouvé a été mis sans demander');
  await regarder(page, fautes, 'retrouvees');
  await page.getByRole('button', { name: 'Les reprendre' }).click();
  await dit(page, /^Enregistré à/u);
  exiger((await saisi(page, 'organisation')) === 'Un comité par semaine', 'La réponse tapée hors connexion est perdue');
  await page.reload();
  exiger((await saisi(page, 'organisation')) === 'Un comité par semaine', 'La réponse retrouvée n’est pas enregistrée');

  // Unreadable: named, kept, saved once mended.
  await page.goto(`${adresse}/etapes/projet`);
  await ecrire(page, 'nom_projet', 'Un DUI pour tous');
  await dit(page, /^Enregistré à/u);
  await ecrire(page, 'contact_courriel', 'camille');
  await dit(page, 'Pas encore enregistré');
  await page.locator('#contact_courriel-erreur').waitFor();
  await regarder(page, fautes, 'illisible');
  await ecrire(page, 'contact_courriel', 'camille@demo.example');
  await dit(page, /^Enregistré à/u);
  exiger((await page.locator('#contact_courriel-erreur').count()) === 0, 'L’erreur reste après la correction');

  // The session ends while one types: the plain save keeps everything through the log-in.
  const [session] = (await page.context().cookies()).filter((cookie) => /session/u.test(cookie.name));
  await page.context().clearCookies();
  await ecrire(page, 'resume', 'Écrit après la fin de la session');
  await dit(page, 'Votre session a pris fin');
  await regarder(page, fautes, 'session');
  exiger(Boolean(session), 'Aucune session à perdre');
  await page.getByRole('button', { name: 'Se reconnecter et enregistrer' }).click();
  await page.getByRole('heading', { name: 'Votre session avait pris fin', level: 1 }).waitFor();
  await regarder(page, fautes, 'reprise');
  await page.getByLabel('Adresse de courriel').fill('porteur@demo.example');
  await page.getByLabel('Mot de passe', { exact: true }).fill('demonstration-2024');
  await page.getByRole('button', { name: 'Se connecter et reprendre ma saisie' }).click();
  await page.getByRole('button', { name: 'Envoyer ma saisie' }).waitFor();
  await regarder(page, fautes, 'reprise-connecte');
  await page.getByRole('button', { name: 'Envoyer ma saisie' }).click();
  await enregistre(page);
  exiger((await saisi(page, 'resume')) === 'Écrit après la fin de la session', 'La saisie est perdue avec la session');
}

async function aDeux(page, collegue, fautes, adresse) {
  const etape = `${adresse}/etapes/motivations`;
  await page.goto(etape);
  await collegue.goto(etape);
  await ecrire(collegue, 'usagers', 'Le conseil de la vie sociale');
  await dit(collegue, /^Enregistré à/u);
  await ecrire(page, 'objectifs', 'Mes objectifs');
  await dit(page, /a modifié/u);
  exiger((await saisi(page, 'usagers')) === 'Le conseil de la vie sociale', 'La réponse du collègue n’est pas montrée');
  await regarder(page, fautes, 'collegue');
  // The same answer, each in their own way: both are shown.
  await ecrire(collegue, 'objectifs', 'Ses objectifs');
  await dit(collegue, 'Pas encore enregistré');
  await collegue.getByRole('button', { name: 'Afficher les deux réponses' }).click();
  await collegue.getByRole('heading', { name: 'Quelqu’un d’autre a enregistré cette étape entre-temps' }).waitFor();
  await collegue.getByRole('cell', { name: /Mes objectifs/u }).waitFor();
  exiger((await saisi(collegue, 'objectifs')) === 'Ses objectifs', 'La saisie en conflit est perdue');
  await enregistrer(collegue);

  await page.goto(`${adresse}/essms`);
  await regarder(page, fautes, 'essms');
}

await avecNavigateur(async (navigateur, fautes) => {
  const options = { javascript, statutsAttendus: [401, 403, 409, 422] };
  const page = await ouvrir(navigateur, fautes, options);
  await connecter(page, base, 'porteur@demo.example');
  const adresse = base + (await ouvrirDossier(page, base, `À plusieurs${marque}`));
  const collegue = await ouvrir(navigateur, fautes, options);
  await connecter(collegue, base, 'redaction@demo.example');
  if (javascript) {
    // The browser complains of each request cut on purpose.
    await enregistrerEnEcrivant(navigateur, page, fautes, adresse);
    await aDeux(page, collegue, fautes, adresse);
    const provoquees = /ERR_INTERNET_DISCONNECTED|ERR_ABORTED/u;
    fautes.splice(0, fautes.length, ...fautes.filter((faute) => !provoquees.test(faute)));
  } else {
    await page.goto(`${adresse}/etapes/motivations`);
    exiger(!(await page.locator('[data-etat]').isVisible()), 'L’état de l’enregistrement est montré sans script');
    await page.locator('#objectifs').fill('Sans script');
    await enregistrer(page);
  }

  await page.goto(`${adresse}/etapes/motivations`);
  await page.getByRole('link', { name: 'Commentaires et affectation' }).click();
  await page.getByLabel('Personne chargée de l’étape').selectOption({ index: 1 });
  await page.getByRole('button', { name: 'Confier l’étape' }).click();
  await page.getByText('C’est noté.').waitFor();
  await page.getByRole('button', { name: 'Ajouter le commentaire' }).click();
  await page.getByRole('link', { name: /Commentaire : renseignez ce champ/u }).waitFor();
  await page.getByLabel('Nouveau commentaire').fill('À relire avant vendredi.');
  await page.getByRole('button', { name: 'Ajouter le commentaire' }).click();
  await page.getByText('Votre commentaire est ajouté.').waitFor();
  await regarder(page, fautes, 'echanges');
  await page.getByRole('button', { name: /^Retirer/u }).click();
  await page.getByRole('button', { name: 'Rétablir mon commentaire' }).click();
  await page.getByText('Votre commentaire est rétabli.').waitFor();
  await collegue.goto(adresse);
  await collegue.getByText('1 commentaire à traiter', { exact: false }).first().waitFor();
  await regarder(collegue, fautes, 'etapes');
  await collegue.goto(`${adresse}/etapes/motivations/echanges`);
  await collegue.getByRole('button', { name: /^Marquer comme traité/u }).click();
  await collegue.getByText('Le commentaire est marqué comme traité.').waitFor();
  await page.goto(`${base}/porteur?etapes=tous`);
  await page.locator('#confiees').getByRole('link', { name: /Motivations/u }).first().waitFor();
  await regarder(page, fautes, 'tableau');

  await page.goto(`${adresse}/etapes/motivations`);
  await page.getByRole('link', { name: 'Historique' }).click();
  await page.locator('.portail-journal > li').first().waitFor();
  await regarder(page, fautes, 'journal');
});
