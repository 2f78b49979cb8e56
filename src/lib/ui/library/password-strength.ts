/** A rough and honest guess of how long a password would hold, from what is typed alone: never a rule, only a hint. */
export type Strength = { readonly level: 0 | 1 | 2 | 3 | 4; readonly words: string };

const common =
	/^(?:password|passwort|qwerty|azerty|letmein|welcome|iloveyou|admin|dragon|monkey|football|abc123|secret|atoll)\d*!?$/i;

/** How many different symbols a guesser must try at each place. */
function alphabet(password: string): number {
	let size = 0;
	if (/[a-z]/.test(password)) size += 26;
	if (/[A-Z]/.test(password)) size += 26;
	if (/\d/.test(password)) size += 10;
	if (/[^\p{L}\d]/u.test(password)) size += 24;
	if (/[^\x20-\x7e]/.test(password)) size += 60;
	return Math.max(1, size);
}

/** Letters that tell something new: repeats and runs (aaa, 123, cba) count once. */
function freshLetters(password: string): number {
	let count = 0;
	for (let at = 0; at < password.length; at++) {
		const step = password.charCodeAt(at) - password.charCodeAt(at - 1);
		const before = password.charCodeAt(at - 1) - password.charCodeAt(at - 2);
		if (at < 2 || step !== before || Math.abs(step) > 1) count++;
	}
	return count;
}

export function strengthOf(password: string): Strength {
	if (password === '') return { level: 0, words: '' };
	const bits = common.test(password) ? 4 : freshLetters(password) * Math.log2(alphabet(password));
	if (bits < 36) return { level: 1, words: 'Easy to guess' };
	if (bits < 52) return { level: 2, words: 'Fair: a few more words would help' };
	if (bits < 72) return { level: 3, words: 'Good' };
	return { level: 4, words: 'Very strong' };
}
