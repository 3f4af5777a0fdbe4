#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { serveLean } from './serving.js';

const [major] = process.versions.node.split('.');
if (Number(major) < 24) {
  process.stderr.write(
    `aegis needs Node.js 24 or newer, this is ${process.versions.node}; in the repository use \`npm run aegis\`\n`,
  );
  process.exit(1);
}

serveLean();

// In the repository the sources run as they are; an installed package has its built files only.
const source = new URL('../src/cli/main.ts', import.meta.url);
const inRepository = existsSync(source);
if (inRepository) {
  const { enableCompileCache, registerHooks } = await import('node:module');
  // Beside the sources: whoever can write there can write the sources, too.
  enableCompileCache(fileURLToPath(new URL('../../../node_modules/.cache/aegis', import.meta.url)));
  registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, { ...context, conditions: [...context.conditions, '@aegis/source'] }),
  });
}
const { main } = await import(
  inRepository ? source.href : new URL('../dist/cli/main.js', import.meta.url).href
);
await main(process.argv.slice(2));
