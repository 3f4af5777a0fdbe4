import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatDiagnostic } from '../../src/diagnostic.ts';
import { readManifest } from '../../src/manifest/read.ts';
import { linkManifests } from '../../src/manifest/receipts.ts';
import { readDocument } from '../../src/source/document.ts';

const root = new URL('../../../../', import.meta.url);

describe.each([
  ['examples/workspace/manifests/', ['database', 'files', 'objects']],
  ['packages/aegis/templates/init/manifests/', ['files']],
])('the manifests in %s', (folder, servers) => {
  it('have no fault, alone and together', () => {
    const files = readdirSync(new URL(folder, root)).toSorted();
    const placed = files.map((name) => {
      const text = readFileSync(new URL(`${folder}${name}`, root), 'utf8');
      const document = readDocument({ text, file: name });
      const { manifest, diagnostics } = readManifest(document, { resolve: (path) => path });
      expect(diagnostics.map(formatDiagnostic)).toEqual([]);
      if (manifest === undefined) throw new Error('no manifest');
      return { manifest, document };
    });
    expect(linkManifests(placed).diagnostics.map(formatDiagnostic)).toEqual([]);
    expect(placed.map(({ manifest }) => manifest.server)).toEqual(servers);
  });
});
