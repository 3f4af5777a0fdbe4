import type { Diagnostic } from '../diagnostic.ts';
import { didYouMean } from '../source/suggest.ts';
import type { ReceiptDefinition, ReceiptRequirement, ServerManifest } from './manifest.ts';

/** A manifest and the file that it came from. */
export interface PlacedManifest {
  readonly manifest: ServerManifest;
  readonly document: { positionOf(path: readonly (string | number)[]): Diagnostic['at'] };
}

/** All manifests as one: receipts by name, and every requirement with its subject filled in. */
export interface LinkedManifests {
  readonly manifests: ReadonlyMap<string, ServerManifest>;
  readonly receipts: ReadonlyMap<string, ReceiptDefinition>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Links the manifests of all servers. A receipt is known by its name across servers, so two of one
 * name, and a requirement of one that nobody defines, are reported.
 */
export function linkManifests(placed: readonly PlacedManifest[]): LinkedManifests {
  const diagnostics: Diagnostic[] = [];
  const receipts = new Map<string, ReceiptDefinition>();
  for (const { manifest, document } of placed) {
    for (const receipt of manifest.receipts) {
      const other = receipts.get(receipt.name);
      if (other === undefined) {
        receipts.set(receipt.name, receipt);
        continue;
      }
      diagnostics.push({
        code: 'duplicate-name',
        message: `receipt \`${receipt.name}\` is already defined by server \`${other.server}\``,
        at: document.positionOf(['receipts', receipt.name]),
      });
    }
  }
  const manifests = new Map<string, ServerManifest>();
  for (const { manifest, document } of placed) {
    const tools = [...manifest.tools].map(([name, tool]) => {
      const requires = tool.requires.map((requirement, index): ReceiptRequirement => {
        const definition = receipts.get(requirement.receipt);
        if (definition === undefined) {
          diagnostics.push({
            code: 'unknown-receipt',
            message: `no server defines the receipt \`${requirement.receipt}\``,
            at: document.positionOf(['tools', name, 'requires', index]),
            help: didYouMean(requirement.receipt, [...receipts.keys()]),
          });
        }
        return { ...requirement, subject: requirement.subject || (definition?.subject ?? '') };
      });
      return [name, { ...tool, requires }] as const;
    });
    manifests.set(manifest.server, { ...manifest, tools: new Map(tools) });
  }
  return { manifests, receipts, diagnostics };
}
