// A mail server that keeps what it receives: one line of JSON for its port, then one for each mail. It refuses for ever
// the addresses that begin with « inconnu », and for now those that begin with « occupe ». It ends with its standard input.
import { SMTPServer } from 'smtp-server';
import { simpleParser } from 'mailparser';

const dire = (objet) => process.stdout.write(`${JSON.stringify(objet)}\n`);

const serveur = new SMTPServer({
  disabledCommands: ['AUTH', 'STARTTLS'],
  onRcptTo({ address }, session, suite) {
    if (address.startsWith('inconnu')) return suite(Object.assign(new Error('No such user here'), { responseCode: 550 }));
    if (address.startsWith('occupe')) return suite(Object.assign(new Error('Try again later'), { responseCode: 451 }));
    return suite();
  },
  onData(flux, session, suite) {
    simpleParser(flux, { skipHtmlToText: true, skipTextToHtml: true }).then((courriel) => {
      const entetes = Object.fromEntries(courriel.headerLines.map(({ key, line }) => [key, line.slice(key.length + 1).trim()]));
      dire({
        pour: session.envelope.rcptTo.map((r) => r.address),
        de: courriel.from.text,
        sujet: courriel.subject,
        texte: courriel.text,
        html: courriel.html,
        entetes,
        jointes: courriel.attachments.map((j) => ({ nom: j.filename, type: j.contentType, debut: j.content.subarray(0, 5).toString(), texte: j.contentType.startsWith('text/') ? j.content.toString() : '' })),
      });
      suite(null, 'Message kept');
    }, suite);
  },
});

serveur.listen(0, '127.0.0.1', () => dire({ port: serveur.server.address().port }));
process.stdin.resume();
// What was received was written before its sender knew: nothing is lost.
process.stdin.on('end', () => process.stdout.end(() => process.exit(0)));
