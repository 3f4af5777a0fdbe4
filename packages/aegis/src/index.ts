export { type EmbeddedDoor, type EmbeddedOptions, openEmbedded } from './daemon/embedded.ts';
