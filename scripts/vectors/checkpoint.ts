import { NaiveTree } from '../../packages/core/test/ledger/log/naive-tree.ts';
import { testKey } from '../../packages/core/test/ledger/log/ed25519.ts';
import { base64, hex, leafData, leafHash, pathOf, sha256, tree } from './tree.ts';

const DESCRIPTION =
  'Signed checkpoints of logs (C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-proof). Bytes in hex, ' +
  'notes as their text. The keys are made from the seeds given (RFC 8032) for this file alone: nobody may trust ' +
  'them. The tenant log is the tree of merkle.json; leaf i of the installation log has as its data the SHA-256 of ' +
  'the text of a checkpoint of the tenant log, without its signatures. by: the keys whose signatures verify. What ' +
  'stands under *_invalid must be refused.';

const INSTALLATION = 'aegis-0123456789ab';
const TENANT = `${INSTALLATION}/acme`;
const TIME = 1_763_683_200;

interface SigningKey {
  readonly name: string;
  readonly seed: string;
  readonly publicKey: Uint8Array;
  readonly id: Uint8Array;
  readonly vkey: string;
  readonly sign: (message: string) => Uint8Array;
}

function signingKey(name: string, seed: string, type: 0x01 | 0x04): SigningKey {
  const { key, sign } = testKey(name, seed);
  const typed = Buffer.concat([Buffer.of(type), key.publicKey]);
  const id = sha256(Buffer.concat([Buffer.from(`${name}\n`), typed])).subarray(0, 4);
  return {
    name,
    seed: hex(Buffer.from(seed)),
    publicKey: key.publicKey,
    id,
    vkey: `${name}+${hex(id)}+${base64(typed)}`,
    sign,
  };
}

const LOG_SEED = 'aegis test key: never trust this';
const log = signingKey(TENANT, LOG_SEED, 1);
const installation = signingKey(INSTALLATION, LOG_SEED, 1);
const next = signingKey(TENANT, 'aegis next key: never trust this', 1);
const stranger = signingKey(TENANT, "stranger's key: never trust this", 1);
const neighbour = signingKey(`${INSTALLATION}/beta`, LOG_SEED, 1);
const witness = signingKey('witness.example/w1', 'first witness:  never trust this', 4);
const second = signingKey('witness.example/w2', 'second witness: never trust this', 4);

const textOf = (origin: string, size: number, root: Uint8Array): string =>
  `${origin}\n${size}\n${base64(root)}\n`;

const line = (key: SigningKey, signature: Uint8Array): string =>
  `— ${key.name} ${base64(Buffer.concat([key.id, signature]))}\n`;

const signed = (key: SigningKey, text: string): string => line(key, key.sign(text));

function cosigned(key: SigningKey, text: string, time = TIME, claimed = time): string {
  const seconds = Buffer.alloc(8);
  seconds.writeBigUInt64BE(BigInt(claimed));
  return line(key, Buffer.concat([seconds, key.sign(`cosignature/v1\ntime ${time}\n${text}`)]));
}

const text = textOf(TENANT, 600, tree.root(0, 600));
const note = `${text}\n${signed(log, text)}`;

const want = { text, origin: TENANT, size: 600, root: hex(tree.root(0, 600)) };

const checkpoints = [
  { ...want, description: 'one signature', note, keys: [log.vkey], by: [log.vkey] },
  {
    ...want,
    description: 'signatures of unknown keys say nothing',
    note: note + signed(stranger, text),
    keys: [log.vkey],
    by: [log.vkey],
  },
  {
    ...want,
    description: 'while keys change, both sign',
    note: note + signed(next, text),
    keys: [log.vkey, next.vkey],
    by: [log.vkey, next.vkey],
  },
];

const changed = (from: string, to: string): string => note.replace(from, to);
const extended = `${text}extension\n`;
const elsewhere = textOf(neighbour.name, 600, tree.root(0, 600));
const bad = line(next, log.sign(text));

const checkpointsInvalid = [
  { why: 'no known key has signed', note, keys: [stranger.vkey] },
  { why: 'no key is known', note, keys: [] },
  { why: 'another size than was signed', note: changed('\n600\n', '\n601\n'), keys: [log.vkey] },
  { why: 'another origin than was signed', note: changed(`${TENANT}\n`, `${TENANT}2\n`), keys: [log.vkey] },
  {
    why: 'the signature of a known key is bad, though another is good',
    note: note + bad,
    keys: [log.vkey, next.vkey],
  },
  {
    why: 'the key of one log signs for another',
    note: `${elsewhere}\n${signed(log, elsewhere)}`,
    keys: [log.vkey],
  },
  { why: 'extension lines', note: `${extended}\n${signed(log, extended)}`, keys: [log.vkey] },
  { why: 'no signature', note: `${text}\n`, keys: [log.vkey] },
  { why: 'no blank line', note: changed('\n\n', '\n'), keys: [log.vkey] },
  { why: 'no newline at the end', note: note.slice(0, -1), keys: [log.vkey] },
  { why: 'a carriage return', note: changed('\n\n', '\r\n\n'), keys: [log.vkey] },
  ...[
    ['a size with a leading zero', textOf(TENANT, 600, tree.root(0, 600)).replace('\n600\n', '\n0600\n')],
    [
      'a size beyond 2^53 - 1',
      textOf(TENANT, 600, tree.root(0, 600)).replace('\n600\n', '\n9007199254740992\n'),
    ],
    ['a root of 31 bytes', textOf(TENANT, 600, tree.root(0, 600).subarray(1))],
    ['base64 without its padding', text.replace('=\n', '\n')],
    ['a root missing', text.split('\n').slice(0, 2).join('\n').concat('\n')],
  ].map(([why, wrong = '']) => ({ why, note: `${wrong}\n${signed(log, wrong)}`, keys: [log.vkey] })),
];

const both = note + cosigned(witness, text) + cosigned(second, text, TIME + 1);
const cosignatures = [
  { note: both, witnesses: [witness.vkey], verified: [{ key: witness.vkey, time: TIME }] },
  {
    note: both,
    witnesses: [witness.vkey, second.vkey],
    verified: [
      { key: witness.vkey, time: TIME },
      { key: second.vkey, time: TIME + 1 },
    ],
  },
  { note, witnesses: [witness.vkey], verified: [] },
];

const timeless = line(witness, witness.sign(text));
const cosignaturesInvalid = [
  { why: 'another text was cosigned', note: note + cosigned(witness, extended), witnesses: [witness.vkey] },
  { why: 'a signature without a time', note: note + timeless, witnesses: [witness.vkey] },
  { why: 'the time zero', note: note + cosigned(witness, text, 0), witnesses: [witness.vkey] },
  {
    why: 'another time than was cosigned',
    note: note + cosigned(witness, text, TIME, TIME + 1),
    witnesses: [witness.vkey],
  },
];

const proofOf = (leaf: number, hashes = pathOf(leaf, 600), extra = ''): string =>
  `c2sp.org/tlog-proof@v1\n${extra}index ${leaf}\n${hashes.map((hash) => `${base64(Buffer.from(hash, 'hex'))}\n`).join('')}\n${note}`;

const leaf41 = hex(leafHash(leafData(41)));
const proof = { leaf_hash: leaf41, keys: [log.vkey] };
const proofs = [
  { ...proof, proof: proofOf(41), index: 41 },
  { ...proof, proof: proofOf(41, undefined, `extra ${base64(leafData(41))}\n`), index: 41 },
];
const proofsInvalid = [
  { why: 'another leaf', ...proof, proof: proofOf(41), leaf_hash: hex(leafHash(leafData(42))) },
  { why: 'another place', ...proof, proof: proofOf(41).replace('index 41', 'index 40') },
  { why: 'a hash missing', ...proof, proof: proofOf(41, pathOf(41, 600).slice(1)) },
  { why: 'no known key', ...proof, proof: proofOf(41), keys: [stranger.vkey] },
  { why: 'another version', ...proof, proof: proofOf(41).replace('@v1', '@v2') },
  { why: 'a leading zero', ...proof, proof: proofOf(41).replace('index 41', 'index 041') },
];

/** The installation's log after three checkpoints of the tenant's. */
function installationLog(): object {
  const texts = [3, 257, 600].map((size) => textOf(TENANT, size, tree.root(0, size)));
  const root = new NaiveTree(texts.map((tenantText) => sha256(tenantText)));
  const own = textOf(INSTALLATION, texts.length, root.root(0, texts.length));
  return {
    note: `${own}\n${signed(installation, own)}`,
    key: installation.vkey,
    leaves: texts.map((tenantText, leaf) => ({
      text: tenantText,
      leaf,
      leaf_hash: hex(leafHash(sha256(tenantText))),
      proof: root.path(leaf, texts.length).map(hex),
    })),
  };
}

/** The example of C2SP signed-note, whose key is not ours. */
const EXAMPLE = {
  vkey: 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k',
  note: 'This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n',
};

const [name = '', , material = ''] = log.vkey.split('+');
const keysInvalid = [
  { why: 'another id', vkey: `${name}+00000000+${material}` },
  { why: 'another name', vkey: log.vkey.replace('acme', 'beta') },
  { why: 'no name', vkey: log.vkey.slice(name.length) },
  { why: 'a key without its algorithm', vkey: `${name}+${hex(log.id)}+${base64(log.publicKey)}` },
  { why: 'padding that stands for nothing', vkey: `${log.vkey}=` },
];

export function checkpointVectors(): object {
  const keys = { log, next, stranger, neighbour, installation, witness, second };
  return {
    description: DESCRIPTION,
    keys: Object.entries(keys).map(([role, { name: keyName, seed, publicKey, id, vkey }]) => ({
      role,
      name: keyName,
      seed,
      public_key: hex(publicKey),
      key_id: hex(id),
      vkey,
    })),
    keys_invalid: keysInvalid,
    example: EXAMPLE,
    checkpoints,
    checkpoints_invalid: checkpointsInvalid,
    cosignatures,
    cosignatures_invalid: cosignaturesInvalid,
    proofs,
    proofs_invalid: proofsInvalid,
    installation_log: installationLog(),
  };
}
