import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runToEnd } from '../measure/process.ts';

export const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));
const PROGRAMS = fileURLToPath(new URL('../programs/', import.meta.url));
const PACKAGES = ['core', 'rego', 'aegis'];

/** What is measured, as it runs at a user's: JavaScript, built and packed, with no types left to strip. */
export interface Installation {
  readonly folder: string;
  /** The `aegis` command of the packed product. */
  readonly aegis: string;
  /** Path of one of the benchmark's own programs, as JavaScript. */
  readonly program: (name: string) => string;
}

/**
 * Builds and packs the packages, and lays the packed files out as npm would, until this process ends. The
 * folder is inside the repository, so that their dependencies are those of the lockfile, without a network.
 * Throws when the build fails.
 */
export function install(): Installation {
  mkdirSync(join(REPOSITORY, '.cache'), { recursive: true });
  const folder = mkdtempSync(join(REPOSITORY, '.cache/bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  runToEnd('npm', ['run', '--silent', 'build'], REPOSITORY);
  for (const name of PACKAGES) unpack(name, folder);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  writePrograms(join(folder, 'programs'));
  return {
    folder,
    aegis: join(folder, 'node_modules/@aegis/aegis/bin/aegis.js'),
    program: (name) => join(folder, 'programs', `${name}.js`),
  };
}

function unpack(name: string, folder: string): void {
  const source = join(REPOSITORY, 'packages', name);
  const packed = runToEnd('npm', ['pack', '--silent', '--pack-destination', folder], source).trim();
  runToEnd('tar', ['-xzf', packed], folder);
  const target = join(folder, 'node_modules/@aegis', name);
  cpSync(join(folder, 'package'), target, { recursive: true });
  rmSync(join(folder, 'package'), { recursive: true });
  // What npm could not hoist lies beside the package.
  const nested = join(source, 'node_modules');
  for (const entry of existsSync(nested) ? readdirSync(nested) : []) {
    mkdirSync(join(target, 'node_modules'), { recursive: true });
    symlinkSync(join(nested, entry), join(target, 'node_modules', entry));
  }
}

function writePrograms(folder: string): void {
  mkdirSync(folder);
  for (const file of readdirSync(PROGRAMS)) {
    const source = stripTypeScriptTypes(readFileSync(join(PROGRAMS, file), 'utf8'));
    const text = source.replaceAll(/(from '\.[^']*)\.ts'/g, "$1.js'");
    writeFileSync(join(folder, file.replace(/\.ts$/, '.js')), text);
  }
}
