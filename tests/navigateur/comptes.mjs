// From sign-up to a colleague's first log-in, mails read in the demonstration's mailbox; with or without JavaScript.
import { createHmac } from 'node:crypto';
import { LARGEURS, avecNavigateur, exiger, ouvrir, verifier } from './outils.mjs';
import { connecter } from './portail.mjs';

const [base, mode] = process.argv.slice(2);
const javascript = mode !== 'sans-js';
const marque = javascript ? '' : '-sans-js';
const MOT_DE_PASSE = 'girafe parapluie nénuphar 7';

/** Looks at a page at every width, as it stands for this person. */
async function regarder(page, fautes, nom) {
  for (const largeur of LARGEURS) {
    await page.setViewportSize({ width: largeur, height: 900 });
    await verifier(page, fautes, `comptes-${nom}-${largeur}${marque}`);
  }
  await page.setViewportSize({ width: LARGEURS[0], height: 900 });
}

/** Reads the last mail to this address, once the worker has sent it, and follows its link on this portal. */
async function suivreLeLien(page, courriel, sujet, chemin) {
  for (;;) {
    await page.goto(`${base}/demonstration/courriels`);
    const ligne = page.getByRole('row').filter({ hasText: courriel }).filter({ hasText: sujet });
    if ((await ligne.count()) > 0) {
      await ligne.first().getByRole('link').click();
      break;
    }
  }
  const texte = await page.locator('main').innerText();
  const lien = texte.match(new RegExp(`${chemin}[\\w/-]*`, 'u'));
  exiger(lien !== null, `Le courriel « ${sujet} » n’a pas de lien ${chemin}`);
  await page.goto(base + lien[0]);
}

/** The code that an application shows now for this key (RFC 6238). */
function codeDe(cle) {
  const bits = [...cle].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const octets = Buffer.from(bits.match(/.{8}/gu).map((octet) => Number.parseInt(octet, 2)));
  const instant = Buffer.alloc(8);
  instant.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const empreinte = createHmac('sha1', octets).update(instant).digest();
  const nombre = empreinte.readUInt32BE(empreinte.at(-1) % 16) % 2 ** 31;
  return String(nombre % 1_000_000).padStart(6, '0');
}

/** Logs in with the password of this journey. */
async function entrer(page, courriel) {
  await page.goto(`${base}/connexion`);
  await page.getByLabel('Adresse de courriel').fill(courriel);
  await page.getByLabel('Mot de passe', { exact: true }).fill(MOT_DE_PASSE);
  await page.getByRole('button', { name: 'Se connecter', exact: true }).click();
  await page.getByRole('button', { name: 'Se déconnecter' }).waitFor();
}

await avecNavigateur(async (navigateur, fautes) => {
  const options = { javascript, statutsAttendus: [422, 404] };
  const sesan = await ouvrir(navigateur, fautes, options);
  await connecter(sesan, base, 'accompagnement@demo.example');

  // An OG that nobody signs for: the last found for a common word, which is not one of the demonstration's two.
  const page = await ouvrir(navigateur, fautes, options);
  await page.goto(base);
  await page.getByRole('link', { name: 'Déposer', exact: true }).click();
  await page.getByRole('link', { name: 'Créer un compte' }).click();
  await regarder(page, fautes, 'inscription-recherche');
  await page.getByLabel('Votre organisme gestionnaire').fill('association');
  await page.getByRole('button', { name: 'Chercher' }).click();
  await regarder(page, fautes, 'inscription-trouves');
  await page.locator('#organismes a').last().click();
  await page.getByLabel('Prénom et nom').fill('Noé Traboule');
  await page.getByLabel('Adresse de courriel').fill('noe@exemple.fr');
  await page.getByLabel('Mot de passe', { exact: true }).fill('motdepasse1234');
  await page.getByRole('button', { name: 'Demander un compte' }).click();
  await page.getByRole('link', { name: /cochez la case/iu }).waitFor();
  exiger((await page.locator('#nom').inputValue()) === 'Noé Traboule', 'Le nom saisi est perdu');
  await page.locator('#conditions').check({ force: true });
  await page.getByLabel('Mot de passe', { exact: true }).fill('motdepasse1234');
  await page.getByRole('button', { name: 'Demander un compte' }).click();
  await page.getByText('trop facile à deviner').first().waitFor();
  await regarder(page, fautes, 'inscription-refusee');
  await page.getByLabel('Mot de passe', { exact: true }).fill(MOT_DE_PASSE);
  await page.getByRole('button', { name: 'Demander un compte' }).click();
  await page.getByRole('heading', { name: 'Consultez vos courriels' }).waitFor();
  await regarder(page, fautes, 'inscription-envoyee');

  await suivreLeLien(page, 'noe@exemple.fr', 'Confirmez votre adresse', '/inscription/');
  await regarder(page, fautes, 'confirmation');
  await page.getByLabel('Mot de passe', { exact: true }).fill(MOT_DE_PASSE);
  await page.getByRole('button', { name: 'Confirmer mon adresse' }).click();
  await page.getByRole('heading', { name: 'Votre adresse est confirmée' }).waitFor();
  await regarder(page, fautes, 'confirmee');
  await entrer(page, 'noe@exemple.fr');
  await page.goto(`${base}/porteur`);
  await page.getByRole('heading', { name: 'Votre compte attend une approbation' }).waitFor();
  await regarder(page, fautes, 'attente');

  await sesan.goto(`${base}/accompagnement`);
  await sesan.getByRole('link', { name: '1 demande de compte' }).click();
  await regarder(sesan, fautes, 'demandes');
  await sesan.getByRole('link', { name: 'Répondre à Noé Traboule' }).click();
  await sesan.getByRole('button', { name: 'Répondre' }).click();
  await sesan.getByRole('link', { name: /choisissez une réponse/iu }).waitFor();
  await sesan.getByRole('radio', { name: 'Ouvrir le compte' }).check({ force: true });
  await regarder(sesan, fautes, 'demande');
  await sesan.getByRole('button', { name: 'Répondre' }).click();
  await sesan.getByText('Le compte est ouvert').waitFor();

  await page.goto(`${base}/porteur/organisme`);
  await page.getByRole('heading', { name: 'Mon organisme', level: 1 }).waitFor();
  await page.getByLabel('Adresse de courriel').fill('lea@exemple.fr');
  await page.getByRole('radio', { name: 'Édition' }).check({ force: true });
  await page.getByRole('button', { name: 'Envoyer l’invitation' }).click();
  await page.getByText('L’invitation est envoyée').waitFor();
  await regarder(page, fautes, 'organisme');

  const collegue = await ouvrir(navigateur, fautes, options);
  await suivreLeLien(collegue, 'lea@exemple.fr', 'vous invite à rejoindre', '/invitation/');
  await regarder(collegue, fautes, 'invitation');
  await collegue.getByLabel('Prénom et nom').fill('Léa Collègue');
  await collegue.getByLabel('Mot de passe', { exact: true }).fill(MOT_DE_PASSE);
  await collegue.locator('#conditions').check({ force: true });
  await collegue.getByRole('button', { name: 'Accepter l’invitation' }).click();
  await collegue.getByRole('heading', { name: 'Votre compte est ouvert' }).waitFor();
  await entrer(collegue, 'lea@exemple.fr');
  await collegue.getByRole('heading', { name: 'Tableau de bord', level: 1 }).waitFor();

  await page.goto(`${base}/porteur/organisme`);
  await page.getByRole('link', { name: 'Modifier le compte de Léa Collègue' }).click();
  await regarder(page, fautes, 'membre');
  await page.getByRole('link', { name: 'Retirer ce compte de l’organisme' }).click();
  await regarder(page, fautes, 'retrait');
  await page.getByRole('button', { name: 'Retirer ce compte' }).click();
  await page.getByText('Le compte est retiré').waitFor();
  await collegue.goto(`${base}/porteur`);
  await collegue.getByRole('heading', { name: 'Se connecter', level: 1 }).waitFor();
  await page.getByRole('link', { name: 'Journal des comptes' }).click();
  await regarder(page, fautes, 'journal');

  for (const chemin of ['compte', 'compte/mot-de-passe', 'compte/sessions', 'conditions', 'aide']) {
    await page.goto(`${base}/${chemin}`);
    await regarder(page, fautes, chemin.replaceAll('/', '-'));
  }

  // A second factor: the key, a wrong code, the recovery codes, one of them at the next log-in.
  await page.goto(`${base}/compte/second-facteur`);
  await regarder(page, fautes, 'second-facteur');
  await page.getByRole('button', { name: 'Activer la connexion en deux temps' }).click();
  await page.getByRole('heading', { name: '1. Donner la clé à votre application' }).waitFor();
  const cle = (await page.locator('.portail-cle').innerText()).replaceAll(' ', '');
  await regarder(page, fautes, 'second-facteur-cle');
  const activer = async (code) => {
    await page.getByLabel('Code', { exact: true }).fill(code);
    await page.getByLabel('Mot de passe actuel', { exact: true }).fill(MOT_DE_PASSE);
    await page.getByRole('button', { name: 'Activer', exact: true }).click();
  };
  await activer('12');
  await page.getByRole('heading', { name: 'Rien n’est changé' }).waitFor();
  await regarder(page, fautes, 'second-facteur-refuse');
  await activer(codeDe(cle));
  await page.getByRole('heading', { name: 'Vos codes de secours' }).waitFor();
  await regarder(page, fautes, 'second-facteur-codes');
  const secours = await page.locator('.portail-codes code').first().innerText();
  await page.getByRole('link', { name: 'J’ai gardé mes codes' }).click();
  await page.goto(`${base}/compte/second-facteur`);
  await regarder(page, fautes, 'second-facteur-actif');
  const ailleurs = await ouvrir(navigateur, fautes, options);
  await ailleurs.goto(`${base}/connexion`);
  await ailleurs.getByLabel('Adresse de courriel').fill('noe@exemple.fr');
  await ailleurs.getByLabel('Mot de passe', { exact: true }).fill(MOT_DE_PASSE);
  await ailleurs.getByRole('button', { name: 'Se connecter', exact: true }).click();
  await ailleurs.getByRole('heading', { name: 'Code de connexion' }).waitFor();
  await regarder(ailleurs, fautes, 'code');
  await ailleurs.getByLabel('Code', { exact: true }).fill(secours);
  await ailleurs.getByRole('button', { name: 'Se connecter', exact: true }).click();
  await ailleurs.getByRole('button', { name: 'Se déconnecter' }).waitFor();

  // Forgotten: the link, then the new password.
  await collegue.goto(`${base}/mot-de-passe/oublie`);
  await regarder(collegue, fautes, 'oubli');
  await collegue.getByLabel('Adresse de courriel').fill('noe@exemple.fr');
  await collegue.getByRole('button', { name: 'Recevoir un lien' }).click();
  await collegue.getByRole('heading', { name: 'Consultez vos courriels' }).waitFor();
  await suivreLeLien(collegue, 'noe@exemple.fr', 'Choisir un nouveau mot de passe', '/mot-de-passe/');
  await regarder(collegue, fautes, 'reinitialisation');
  await collegue.getByLabel('Nouveau mot de passe').fill('girafe parapluie nénuphar 8');
  await collegue.getByRole('button', { name: 'Changer le mot de passe' }).click();
  await collegue.getByRole('heading', { name: 'Votre mot de passe est changé' }).waitFor();
  await page.goto(`${base}/compte`);
  await page.getByRole('heading', { name: 'Se connecter', level: 1 }).waitFor();
});
