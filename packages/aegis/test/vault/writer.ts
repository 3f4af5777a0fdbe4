// Rotates the key of a vault again and again, until it is killed.
import { change, placeIn } from './place.ts';

const place = placeIn(process.argv[2] ?? '');
await change(place, { kind: 'rekey' });
process.stdout.write('it has begun\n');
for (;;) await change(place, { kind: 'rekey' });
