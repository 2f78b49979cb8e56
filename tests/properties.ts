/** Loaded before the tests of a file: properties, too, take the same values in every run. A failing one tells its seed. */
import fc from 'fast-check';
import { seedOf } from './sim/host/random.ts';

fc.configureGlobal({ seed: seedOf('properties') });
