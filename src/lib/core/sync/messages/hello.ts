import * as v from 'valibot';
import { domainsMax, hex128, name } from './fields.ts';

const featuresMax = 64;
const version = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(65_535));

/** The first message of each side, and said once: who it is, of which library, and what it can do. */
export const helloSchema = v.object({
	kind: v.literal('hello'),
	/** The versions of the protocol that it speaks, from the oldest to the newest. */
	versions: v.object({ from: version, to: version }),
	/** What it can do beyond the version; what only one side can is not done. */
	features: v.pipe(v.array(name), v.maxLength(featuresMax)),
	library: hex128,
	device: hex128,
	/** The domains that it keeps in step. */
	domains: v.pipe(v.array(name), v.maxLength(domainsMax))
});
