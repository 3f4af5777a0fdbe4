#!/usr/bin/env node
// `aegisd ...`: another name of `aegis daemon ...`.
process.argv.splice(2, 0, 'daemon');
await import('./aegis.js');
