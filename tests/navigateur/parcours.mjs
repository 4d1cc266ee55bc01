// A porteur from log-in to deposit, then the instructor who opens the dossier; with or without JavaScript.
import { LARGEURS, avecNavigateur, capturer, exiger, ouvrir, verifier } from './outils.mjs';
import {
  ETAPES, PDF, coller, connecter, enregistre, enregistrer, equilibrerPlan, essmsDe, joindreLesPieces, organisme, ouvrirDossier, repondrePourTous,
} from './portail.mjs';

const [base, mode] = process.argv.slice(2);
const javascript = mode !== 'sans-js';
const marque = javascript ? '' : '-sans-js';

/** Looks at a page at every width, as it stands for this person. */
async function regarder(page, fautes, nom) {
  for (const largeur of LARGEURS) {
    await page.setViewportSize({ width: largeur, height: 900 });
    await verifier(page, fautes, `${nom}-${largeur}${marque}`);
  }
  await page.setViewportSize({ width: LARGEURS[0], height: 900 });
}

/** The mail that the deposit wrote, where the demonstration shows it; what its addressee chooses to receive. */
async function courriels(navigateur, page, fautes) {
  const anonyme = await ouvrir(navigateur, fautes, { javascript });
  await anonyme.goto(base);
  await anonyme.getByRole('link', { name: 'Courriels de la démonstration' }).click();
  const lien = anonyme.getByRole('link', { name: /Accusé de réception/u }).first();
  // It leaves in the second that follows.
  for (let essai = 0; essai < 40 && (await lien.count()) === 0; essai += 1) {
    await anonyme.waitForTimeout(250);
    await anonyme.reload();
  }
  await regarder(anonyme, fautes, 'boite');
  await lien.click();
  await anonyme.getByText('DÉMONSTRATION', { exact: false }).first().waitFor();
  await regarder(anonyme, fautes, 'courriel');
  await anonyme.getByRole('link', { name: 'Voir la version mise en page' }).click();
  await anonyme.getByRole('heading', { name: 'Votre dossier est déposé' }).waitFor();
  await capturer(anonyme, 'courriel-html');
  const refuser = anonyme.getByRole('link', { name: /Ne plus recevoir/u });
  exiger((await refuser.count()) === 0, 'Un accusé de réception se refuse');

  // What a colleague writes may be refused.
  await anonyme.goto(`${base}/demonstration/courriels`);
  await anonyme.getByRole('link', { name: /a commenté une étape/u }).first().click();
  await anonyme.getByRole('link', { name: 'Voir la version mise en page' }).click();
  const desabonnement = await refuser.getAttribute('href');
  await anonyme.goto(`${base}${new URL(desabonnement).pathname}`);
  await regarder(anonyme, fautes, 'desabonnement');
  await anonyme.getByRole('button', { name: 'Ne plus les recevoir' }).click();
  await anonyme.getByRole('heading', { name: 'C’est noté' }).waitFor();
  await regarder(anonyme, fautes, 'desabonnement-fait');

  await page.goto(`${base}/compte`);
  await page.getByRole('link', { name: 'Les courriels que je reçois' }).click();
  const echanges = page.getByRole('group', { name: 'Commentaires et tâches de mes collègues' });
  exiger(await echanges.getByLabel('Jamais').isChecked(), 'Le lien du courriel n’a rien arrêté');
  await echanges.getByLabel('Dans un résumé quotidien').check();
  await page.getByRole('button', { name: 'Enregistrer', exact: true }).click();
  await page.getByText('Vos choix sont enregistrés.').waitFor();
  await regarder(page, fautes, 'mes-courriels');
}

await avecNavigateur(async (navigateur, fautes) => {
  const page = await ouvrir(navigateur, fautes, { javascript, statutsAttendus: [422, 409] });
  await page.goto(base);
  await regarder(page, fautes, 'accueil');
  await page.goto(`${base}/connexion`);
  await regarder(page, fautes, 'connexion');
  await connecter(page, base, 'porteur@demo.example');
  const ej = await organisme(page, base);
  const adresse = base + (await ouvrirDossier(page, base, `Grappe d’essai${marque}`));
  await regarder(page, fautes, 'grappe-vide');

  // Fifteen numbers, any separators, one mistyped and the EJ: each fault is named, nothing is lost.
  const numeros = (await essmsDe(page, adresse, ej)).slice(0, 15);
  exiger(numeros.length === 15, `L’OG de démonstration n’a que ${numeros.length} ESSMS`);
  await regarder(page, fautes, 'grappe-recherche');
  await page.goto(`${adresse}/grappe`);
  const faux = numeros[0].slice(0, 8) + ((Number(numeros[0][8]) + 1) % 10);
  await coller(page, [...numeros.slice(0, 5), faux, ej].join(' ; ') + '\n' + numeros.slice(5).join('\t'));
  await page.getByText('la clé de ce numéro FINESS est fausse').first().waitFor();
  await page.getByText('est le numéro FINESS juridique (EJ)').first().waitFor();
  exiger((await page.locator('#numeros').inputValue()).includes(numeros[14]), 'La saisie collée est perdue');
  await regarder(page, fautes, 'grappe-refusee');
  await page.getByRole('button', { name: 'Ajouter seulement les 15 reconnus' }).click();
  await enregistre(page);
  exiger((await page.locator('#numeros').inputValue()).includes(faux), 'Le numéro à corriger a disparu');
  await page.getByRole('heading', { name: 'Composition : 15 ESSMS' }).waitFor();
  exiger((await page.locator('#colles tbody tr').count()) === 17, 'Un numéro collé reste sans réponse');
  await regarder(page, fautes, 'grappe-collee');

  // Taking one out and back loses nothing.
  await page.locator(`#choisi-${numeros[3]}`).check({ force: true });
  await page.getByRole('button', { name: 'Retirer la sélection' }).click();
  await page.getByRole('heading', { name: 'Composition : 14 ESSMS' }).waitFor();
  await page.getByRole('button', { name: 'Annuler le retrait' }).click();
  await page.getByRole('heading', { name: 'Composition : 15 ESSMS' }).waitFor();

  await repondrePourTous(page, adresse);
  await regarder(page, fautes, 'essms');

  // One ESSMS made ineligible, then repaired.
  await page.locator(`#essms-${numeros[14]} summary`).click();
  await page.locator(`input[name="${numeros[14]}-deja_finance"][value="oui"]`).check();
  await enregistrer(page);
  await page.locator('.portail-coup-d-oeil').getByText('1 exclu').waitFor();
  await page.goto(`${adresse}/grappe`);
  await page.getByText('ajouter 1 ESSMS', { exact: false }).first().waitFor();
  await regarder(page, fautes, 'grappe-exclu');
  await page.goto(`${adresse}/essms`);
  await page.locator(`#essms-${numeros[14]} summary`).click();
  await page.locator(`input[name="${numeros[14]}-deja_finance"][value="non"]`).check();
  await enregistrer(page);
  await page.locator('.portail-coup-d-oeil').getByText('15 éligibles').waitFor();

  // One wrong field: the page comes back with everything typed.
  await page.goto(`${adresse}/etapes/projet`);
  // A question that one answer calls for comes with it, script or not.
  await page.locator('input[name="depot_2021"][value="non"]').check();
  exiger((await page.locator('#reference_2021').isVisible()) === false, 'La référence de 2021 est demandée sans objet');
  await page.locator('input[name="depot_2021"][value="oui"]').check();
  exiger(await page.locator('#reference_2021').isVisible(), 'La référence de 2021 n’est pas demandée');
  await ETAPES.projet(page);
  await page.locator('#contact_courriel').fill('camille arobase demo');
  await page.getByRole('button', { name: 'Enregistrer', exact: true }).click();
  await page.getByRole('heading', { name: 'Votre saisie n’a pas été enregistrée' }).waitFor();
  exiger((await page.locator('#contact_courriel').inputValue()) === 'camille arobase demo', 'La valeur refusée est perdue');
  exiger((await page.locator('#resume').inputValue()) !== '', 'Les autres champs sont perdus');
  await regarder(page, fautes, 'projet-refuse');
  await page.locator('#contact_courriel').fill('camille@demo.example');

  // Meanwhile a colleague saves the same step: both values are shown.
  const collegue = await ouvrir(navigateur, fautes, { javascript });
  await connecter(collegue, base, 'redaction@demo.example');
  await collegue.goto(`${adresse}/etapes/projet`);
  await collegue.locator('#nom_projet').fill('Le nom du collègue');
  await enregistrer(collegue);
  await page.locator('#nom_projet').fill('Un DUI pour nous tous');
  await page.getByRole('button', { name: 'Enregistrer', exact: true }).click();
  await page.getByRole('heading', { name: 'Quelqu’un d’autre a enregistré cette étape entre-temps' }).waitFor();
  await page.getByRole('cell', { name: /Le nom du collègue/u }).waitFor();
  exiger((await page.locator('#nom_projet').inputValue()) === 'Un DUI pour nous tous', 'La saisie en conflit est perdue');
  await regarder(page, fautes, 'projet-conflit');
  await enregistrer(page);

  for (const [etape, remplir] of Object.entries(ETAPES)) {
    if (etape === 'projet') continue;
    await page.goto(`${adresse}/etapes/${etape}`);
    await remplir(page);
    await enregistrer(page);
    await regarder(page, fautes, `etape-${etape}`);
  }
  await equilibrerPlan(page, adresse);
  await page.getByText(/REC-04.*est maintenant satisfait/u).waitFor();
  await regarder(page, fautes, 'etape-financement');

  // Two speak of the pieces: who takes part in a conversation is told by mail what comes next.
  for (const qui of [page, collegue]) {
    await qui.goto(`${adresse}/pieces`);
    await qui.getByRole('link', { name: 'Commentaires et affectation' }).click();
    await qui.getByLabel('Nouveau commentaire').fill('La convention est-elle signée ?');
    await qui.getByRole('button', { name: 'Ajouter le commentaire' }).click();
    await qui.getByText('Votre commentaire est ajouté.').waitFor();
  }

  // A file that is not what it says is refused with the reason; an empty one too.
  await page.goto(`${adresse}/pieces`);
  await page.locator('#type_piece').selectOption({ index: 1 });
  await page.locator('#fichier').setInputFiles({ ...PDF, buffer: Buffer.from('MZ ce n’est pas un PDF') });
  await page.getByRole('button', { name: 'Joindre la pièce' }).click();
  await page.getByText('ce fichier n’est pas accepté', { exact: false }).first().waitFor();
  await page.locator('#fichier').setInputFiles({ ...PDF, buffer: Buffer.alloc(0) });
  await page.getByRole('button', { name: 'Joindre la pièce' }).click();
  await page.getByText('fichier est vide', { exact: false }).first().waitFor();
  await joindreLesPieces(page, adresse);
  await regarder(page, fautes, 'pieces');

  await page.goto(adresse);
  await regarder(page, fautes, 'taches');
  // Set aside, then taken up again, from the tableau de bord.
  await page.getByRole('link', { name: 'Abandonner ce brouillon' }).click();
  await regarder(page, fautes, 'abandon');
  await page.getByRole('button', { name: 'Abandonner ce brouillon' }).click();
  await page.getByRole('heading', { name: 'Brouillons abandonnés' }).waitFor();
  await regarder(page, fautes, 'tableau-abandonne');
  await page.getByRole('button', { name: `Reprendre Grappe d’essai${marque}` }).click();
  await page.getByRole('heading', { name: 'Étapes du dossier', level: 1 }).waitFor();
  await page.goto(`${adresse}/constats`);
  await regarder(page, fautes, 'constats');
  await page.goto(`${adresse}/journal`);
  await regarder(page, fautes, 'journal');

  // The deposit: without the attestation it is refused, with it the receipt comes.
  await page.goto(`${adresse}/depot`);
  await regarder(page, fautes, 'depot');
  await page.getByRole('button', { name: 'Déposer le dossier' }).click();
  await page.getByText('cochez l’attestation sur l’honneur', { exact: false }).first().waitFor();
  await page.locator('#attestation').check({ force: true });
  await page.getByRole('button', { name: 'Déposer le dossier' }).click();
  await page.getByRole('heading', { name: 'Accusé de réception', level: 1 }).waitFor();
  exiger(/[0-9a-f]{64}/u.test(await page.locator('p.portail-empreinte').innerText()), 'L’accusé n’a pas d’empreinte');
  await regarder(page, fautes, 'accuse');
  exiger((await page.locator('#pieces-deposees tbody tr').count()) > 0, 'L’accusé ne liste pas les pièces');
  await page.emulateMedia({ media: 'print' });
  exiger(await page.getByText(/^État au .* dossier IDF2024-/u).isVisible(), 'Une page imprimée ne dit pas sa date');
  exiger(!(await page.getByRole('link', { name: 'Journal' }).isVisible()), 'La navigation est imprimée');
  await capturer(page, `accuse-papier${marque}`);
  await page.emulateMedia({ media: null });
  await page.goto(`${adresse}/etapes/projet`);
  exiger((await page.getByRole('button', { name: 'Enregistrer', exact: true }).count()) === 0, 'Un dossier déposé se modifie encore');
  await page.goto(`${base}/porteur`);
  await regarder(page, fautes, 'tableau');

  await courriels(navigateur, page, fautes);

  const ars = await ouvrir(navigateur, fautes, { javascript });
  await connecter(ars, base, 'ars@demo.example');
  await regarder(ars, fautes, 'instruction-liste');
  await ars.getByRole('link', { name: `Grappe d’essai${marque}`, exact: true }).click();
  await ars.getByRole('heading', { name: 'Éléments de preuve' }).waitFor();
  await regarder(ars, fautes, 'instruction-dossier');

  const admin = await ouvrir(navigateur, fautes, { javascript });
  await connecter(admin, base, 'admin@demo.example');
  await regarder(admin, fautes, 'administration');
  await admin.goto(`${base}/administration/finess`);
  await regarder(admin, fautes, 'administration-finess');
  await admin.goto(`${base}/administration/courriels`);
  await admin.getByText('boîte locale de la démonstration').first().waitFor();
  await regarder(admin, fautes, 'administration-courriels');
  const accompagnement = await ouvrir(navigateur, fautes, { javascript });
  await connecter(accompagnement, base, 'accompagnement@demo.example');
  await accompagnement.getByLabel(/Nom, commune/u).fill('ehpad acacias');
  await accompagnement.getByRole('button', { name: 'Chercher' }).click();
  await accompagnement.getByRole('table').waitFor();
  await regarder(accompagnement, fautes, 'accompagnement');
  for (const chemin of ['aide', 'accessibilite', 'sources', 'aap/idf-2024', 'compte', 'porteur/dossiers/nouveau']) {
    await page.goto(`${base}/${chemin}`);
    await regarder(page, fautes, chemin.replaceAll('/', '-'));
  }
});
