import { fileURLToPath } from 'node:url';

/** The program's executable file, for clients that start it themselves. */
export const EXECUTABLE = fileURLToPath(new URL('../../bin/aegis.js', import.meta.url));

/** How a person calls this program: in the repository, where the sources run, npm finds its runtime. */
export const SELF = import.meta.url.endsWith('.ts') ? 'npm run aegis --' : 'aegis';
