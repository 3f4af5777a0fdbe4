import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { aegis, connectStdio } from '../e2e/aegis.ts';
import { eventsIn } from '../e2e/ledger.ts';
import { createWorkspace, type Workspace } from '../e2e/workspace.ts';

/** Bundles as a user gets them: made by the product's own commands, from what real clients did. */
export interface Product {
  /** Folders, by what they are. */
  readonly bundles: ReadonlyMap<string, string>;
  /** The key that was in force at first. */
  readonly key: string;
  /** The note of a checkpoint from before most events. */
  readonly older: string;
  /** For copies. */
  readonly folder: string;
  remove(): void;
}

/** Uses Aegis for a while, and exports what it recorded. */
export async function makeProduct(): Promise<Product> {
  const maker = new Maker(await createWorkspace());
  const { folder } = maker.workspace;
  const older = join(folder, 'older');
  await maker.visit(60);
  const [checkpoint] = await maker.ledger('checkpoint', '--out', older);
  await maker.visit(60);
  const from = new Date().toISOString();
  const visitor = await maker.begin(20);
  const session = maker.newestSession();
  await maker.export('an open session', '--session', session, '--with-values');
  await visitor.close();
  await maker.export('everything', '--with-values');
  await maker.export('everything but values');
  await maker.export('one session', '--session', session, '--with-values');
  await maker.export('one session to compare', '--session', session, '--since', older);
  await maker.export('a time', '--from', from, '--with-values');
  await maker.ledger('erase', '--session', session, '--because', 'asked for', '--yes');
  await maker.export('everything after an erasure', '--with-values');
  await maker.export('an erased session', '--session', session, '--with-values');
  await maker.ledger('rotate-key');
  await maker.export('everything after a rotation', '--with-values');
  const archive = ['--before', '0s', '--dir', join(folder, 'archive')];
  for (const segment of await maker.ledger('archive', ...archive)) {
    maker.bundles.set('an archived segment', (segment as { readonly folder: string }).folder);
  }
  await maker.visit(3);
  await maker.export('what was not archived', '--with-values');
  return {
    bundles: maker.bundles,
    key: (checkpoint as { readonly keys: readonly string[] }).keys[0] ?? '',
    older: readFileSync(older, 'utf8'),
    folder,
    remove: () => maker.workspace.remove(),
  };
}

class Maker {
  readonly bundles = new Map<string, string>();
  readonly workspace: Workspace;

  constructor(workspace: Workspace) {
    this.workspace = workspace;
  }

  /** A client that comes, calls so many tools, and goes. */
  async visit(calls: number): Promise<void> {
    await (await this.begin(calls)).close();
  }

  async begin(calls: number): Promise<Client> {
    const client = await connectStdio(this.workspace.configuration);
    for (let at = 0; at < calls; at++) {
      const path = at % 7 === 6 ? `/etc/Grüße-${at}-😀` : 'task.md';
      await client.callTool({ name: 'read_text_file', arguments: { path, head: at + 1 } });
    }
    return client;
  }

  /** The newest session of an agent that called something. */
  newestSession(): string {
    const call = eventsIn(this.workspace.ledger).findLast(({ type }) => type === 'TOOL_CALL_PROPOSED');
    return call?.session ?? '';
  }

  /** Runs `aegis ledger ...`, which must end well, and gives what it says, line by line. */
  async ledger(...args: readonly string[]): Promise<unknown[]> {
    const command = ['ledger', ...args, '--config', this.workspace.configuration, '--json'];
    const { code, stdout, stderr } = await aegis(command);
    if (code !== 0) throw new Error(`aegis ${command.join(' ')} ended with ${code}: ${stdout}${stderr}`);
    return stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as unknown]));
  }

  async export(name: string, ...options: readonly string[]): Promise<void> {
    const folder = join(this.workspace.folder, `bundle-${this.bundles.size}`);
    await this.ledger('export', folder, ...options);
    this.bundles.set(name, folder);
  }
}
