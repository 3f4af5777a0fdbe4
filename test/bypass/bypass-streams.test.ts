import { attemptsOverStreams } from './aegis/at-doors.ts';
import { DOORS, isHttp } from './door/door.ts';

attemptsOverStreams(
  DOORS.filter((door) => !isHttp(door)),
  'http',
);
