export { signBundle as signWith } from '../../source/bundle-signature.ts';
