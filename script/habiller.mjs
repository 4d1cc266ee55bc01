// Dresses the portal: stylesheet, script and fonts into static/dist/<hash>/, precompressed, and their manifest.
// The hash of the contents is in the path, so that a browser may keep them for ever.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import * as sass from 'sass';

const racine = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const dans = (...p) => path.join(racine, ...p);
const polices = dans('node_modules/@fontsource/atkinson-hyperlegible');

/** The deprecations of the design systems are theirs to mend; ours must be shown. */
const style = sass.compile(dans('static/portail.scss'), {
  style: 'compressed',
  loadPaths: [racine, dans('node_modules'), dans('static')],
  quietDeps: true,
});

const script = await build({
  entryPoints: [dans('static/portail.js')],
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2020',
  charset: 'utf8',
  legalComments: 'none',
  write: false,
});

const fichiers = new Map([
  ['portail.css', Buffer.from(style.css)],
  ['portail.js', Buffer.from(script.outputFiles[0].contents)],
  ['marque.svg', fs.readFileSync(dans('static/marque.svg'))],
  ['atkinson-400.woff2', fs.readFileSync(path.join(polices, 'files/atkinson-hyperlegible-latin-400-normal.woff2'))],
  ['atkinson-700.woff2', fs.readFileSync(path.join(polices, 'files/atkinson-hyperlegible-latin-700-normal.woff2'))],
  ['icon-document.svg', fs.readFileSync(dans('node_modules/@ministryofjustice/frontend/moj/assets/images/icon-document.svg'))],
  ['atkinson-LICENSE.txt', fs.readFileSync(path.join(polices, 'LICENSE'))],
]);

for (const [, adresse] of style.css.matchAll(/url\(["']?(?:\.\/)?([^"')]+)/g)) {
  if (!adresse.startsWith('data:') && !fichiers.has(adresse)) throw new Error(`La feuille de style appelle ${adresse}, qui n’est pas servi`);
}

const empreinte = crypto.createHash('sha256');
for (const [nom, contenu] of fichiers) empreinte.update(nom).update('\0').update(contenu);
const hash = empreinte.digest('hex').slice(0, 16);

// Written beside, then renamed: a portal that starts meanwhile never reads half of a dressing.
const provisoire = dans(`static/dist.${process.pid}`);
const cible = path.join(provisoire, hash);
fs.mkdirSync(cible, { recursive: true });
const manifeste = {};
for (const [nom, contenu] of fichiers) {
  fs.writeFileSync(path.join(cible, nom), contenu);
  manifeste[nom] = `/static/${hash}/${nom}`;
  let mesure = `${nom} ${contenu.length}`;
  if (/\.(css|js|svg|txt)$/.test(nom) && contenu.length > 1024) {
    const br = zlib.brotliCompressSync(contenu, {
      params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11, [zlib.constants.BROTLI_PARAM_SIZE_HINT]: contenu.length },
    });
    const gz = zlib.gzipSync(contenu, { level: 9 });
    fs.writeFileSync(path.join(cible, `${nom}.br`), br);
    fs.writeFileSync(path.join(cible, `${nom}.gz`), gz);
    mesure += ` (br ${br.length}, gz ${gz.length})`;
  }
  console.log(mesure);
}
fs.writeFileSync(path.join(provisoire, 'manifeste.json'), `${JSON.stringify(manifeste, null, 2)}\n`);
fs.rmSync(dans('static/dist'), { recursive: true, force: true });
fs.renameSync(provisoire, dans('static/dist'));
