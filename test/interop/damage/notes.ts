import { type Damages, inFile, rewrite } from './edit.ts';

/** Notes, keys and proofs that do not say what was signed. */
export const NOTE_DAMAGES: Damages = {
  'another size': inFile('checkpoint', /\n(\d+)\n/, '\n1\n'),
  'a checkpoint with another root': inFile('checkpoint', /\n[^\n]{43}=\n/, `\n${'A'.repeat(43)}=\n`),
  'a checkpoint with a line more': inFile('checkpoint', '\n\n', '\nmore\n\n'),
  'a checkpoint with a carriage return': inFile('checkpoint', '\n\n', '\r\n\n'),
  'a checkpoint with another name': inFile('checkpoint', '— aegis', '— aegos'),
  'a checkpoint with a hyphen for a dash': inFile('checkpoint', '— aegis', '- aegis'),
  'a checkpoint without padding': inFile('checkpoint', /=\n\n/, '\n\n'),
  'a checkpoint with its signature cut': inFile('checkpoint', /.{8}\n$/, '\n'),
  'a checkpoint with its signature twice': (forger) =>
    rewrite(forger, 'checkpoint', (text) => text + text.slice(text.indexOf('— '))),
  'a checkpoint with a stranger under it': (forger) =>
    rewrite(forger, 'checkpoint', (text) => `${text}— stranger AAAAAAAA\n`),
  'a checkpoint with 65 signatures': (forger) =>
    rewrite(forger, 'checkpoint', (text) => text + '— stranger AAAAAAAA\n'.repeat(64)),
  'the two notes swapped': (forger) => {
    const [one, other] = [forger.text('checkpoint'), forger.text('checkpoint.installation')];
    forger.write('checkpoint', other);
    forger.write('checkpoint.installation', one);
  },
  'another leaf of the installation': inFile('installation.json', /"leaf":\d+/, '"leaf":0'),
  'another size of the installation': inFile('installation.json', /"size":\d+/, '"size":99'),
  'a proof with a hash less': inFile('installation.json', /"proof":\["[0-9a-f]{64}",?/, '"proof":['),
  'a proof with a hash more': inFile('installation.json', '"proof":[', `"proof":["${'0'.repeat(64)}",`),
  'a proof with another hash': inFile('installation.json', /"proof":\["../, '"proof":["zz'),
  'a proof in upper case': (forger) =>
    rewrite(forger, 'installation.json', (text) =>
      text.replaceAll(/[0-9a-f]{64}/g, (hash) => hash.toUpperCase()),
    ),
  'a proof with white space': inFile('installation.json', ':', ': '),
  'a proof with a member more': inFile('installation.json', '{', '{"a":1,'),
  'no keys': inFile('keys', /[^]*/, ''),
  'keys without an end': inFile('keys', /\n$/, ''),
  'a signing key twice': (forger) => rewrite(forger, 'keys', (text) => text + text),
  'a key of another log': inFile('keys', /^aegis-/, 'aegos-'),
  'a key with another id': inFile('keys', /\+[0-9a-f]{8}\+/, '+00000000+'),
  'an empty line among the keys': (forger) => rewrite(forger, 'keys', (text) => `\n${text}`),
};
