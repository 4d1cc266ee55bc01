// Two OGs work on one grappe at once: invited by mail, consents, answers, a withdrawal, another porteur; with or without JavaScript.
import { LARGEURS, avecNavigateur, exiger, ouvrir, verifier } from './outils.mjs';
import { coller, connecter, enregistre, essmsDe, organisme, ouvrirDossier } from './portail.mjs';

const [base, mode] = process.argv.slice(2);
const javascript = mode !== 'sans-js';
const marque = javascript ? '' : '-sans-js';

/** Looks at a page at every width, as it stands for this person. */
async function regarder(page, fautes, nom) {
  for (const largeur of LARGEURS) {
    await page.setViewportSize({ width: largeur, height: 900 });
    await verifier(page, fautes, `accords-${nom}-${largeur}${marque}`);
  }
  await page.setViewportSize({ width: LARGEURS[0], height: 900 });
}

await avecNavigateur(async (navigateur, fautes) => {
  const options = { javascript, statutsAttendus: [422, 404, 403] };
  const a = await ouvrir(navigateur, fautes, options);
  const b = await ouvrir(navigateur, fautes, options);
  await connecter(a, base, 'porteur@demo.example');
  await connecter(b, base, 'voisin@demo.example');
  const [ejA, ejB] = [await organisme(a, base), await organisme(b, base)];

  // The grappe of the demonstration, seen by its porteur and by a membre.
  await b.goto(`${base}/porteur`);
  await b.getByRole('link', { name: /Grappe à plusieurs organismes/u }).click();
  await b.getByRole('link', { name: 'Organismes et accords' }).click();
  await b.getByText('1 accord sur', { exact: false }).waitFor();
  await regarder(b, fautes, 'porteur');
  await a.goto(`${base}/porteur`);
  await a.getByRole('heading', { name: 'Grappes auxquelles vous participez' }).waitFor();
  await regarder(a, fautes, 'tableau-membre');
  await a.getByRole('link', { name: /Grappe à plusieurs organismes/u }).first().click();
  await regarder(a, fautes, 'taches-membre');

  // A opens a grappe with ESSMS of both, and invites B.
  const adresse = base + (await ouvrirDossier(a, base, `Deux organismes${marque}`));
  const deA = (await essmsDe(a, adresse, ejA)).slice(0, 2);
  const deB = (await essmsDe(a, adresse, ejB)).slice(-3);
  await a.goto(`${adresse}/grappe`);
  await coller(a, [...deA, ...deB].join(' '));
  await enregistre(a);
  await a.getByRole('link', { name: 'Organismes et accords' }).click();
  await regarder(a, fautes, 'a-inviter');
  await a.getByRole('link', { name: /^Inviter /u }).first().click();
  await a.getByLabel(/Écrire aussi/u).fill('sans arobase');
  await a.getByRole('button', { name: 'Envoyer l’invitation' }).click();
  await a.getByText('adresse de courriel complète', { exact: false }).first().waitFor();
  exiger((await a.locator('#courriel').inputValue()) === 'sans arobase', 'L’adresse saisie est perdue');
  await regarder(a, fautes, 'invitation-refusee');
  await a.locator('#courriel').fill('');
  await a.getByRole('button', { name: 'Envoyer l’invitation' }).click();
  await enregistre(a);
  await regarder(a, fautes, 'invite');

  // The mail, its link, the invitation: nothing of the dossier before the answer.
  for (;;) {
    await b.goto(`${base}/demonstration/courriels`);
    const ligne = b.getByRole('row').filter({ hasText: 'voisin@demo.example' }).filter({ hasText: `Deux organismes${marque}` });
    if ((await ligne.count()) > 0) {
      await ligne.first().getByRole('link').click();
      break;
    }
  }
  const lien = (await b.locator('main').innerText()).match(/\/porteur\/invitations\/lien\/[\w-]+/u);
  exiger(lien !== null, 'Le courriel n’a pas de lien');
  await regarder(b, fautes, 'courriel');
  await b.goto(base + lien[0]);
  await b.getByRole('heading', { name: /vous invite dans sa grappe/u }).waitFor();
  exiger((await b.locator('#demandes li').count()) === 3, 'Les ESSMS demandés ne sont pas nommés');
  exiger(!(await b.locator('main').innerText()).includes(deA[0]), 'L’invitation montre les ESSMS du porteur');
  await regarder(b, fautes, 'invitation');
  const ferme = await b.goto(adresse);
  exiger(ferme.status() === 404, 'Le dossier se lit avant la réponse');
  await b.goto(base + lien[0]);
  await b.getByRole('button', { name: 'Participer à cette grappe' }).click();
  await enregistre(b);

  // Consents: none chosen, then two; the porteur sees them.
  await b.getByRole('button', { name: 'Donner l’accord pour la sélection' }).click();
  await b.getByText('choisissez au moins un', { exact: false }).first().waitFor();
  for (const numero of deB.slice(0, 2)) await b.locator(`#choisi-${numero}`).check({ force: true });
  await b.getByRole('button', { name: 'Donner l’accord pour la sélection' }).click();
  await enregistre(b);
  await regarder(b, fautes, 'membre');
  await a.goto(`${adresse}/accords`);
  await a.getByText('2 accords sur 3').waitFor();
  await a.goto(adresse);
  await a.getByText('1 ESSMS attend l’accord', { exact: false }).waitFor();
  await regarder(a, fautes, 'taches-porteur');

  // Both answer at once, each for its own: nothing is lost, nobody is stopped.
  await Promise.all([a.goto(`${adresse}/essms`), b.goto(`${adresse}/essms`)]);
  await regarder(b, fautes, 'essms-membre');
  await b.locator(`#essms-${deB[0]} summary`).click();
  await b.locator(`[id="${deB[0]}-personnes_accompagnees"]`).fill('41');
  await b.getByRole('button', { name: 'Enregistrer', exact: true }).click();
  await enregistre(b);
  await a.locator(`#essms-${deA[0]} summary`).click();
  await a.locator(`[id="${deA[0]}-personnes_accompagnees"]`).fill('42');
  await a.getByRole('button', { name: 'Enregistrer', exact: true }).click();
  await enregistre(a);
  await a.goto(`${adresse}/essms`);
  exiger((await a.locator(`[id="${deB[0]}-personnes_accompagnees"]`).inputValue()) === '41', 'La réponse du membre est perdue');
  exiger((await a.locator(`[id="${deA[0]}-personnes_accompagnees"]`).inputValue()) === '42', 'La réponse du porteur est perdue');
  await b.goto(`${adresse}/etapes/projet`);
  exiger((await b.getByRole('button', { name: 'Enregistrer', exact: true }).count()) === 0, 'Un membre modifie une étape du porteur');
  await regarder(b, fautes, 'etape-membre');

  // B withdraws one: the porteur is offered to replace it.
  await b.goto(`${adresse}/accords`);
  await b.locator('summary', { hasText: 'Refuser, retirer un accord' }).click();
  await b.locator(`#choisi-${deB[1]}`).check({ force: true });
  await b.getByLabel(/Motif/u).fill('Il change de logiciel avant.');
  await b.getByRole('button', { name: 'Refuser ou retirer l’accord pour la sélection' }).click();
  await enregistre(b);
  await a.goto(`${adresse}/accords`);
  await a.getByRole('heading', { name: 'Sortis de la grappe, faute d’accord' }).waitFor();
  await a.getByText('Il change de logiciel avant.', { exact: false }).waitFor();
  await regarder(a, fautes, 'retrait');
  await a.getByRole('link', { name: 'chercher d’autres ESSMS' }).click();
  await a.getByRole('heading', { name: 'Composition : 4 ESSMS' }).waitFor();

  // Another porteur, with both consents.
  await a.goto(`${adresse}/accords`);
  await a.getByLabel('Nouveau porteur').selectOption(ejB);
  await a.getByRole('button', { name: 'Proposer ce porteur' }).click();
  await enregistre(a);
  await regarder(a, fautes, 'portage-propose');
  await b.goto(`${adresse}/accords`);
  await regarder(b, fautes, 'portage-recu');
  await b.getByRole('button', { name: 'Porter cette grappe' }).click();
  await b.getByRole('heading', { name: 'Étapes du dossier', level: 1 }).waitFor();
  await regarder(b, fautes, 'nouveau-porteur');
  await a.goto(adresse);
  await a.getByText('Vous participez à cette grappe', { exact: false }).waitFor();
  await b.goto(`${adresse}/journal`);
  await regarder(b, fautes, 'journal');
});
