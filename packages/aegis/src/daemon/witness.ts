export { type OpenWitness, openWitness, type WitnessOptions } from '../evidence/witness/server.ts';
