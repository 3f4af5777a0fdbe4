import { describe, expect, it } from 'vitest';
import { formatDiagnostic } from '../../src/diagnostic.ts';
import { readManifest } from '../../src/manifest/read.ts';
import { linkManifests } from '../../src/manifest/receipts.ts';
import { readDocument } from '../../src/source/document.ts';

function place(server: string, rest: string) {
  const document = readDocument({ text: `server: ${server}\n${rest}`, file: `${server}.yaml` });
  const { manifest, diagnostics } = readManifest(document, { resolve: (path) => path });
  if (manifest === undefined) throw new Error(diagnostics.map(formatDiagnostic).join('\n'));
  return { manifest, document };
}

const CHECKS = `tools:
  check: { capabilities: [data.validate] }
  stat: { capabilities: [fs.read] }
receipts:
  checked:
    { minted_by: check, when: { valid: true }, subject: key, content: { tool: stat, field: sha256 }, ttl_ms: 9 }
`;

describe('linked manifests', () => {
  it('share their receipts, and a requirement speaks of the subject that the receipt names', () => {
    const uses = place('uses', 'tools:\n  promote: { capabilities: [], requires: [checked] }\n');
    const { manifests, receipts, diagnostics } = linkManifests([uses, place('checks', CHECKS)]);
    expect(diagnostics).toEqual([]);
    expect([...manifests.keys()]).toEqual(['uses', 'checks']);
    expect(receipts.get('checked')).toMatchObject({ server: 'checks', mintedBy: 'check', ttlMs: 9 });
    expect(manifests.get('uses')?.tools.get('promote')?.requires).toEqual([
      { receipt: 'checked', subject: 'key' },
    ]);
  });

  it('keep the subject that a requirement names itself', () => {
    const uses = place(
      'uses',
      'tools: { promote: { capabilities: [], requires: [{ receipt: checked, subject: dataset }] } }',
    );
    const { manifests } = linkManifests([place('checks', CHECKS), uses]);
    expect(manifests.get('uses')?.tools.get('promote')?.requires).toEqual([
      { receipt: 'checked', subject: 'dataset' },
    ]);
  });

  it('refuse a receipt that nobody defines, and one that two servers define', () => {
    const uses = place('uses', 'tools:\n  promote: { capabilities: [], requires: [chekced] }\n');
    const { diagnostics } = linkManifests([place('checks', CHECKS), place('others', CHECKS), uses]);
    expect(diagnostics.map(formatDiagnostic)).toEqual([
      'others.yaml:7:5: receipt `checked` is already defined by server `checks`',
      'uses.yaml:3:43: no server defines the receipt `chekced`\n  help: did you mean `checked`?',
    ]);
  });
});
