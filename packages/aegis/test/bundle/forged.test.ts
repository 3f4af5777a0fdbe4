import { describe, expect, it } from 'vitest';
import { verifyBundle } from '../../src/bundle/verify.ts';
import { bundleExported, copy, kindsOf, nothing, other } from './damaged-copy.ts';
import { Forger } from './forger.ts';

bundleExported();

describe('what was done to a bundle whose bundle.json was made to agree', () => {
  const line = 40;
  it.each<[string, (forger: Forger) => void, string]>([
    [
      'a payload edited',
      (forger) =>
        forger.rewriteEvent(line, ({ payload }) => ((payload as { message: string }).message = 'nothing')),
      'leaf-mismatch',
    ],
    [
      'an actor that no ledger has',
      (forger) => forger.rewriteEvent(line, (event) => (event['user_id'] = 'eve eve')),
      'not-an-envelope',
    ],
    [
      'an actor edited',
      (forger) => forger.rewriteEvent(line, (event) => (event['user_id'] = 'eve')),
      'leaf-mismatch',
    ],
    [
      'a time edited',
      (forger) => forger.rewriteEvent(line, (event) => (event['ts_unix_ms'] = 1)),
      'leaf-mismatch',
    ],
    [
      'the newest event deleted',
      (forger) =>
        forger.edit('events.jsonl', (all) => all.slice(0, -1)).edit('leaves', (all) => all.slice(0, -1)),
      'missing-events',
    ],
    [
      'an event in the middle deleted',
      (forger) =>
        forger
          .edit('events.jsonl', (all) => all.toSpliced(line, 1))
          .edit('leaves', (all) => all.toSpliced(line, 1)),
      'chain-gap',
    ],
    [
      'an event deleted and the leaves closed up',
      (forger) =>
        forger
          .edit('events.jsonl', (all) => all.toSpliced(line, 1))
          .edit('leaves', (all) => all.slice(0, -1)),
      'leaf-mismatch',
    ],
    [
      'a whole session deleted',
      (forger) => {
        const gone = forger.lines('events.jsonl').map((body) => body.includes('"ses_7"'));
        expect(gone).toContain(true);
        forger
          .edit('events.jsonl', (all) => all.filter((_, at) => gone[at] !== true))
          .edit('leaves', (all) => all.filter((_, at) => gone[at] !== true));
      },
      'missing-events',
    ],
    [
      'an event inserted',
      (forger) =>
        forger.edit('events.jsonl', (all) => all.toSpliced(line, 0, all[line - 1] ?? '').slice(0, -1)),
      'leaf-mismatch',
    ],
    [
      'two events swapped',
      (forger) =>
        forger.edit('events.jsonl', (all) =>
          all.with(line, all[line + 1] ?? '').with(line + 1, all[line] ?? ''),
        ),
      'leaf-mismatch',
    ],
    [
      'two leaves swapped',
      (forger) => forger.edit('leaves', (all) => all.with(4, '5').with(5, '4')),
      'leaf-order',
    ],
    [
      'a leaf with a zero before it',
      (forger) => forger.edit('leaves', (all) => all.with(4, '04')),
      'bad-line',
    ],
    ['an event too few', (forger) => forger.edit('events.jsonl', (all) => all.slice(0, -1)), 'bad-line'],
    [
      'an event that is too long',
      (forger) => forger.edit('events.jsonl', (all) => all.with(9, 'x'.repeat(70_000))),
      'bad-line',
    ],
    ['an empty line', (forger) => forger.edit('events.jsonl', (all) => all.with(9, '')), 'bad-line'],
    [
      'white space in an event',
      (forger) => forger.edit('events.jsonl', (all) => all.with(9, ` ${all[9]}`)),
      'not-canonical',
    ],
    ['no event', (forger) => forger.edit('events.jsonl', (all) => all.with(9, '{}')), 'not-an-envelope'],
    [
      'an event of another log',
      (forger) =>
        forger.edit('events.jsonl', (all) =>
          all.with(9, new Forger(other, `${forger.folder}-2`).lines('events.jsonl')[2] ?? ''),
        ),
      'wrong-tenant',
    ],
    [
      'a tile of leaves edited',
      (forger) => {
        forger.write('tile/0/000', forger.bytes('tile/0/000').fill(7, 64, 96));
        forger.agree();
      },
      'tile-mismatch',
    ],
    [
      'a tile at the edge edited',
      (forger) => {
        forger.write('tile/0/001.p/152', forger.bytes('tile/0/001.p/152').fill(7, 64, 96));
        forger.agree();
      },
      'root-mismatch',
    ],
    [
      'a tile taken away',
      (forger) => {
        forger.remove('tile/0/000');
        forger.agree();
      },
      'missing-tile',
    ],
    ['another size', (forger) => forger.agree({ size: 200 }), 'bad-manifest'],
    ['another root', (forger) => forger.agree({ root: 'ab'.repeat(32) }), 'note-mismatch'],
    [
      'the checkpoint of another log',
      (forger) => forger.write('checkpoint', new Forger(other, `${forger.folder}-2`).text('checkpoint')),
      'note-mismatch',
    ],
    [
      'a checkpoint that was edited',
      (forger) => forger.write('checkpoint', forger.text('checkpoint').replace(/\n\d+\n/, '\n5\n')),
      'bad-signature',
    ],
    [
      'another checkpoint of the installation',
      (forger) =>
        forger.write('checkpoint.installation', new Forger(other, `${forger.folder}-2`).text('checkpoint')),
      'note-mismatch',
    ],
    [
      'a proof of another place in the log of the installation',
      (forger) =>
        forger.edit('installation.json', ([text = '']) => [
          text.replace(/"leaf":(\d+)/, (_, n: string) => `"leaf":${Number(n) + 1}`),
        ]),
      'installation-mismatch',
    ],
    [
      'keys of another log',
      (forger) => forger.edit('keys', ([key = '']) => [key.replace('acme', 'acma')]),
      'bad-keys',
    ],
    [
      'a value edited',
      (forger) =>
        forger.edit('blobs.jsonl', (all) => all.with(0, (all[0] ?? '').replace(/"b":"..../, '"b":"AAAA'))),
      'value-mismatch',
    ],
    ['a value taken away', (forger) => forger.edit('blobs.jsonl', (all) => all.slice(1)), 'value-missing'],
    [
      'a value added',
      (forger) => forger.edit('blobs.jsonl', (all) => [...all, all[0] ?? '']),
      'value-unexpected',
    ],
    [
      'two values swapped',
      (forger) => forger.edit('blobs.jsonl', (all) => all.with(0, all[1] ?? '').with(1, all[0] ?? '')),
      'value-missing',
    ],
    [
      'a value in another spelling',
      (forger) => forger.edit('blobs.jsonl', (all) => all.with(0, `${all[0]} `)),
      'bad-line',
    ],
    [
      'a session named that is not the one inside',
      (forger) => forger.agree({ scope: { kind: 'session', session: 'ses_1' } }),
      'out-of-scope',
    ],
    [
      'a time named that is not that of the events',
      (forger) =>
        forger.agree({ scope: { kind: 'range', from_ms: 0, to_ms: 1, first: 0, end: forger.manifest.size } }),
      'out-of-scope',
    ],
  ])('%s', async (_, forge, kind) => {
    const forger = copy();
    forge(forger);
    const report = await verifyBundle(forger.folder, nothing);
    expect(kindsOf(report)).toContain(kind);
  });
});
