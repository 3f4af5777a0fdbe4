import { attemptsOverNetwork } from './aegis/at-doors.ts';
import { DOORS, isHttp } from './door/door.ts';

attemptsOverNetwork(DOORS.filter(isHttp), 'http');
