// Progressive enhancement only: every page works without this file.
import { suivreLesBrouillons } from './brouillon.js';
import {
  Button, CharacterCount, Checkboxes, ErrorSummary, NotificationBanner, PasswordInput, Radios, SkipLink,
  createAll, isSupported,
} from 'govuk-frontend';
import { SortableTable } from '@ministryofjustice/frontend/moj/components/sortable-table/sortable-table.mjs';

document.body.classList.add('js-enabled');
if ('noModule' in HTMLScriptElement.prototype) document.body.classList.add('govuk-frontend-supported');

const characterCount = {
  i18n: {
    charactersUnderLimit: { one: 'Il vous reste %{count} caractère', other: 'Il vous reste %{count} caractères' },
    charactersAtLimit: 'Il ne vous reste aucun caractère',
    charactersOverLimit: { one: 'Vous avez %{count} caractère de trop', other: 'Vous avez %{count} caractères de trop' },
    wordsUnderLimit: { one: 'Il vous reste %{count} mot', other: 'Il vous reste %{count} mots' },
    wordsAtLimit: 'Il ne vous reste aucun mot',
    wordsOverLimit: { one: 'Vous avez %{count} mot de trop', other: 'Vous avez %{count} mots de trop' },
    textareaDescription: { other: 'Vous pouvez saisir jusqu’à %{count} caractères' },
  },
};
const passwordInput = {
  i18n: {
    showPassword: 'Afficher',
    hidePassword: 'Masquer',
    showPasswordAriaLabel: 'Afficher le mot de passe',
    hidePasswordAriaLabel: 'Masquer le mot de passe',
    passwordShownAnnouncement: 'Votre mot de passe est visible',
    passwordHiddenAnnouncement: 'Votre mot de passe est masqué',
  },
};

if (isSupported()) {
  for (const composant of [Button, Checkboxes, ErrorSummary, NotificationBanner, Radios, SkipLink]) {
    createAll(composant);
  }
  createAll(CharacterCount, characterCount);
  createAll(PasswordInput, passwordInput);
  createAll(SortableTable, {
    statusMessage: 'Tableau trié par %heading% (%direction%)',
    ascendingText: 'ordre croissant',
    descendingText: 'ordre décroissant',
  });
}
suivreLesBrouillons();
for (const bouton of document.querySelectorAll('[data-imprimer]')) {
  bouton.hidden = false;
  bouton.addEventListener('click', () => window.print());
}
