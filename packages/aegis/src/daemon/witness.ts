export { openWitness } from '../evidence/witness/server.ts';
