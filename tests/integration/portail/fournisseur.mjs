// A real OpenID Connect provider for one client. Arguments: where the client comes back, where it goes after a log-out, and
// « signe » when what is told of people is signed. One line of JSON tells its address. Its log-in page takes the name and the
// factors shown from its query, without password. It ends with its standard input.
import { createServer } from 'node:http';
import Provider, { interactionPolicy } from 'oidc-provider';

const [retour, accueil, signe] = process.argv.slice(2);
const serveur = createServer();
await new Promise((pret) => serveur.listen(0, '127.0.0.1', pret));
const emetteur = `http://127.0.0.1:${serveur.address().port}`;

// The client is the administration's own: nobody is asked to consent.
const regles = interactionPolicy.base();
regles.remove('consent');

const fournisseur = new Provider(emetteur, {
  clients: [{
    client_id: 'portail',
    client_secret: 'secret du portail',
    redirect_uris: [retour],
    post_logout_redirect_uris: [accueil],
    ...(signe ? { userinfo_signed_response_alg: 'RS256' } : {}),
  }],
  pkce: { required: () => true },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], amr: null },
  features: { devInteractions: { enabled: false }, claimsParameter: { enabled: true }, jwtUserinfo: { enabled: true } },
  interactions: { policy: regles, url: (ctx, { uid }) => `/entrer/${uid}` },
  async loadExistingGrant({ oidc }) {
    const octroi = new fournisseur.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
    octroi.addOIDCScope('openid email');
    octroi.addOIDCClaims(['amr']);
    await octroi.save();
    return octroi;
  },
  async findAccount(ctx, nom) {
    // « muet » : the provider does not say whether it checked the address.
    const email_verified = nom.startsWith('muet.') ? undefined : !nom.startsWith('nonverifie.');
    return { accountId: nom, claims: () => ({ sub: nom, email: `${nom}@exemple.fr`, email_verified }) };
  },
});

const repondre = fournisseur.callback();
serveur.on('request', (requete, reponse) => {
  const adresse = new URL(requete.url, emetteur);
  if (!adresse.pathname.startsWith('/entrer/')) return repondre(requete, reponse);
  const { nom, amr } = Object.fromEntries(adresse.searchParams);
  if (!nom) return reponse.end('<h1>Se connecter au fournisseur</h1>');
  if (nom === 'refus') return fournisseur.interactionFinished(requete, reponse, { error: 'access_denied' });
  return fournisseur.interactionFinished(requete, reponse, { login: { accountId: nom, amr: amr?.split(' ') } });
});
process.stdout.write(`${JSON.stringify({ emetteur })}\n`);
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
